// What the driver costs beside LibTorch's own StepLR and a bare loop, and how long the training
// steps around it take. A name is AREA/SIDE/GROUPS; report.py makes the ratios of sides.
#include <benchmark/benchmark.h>
#include <torch/optim/adamw.h>
#include <torch/optim/schedulers/step_lr.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "digits/data.hpp"
#include "digits/model.hpp"
#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"

namespace {

std::int64_t allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace libsched;

torch::optim::SGD optimizer_of(std::int64_t groups) {
  const auto group = [] { return torch::optim::OptimizerParamGroup({torch::zeros({1})}); };
  torch::optim::SGD optimizer({group()}, torch::optim::SGDOptions(0.1));
  for (std::int64_t i = 1; i < groups; ++i) optimizer.add_param_group(group());
  return optimizer;
}

template <class Call>
void measure(benchmark::State& state, Call step) {
  step();
  const std::int64_t before = allocations;
  std::int64_t steps = 0;
  for (auto _ : state) {
    step();
    ++steps;
  }
  state.counters["allocations"] =
      static_cast<double>(allocations - before) / static_cast<double>(steps);
}

// So long that no side falls to where a double underflows, which is slow.
constexpr unsigned step_size = 1'000'000;

void driver(benchmark::State& state) {
  torch::optim::SGD optimizer = optimizer_of(state.range(0));
  LRScheduler scheduler(optimizer, StepDecay{.base_lr = 0.1, .step_size = step_size, .drop = 0.5});
  measure(state, [&] { scheduler.step(); });
}

void step_lr(benchmark::State& state) {
  torch::optim::SGD optimizer = optimizer_of(state.range(0));
  torch::optim::StepLR scheduler(optimizer, step_size, 0.5);
  measure(state, [&] { scheduler.step(); });
}

void bare_loop(benchmark::State& state) {
  torch::optim::SGD optimizer = optimizer_of(state.range(0));
  Step t = 0;
  measure(state, [&] {
    ++t;
    const Step drops = t / step_size;
    const double lr = 0.1 * std::pow(0.5, static_cast<double>(drops));
    for (auto& group : optimizer.param_groups()) group.options().set_lr(lr);
  });
}

// One step of what peers.py asks PyTorch for in Python.
void driver_of(benchmark::State& state, const Schedule& schedule) {
  torch::optim::SGD optimizer = optimizer_of(1);
  LRScheduler scheduler(optimizer, schedule);
  measure(state, [&] { scheduler.step(); });
}

BENCHMARK_CAPTURE(driver_of, StepLR, StepDecay{.base_lr = 0.1, .step_size = step_size, .drop = 0.1})
    ->Name("python/StepLR/libsched");
BENCHMARK_CAPTURE(driver_of, CosineAnnealingLR, CosineDecay{.base_lr = 0.1, .steps = 100'000'000})
    ->Name("python/CosineAnnealingLR/libsched");
BENCHMARK_CAPTURE(driver_of, OneCycleLR, OneCycle{.max_lr = 0.1, .steps = 100'000'000})
    ->Name("python/OneCycleLR/libsched");
BENCHMARK_CAPTURE(driver_of, SequentialLR,
                  sequence(Linear{.start = 0.01, .end = 0.1, .steps = 1000},
                           CosineDecay{.base_lr = 0.1, .steps = 100'000'000}))
    ->Name("python/SequentialLR/libsched");

BENCHMARK(driver)->Name("step/libsched")->Arg(1)->Arg(8)->Arg(64)->Arg(512);
BENCHMARK(step_lr)->Name("step/StepLR")->Arg(1)->Arg(8)->Arg(64)->Arg(512);
BENCHMARK(bare_loop)->Name("step/bare loop")->Arg(1)->Arg(8)->Arg(64)->Arg(512);

// What a training step takes without any scheduler.
template <class Loss>
void train(benchmark::State& state, torch::optim::Optimizer& optimizer, Loss loss) {
  torch::set_num_threads(1);
  for (auto _ : state) {
    optimizer.zero_grad();
    loss().backward();
    optimizer.step();
  }
}

// The smallest that there is: f(x, y) = (x^2 + 2 y^2) / 2.
void bowl(benchmark::State& state) {
  const auto parameter = torch::TensorOptions(torch::kFloat64).requires_grad(true);
  const auto x = torch::full({}, 2.5, parameter);
  const auto y = torch::full({}, 2.5, parameter);
  torch::optim::SGD optimizer({x, y}, torch::optim::SGDOptions(0.001));
  train(state, optimizer, [&] { return 0.5 * (x * x + 2 * y * y); });
}

void digits(benchmark::State& state) {
  const std::shared_ptr<Classifier> model = make_cnn();
  torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(0.001));
  const Digits batch = load_digits(DIGITS_CSV).train[torch::arange(32)];
  train(state, optimizer,
        [&] { return torch::cross_entropy_loss(model->forward(batch.images), batch.labels); });
}

BENCHMARK(bowl)->Name("train/bowl");
BENCHMARK(digits)->Name("train/digits");

}  // namespace

BENCHMARK_MAIN();
