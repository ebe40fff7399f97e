#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/field.hpp"
#include "libsched/math.hpp"

namespace libsched {

/// The same rate at every step, without an end; take() gives it one.
///
///     base_lr
///
/// Same as optax constant_schedule.
///
///     Constant{.base_lr = 0.1}  // t = 0: 0.1, 1000: 0.1
struct LIBSCHED_API Constant {
  double base_lr = unset;  ///< rate, at least 0

  double operator()(Step) const { return base_lr; }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "constant";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &Constant::base_lr, rule::non_negative));
  }
};

/// The rate drops by the factor `drop` every `step_size` steps, without an end.
///
///     base_lr * drop^floor(t / step_size)
///
/// Same as PyTorch StepLR (gamma = drop).
///
///     StepDecay{.base_lr = 0.1, .step_size = 30}  // t = 0: 0.1, 29: 0.1, 30: 0.05, 60: 0.025
struct LIBSCHED_API StepDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step step_size = 0;      ///< steps from one drop to the next, at least 1
  double drop = 0.5;       ///< factor per drop, 0 to 1

  double operator()(Step t) const { return base_lr * math::pow_int(drop, t / step_size); }
  auto prepared() const {
    // The first levels, so that a step costs no pow.
    std::array<double, 64> levels;
    for (std::size_t n = 0; n < levels.size(); ++n) {
      levels[n] = base_lr * math::pow_int(drop, static_cast<Step>(n));
    }
    return [*this, levels](Step t) {
      const auto n = static_cast<std::size_t>(detail::quotient(t, step_size));
      return n < levels.size() ? levels[n] : base_lr * math::pow_int(drop, static_cast<Step>(n));
    };
  }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "step_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &StepDecay::base_lr, rule::non_negative),
                 field("step_size", &StepDecay::step_size, rule::at_least_one),
                 field("drop", &StepDecay::drop, rule::fraction).optional());
  }
};

/// The rate falls by the same factor, e^-decay, at every step, without an end.
///
///     base_lr * e^(-decay * t)
///
/// Same as PyTorch ExponentialLR (gamma = e^-decay).
///
///     ExponentialDecay{.base_lr = 0.1, .decay = 0.01}  // t = 0: 0.1, 1: 0.099, 100: 0.03679
struct LIBSCHED_API ExponentialDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  double decay = unset;    ///< relative fall per step, at least 0; 0: constant

  double operator()(Step t) const { return base_lr * std::exp(-decay * static_cast<double>(t)); }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "exponential_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &ExponentialDecay::base_lr, rule::non_negative),
                 field("decay", &ExponentialDecay::decay, rule::non_negative));
  }
};

/// The rate falls from base_lr to min_lr along half a cosine wave.
///
///     t < steps:   min_lr + (base_lr - min_lr) * (1 + cos(pi * t / steps)) / 2
///     t >= steps:  min_lr
///
/// Same as PyTorch CosineAnnealingLR up to T_max, and optax cosine_decay_schedule. Loshchilov &
/// Hutter, "SGDR" (2017), one cycle.
///
///     CosineDecay{.base_lr = 0.1, .steps = 1000}  // t = 0: 0.1, 250: 0.08536, 500: 0.05, 1000: 0
struct LIBSCHED_API CosineDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step steps = 0;          ///< steps until min_lr, at least 1
  double min_lr = 0;       ///< rate at step `steps` and later, at least 0

  double operator()(Step t) const {
    return math::cosine_between(base_lr, min_lr, math::progress(t, steps));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "cosine_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &CosineDecay::base_lr, rule::non_negative),
                 field("steps", &CosineDecay::steps, rule::at_least_one).timed(Timing::end),
                 field("min_lr", &CosineDecay::min_lr, rule::non_negative)
                     .optional()
                     .floor_of(&CosineDecay::base_lr));
  }
};

/// A CosineDecay whose curve two exponents bend; with both at 1 it is the same.
///
///     t < steps:   min_lr + (base_lr - min_lr) * w^exponent
///     t >= steps:  min_lr
///     w = (1 + cos(pi * (t / steps)^k_decay)) / 2
///
/// Same as optax cosine_decay_schedule with exponent, and timm CosineLRScheduler with k_decay.
/// Zhang & Li, "k-decay: A New Method for Learning Rate Schedule" (2020).
///
///     CosinePower{.base_lr = 0.1, .steps = 100, .exponent = 2}  // t = 0: 0.1, 50: 0.025, 100: 0
struct LIBSCHED_API CosinePower {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step steps = 0;          ///< steps until min_lr, at least 1
  double min_lr = 0;       ///< rate at step `steps` and later, at least 0
  double exponent = 1;     ///< exponent of the wave, above 0; above 1 the rate falls sooner
  double k_decay = 1;      ///< exponent of t / steps, above 0; above 1 the rate falls later

  double operator()(Step t) const {
    return at_cosine(std::cos(math::pi * math::pow_real(math::progress(t, steps), k_decay)));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  /// The value for a given value of the cosine.
  double at_cosine(double cosine) const {
    return math::line_between(min_lr, base_lr, math::pow_real(0.5 * (1 + cosine), exponent));
  }

  static constexpr std::string_view name = "cosine_power";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &CosinePower::base_lr, rule::non_negative),
                 field("steps", &CosinePower::steps, rule::at_least_one).timed(Timing::end),
                 field("min_lr", &CosinePower::min_lr, rule::non_negative)
                     .optional()
                     .floor_of(&CosinePower::base_lr),
                 field("exponent", &CosinePower::exponent, rule::positive).optional(),
                 field("k_decay", &CosinePower::k_decay, rule::positive).optional());
  }
};

/// The rate drops by the factor `drop` at each milestone and stays at the level of the last.
///
///     base_lr * drop^n
///     n = number of milestones <= t
///
/// Same as PyTorch MultiStepLR (gamma = drop).
///
///     MultiStepDecay{.base_lr = 0.1, .milestones = {30, 80}}  // t = 29: 0.1, 30: 0.01, 80: 0.001
struct LIBSCHED_API MultiStepDecay {
  double base_lr = unset;        ///< rate before the first milestone, at least 0
  std::vector<Step> milestones;  ///< steps, each at least 1 and more than the one before
  double drop = 0.1;             ///< factor per drop, 0 to 1

  double operator()(Step t) const {
    return base_lr * math::pow_int(drop, static_cast<Step>(math::entries_up_to(milestones, t)));
  }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "multi_step_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &MultiStepDecay::base_lr, rule::non_negative),
                 field("milestones", &MultiStepDecay::milestones, rule::increasing_from_one)
                     .timed(Timing::place),
                 field("drop", &MultiStepDecay::drop, rule::fraction).optional());
  }
};

/// The rate falls as the inverse of time, ever more slowly, without an end.
///
///     base_lr / (1 + decay * t)^power
///
/// Same as Keras InverseTimeDecay (power = 1, decay = decay_rate / decay_steps) and Caffe "inv".
///
///     InverseTimeDecay{.base_lr = 0.1, .decay = 0.01}  // t = 0: 0.1, 100: 0.05, 900: 0.01
struct LIBSCHED_API InverseTimeDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  double decay = unset;    ///< growth of the divisor per step, at least 0; 0: constant
  double power = 1;        ///< exponent of the divisor, at least 0; 0: constant

  double operator()(Step t) const {
    return base_lr / math::pow_real(1 + decay * static_cast<double>(t), power);
  }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "inverse_time_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &InverseTimeDecay::base_lr, rule::non_negative),
                 field("decay", &InverseTimeDecay::decay, rule::non_negative),
                 field("power", &InverseTimeDecay::power, rule::non_negative).optional());
  }
};

/// The rate falls as the inverse square root of time, without an end.
///
///     base_lr * sqrt(timescale / (timescale + t))
///
/// Same as fairseq inverse_sqrt and Hugging Face get_inverse_sqrt_schedule after their warm-up.
///
///     InverseSqrt{.base_lr = 0.1, .timescale = 100}  // t = 0: 0.1, 100: 0.07071, 300: 0.05
struct LIBSCHED_API InverseSqrt {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step timescale = 0;      ///< steps, at least 1; after three times as many the rate is halved

  double operator()(Step t) const {
    const auto scale = static_cast<double>(timescale);
    return base_lr * std::sqrt(scale / (scale + static_cast<double>(t)));
  }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "inverse_sqrt";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &InverseSqrt::base_lr, rule::non_negative),
                 field("timescale", &InverseSqrt::timescale, rule::at_least_one));
  }
};

/// A linear warm-up, then a fall as the inverse square root of time, without an end.
///
///     factor * d_model^-0.5 * min(n^-0.5, n * warmup_steps^-1.5)
///     n = t + 1
///
/// The paper counts steps from 1, hence n. Vaswani et al., "Attention Is All You Need" (2017),
/// section 5.3.
///
///     Noam{.d_model = 512, .warmup_steps = 4000}  // t = 0: 1.747e-07, 3999: 0.0006988
struct LIBSCHED_API Noam {
  Step d_model = 0;       ///< width of the model, at least 1; not a number of steps
  Step warmup_steps = 0;  ///< steps of the warm-up, at least 1; the last has the highest rate
  double factor = 1;      ///< factor of every value, at least 0

  auto prepared() const {
    const auto warmup = static_cast<double>(warmup_steps);
    return [scale = factor / std::sqrt(static_cast<double>(d_model)),
            slowness = warmup * std::sqrt(warmup)](auto t) {
      const double n = static_cast<double>(t) + 1;
      return scale * (std::min)(1 / std::sqrt(n), n / slowness);
    };
  }
  double operator()(Step t) const { return prepared()(t); }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "noam";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(
        field("d_model", &Noam::d_model, rule::at_least_one).timed(Timing::none),
        field("warmup_steps", &Noam::warmup_steps, rule::at_least_one).timed(Timing::place),
        field("factor", &Noam::factor, rule::non_negative).optional());
  }
};

/// The rate falls from near base_lr to near 0 along a sigmoid, steepest at step `midpoint`.
///
///     base_lr / (1 + e^(rate * (t - midpoint)))
///
/// It has no end. Same as Caffe "sigmoid" (gamma = -rate, stepsize = midpoint).
///
///     SigmoidDecay{.base_lr = 0.1, .midpoint = 500, .rate = 0.01}
///     // t = 0: 0.09933, 500: 0.05, 1000: 0.0006693
struct LIBSCHED_API SigmoidDecay {
  double base_lr = unset;  ///< rate long before midpoint, at least 0
  Step midpoint = -1;      ///< step at which the rate is half of base_lr, at least 0
  double rate = unset;     ///< steepness per step, any finite number; below 0 the rate rises

  double operator()(Step t) const {
    return base_lr / (1 + std::exp(rate * static_cast<double>(t - midpoint)));
  }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "sigmoid_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(
        field("base_lr", &SigmoidDecay::base_lr, rule::non_negative),
        field("midpoint", &SigmoidDecay::midpoint, rule::non_negative).timed(Timing::place),
        field("rate", &SigmoidDecay::rate));
  }
};

}  // namespace libsched
