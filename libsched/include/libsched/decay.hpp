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

/// base_lr at every step.
/// Same as optax constant_schedule.
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

/// base_lr * drop^floor(t / step_size): falls by the factor `drop` every `step_size` steps.
/// Same as PyTorch StepLR (gamma = drop).
struct LIBSCHED_API StepDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step step_size = 0;      ///< steps from one drop to the next, at least 1
  double drop = 0.5;       ///< factor of a drop, 0 to 1

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

/// base_lr * e^(-decay * t); `decay` is per step.
/// Same as PyTorch ExponentialLR (gamma = e^-decay).
struct LIBSCHED_API ExponentialDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  double decay = unset;    ///< per step, at least 0

  double operator()(Step t) const { return base_lr * std::exp(-decay * static_cast<double>(t)); }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "exponential_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &ExponentialDecay::base_lr, rule::non_negative),
                 field("decay", &ExponentialDecay::decay, rule::non_negative));
  }
};

/// min_lr + (base_lr - min_lr) * (1 + cos(pi * t / steps)) / 2, then min_lr for good.
/// Same as PyTorch CosineAnnealingLR up to T_max, and optax cosine_decay_schedule.
/// Loshchilov & Hutter, "SGDR" (2017), one cycle.
struct LIBSCHED_API CosineDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step steps = 0;          ///< until min_lr, at least 1
  double min_lr = 0;       ///< rate at the end, at least 0

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
                 field("min_lr", &CosineDecay::min_lr, rule::non_negative).optional());
  }
};

/// min_lr + (base_lr - min_lr) * ((1 + cos(pi * (t / steps)^k_decay)) / 2)^exponent, then
/// min_lr for good. Same as optax cosine_decay_schedule with exponent and timm CosineLRScheduler
/// with k_decay. Zhang & Li, "k-decay: A New Method for Learning Rate Schedule" (2020).
struct LIBSCHED_API CosinePower {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step steps = 0;          ///< until min_lr, at least 1
  double min_lr = 0;       ///< rate at the end, at least 0
  double exponent = 1;     ///< of the cosine, above 0
  double k_decay = 1;      ///< exponent of t / steps, above 0

  double operator()(Step t) const {
    return at_cosine(std::cos(math::pi * math::pow_real(math::progress(t, steps), k_decay)));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  /// The value where the cosine has this one.
  double at_cosine(double cosine) const {
    return math::line_between(min_lr, base_lr, math::pow_real(0.5 * (1 + cosine), exponent));
  }

  static constexpr std::string_view name = "cosine_power";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &CosinePower::base_lr, rule::non_negative),
                 field("steps", &CosinePower::steps, rule::at_least_one).timed(Timing::end),
                 field("min_lr", &CosinePower::min_lr, rule::non_negative).optional(),
                 field("exponent", &CosinePower::exponent, rule::positive).optional(),
                 field("k_decay", &CosinePower::k_decay, rule::positive).optional());
  }
};

/// base_lr * drop^(number of milestones <= t): falls by the factor `drop` at each milestone, a
/// step. Same as PyTorch MultiStepLR (gamma = drop).
struct MultiStepDecay {
  double base_lr = unset;        ///< rate at step 0, at least 0
  std::vector<Step> milestones;  ///< steps, from 1 on, increasing
  double drop = 0.1;             ///< factor of a drop, 0 to 1

  double operator()(Step t) const {
    return base_lr * math::pow_int(drop, static_cast<Step>(math::entries_up_to(milestones, t)));
  }

  static constexpr std::string_view name = "multi_step_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &MultiStepDecay::base_lr, rule::non_negative),
                 field("milestones", &MultiStepDecay::milestones, rule::increasing_from_one)
                     .timed(Timing::place),
                 field("drop", &MultiStepDecay::drop, rule::fraction).optional());
  }
};

/// base_lr / (1 + decay * t)^power; `decay` is per step.
/// Same as Keras InverseTimeDecay (power = 1, decay = decay_rate / decay_steps) and Caffe "inv".
struct InverseTimeDecay {
  double base_lr = unset;  ///< rate at step 0, at least 0
  double decay = unset;    ///< per step, at least 0
  double power = 1;        ///< exponent, at least 0

  double operator()(Step t) const {
    return base_lr / math::pow_real(1 + decay * static_cast<double>(t), power);
  }

  static constexpr std::string_view name = "inverse_time_decay";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &InverseTimeDecay::base_lr, rule::non_negative),
                 field("decay", &InverseTimeDecay::decay, rule::non_negative),
                 field("power", &InverseTimeDecay::power, rule::non_negative).optional());
  }
};

/// base_lr * sqrt(timescale / (timescale + t)); `timescale` in steps.
/// Same as fairseq inverse_sqrt and Hugging Face get_inverse_sqrt_schedule after their warm-up.
struct InverseSqrt {
  double base_lr = unset;  ///< rate at step 0, at least 0
  Step timescale = 0;      ///< steps, at least 1

  double operator()(Step t) const {
    const auto scale = static_cast<double>(timescale);
    return base_lr * std::sqrt(scale / (scale + static_cast<double>(t)));
  }

  static constexpr std::string_view name = "inverse_sqrt";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &InverseSqrt::base_lr, rule::non_negative),
                 field("timescale", &InverseSqrt::timescale, rule::at_least_one));
  }
};

/// factor * d_model^-0.5 * min(n^-0.5, n * warmup_steps^-1.5) with n = t + 1, since the paper
/// counts from 1. Vaswani et al., "Attention Is All You Need" (2017), section 5.3.
struct Noam {
  Step d_model = 0;       ///< width of the model, at least 1
  Step warmup_steps = 0;  ///< the last of them has the peak, at least 1
  double factor = 1;      ///< of the whole, at least 0

  auto prepared() const {
    const auto warmup = static_cast<double>(warmup_steps);
    return [scale = factor / std::sqrt(static_cast<double>(d_model)),
            slowness = warmup * std::sqrt(warmup)](Step t) {
      const double n = static_cast<double>(t) + 1;
      return scale * (std::min)(1 / std::sqrt(n), n / slowness);
    };
  }
  double operator()(Step t) const { return prepared()(t); }

  static constexpr std::string_view name = "noam";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(
        field("d_model", &Noam::d_model, rule::at_least_one).timed(Timing::none),
        field("warmup_steps", &Noam::warmup_steps, rule::at_least_one).timed(Timing::place),
        field("factor", &Noam::factor, rule::non_negative).optional());
  }
};

/// base_lr / (1 + e^(rate * (t - midpoint))): half of base_lr at step `midpoint`; `rate` is per
/// step. Same as Caffe "sigmoid" (gamma = -rate, stepsize = midpoint).
struct LIBSCHED_API SigmoidDecay {
  double base_lr = unset;  ///< rate long before midpoint, at least 0
  Step midpoint = -1;      ///< step with half of it, at least 0
  double rate = unset;     ///< per step; below 0 it rises

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
