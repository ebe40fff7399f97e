// What a schedule costs beside its formula written by hand. A name is AREA/CASE/SIDE; report.py
// makes the ratios of sides.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "libsched/libsched.hpp"

namespace {

using namespace libsched;
using std::numbers::pi;

template <class Function>
void add_call(const std::string& name, Function function, Step first = 1) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    Step t = first;
    for (auto _ : state) {
      benchmark::DoNotOptimize(t);
      benchmark::DoNotOptimize(function(t));
      t = first + ((t + 1 - first) & 1023);
    }
  });
}

// One call through Schedule, and the formula by hand.
template <class S, class ByHand>
void add_kind(const S& kind, ByHand by_hand) {
  const std::string name(S::name);
  add_call("call/" + name + "/libsched", Schedule(kind));
  add_call("call/" + name + "/by hand", by_hand);
}

// Of a run of 2e12 steps, the first and those in the middle.
void add_far(const std::string& notation) {
  const Schedule schedule = parse(notation);
  const std::string name = notation.substr(0, notation.find('('));
  add_call("far/" + name + "/t = 1", schedule);
  add_call("far/" + name + "/t = 1e12", schedule, 1'000'000'000'000);
}

double share(Step t, Step steps) {
  return std::min(1.0, static_cast<double>(t) / static_cast<double>(steps));
}

template <class ByHand>
void add_sample(const std::string& name, const Schedule& schedule, ByHand by_hand) {
  constexpr Step count = 1'000'000;
  benchmark::RegisterBenchmark(("sample/" + name + "/libsched").c_str(),
                               [=](benchmark::State& state) {
                                 for (auto _ : state)
                                   benchmark::DoNotOptimize(sample(schedule, count).data());
                               })
      ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark(("sample/" + name + "/by hand").c_str(),
                               [=](benchmark::State& state) {
                                 for (auto _ : state) {
                                   std::vector<double> values(count);
                                   for (Step t = 0; t < count; ++t)
                                     values[static_cast<std::size_t>(t)] = by_hand(t);
                                   benchmark::DoNotOptimize(values.data());
                                 }
                               })
      ->Unit(benchmark::kMicrosecond);
}

void add_benchmarks() {
  const double lr = 0.08;
  const double low = 0.01;
  const Step T = 1000;

  const auto constant = [=](Step) { return lr; };
  const auto step_decay = [=](Step t) {
    const Step drops = t / 20;
    return lr * std::pow(0.5, static_cast<double>(drops));
  };
  const auto exponential_decay = [=](Step t) {
    return lr * std::exp(-0.05 * static_cast<double>(t));
  };
  const auto cyclical = [=](Step t) {
    const double cycle = std::floor(1 + static_cast<double>(t) / 30);
    const double x = std::abs(static_cast<double>(t) / 15 - 2 * cycle + 1);
    return low + (lr - low) * std::max(0.0, 1 - x);
  };
  const auto cosine_decay = [=](Step t) { return 0.5 * lr * (1 + std::cos(pi * share(t, T))); };

  add_kind(Constant{lr}, constant);
  add_kind(StepDecay{lr, 20}, step_decay);
  add_kind(ExponentialDecay{lr, 0.05}, exponential_decay);
  add_kind(Cyclical{low, lr, 15}, cyclical);
  add_kind(CosineDecay{lr, T}, cosine_decay);
  const std::vector<Step> milestones = {100, 200, 400, 800};
  add_kind(MultiStepDecay{lr, milestones}, [=](Step t) {
    const auto passed =
        std::upper_bound(milestones.begin(), milestones.end(), t) - milestones.begin();
    return lr * std::pow(0.1, static_cast<double>(passed));
  });
  add_kind(InverseTimeDecay{lr, 0.1, 0.75},
           [=](Step t) { return lr / std::pow(1 + 0.1 * static_cast<double>(t), 0.75); });
  add_kind(InverseSqrt{lr, 100},
           [=](Step t) { return lr * std::sqrt(100 / (100.0 + static_cast<double>(t))); });
  add_kind(Noam{512, 400}, [=](Step t) {
    const double n = static_cast<double>(t) + 1;
    return 1 / std::sqrt(512.0) * std::min(1 / std::sqrt(n), n / (400 * std::sqrt(400.0)));
  });
  add_kind(SigmoidDecay{lr, 500, 0.01},
           [=](Step t) { return lr / (1 + std::exp(0.01 * static_cast<double>(t - 500))); });
  add_kind(Linear{lr, low, T}, [=](Step t) { return lr + (low - lr) * share(t, T); });
  add_kind(Cosine{low, lr, T},
           [=](Step t) { return low + (lr - low) * 0.5 * (1 - std::cos(pi * share(t, T))); });
  add_kind(Exponential{low, lr, T}, [=](Step t) { return low * std::pow(lr / low, share(t, T)); });
  add_kind(Polynomial{lr, low, T, 2},
           [=](Step t) { return low + (lr - low) * std::pow(1 - share(t, T), 2.0); });
  add_kind(SqrtCooldown{lr, low, T},
           [=](Step t) { return low + (lr - low) * (1 - std::sqrt(share(t, T))); });
  const std::vector<double> values = {1, 0.5, 0.2, 0.1, 0.05};
  add_kind(PiecewiseConstant{milestones, values}, [=](Step t) {
    const auto passed =
        std::upper_bound(milestones.begin(), milestones.end(), t) - milestones.begin();
    return values[static_cast<std::size_t>(passed)];
  });
  const std::vector<Step> knots = {0, 100, 200, 400, 800};
  add_kind(PiecewiseLinear{knots, values}, [=](Step t) {
    const auto next =
        static_cast<std::size_t>(std::upper_bound(knots.begin(), knots.end(), t) - knots.begin());
    if (next == knots.size()) return values.back();
    const double x = static_cast<double>(t - knots[next - 1]) /
                     static_cast<double>(knots[next] - knots[next - 1]);
    return values[next - 1] + (values[next] - values[next - 1]) * x;
  });
  add_kind(CosineRestarts{lr, 10, 2}, [=](Step t) {
    Step length = 10;
    while (t >= length) {
      t -= length;
      length *= 2;
    }
    return 0.5 * lr * (1 + std::cos(pi * static_cast<double>(t) / static_cast<double>(length)));
  });
  add_kind(OneCycle{lr, T}, [=](Step t) {
    const double now = std::min(static_cast<double>(t), 999.0);
    const double peak = 0.3 * 1000 - 1;
    const auto between = [](double start, double end, double x) {
      return end + (start - end) / 2 * (1 + std::cos(pi * x));
    };
    return now <= peak ? between(lr / 25, lr, now / peak)
                       : between(lr, lr / 25 / 1e4, (now - peak) / (999 - peak));
  });

  add_sample("constant", Constant{lr}, constant);
  add_sample("step_decay", StepDecay{lr, 20}, step_decay);
  add_sample("exponential_decay", ExponentialDecay{lr, 1e-5},
             [=](Step t) { return lr * std::exp(-1e-5 * static_cast<double>(t)); });
  add_sample("cyclical", Cyclical{low, lr, 15}, cyclical);
  add_sample("cosine_decay", CosineDecay{lr, 1'000'000},
             [=](Step t) { return 0.5 * lr * (1 + std::cos(pi * share(t, 1'000'000))); });

  for (const char* notation :
       {"constant(base_lr=0.1)",
        "step_decay(base_lr=0.1, step_size=100000000000)",
        "multi_step_decay(base_lr=0.1, milestones=[900000000000])",
        "exponential_decay(base_lr=0.1, decay=1e-12)",
        "cosine_decay(base_lr=0.1, steps=2000000000000)",
        "inverse_time_decay(base_lr=0.1, decay=1e-12, power=0.75)",
        "inverse_sqrt(base_lr=0.1, timescale=100)",
        "noam(d_model=512, warmup_steps=400)",
        "sigmoid_decay(base_lr=0.1, midpoint=1000000000000, rate=1e-12)",
        "linear(start=0, end=0.1, steps=2000000000000)",
        "cosine(start=0, end=0.1, steps=2000000000000)",
        "exponential(start=1e-5, end=0.1, steps=2000000000000)",
        "polynomial(start=0.1, end=0, steps=2000000000000, power=2)",
        "sqrt_cooldown(start=0.1, end=0, steps=2000000000000)",
        "piecewise_constant(boundaries=[900000000000], values=[0.1, 0.01])",
        "piecewise_linear(steps=[0, 2000000000000], values=[0.1, 0])",
        "cyclical(base_lr=0.01, max_lr=0.1, step_size=15)",
        "cosine_restarts(base_lr=0.1, period=10, period_factor=2)",
        "one_cycle(max_lr=0.1, steps=2000000000000)",
        "sequence(linear(start=0, end=0.1, steps=900000000000), constant(base_lr=0.1))",
        "warmup(constant(base_lr=0.1), steps=900000000000)",
        "take(constant(base_lr=0.1), steps=2000000000000)",
        "scaled(constant(base_lr=0.1), factor=0.5)",
        "clamped(constant(base_lr=0.1), min=0, max=1)",
        "product(constant(base_lr=0.1), constant(base_lr=0.5))",
        "repeat(linear(start=0, end=0.1, steps=30))",
        "held(constant(base_lr=0.1), every=391)"}) {
    add_far(notation);
  }

  for (const std::size_t parts : {1u, 16u, 256u, 4096u}) {
    const Schedule whole = sequence(std::vector<Schedule>(parts, take(Constant{lr}, 7)));
    const Step length = *whole.length();
    benchmark::RegisterBenchmark(
        ("sequence/any step/" + std::to_string(parts) + (parts == 1 ? " part" : " parts")).c_str(),
        [=](benchmark::State& state) {
          std::uint64_t random = 1;
          for (auto _ : state) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            benchmark::DoNotOptimize(whole(static_cast<Step>(random >> 1) % length));
          }
        });
  }
}

}  // namespace

int main(int argc, char** argv) {
  add_benchmarks();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
