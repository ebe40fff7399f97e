#include "foreign_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsched/notation.hpp"

namespace libsched::detail {
namespace {

// Each line has the names of one schedule and, after the bar, its notation in libsched.
constexpr std::string_view schedules = R"(
StepLR,StepLRScheduler,step|step_decay(base_lr=lr, step_size=step_size, drop=gamma)
MultiStepLR,MultiStepLRScheduler,multi_step,MultiStepScheduler|multi_step_decay(base_lr=lr, milestones=milestones, drop=gamma)
ConstantScheduler|piecewise_constant(boundaries=[t_max], values=[lr*alpha, lr])
ConstantLR|piecewise_constant(boundaries=[total_iters], values=[lr*factor, lr])
ExponentialLR|exponential_decay(base_lr=lr, decay=-ln(gamma))
LinearLR|linear(start=lr*start_factor, end=lr*end_factor, steps=total_iters)
PolynomialLR,PolyLR,PolyLRScheduler,poly,PolynomialScheduler|polynomial(start=lr, end=0, steps=total_iters, power=power)
CosineAnnealingLR,CosineLR,cosine_annealing,CosineAnnealingDecay|cosine_decay(base_lr=lr, steps=T_max, min_lr=eta_min)
CosineAnnealingWarmRestarts,SGDR,CosineAnnealingWarmRestartsScheduler|cosine_restarts(base_lr=lr, period=T_0, period_factor=T_mult, min_lr=eta_min)
CosineLRScheduler|cosine_decay(base_lr=lr, steps=t_initial, min_lr=lr_min)
TanhLRScheduler|tanh(start=lr, end=lr_min, steps=t_initial)
CyclicLR,CyclicLRScheduler|cyclical(base_lr=base_lr, max_lr=max_lr, step_size=step_size_up, step_size_down=step_size_down, gamma=gamma)
OneCycleLR|one_cycle(max_lr=max_lr, steps=total_steps, warmup_fraction=pct_start, div_factor=div_factor, final_div_factor=final_div_factor)
linear_decay|linear(start=lr, end=0, steps=total_steps)
SWALR|cosine(start=lr, end=swa_lr, steps=anneal_epochs)
SequentialLR|warmup(cosine_decay(base_lr=lr, steps=T_max), steps=milestone, start=lr*start_factor)
ChainedScheduler|product(linear(start=start_factor, end=1, steps=total_iters), cosine_decay(base_lr=lr, steps=T_max))
LambdaLR,MultiplicativeLR,LearningRateScheduler,LambdaDecay,MultiplicativeDecay,get_chebyshev_schedule|a user-defined callable, which has no notation: build the schedule in C++
constant_schedule|constant(base_lr=value)
linear_schedule|linear(start=init_value, end=end_value, steps=transition_steps)
polynomial_schedule|polynomial(start=init_value, end=end_value, steps=transition_steps, power=power)
cosine_decay_schedule|cosine_decay(base_lr=init_value, steps=decay_steps, min_lr=init_value*alpha)
warmup_constant_schedule|warmup(constant(base_lr=peak_value), steps=warmup_steps, start=init_value)
warmup_cosine_decay_schedule,warmup_cosine_decay|warmup(cosine_decay(base_lr=peak_value, steps=decay_steps-warmup_steps, min_lr=end_value), steps=warmup_steps, start=init_value)
warmup_exponential_decay_schedule|warmup(exponential_decay(base_lr=peak_value, decay=-ln(decay_rate)/transition_steps), steps=warmup_steps, start=init_value)
piecewise_constant_schedule|piecewise_constant(boundaries=[30, 80], values=[0.1, 0.05, 0.005])
piecewise_interpolate_schedule|piecewise_linear(steps=[0, 30, 80], values=[0.1, 0.05, 0.005])
join_schedules|sequence(linear(start=init_value, end=peak_value, steps=boundary), cosine_decay(base_lr=peak_value, steps=decay_steps))
sgdr_schedule|repeat(warmup(cosine_decay(base_lr=peak_value, steps=decay_steps-warmup_steps), steps=warmup_steps, start=init_value))
linear_onecycle_schedule|piecewise_linear(steps=[0, transition_steps*pct_start, transition_steps*pct_final, transition_steps], values=[peak_value/div_factor, peak_value, peak_value/div_factor, peak_value/div_factor/final_div_factor])
cosine_onecycle_schedule|sequence(cosine(start=peak_value/div_factor, end=peak_value, steps=transition_steps*pct_start), cosine(start=peak_value, end=peak_value/div_factor/final_div_factor, steps=transition_steps*(1-pct_start)))
PolynomialDecay,PolynomialDecayLR|polynomial(start=initial_learning_rate, end=end_learning_rate, steps=decay_steps, power=power)
PiecewiseConstantDecay|piecewise_constant(boundaries=[31, 81], values=[0.1, 0.05, 0.005])
CosineDecayRestarts|cosine_restarts(base_lr=initial_learning_rate, period=first_decay_steps, period_factor=t_mul, peak_factor=m_mul, min_lr=initial_learning_rate*alpha)
get_constant_schedule|constant(base_lr=lr)
get_constant_schedule_with_warmup,constant_with_warmup,ConstantWithWarmupScheduler,WarmupConstantSchedule|warmup(constant(base_lr=lr), steps=num_warmup_steps)
get_linear_schedule_with_warmup,linear_schedule_with_warmup,linear_with_warmup,WarmupLinearSchedule,LinearLRScheduler|warmup(linear(start=lr, end=0, steps=num_training_steps-num_warmup_steps), steps=num_warmup_steps)
get_cosine_schedule_with_warmup,cosine_schedule_with_warmup,cosine_with_warmup,warmup_cosine,cosine_warmup,linear_warmup_cosine_annealing_lr,WarmupCosineSchedule|warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps), steps=num_warmup_steps)
get_cosine_with_min_lr_schedule_with_warmup,cosine_with_min_lr|warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps, min_lr=min_lr), steps=num_warmup_steps)
get_cosine_with_min_lr_schedule_with_warmup_lr_rate,cosine_warmup_with_min_lr|warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps, min_lr=min_lr), steps=num_warmup_steps-1, start=lr/num_warmup_steps)
get_cosine_with_hard_restarts_schedule_with_warmup,cosine_with_hard_restarts_schedule_with_warmup,cosine_with_hard_restarts,cosine_with_restarts|warmup(repeat(cosine_decay(base_lr=lr, steps=(num_training_steps-num_warmup_steps)/num_cycles), times=num_cycles), steps=num_warmup_steps)
get_polynomial_decay_schedule_with_warmup,polynomial_decay_schedule_with_warmup,polynomial_with_warmup|warmup(polynomial(start=lr, end=lr_end, steps=num_training_steps-num_warmup_steps, power=power), steps=num_warmup_steps)
get_inverse_sqrt_schedule,inverse_sqrt_schedule,inverse_sqrt_with_warmup|warmup(inverse_sqrt(base_lr=lr, timescale=timescale), steps=num_warmup_steps)
get_wsd_schedule,wsd_schedule,warmup_stable_decay,wsd,WSDLRScheduler|warmup(cooldown(constant(base_lr=lr), after=num_stable_steps, steps=num_decay_steps, shape=cosine), steps=num_warmup_steps)
greedy,GreedyLR|nothing: reduce_on_plateau(factor=factor, patience=patience) lowers a rate by a metric, and no rule raises it
WarmupLR|logarithmic(start=warmup_min_lr, end=warmup_max_lr, steps=warmup_num_steps-1)
WarmupDecayLR|sequence(take(logarithmic(start=warmup_min_lr, end=warmup_max_lr, steps=warmup_num_steps-1), steps=warmup_num_steps), linear(start=warmup_max_lr, end=warmup_min_lr, steps=total_num_steps-warmup_num_steps))
WarmupCosineLR|sequence(take(logarithmic(start=0, end=lr, steps=warmup_num_steps-1), steps=warmup_num_steps), skip(cosine_decay(base_lr=lr, steps=total_num_steps-warmup_num_steps, min_lr=lr*cos_min_ratio), steps=1))
LinearCyclicalScheduler|repeat(piecewise_linear(steps=[0, cycle_size/2, cycle_size], values=[start_value, end_value, start_value]))
create_lr_scheduler_with_warmup|warmup(exponential_decay(base_lr=lr, decay=-ln(gamma)), steps=warmup_duration-1, start=warmup_start_value)
CosineAnnealingWithWarmupScheduler|warmup(cosine_decay(base_lr=lr, steps=max_duration-t_warmup, min_lr=lr*alpha_f), steps=t_warmup)
LinearWithWarmupScheduler|warmup(linear(start=lr, end=lr*alpha_f, steps=max_duration-t_warmup), steps=t_warmup)
PolynomialWithWarmupScheduler|warmup(polynomial(start=lr, end=lr*alpha_f, steps=max_duration-t_warmup, power=power), steps=t_warmup)
MultiStepWithWarmupScheduler|warmup(multi_step_decay(base_lr=lr, milestones=[milestone-t_warmup], drop=gamma), steps=t_warmup)
WarmupMultiStepLR|sequence(linear(start=lr*warmup_factor, end=lr, steps=warmup_iters), skip(multi_step_decay(base_lr=lr, milestones=milestones, drop=gamma), steps=warmup_iters))
REXScheduler|rex(start=max_lr, end=min_lr, steps=total_steps)
CosineAnnealingWarmupRestarts|repeat(warmup(cosine_decay(base_lr=max_lr, steps=first_cycle_steps-warmup_steps, min_lr=min_lr), steps=warmup_steps, start=min_lr))
ExponentialDecayWarmup|warmup(exponential(start=max_lr, end=min_lr, steps=total_steps-warmup_steps), steps=warmup_steps)
TristageLR,TriStageLRSchedule,tri_stage|sequence(linear(start=lr*init_lr_scale, end=lr, steps=warmup_steps), take(constant(base_lr=lr), steps=hold_steps), exponential(start=lr, end=lr*final_lr_scale, steps=decay_steps))
PiecewiseLinearWarmupLR|sequence(piecewise_linear(steps=[0, 50, 100], values=[0, 0.05, 0.1]), inverse_sqrt(base_lr=0.1, timescale=100))
WarmupStepLR|skip(warmup(step_decay(base_lr=lr, step_size=step_size*steps_per_epoch, drop=gamma), steps=warmup_steps), steps=1)
NoamLR,NoamAnnealing|noam(d_model=d_model, warmup_steps=warmup_steps, factor=lr)
NoamDecay|sequence(take(constant(base_lr=0), steps=1), noam(d_model=d_model, warmup_steps=warmup_steps, factor=learning_rate))
noamwd|product(noam(d_model=hidden_size, warmup_steps=warmup_steps, factor=learning_rate), step_decay(base_lr=1, step_size=decay_steps, drop=learning_rate_decay))
NoamScheduler|warmup(inverse_sqrt(base_lr=lr_initial, timescale=n_warmup_steps), steps=n_warmup_steps-1, start=lr_initial/n_warmup_steps)
LinearNoamScheduler|sequence(linear(start=0, end=lr_initial, steps=n_warmup_steps), take(constant(base_lr=lr_initial), steps=n_keep_steps), inverse_time_decay(base_lr=lr_initial, decay=1/n_warmup_steps))
NoamHoldAnnealing|warmup(sequence(take(constant(base_lr=lr), steps=hold_steps), inverse_sqrt(base_lr=lr, timescale=warmup_steps)), steps=warmup_steps, start=lr/(warmup_steps+1))
InverseSquareRootAnnealing|warmup(inverse_sqrt(base_lr=lr, timescale=warmup_steps+1), steps=warmup_steps, start=lr/(warmup_steps+1))
InverseSquareRootScheduler,rsqrt|sequence(take(constant(base_lr=lr/sqrt(warmup_steps)), steps=warmup_steps-1), inverse_sqrt(base_lr=lr/sqrt(warmup_steps), timescale=warmup_steps))
CyclicCosineScheduler|repeat(sequence(cosine_decay(base_lr=lr_initial, steps=total_steps), cosine(start=0, end=lr_initial, steps=total_steps)))
WarmAndExpDecayLRSchedule|warmup(exponential_decay(base_lr=lr, decay=-ln(decay_factor)/(total_steps-n_warmup_steps)), steps=n_warmup_steps)
WarmupAnnealing|warmup(linear(start=lr, end=min_lr, steps=max_steps-warmup_steps), steps=warmup_steps, start=lr/(warmup_steps+1))
SquareAnnealing|warmup(maximum(polynomial(start=lr, end=0, steps=max_steps-warmup_steps, power=2), constant(base_lr=min_lr)), steps=warmup_steps, start=lr/(warmup_steps+1))
SquareRootAnnealing|sequence(take(linear(start=lr/(warmup_steps+1), end=lr, steps=warmup_steps), steps=warmup_steps+1), skip(polynomial(start=lr, end=0, steps=max_steps, power=0.5), steps=warmup_steps+1))
PolynomialDecayAnnealing|warmup(polynomial(start=lr, end=min_lr, steps=max_steps-warmup_steps, power=power), steps=warmup_steps, start=lr/(warmup_steps+1))
PolynomialHoldDecayAnnealing|warmup(sequence(take(constant(base_lr=lr), steps=hold_steps), polynomial(start=lr, end=min_lr, steps=max_steps-warmup_steps-hold_steps, power=power)), steps=warmup_steps, start=lr/(warmup_steps+1))
WarmupHoldAnnealLinear|warmup(cooldown(constant(base_lr=lr), after=hold_steps, steps=max_steps-warmup_steps-hold_steps, end=min_lr), steps=warmup_steps, start=lr/(warmup_steps+1))
WarmupHoldAnnealOneMinusSquareRoot|warmup(cooldown(constant(base_lr=lr), after=hold_steps, steps=max_steps-warmup_steps-hold_steps, shape=sqrt), steps=warmup_steps, start=lr/(warmup_steps+1))
SlantedTriangular|piecewise_linear(steps=[0, num_steps*cut_frac, num_steps], values=[lr/ratio, lr, lr/ratio])
fit_one_cycle|one_cycle(max_lr=lr_max, steps=n_epoch*batches+1, warmup_fraction=pct_start, div_factor=div, final_div_factor=div_final/div)
fit_flat_cos|sequence(take(constant(base_lr=lr), steps=n_epoch*batches*pct_start), cosine(start=lr, end=lr/div_final, steps=n_epoch*batches*(1-pct_start)))
fit_sgdr|cosine_restarts(base_lr=lr_max, period=cycle_len*batches, period_factor=cycle_mult)
get_expon_lr_func,learning_rate_decay|product(reversed(cosine_power(base_lr=1, steps=lr_delay_steps, min_lr=lr_delay_mult, exponent=0.5)), exponential(start=lr_init, end=lr_final, steps=max_steps))
CosineScheduler|skip(warmup(cosine_decay(base_lr=base_lr, steps=max_update-warmup_steps, min_lr=final_lr), steps=warmup_steps, start=warmup_begin_lr), steps=1)
PolyScheduler|skip(warmup(polynomial(start=base_lr, end=final_lr, steps=max_update-warmup_steps, power=pwr), steps=warmup_steps, start=warmup_begin_lr), steps=1)
FactorScheduler|step_decay(base_lr=base_lr, step_size=step, drop=factor)
MultiFactorScheduler|multi_step_decay(base_lr=base_lr, milestones=[step[0], step[1]], drop=factor)
StepShift|step_decay(base_lr=init, step_size=step, drop=gamma)
MultistepShift|multi_step_decay(base_lr=init, milestones=[step_value[0], step_value[1]], drop=gamma)
ExponentialShift|exponential_decay(base_lr=init, decay=-ln(rate))
InverseShift|inverse_time_decay(base_lr=init, decay=gamma, power=power)
PolynomialShift|polynomial(start=init, end=0, steps=max_count, power=rate)
LinearShift|piecewise_linear(steps=[0, 30, 80], values=[0.1, 0.1, 0.01])
WarmupShift|linear(start=warmup_start, end=init, steps=warmup_iter)
compounding|minimum(exponential(start=start, end=start*compound^N, steps=N), constant(base_lr=stop))
warmup_linear|warmup(linear(start=initial_rate, end=0, steps=total_steps-warmup_steps), steps=warmup_steps)
decaying|inverse_time_decay(base_lr=base_rate, decay=decay)
cyclic_triangular|skip(cyclical(base_lr=min_lr, max_lr=max_lr, step_size=period), steps=1)
PiecewiseDecay|piecewise_constant(boundaries=boundaries, values=values)
NaturalExpDecay|exponential_decay(base_lr=learning_rate, decay=gamma)
LinearWarmup|sequence(linear(start=start_lr, end=end_lr, steps=warmup_steps), constant(base_lr=learning_rate))
CosineDecayLR|cosine_decay(base_lr=max_lr, steps=decay_steps, min_lr=min_lr)
ExponentialDecayLR|exponential_decay(base_lr=learning_rate, decay=-ln(decay_rate)/decay_steps)
NaturalExpDecayLR|exponential_decay(base_lr=learning_rate, decay=decay_rate)
InverseDecayLR|inverse_time_decay(base_lr=learning_rate, decay=decay_rate/decay_steps)
CosineAnnealingLRWithWarmup|skip(warmup(cosine_decay(base_lr=base_lr, steps=decay_steps, min_lr=end_lr), steps=warmup_steps), steps=1)
PolynomialDecayWithWarmup|warmup(polynomial(start=initial_lr, end=end_lr, steps=train_steps-warmup+1, power=power), steps=warmup)
invscaling|inverse_time_decay(base_lr=eta0, decay=1, power=power_t)
inv|inverse_time_decay(base_lr=base_lr, decay=gamma, power=power)
sigmoid|sigmoid_decay(base_lr=base_lr, midpoint=stepsize, rate=-gamma)
)";

// Names of kinds of libsched that another library uses for something else or with other fields, and
// what those are here.
constexpr std::string_view namesakes = R"(
CosineDecay|Keras's is cosine_decay(base_lr=initial_learning_rate, steps=decay_steps, min_lr=initial_learning_rate*alpha)
optax.exponential_decay,optax.schedules.exponential_decay|optax's is exponential_decay(base_lr=init_value, decay=-ln(decay_rate)/transition_steps)
ExponentialDecay|Keras's is exponential_decay(base_lr=initial_learning_rate, decay=-ln(decay_rate)/decay_steps)
InverseTimeDecay|Keras's is inverse_time_decay(base_lr=initial_learning_rate, decay=decay_rate/decay_steps)
OneCycle|DeepSpeed's is piecewise_linear(steps=[0, cycle_first_step_size, 2*cycle_first_step_size], values=[cycle_min_lr, cycle_max_lr, cycle_min_lr])
)";

// The values of Hugging Face's lr_scheduler_type that are also names of kinds.
constexpr std::string_view types = R"(
linear|Hugging Face's is warmup(linear(start=lr, end=0, steps=num_training_steps-num_warmup_steps), steps=num_warmup_steps)
cosine|Hugging Face's is warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps), steps=num_warmup_steps)
polynomial|Hugging Face's is warmup(polynomial(start=lr, end=lr_end, steps=num_training_steps-num_warmup_steps, power=power), steps=num_warmup_steps)
inverse_sqrt|Hugging Face's is warmup(inverse_sqrt(base_lr=lr, timescale=num_warmup_steps), steps=num_warmup_steps)
)";

// The names that other libraries have for reduce_on_plateau.
constexpr std::string_view plateaus = R"(
ReduceLROnPlateau,plateau,PlateauLR,PlateauLRScheduler,ReduceLROnPlateauScheduler|reduce_on_plateau(factor=factor, patience=patience)
)";

// Each line has the names of one parameter and, after bars, what it may be here. The first of these
// applies that names a field of the kind at hand or begins with a star; kind:field applies to that
// kind only. '@' stands for the parameter's name, and in "@%" and "@ep" for its value.
constexpr std::string_view fields_here = R"(
eps|min_scale, the last scale that eps lets through
min_delta,atol,epsilon|threshold=@, threshold_mode=absolute
rtol|threshold
patience_t|patience
cooldown_t|cooldown
start_from_epoch|from_step
verbose|*left out: nothing is printed
monitor,metric|*left out: pass the metric to the driver's report(metric)
last_epoch,last_step|*left out: the driver counts the steps, and load() restores the count
cycle_momentum,base_momentum,max_momentum|*left out: the driver takes another schedule for momentum
optimizer|*left out: the driver has the optimizer
lr,learning_rate,initial_learning_rate,init_lr,initial_lr,lr0,base_learning_rate,start_lr,lr_initial,initial_rate,base_rate,eta0|base_lr|max_lr|start|reduce_on_plateau:*left out: the schedule has the rate
init_value,start_value|base_lr|start
base_lr|start|max_lr
max_lr,peak_lr,lr_max,peak_value,eta_max|base_lr|max_lr|start
value|base_lr
min_lr,eta_min,lr_min,lr_end,end_lr,final_lr,end_value,end_learning_rate,min_learning_rate|min_lr|end|*maximum(..., constant(base_lr=@))
alpha,min_lr_ratio,min_lr_rate,min_lr_factor,cos_min_ratio,final_lr_frac,lrf,alpha_f|min_lr=base_lr*@|end=lr*@|*maximum(..., constant(base_lr=lr*@))
start_factor|start=lr*@
end_factor|end=lr*@
gamma|drop|decay=-ln(@)|factor
decay_rate|drop|inverse_time_decay:decay=decay_rate/decay_steps|decay=-ln(@)/decay_steps|factor
decay_steps|cooldown:steps|steps|step_size|inverse_time_decay:decay=decay_rate/decay_steps|decay=-ln(decay_rate)/decay_steps
transition_steps|steps|step_size|decay=-ln(decay_rate)/transition_steps
lr_decay,decay_factor,drop_factor,factor,lr_factor|drop|factor
transition_begin|*sequence(take(constant(base_lr=lr), steps=@), ...)
staircase|*step_decay(base_lr=lr, step_size=decay_steps, drop=decay_rate)
T_max,total_steps,total_iters,num_training_steps,max_steps,num_steps,max_iters,max_iter,max_update,total_num_steps,lr_decay_iters,lr_decay_steps,max_count,max_duration,total_num_update|warmup:*left out: the schedule in it has steps|steps|period
epochs,max_epochs,num_epochs,num_train_epochs|steps=@ep|period=@ep
t_initial,T_0,first_decay_steps,cycle_length,cycle_steps,first_cycle_steps|period|steps|step_size
decay_epochs|step_size=@ep|steps=@ep
steps_per_epoch|steps=epochs*steps_per_epoch|every
T_mult,t_mul,cycle_mul,cycle_mult|period_factor
m_mul,cycle_decay,lr_shrink|peak_factor|factor
step_size_up,decay_every|step_size
steps|step_size|period|milestones|boundaries|every
anneal_strategy|anneal=cosine
num_cycles,cycle_limit|times|cosine_restarts:*repeat(cosine_decay(base_lr=base_lr, steps=period), times=@)|cosine_decay:*repeat(..., times=@), and left out if it is 0.5|*repeat(..., times=@)
num_warmup_steps,warmup_steps,warmup,warmup_iters,warmup_iterations,warmup_updates,warmup_num_steps,warmup_t,n_warmup_steps,t_warmup,warmup_duration,lr_warmup_steps,warmup_iter|warmup:steps|warmup_steps|warmup_fraction=@/steps|from_step|*warmup(..., steps=@)
warmup_epochs,num_warmup_epochs|warmup:steps=@ep|warmup_steps=@ep|*warmup(..., steps=@ep)
warmup_ratio,warmup_fraction,warmup_proportion,pct_start|warmup:steps=@%|warmup_fraction|warmup_steps=@%|*warmup(..., steps=@%)
warmup_start_lr,warmup_init_lr,warmup_lr_init,warmup_lr,warmup_min_lr,warmup_begin_lr,warmup_start_value,warmup_start|warmup:start|*warmup(..., steps=warmup_steps, start=@)
warmup_start_factor,warmup_factor,warmup_lr_rate|warmup:start=lr*@|*warmup(..., steps=warmup_steps, start=lr*@)
num_stable_steps,stable_steps,hold_steps|take:steps|after|*cooldown(..., after=@, steps=num_decay_steps)
num_decay_steps,cooldown_steps|cooldown:steps|warmup:*cooldown(..., after=num_stable_steps, steps=@)|steps|*cooldown(..., after=num_stable_steps, steps=@)
decay_ratio,warmdown_ratio,cooldown_ratio|cooldown:steps=@%|*cooldown(..., after=num_stable_steps, steps=@%)
pwr,power_t|power
model_size,hidden_size|d_model
decay_type|shape=linear, cosine or sqrt
milestones|boundaries
boundaries|milestones
)";

// Each line has a kind.field and a hint for a value that the field refuses but other libraries
// accept, or that comes from a wrong sum of steps.
constexpr std::string_view hints = R"(
cooldown.after|; are the warm-up and the cooldown longer than the run?
exponential_decay.decay|; a rate that grows is exponential(start=0.01, end=0.1, steps=1000)
step_decay.drop|; a rate that grows is piecewise_constant(boundaries=[30, 60], values=[0.1, 0.12, 0.144])
multi_step_decay.drop|; a rate that grows is piecewise_constant(boundaries=[30, 80], values=[0.1, 0.12, 0.144])
multi_step_decay.milestones|; two drops at once are piecewise_constant(boundaries=[30], values=[0.1, 0.001])
cosine_restarts.period_factor|; cycles that get shorter are sequence(cosine_decay(base_lr=0.1, steps=100), cosine_decay(base_lr=0.1, steps=50))
cosine_restarts.peak_factor|; peaks that grow are sequence(cosine_decay(base_lr=0.1, steps=100), cosine_decay(base_lr=0.15, steps=100))
)";

// The text after the bar in the line that has the name among those before it.
std::string_view find(std::string_view table, std::string_view name) {
  while (!table.empty()) {
    const std::string_view line = table.substr(0, table.find('\n'));
    std::string_view names = line.substr(0, line.find('|'));
    while (!names.empty()) {
      const std::string_view one = names.substr(0, names.find(','));
      if (is_same_word(one, name)) return line.substr(line.find('|') + 1);
      names.remove_prefix(std::min(one.size() + 1, names.size()));
    }
    table.remove_prefix(std::min(line.size() + 1, table.size()));
  }
  return {};
}

// The text for an '@' that is followed by `rest`.
std::string said(std::string_view rest, std::string_view name, std::string_view value) {
  double number = 0;
  const bool is_number = read(value, number).empty() && number >= 0;
  if (rest.substr(0, 1) == "%") {
    if (!value.empty() && value.back() == '%')
      return std::string(value.substr(0, value.size() - 1));
    return is_number && number <= 1 ? percent(number) : fmt::format("100*{}", name);
  }
  if (rest.substr(0, 2) == "ep") return std::string(is_number ? value : "N");
  return std::string(name);
}

}  // namespace

bool is_same_word(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& text) {
    while (!text.empty()) {
      const char c = text.front();
      text.remove_prefix(1);
      if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
      if (c != '_' && c != '-' && c != '.') return c;
    }
    return '\0';
  };
  for (;;) {
    const char c = next(a);
    if (c != next(b)) return false;
    if (c == '\0') return true;
  }
}

std::string_view without_module(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string percent(double share) { return fmt::format("{:.6g}", 100 * share); }

std::string_view peer_schedule(std::string_view name) {
  return find(schedules, without_module(name));
}

std::string_view namesake(std::string_view name) {
  std::string_view found = find(namesakes, name);
  if (found.empty()) found = find(namesakes, without_module(name));
  return found.empty() ? scheduler_type(without_module(name)) : found;
}

std::string_view scheduler_type(std::string_view name) { return find(types, name); }

std::string_view peer_plateau(std::string_view name) {
  return find(plateaus, without_module(name));
}

std::string_view hint(std::string_view kind, std::string_view field) {
  return find(hints, fmt::format("{}.{}", kind, field));
}

std::string peer_field(std::string_view kind, std::string_view name, std::string_view value,
                       const std::vector<std::string_view>& fields) {
  std::string_view all = find(fields_here, name);
  while (!all.empty()) {
    std::string_view one = all.substr(0, all.find('|'));
    all.remove_prefix(std::min(one.size() + 1, all.size()));
    const std::size_t end = one.find_first_of(":=,*");
    if (end != one.npos && one[end] == ':') {
      if (one.substr(0, end) != kind) continue;
      one.remove_prefix(end + 1);
    }
    if (one.front() == '*') {
      one.remove_prefix(1);
    } else if (std::find(fields.begin(), fields.end(), one.substr(0, one.find_first_of("=,"))) ==
               fields.end()) {
      continue;
    }
    const std::size_t at = one.find('@');
    if (at == one.npos) return std::string(one);
    const std::string_view rest = one.substr(at + 1);
    return fmt::format("{}{}{}", one.substr(0, at), said(rest, name, value), rest);
  }
  return {};
}

}  // namespace libsched::detail
