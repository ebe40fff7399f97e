// What the schedules of kinds.txt cost beside their formulas written by hand. A name is
// AREA/CASE/SIDE; report.py makes the ratios of sides. With --notations: those that it samples,
// each after the sum of its values, for peers.py.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "libsched/libsched.hpp"
#include "property/kinds.hpp"

namespace {

using namespace libsched;
using std::numbers::pi;

constexpr Step pictured = 1000;  // steps of the pictures of kinds.txt
constexpr Step sampled = 1'000'000;
constexpr double stretch = static_cast<double>(sampled) / static_cast<double>(pictured);
constexpr Step far = 1'000'000'000'000;

std::string number_to_string(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

const std::regex number("-?[0-9][0-9.e+-]*");

// Whether a field of any kind counts steps: then it is larger in a longer run.
template <class... S>
bool counts_steps(std::string_view name, std::tuple<S...>*) {
  for (const std::string_view other : {"d_model", "times", "period_factor"}) {
    if (name == other) return false;
  }
  using detail::Type;
  const auto has_it = [&](const detail::Kind& kind) {
    return std::any_of(kind.fields, kind.fields + kind.count, [&](const detail::FieldInfo& field) {
      return field.name == name && (field.type == Type::step || field.type == Type::steps ||
                                    field.type == Type::optional_step);
    });
  };
  return (has_it(detail::kind_of<S>()) || ...);
}

// The same curve over `factor` times as many steps.
std::string stretched(const std::string& notation, double factor) {
  static const std::regex field(R"((\w+)=(\[[^\]]*\]|[^,)\[]+))");
  std::string result;
  auto rest = notation.cbegin();
  for (std::sregex_iterator i(notation.begin(), notation.end(), field), end; i != end; ++i) {
    const std::string name = (*i)[1];
    // What is held counts periods, not steps.
    if (kind_of(notation) == "held" && name != "every") continue;
    const bool per_step = name == "decay" || name == "rate";
    const bool is_step = name == "midpoint" || counts_steps(name, static_cast<Catalogue*>(nullptr));
    if (!per_step && !is_step) continue;
    result.append(rest, (*i)[2].first);
    rest = (*i)[2].second;
    const std::string values = (*i)[2];
    auto from = values.cbegin();
    for (std::sregex_iterator n(values.begin(), values.end(), number); n != end; ++n) {
      result.append(from, (*n)[0].first);
      from = (*n)[0].second;
      const double value = std::stod((*n)[0]);
      result += per_step ? number_to_string(value / factor)
                         : std::to_string(static_cast<Step>(value * factor));
    }
    result.append(from, values.cend());
  }
  return result.append(rest, notation.cend());
}

// The values of a notation, which says all its fields, by their names.
class Fields {
 public:
  explicit Fields(const Schedule& schedule) : notation_(to_string(schedule)) {}

  std::vector<double> list(const std::string& name) const {
    std::smatch match;
    std::regex_search(notation_, match, std::regex("\\b" + name + R"(=\[?([0-9.e+, -]+))"));
    const std::string text = match[1];
    std::vector<double> values;
    for (std::sregex_iterator i(text.begin(), text.end(), number), end; i != end; ++i) {
      values.push_back(std::stod(i->str()));
    }
    return values;
  }
  double operator[](const std::string& name) const { return list(name).at(0); }
  Step step(const std::string& name) const { return static_cast<Step>((*this)[name]); }
  std::vector<Step> steps(const std::string& name) const {
    const std::vector<double> values = list(name);
    return {values.begin(), values.end()};
  }

 private:
  std::string notation_;
};

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

// Of a function that writes the values into the caller's memory.
template <class Write>
void add_sample(const std::string& name, Write write) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    std::vector<double> values(sampled);
    for (auto _ : state) {
      write(values.data());
      benchmark::ClobberMemory();
    }
  })->Unit(benchmark::kMicrosecond);
}

void require_same_values(const std::string& notation, double due, double value, Step t) {
  if (std::abs(value - due) <= 1e-9 * std::abs(due) + 1e-15) return;
  throw std::runtime_error(notation + " at " + std::to_string(t) + ": by hand " +
                           number_to_string(value) + ", not " + number_to_string(due) +
                           ": correct by_hand() in tests/benchmark/core_benchmark.cpp");
}

// One call and a sample, of the formula of these fields.
template <class Formula>
auto rows(Formula formula) {
  return [=](const std::string& kind, const Schedule& pictured_one, const Schedule& sampled_one) {
    const auto call = formula(Fields(pictured_one));
    const auto at = formula(Fields(sampled_one));
    for (Step t = 0; t < pictured; ++t) {
      require_same_values(to_string(pictured_one), pictured_one(t), call(t), t);
      const Step later = t * (sampled / pictured);
      require_same_values(to_string(sampled_one), sampled_one(later), at(later), later);
    }
    add_call("call/" + kind + "/by hand", call);
    add_sample("sample/" + kind + "/by hand", [=](double* out) {
      for (Step t = 0; t < sampled; ++t) out[t] = at(t);
    });
  };
}

double share(Step t, Step steps) {
  return std::min(1.0, static_cast<double>(t) / static_cast<double>(steps));
}

template <class T>
std::size_t passed(const std::vector<T>& boundaries, Step t) {
  return static_cast<std::size_t>(std::upper_bound(boundaries.begin(), boundaries.end(), t) -
                                  boundaries.begin());
}

using Rows = std::function<void(const std::string&, const Schedule&, const Schedule&)>;

// The formula of each kind that is not made of others, as one writes it in a training loop.
const std::map<std::string, Rows>& by_hand() {
  static const std::map<std::string, Rows> formulas{
      {"constant", rows([](const Fields& f) { return [lr = f["base_lr"]](Step) { return lr; }; })},
      {"step_decay", rows([](const Fields& f) {
         return [lr = f["base_lr"], size = f.step("step_size"), drop = f["drop"]](Step t) {
           const Step drops = t / size;
           return lr * std::pow(drop, static_cast<double>(drops));
         };
       })},
      {"multi_step_decay", rows([](const Fields& f) {
         return [lr = f["base_lr"], milestones = f.steps("milestones"), drop = f["drop"]](Step t) {
           return lr * std::pow(drop, static_cast<double>(passed(milestones, t)));
         };
       })},
      {"exponential_decay", rows([](const Fields& f) {
         return [lr = f["base_lr"], decay = f["decay"]](Step t) {
           return lr * std::exp(-decay * static_cast<double>(t));
         };
       })},
      {"cosine_decay", rows([](const Fields& f) {
         return [lr = f["base_lr"], T = f.step("steps"), min = f["min_lr"]](Step t) {
           return min + 0.5 * (lr - min) * (1 + std::cos(pi * share(t, T)));
         };
       })},
      {"inverse_time_decay", rows([](const Fields& f) {
         return [lr = f["base_lr"], decay = f["decay"], power = f["power"]](Step t) {
           return lr / std::pow(1 + decay * static_cast<double>(t), power);
         };
       })},
      {"inverse_sqrt", rows([](const Fields& f) {
         return [lr = f["base_lr"], scale = f["timescale"]](Step t) {
           return lr * std::sqrt(scale / (scale + static_cast<double>(t)));
         };
       })},
      {"noam", rows([](const Fields& f) {
         return [d_model = f["d_model"], warmup = f["warmup_steps"], factor = f["factor"]](Step t) {
           const double n = static_cast<double>(t) + 1;
           return factor / std::sqrt(d_model) *
                  std::min(1 / std::sqrt(n), n / (warmup * std::sqrt(warmup)));
         };
       })},
      {"sigmoid_decay", rows([](const Fields& f) {
         return [lr = f["base_lr"], midpoint = f["midpoint"], rate = f["rate"]](Step t) {
           return lr / (1 + std::exp(rate * (static_cast<double>(t) - midpoint)));
         };
       })},
      {"cosine_power", rows([](const Fields& f) {
         return [lr = f["base_lr"], T = f.step("steps"), min = f["min_lr"],
                 exponent = f["exponent"], k = f["k_decay"]](Step t) {
           const double cosine = 0.5 * (1 + std::cos(pi * std::pow(share(t, T), k)));
           return min + (lr - min) * std::pow(cosine, exponent);
         };
       })},
      {"linear", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps")](Step t) {
           return start + (end - start) * share(t, T);
         };
       })},
      {"cosine", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps")](Step t) {
           return start + (end - start) * 0.5 * (1 - std::cos(pi * share(t, T)));
         };
       })},
      {"exponential", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps")](Step t) {
           return start * std::pow(end / start, share(t, T));
         };
       })},
      {"polynomial", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps"), power = f["power"]](
                    Step t) { return end + (start - end) * std::pow(1 - share(t, T), power); };
       })},
      {"sqrt_cooldown", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps")](Step t) {
           return end + (start - end) * (1 - std::sqrt(share(t, T)));
         };
       })},
      {"tanh", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps"), lower = f["lower"],
                 upper = f["upper"]](Step t) {
           if (t >= T) return end;
           const double x = lower + (upper - lower) * share(t, T);
           return end + (start - end) * 0.5 * (1 - std::tanh(x));
         };
       })},
      {"rex", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps")](Step t) {
           const double x = share(t, T);
           return end + (start - end) * (1 - x) / (1 - x / 2);
         };
       })},
      {"logarithmic", rows([](const Fields& f) {
         return [start = f["start"], end = f["end"], T = f.step("steps")](Step t) {
           const auto n = static_cast<double>(std::min(t, T));
           return start + (end - start) * std::log1p(n) / std::log1p(static_cast<double>(T));
         };
       })},
      {"piecewise_constant", rows([](const Fields& f) {
         return [boundaries = f.steps("boundaries"), values = f.list("values")](Step t) {
           return values[passed(boundaries, t)];
         };
       })},
      {"piecewise_linear", rows([](const Fields& f) {
         return [knots = f.steps("steps"), values = f.list("values")](Step t) {
           const std::size_t next = passed(knots, t);
           if (next == knots.size()) return values.back();
           const double x = static_cast<double>(t - knots[next - 1]) /
                            static_cast<double>(knots[next] - knots[next - 1]);
           return values[next - 1] + (values[next] - values[next - 1]) * x;
         };
       })},
      {"cyclical", rows([](const Fields& f) {
         return [low = f["base_lr"], high = f["max_lr"], up = f["step_size"],
                 scale = f["cycle_scale"]](Step t) {
           const double cycle = std::floor(1 + static_cast<double>(t) / (2 * up));
           const double x = std::abs(static_cast<double>(t) / up - 2 * cycle + 1);
           return low + (high - low) * std::max(0.0, 1 - x) * std::pow(scale, cycle - 1);
         };
       })},
      {"cosine_restarts", rows([](const Fields& f) {
         return [lr = f["base_lr"], period = f.step("period"),
                 factor = f.step("period_factor")](Step t) {
           Step length = period;
           while (t >= length) {
             t -= length;
             length *= factor;
           }
           return 0.5 * lr *
                  (1 + std::cos(pi * static_cast<double>(t) / static_cast<double>(length)));
         };
       })},
      {"one_cycle", rows([](const Fields& f) {
         const double last = f["steps"] - 1;
         const double peak = f["warmup_fraction"] * f["steps"] - 1;
         return
             [max = f["max_lr"], first = f["max_lr"] / f["div_factor"],
              final = f["max_lr"] / f["div_factor"] / f["final_div_factor"], last, peak](Step t) {
               const double now = std::min(static_cast<double>(t), last);
               const auto between = [](double start, double end, double x) {
                 return end + (start - end) / 2 * (1 + std::cos(pi * x));
               };
               return now <= peak ? between(first, max, now / peak)
                                  : between(max, final, (now - peak) / (last - peak));
             };
       })},
  };
  return formulas;
}

void add_kind(const std::string& notation) {
  const std::string kind = kind_of(notation);
  const Schedule schedule = parse(notation);
  const Schedule longer = parse(stretched(notation, stretch));

  add_call("call/" + kind + "/libsched", schedule);
  add_sample("sample/" + kind + "/libsched", [=](double* out) { sample(longer, 0, sampled, out); });
  add_sample("sample/" + kind + "/vector",
             [=](double*) { benchmark::DoNotOptimize(sample(longer, sampled).data()); });
  if (const auto formula = by_hand().find(kind); formula != by_hand().end()) {
    formula->second(kind, schedule, longer);
  } else if (notation.find('(') == notation.rfind('(')) {
    throw std::runtime_error("the kind " + kind +
                             " has nothing to be compared with: write its formula into by_hand() "
                             "in tests/benchmark/core_benchmark.cpp");
  }

  // What has an end, in the middle of a run of 2e12 steps; what has none, that many cycles later.
  const Schedule whole =
      schedule.length() ? parse(stretched(notation, 2.0 * far / pictured)) : schedule;
  add_call("far/" + kind + "/t = 1", whole);
  add_call("far/" + kind + "/t = 1e12", whole, far);
}

void print_notations() {
  for (const std::string& notation : examples()) {
    const std::string longer = stretched(notation, stretch);
    const std::vector<double> values = sample(parse(longer), sampled);
    std::printf("%.17g %s\n", std::accumulate(values.begin(), values.end(), 0.0), longer.c_str());
  }
}

void add_benchmarks() {
  for (const std::string& notation : examples()) add_kind(notation);

  for (const std::size_t parts : {1u, 16u, 256u, 4096u}) {
    const Schedule whole = sequence(std::vector<Schedule>(parts, take(Constant{0.08}, 7)));
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
  try {
    if (argc == 2 && argv[1] == std::string_view("--notations")) {
      print_notations();
      return 0;
    }
    add_benchmarks();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "core_benchmark: %s\n", error.what());
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
