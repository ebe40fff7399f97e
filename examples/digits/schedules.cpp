#include "digits/schedules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

using libsched::Schedule;
using libsched::Step;

std::vector<Contender> contenders(Step steps, const ModelKind& kind) {
  using namespace libsched;
  const double lr = kind.lr;
  const double peak = 3 * lr;
  const Step tenth = std::max<Step>(steps / 10, 1);
  // The momentum falls while the rate rises, then rises again: 0.95, 0.85, 0.95.
  const OneCycle momentum{
      .max_lr = 0.85, .steps = steps, .div_factor = 0.85 / 0.95, .final_div_factor = 1};
  std::vector<Contender> all = {
      {"constant", Constant{.base_lr = lr}},
      {"step_decay", StepDecay{.base_lr = peak, .step_size = 2 * tenth, .drop = 0.5}},
      {"exponential_decay",
       ExponentialDecay{.base_lr = peak, .decay = 4.0 / static_cast<double>(steps)}},
      {"cyclical",
       Cyclical{.base_lr = lr / 10, .max_lr = peak, .step_size = tenth, .cycle_scale = 0.5}},
      {"warmup_cosine", warmup(CosineDecay{.base_lr = peak, .steps = steps - tenth}, tenth)},
      {"one_cycle", OneCycle{.max_lr = 2 * peak, .steps = steps}, momentum},
      {"warmup_stable_decay", sequence(Linear{.start = 0, .end = peak, .steps = tenth},
                                       take(Constant{.base_lr = peak}, steps - 4 * tenth),
                                       SqrtCooldown{.start = peak, .end = 0, .steps = 3 * tenth})},
  };
  for (Contender& contender : all) {
    contender.decay = Cosine{.start = 1, .end = kind.decay_growth, .steps = steps};
  }
  return all;
}

std::vector<Contender> named(const std::vector<Schedule>& schedules) {
  std::map<std::string, int> seen;
  std::vector<Contender> contenders;
  for (const Schedule& schedule : schedules) {
    const std::string notation = to_string(schedule);
    const std::string kind = notation.substr(0, notation.find('('));
    const int count = ++seen[kind];
    contenders.push_back({count == 1 ? kind : fmt::format("{}_{}", kind, count), schedule});
  }
  return contenders;
}
