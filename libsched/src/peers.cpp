#include "peers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace libsched::detail {
namespace {

// One name a line, and behind the bar what it is here.
constexpr std::string_view schedules = R"(
StepLR|step_decay(base_lr=lr, step_size=step_size, drop=gamma)
MultiStepLR|multi_step_decay(base_lr=lr, milestones=milestones, drop=gamma)
ConstantLR|piecewise_constant(boundaries=[total_iters], values=[lr*factor, lr])
ExponentialLR|exponential_decay(base_lr=lr, decay=-ln(gamma))
LinearLR|linear(start=lr*start_factor, end=lr*end_factor, steps=total_iters)
PolynomialLR|polynomial(start=lr, end=0, steps=total_iters, power=power)
CosineAnnealingLR|cosine_decay(base_lr=lr, steps=T_max, min_lr=eta_min)
CosineAnnealingWarmRestarts|cosine_restarts(base_lr=lr, period=T_0, period_factor=T_mult, min_lr=eta_min)
CyclicLR|cyclical(base_lr=base_lr, max_lr=max_lr, step_size=step_size_up, step_size_down=step_size_down, gamma=gamma)
OneCycleLR|one_cycle(max_lr=max_lr, steps=total_steps, warmup_fraction=pct_start, div_factor=div_factor, final_div_factor=final_div_factor)
SWALR|cosine(start=lr, end=swa_lr, steps=anneal_epochs)
SequentialLR|sequence(take(constant(base_lr=lr), steps=milestone), cosine_decay(base_lr=lr, steps=T_max))
ChainedScheduler|product(linear(start=start_factor, end=1, steps=total_iters), cosine_decay(base_lr=lr, steps=T_max))
LambdaLR|a callable of one's own, which has no notation
MultiplicativeLR|a callable of one's own, which has no notation
ReduceLROnPlateau|reduce_on_plateau(factor=factor, patience=patience), which a driver takes beside a schedule
constant_schedule|constant(base_lr=value)
linear_schedule|linear(start=init_value, end=end_value, steps=transition_steps)
polynomial_schedule|polynomial(start=init_value, end=end_value, steps=transition_steps, power=power)
cosine_decay_schedule|cosine_decay(base_lr=init_value, steps=decay_steps, min_lr=init_value*alpha)
warmup_constant_schedule|warmup(constant(base_lr=peak_value), steps=warmup_steps, start=init_value)
warmup_cosine_decay_schedule|warmup(cosine_decay(base_lr=peak_value, steps=decay_steps-warmup_steps, min_lr=end_value), steps=warmup_steps, start=init_value)
warmup_exponential_decay_schedule|warmup(exponential_decay(base_lr=peak_value, decay=-ln(decay_rate)/transition_steps), steps=warmup_steps, start=init_value)
piecewise_constant_schedule|piecewise_constant(boundaries=[30, 80], values=[0.1, 0.05, 0.005])
piecewise_interpolate_schedule|piecewise_linear(steps=[0, 30, 80], values=[0.1, 0.05, 0.005])
join_schedules|sequence(take(constant(base_lr=value), steps=boundary), cosine_decay(base_lr=init_value, steps=decay_steps))
ExponentialDecay|exponential_decay(base_lr=initial_learning_rate, decay=-ln(decay_rate)/decay_steps)
InverseTimeDecay|inverse_time_decay(base_lr=initial_learning_rate, decay=decay_rate/decay_steps)
PolynomialDecay|polynomial(start=initial_learning_rate, end=end_learning_rate, steps=decay_steps, power=power)
PiecewiseConstantDecay|piecewise_constant(boundaries=[31, 81], values=[0.1, 0.05, 0.005])
CosineDecay|cosine_decay(base_lr=initial_learning_rate, steps=decay_steps, min_lr=initial_learning_rate*alpha)
CosineDecayRestarts|cosine_restarts(base_lr=initial_learning_rate, period=first_decay_steps, period_factor=t_mul, peak_factor=m_mul, min_lr=initial_learning_rate*alpha)
get_constant_schedule|constant(base_lr=lr)
get_constant_schedule_with_warmup|warmup(constant(base_lr=lr), steps=num_warmup_steps)
get_linear_schedule_with_warmup|warmup(linear(start=lr, end=0, steps=num_training_steps-num_warmup_steps), steps=num_warmup_steps)
get_cosine_schedule_with_warmup|warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps), steps=num_warmup_steps)
get_cosine_with_min_lr_schedule_with_warmup|warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps, min_lr=min_lr), steps=num_warmup_steps)
get_cosine_with_hard_restarts_schedule_with_warmup|warmup(repeat(cosine_decay(base_lr=lr, steps=(num_training_steps-num_warmup_steps)/num_cycles), times=num_cycles), steps=num_warmup_steps)
get_polynomial_decay_schedule_with_warmup|warmup(polynomial(start=lr, end=lr_end, steps=num_training_steps-num_warmup_steps, power=power), steps=num_warmup_steps)
get_inverse_sqrt_schedule|warmup(inverse_sqrt(base_lr=lr, timescale=timescale), steps=num_warmup_steps)
get_wsd_schedule|warmup(cooldown(constant(base_lr=lr), after=num_stable_steps, steps=num_decay_steps, shape=cosine), steps=num_warmup_steps)
)";

// One parameter a line, and what it is here: the first that the kind at hand has a field for, or
// the warm-up. Of one kind only: kind.parameter.
constexpr std::string_view fields_here = R"(
lr|base_lr|max_lr|start
learning_rate|base_lr|max_lr|start
initial_learning_rate|base_lr|start
init_value|base_lr|start
value|base_lr
peak_value|base_lr|max_lr
end_value|end|min_lr
end_learning_rate|end|min_lr
lr_end|end|min_lr
eta_min|min_lr|end
min_lr|end
alpha|min_lr=base_lr*alpha
start_factor|start=lr*start_factor
end_factor|end=lr*end_factor
gamma|drop|decay=-ln(gamma)
decay_rate|drop|decay=-ln(decay_rate)/decay_steps
inverse_time_decay.decay_rate|decay=decay_rate/decay_steps
inverse_time_decay.decay_steps|decay=decay_rate/decay_steps
decay_steps|steps|step_size|decay=-ln(decay_rate)/decay_steps
transition_steps|steps|step_size|decay=-ln(decay_rate)/transition_steps
T_max|steps
total_steps|steps
total_iters|steps
num_training_steps|steps
epochs|steps=epochs*steps_per_epoch
steps_per_epoch|steps=epochs*steps_per_epoch|every
T_0|period
first_decay_steps|period
T_mult|period_factor
t_mul|period_factor
m_mul|peak_factor
step_size_up|step_size
pct_start|warmup_fraction
anneal_strategy|anneal=cosine
num_warmup_steps|warmup_steps|warmup(..., steps=num_warmup_steps)
warmup_steps|warmup(..., steps=warmup_steps)
milestones|boundaries
boundaries|milestones
)";

// One kind.field a line, and what to say of a value beyond its rule that peers take, or that comes
// of a sum.
constexpr std::string_view hints = R"(
cooldown.after|; are the warm-up and the cooldown longer than the run?
exponential_decay.decay|; a rate that grows is exponential(start=0.01, end=0.1, steps=1000)
step_decay.drop|; a rate that grows is piecewise_constant(boundaries=[30, 60], values=[0.1, 0.12, 0.144])
multi_step_decay.drop|; a rate that grows is piecewise_constant(boundaries=[30, 80], values=[0.1, 0.12, 0.144])
multi_step_decay.milestones|; two drops at once are piecewise_constant(boundaries=[30], values=[0.1, 0.001])
cosine_restarts.peak_factor|; peaks that grow are sequence(cosine_decay(base_lr=0.1, steps=100), cosine_decay(base_lr=0.15, steps=100))
)";

// What stands behind "name|" in its line.
std::string_view find(std::string_view table, std::string_view name) {
  while (!table.empty()) {
    const std::string_view line = table.substr(0, table.find('\n'));
    if (line.substr(0, line.find('|')) == name) return line.substr(line.find('|') + 1);
    table.remove_prefix(std::min(line.size() + 1, table.size()));
  }
  return {};
}

}  // namespace

std::string_view peer_schedule(std::string_view name) {
  return find(schedules, name.substr(name.rfind('.') + 1));  // without module
}

std::string_view hint(std::string_view kind, std::string_view field) {
  return find(hints, fmt::format("{}.{}", kind, field));
}

std::string_view peer_field(std::string_view kind, std::string_view name,
                            const std::vector<std::string_view>& fields) {
  std::string_view all = find(fields_here, fmt::format("{}.{}", kind, name));
  if (all.empty()) all = find(fields_here, name);
  while (!all.empty()) {
    const std::string_view one = all.substr(0, all.find('|'));
    const std::string_view field = one.substr(0, one.find_first_of("=("));
    if (field == "warmup" || std::find(fields.begin(), fields.end(), field) != fields.end()) {
      return one;
    }
    all.remove_prefix(std::min(one.size() + 1, all.size()));
  }
  return {};
}

}  // namespace libsched::detail
