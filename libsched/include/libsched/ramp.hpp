#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/field.hpp"
#include "libsched/math.hpp"

namespace libsched {

/// A straight line from `start` to `end`, up or down.
///
///     t < steps:   start + (end - start) * t / steps
///     t >= steps:  end
///
/// Same as PyTorch LinearLR and optax linear_schedule.
///
///     Linear{.start = 0, .end = 0.1, .steps = 100}  // t = 0: 0, 50: 0.05, 100: 0.1, 200: 0.1
struct LIBSCHED_API Linear {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on

  double operator()(Step t) const {
    return math::line_between(start, end, math::progress(t, steps));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "linear";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Linear::start, rule::non_negative),
                 field("end", &Linear::end, rule::non_negative),
                 field("steps", &Linear::steps, rule::non_negative).timed(Timing::end));
  }
};

/// Half a cosine wave from `start` to `end`, up or down.
///
///     t < steps:   start + (end - start) * (1 - cos(pi * t / steps)) / 2
///     t >= steps:  end
///
/// Same as PyTorch SWALR and each half of OneCycleLR.
///
///     Cosine{.start = 0, .end = 0.1, .steps = 100}  // t = 0: 0, 25: 0.01464, 50: 0.05, 100: 0.1
struct LIBSCHED_API Cosine {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on

  double operator()(Step t) const {
    return math::cosine_between(start, end, math::progress(t, steps));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "cosine";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Cosine::start, rule::non_negative),
                 field("end", &Cosine::end, rule::non_negative),
                 field("steps", &Cosine::steps, rule::non_negative).timed(Timing::end));
  }
};

/// A geometric ramp from `start` to `end`, up or down: the same factor at every step.
///
///     t < steps:   start * (end / start)^(t / steps)
///     t >= steps:  end
///
/// Same as optax exponential_decay with end_value, and the sweep of a learning-rate range test.
///
///     Exponential{.start = 1e-4, .end = 1, .steps = 100}  // t = 0: 0.0001, 50: 0.01, 100: 1
struct LIBSCHED_API Exponential {
  double start = unset;  ///< rate at step 0, above 0
  double end = unset;    ///< rate at step `steps` and later, above 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on

  double operator()(Step t) const {
    if (t >= steps) return end;
    if (t == 0) return start;
    // x is counted from the larger value, because its rounding matters least there.
    const double most = (std::max)(start, end);
    const double least = (std::min)(start, end);
    const double x = math::progress(start < end ? steps - t : t, steps);
    const double ratio = least / most;
    // The ratio may be less than a double can hold; then the value is computed as two powers.
    return math::clamp_between(start, end,
                               std::isnormal(ratio) ? most * std::pow(ratio, x)
                                                    : std::pow(most, 1 - x) * std::pow(least, x));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "exponential";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Exponential::start, rule::positive),
                 field("end", &Exponential::end, rule::positive),
                 field("steps", &Exponential::steps, rule::non_negative).timed(Timing::end));
  }
};

/// A ramp from `start` to `end` along a power of the remaining part.
///
///     t < steps:   end + (start - end) * (1 - t / steps)^power
///     t >= steps:  end
///
/// Same as PyTorch PolynomialLR, Hugging Face get_polynomial_decay_schedule and optax
/// polynomial_schedule.
///
///     Polynomial{.start = 1, .end = 0, .steps = 100, .power = 2}  // t = 0: 1, 50: 0.25, 100: 0
struct LIBSCHED_API Polynomial {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on
  double power = 1;      ///< exponent, above 0; 1 is a straight line, more moves faster at first

  double operator()(Step t) const { return at(math::progress(t, steps)); }
  Step length() const { return steps; }
  /// The value where t / steps is x.
  double at(double x) const { return math::line_between(end, start, math::pow_real(1 - x, power)); }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "polynomial";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Polynomial::start, rule::non_negative),
                 field("end", &Polynomial::end, rule::non_negative),
                 field("steps", &Polynomial::steps, rule::non_negative).timed(Timing::end),
                 field("power", &Polynomial::power, rule::positive).optional());
  }
};

/// A ramp from `start` to `end` that is steepest at first: the "1-sqrt" decay of warmup-stable-
/// decay.
///
///     t < steps:   end + (start - end) * (1 - sqrt(t / steps))
///     t >= steps:  end
///
/// Haegele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations"
/// (2024).
///
///     SqrtCooldown{.start = 0.1, .end = 0, .steps = 100}  // t = 0: 0.1, 25: 0.05, 100: 0
struct LIBSCHED_API SqrtCooldown {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on

  double operator()(Step t) const { return at(math::progress(t, steps)); }
  Step length() const { return steps; }
  /// The value where t / steps is x.
  double at(double x) const { return math::line_between(start, end, std::sqrt(x)); }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "sqrt_cooldown";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &SqrtCooldown::start, rule::non_negative),
                 field("end", &SqrtCooldown::end, rule::non_negative),
                 field("steps", &SqrtCooldown::steps, rule::non_negative).timed(Timing::end));
  }
};

/// A ramp from near `start` to `end` along a part of the hyperbolic tangent.
///
///     t < steps:   end + (start - end) * (1 - tanh(lower + (upper - lower) * t / steps)) / 2
///     t >= steps:  end
///
/// Same as timm TanhLRScheduler (lower = lb, upper = ub). Hsueh, Li & Wu, "Stochastic Gradient
/// Descent with Hyperbolic-Tangent Decay on Classification" (2018).
///
///     Tanh{.start = 0.1, .end = 0, .steps = 100}  // t = 0: 0.1, 70: 0.05, 99: 0.0003018, 100: 0
struct LIBSCHED_API Tanh {
  double start = unset;  ///< rate if tanh were -1, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on
  double lower = -7;     ///< argument of tanh at step 0, any finite number
  double upper = 3;      ///< argument of tanh at step `steps`, any finite number

  double operator()(Step t) const {
    if (t >= steps) return end;
    const double x = math::progress(t, steps);
    return at_power(std::exp(2 * ((1 - x) * lower + x * upper)));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  /// The value for a given e^(2x), since (1 - tanh(x)) / 2 = 1 / (1 + e^(2x)).
  double at_power(double power) const { return math::line_between(end, start, 1 / (1 + power)); }

  static constexpr std::string_view name = "tanh";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Tanh::start, rule::non_negative),
                 field("end", &Tanh::end, rule::non_negative),
                 field("steps", &Tanh::steps, rule::non_negative).timed(Timing::end),
                 field("lower", &Tanh::lower).optional(), field("upper", &Tanh::upper).optional());
  }
};

/// A ramp from `start` to `end` that is steepest at the end.
///
///     t < steps:   end + (start - end) * (1 - x) / (1 - x / 2)
///     t >= steps:  end
///     x = t / steps
///
/// Chen, Wolfe & Kyrillidis, "REX: Revisiting Budgeted Training with an Improved Schedule" (2022).
///
///     Rex{.start = 0.1, .end = 0, .steps = 100}  // t = 0: 0.1, 50: 0.06667, 80: 0.03333, 100: 0
struct LIBSCHED_API Rex {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on

  double operator()(Step t) const { return at(math::progress(t, steps)); }
  Step length() const { return steps; }
  /// The value where t / steps is x.
  double at(double x) const { return math::line_between(end, start, (1 - x) / (1 - x / 2)); }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "rex";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Rex::start, rule::non_negative),
                 field("end", &Rex::end, rule::non_negative),
                 field("steps", &Rex::steps, rule::non_negative).timed(Timing::end));
  }
};

/// A ramp from `start` to `end` along the logarithm of the step, steepest at first.
///
///     t < steps:   start + (end - start) * ln(1 + t) / ln(1 + steps)
///     t >= steps:  end
///
/// Same as DeepSpeed WarmupLR with its default warmup_type (steps = warmup_num_steps - 1).
///
///     Logarithmic{.start = 0, .end = 0.1, .steps = 99}  // t = 0: 0, 9: 0.05, 50: 0.08538, 99: 0.1
struct LIBSCHED_API Logarithmic {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< steps until `end`, at least 0; with 0 the rate is `end` from step 0 on

  auto prepared() const {
    return [*this, whole = std::log1p(static_cast<double>(steps))](Step t) {
      return t < steps ? math::line_between(start, end, std::log1p(static_cast<double>(t)) / whole)
                       : end;
    };
  }
  double operator()(Step t) const { return prepared()(t); }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "logarithmic";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Logarithmic::start, rule::non_negative),
                 field("end", &Logarithmic::end, rule::non_negative),
                 field("steps", &Logarithmic::steps, rule::non_negative).timed(Timing::end));
  }
};

/// A rate of its own for each stretch between boundaries; each boundary has the new rate.
///
///     values[n]
///     n = number of boundaries <= t
///
/// Same as optax piecewise_constant_schedule, with values in place of factors; Keras
/// PiecewiseConstantDecay switches one step later.
///
///     PiecewiseConstant{.boundaries = {30, 70}, .values = {0.05, 0.1, 0.02}}
///     // t = 0: 0.05, 29: 0.05, 30: 0.1, 70: 0.02, 200: 0.02
struct LIBSCHED_API PiecewiseConstant {
  std::vector<Step> boundaries;  ///< steps, each at least 1 and more than the one before
  std::vector<double> values;    ///< rates, each at least 0; one more than boundaries

  double operator()(Step t) const { return values[math::entries_up_to(boundaries, t)]; }
  void sample(Step first, Step count, double* out) const;

  std::string complaint() const {
    if (values.size() == boundaries.size() + 1) return {};
    return "values must have one entry more than boundaries (" + std::to_string(boundaries.size()) +
           "), got " + std::to_string(values.size());
  }

  static constexpr std::string_view name = "piecewise_constant";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("boundaries", &PiecewiseConstant::boundaries, rule::increasing_from_one)
                     .timed(Timing::place),
                 field("values", &PiecewiseConstant::values, rule::non_negative));
  }
};

/// Straight lines through the points (steps[i], values[i]).
///
///     t < steps.front():                   values.front()
///     steps.front() <= t < steps.back():   values[n - 1] + (values[n] - values[n - 1]) * x
///     t >= steps.back():                   values.back()
///     n = number of steps <= t
///     x = (t - steps[n - 1]) / (steps[n] - steps[n - 1])
///
/// Same as optax piecewise_interpolate_schedule("linear"), with values in place of factors.
///
///     PiecewiseLinear{.steps = {0, 10, 100}, .values = {0, 0.1, 0.01}}
///     // t = 0: 0, 5: 0.05, 10: 0.1, 55: 0.055, 100: 0.01, 200: 0.01
struct LIBSCHED_API PiecewiseLinear {
  std::vector<Step> steps;  ///< steps of the points, each at least 0 and more than the one before
  std::vector<double> values;  ///< rates at the points, each at least 0; as many as steps

  double operator()(Step t) const {
    const std::size_t next = math::entries_up_to(steps, t);
    if (next == 0) return values.front();
    if (next == steps.size()) return values.back();
    const Step from = steps[next - 1];
    return math::line_between(values[next - 1], values[next],
                              math::progress(t - from, steps[next] - from));
  }
  Step length() const { return steps.back(); }
  void sample(Step first, Step count, double* out) const;

  std::string complaint() const {
    if (values.size() == steps.size()) return {};
    return "values must have as many entries as steps (" + std::to_string(steps.size()) +
           "), got " + std::to_string(values.size());
  }

  static constexpr std::string_view name = "piecewise_linear";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(
        field("steps", &PiecewiseLinear::steps, rule::increasing_from_zero).timed(Timing::end),
        field("values", &PiecewiseLinear::values, rule::non_negative));
  }
};

}  // namespace libsched
