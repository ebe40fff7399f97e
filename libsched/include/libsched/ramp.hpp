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

/// start + (end - start) * t / steps, then end for good.
/// Same as PyTorch LinearLR and optax linear_schedule.
struct Linear {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0

  double operator()(Step t) const {
    return math::line_between(start, end, math::progress(t, steps));
  }
  Step length() const { return steps; }

  static constexpr std::string_view name = "linear";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Linear::start, rule::non_negative),
                 field("end", &Linear::end, rule::non_negative),
                 field("steps", &Linear::steps, rule::non_negative).timed(Timing::end));
  }
};

/// start + (end - start) * (1 - cos(pi * t / steps)) / 2, up or down, then end for good.
/// Same as PyTorch SWALR and each half of OneCycleLR.
struct LIBSCHED_API Cosine {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0

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

/// start * (end / start)^(t / steps), then end for good: equal factors in equal times.
/// Same as optax exponential_decay with end_value, and the sweep of a learning-rate range test.
struct LIBSCHED_API Exponential {
  double start = unset;  ///< rate at step 0, above 0
  double end = unset;    ///< rate at step `steps` and later, above 0
  Step steps = -1;       ///< until end, at least 0

  double operator()(Step t) const {
    if (t >= steps) return end;
    if (t == 0) return start;
    // From the larger side, where a rounded x matters least.
    const double most = (std::max)(start, end);
    const double least = (std::min)(start, end);
    const double x = math::progress(start < end ? steps - t : t, steps);
    const double ratio = least / most;
    // As two powers where the ratio is less than a double can hold.
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

/// end + (start - end) * (1 - t / steps)^power, then end for good.
/// Same as PyTorch PolynomialLR, Hugging Face get_polynomial_decay_schedule, optax
/// polynomial_schedule.
struct Polynomial {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0
  double power = 1;      ///< exponent, above 0

  double operator()(Step t) const {
    return math::line_between(end, start, math::pow_real(1 - math::progress(t, steps), power));
  }
  Step length() const { return steps; }

  static constexpr std::string_view name = "polynomial";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Polynomial::start, rule::non_negative),
                 field("end", &Polynomial::end, rule::non_negative),
                 field("steps", &Polynomial::steps, rule::non_negative).timed(Timing::end),
                 field("power", &Polynomial::power, rule::positive).optional());
  }
};

/// end + (start - end) * (1 - sqrt(t / steps)), then end for good: the "1-sqrt" decay of
/// warmup-stable-decay. Haegele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed
/// Training Durations" (2024).
struct SqrtCooldown {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0

  double operator()(Step t) const {
    return math::line_between(start, end, std::sqrt(math::progress(t, steps)));
  }
  Step length() const { return steps; }

  static constexpr std::string_view name = "sqrt_cooldown";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &SqrtCooldown::start, rule::non_negative),
                 field("end", &SqrtCooldown::end, rule::non_negative),
                 field("steps", &SqrtCooldown::steps, rule::non_negative).timed(Timing::end));
  }
};

/// end + (start - end) * (1 - tanh(lower + (upper - lower) * t / steps)) / 2, then end for good.
/// Same as timm TanhLRScheduler (lb, ub). Hsueh, Li & Wu, "Stochastic Gradient Descent with
/// Hyperbolic-Tangent Decay on Classification" (2018).
struct LIBSCHED_API Tanh {
  double start = unset;  ///< rate where tanh is -1, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0
  double lower = -7;     ///< where tanh begins
  double upper = 3;      ///< where tanh ends

  double operator()(Step t) const {
    if (t >= steps) return end;
    const double x = math::progress(t, steps);
    return at_power(std::exp(2 * ((1 - x) * lower + x * upper)));
  }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;

  /// The value where e^(2x) has this one: (1 - tanh(x)) / 2 = 1 / (1 + e^(2x)).
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

/// end + (start - end) * (1 - x) / (1 - x / 2) with x = t / steps, then end for good.
/// Chen, Wolfe & Kyrillidis, "REX: Revisiting Budgeted Training with an Improved Schedule" (2022).
struct Rex {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0

  double operator()(Step t) const {
    const double x = math::progress(t, steps);
    return math::line_between(end, start, (1 - x) / (1 - x / 2));
  }
  Step length() const { return steps; }

  static constexpr std::string_view name = "rex";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("start", &Rex::start, rule::non_negative),
                 field("end", &Rex::end, rule::non_negative),
                 field("steps", &Rex::steps, rule::non_negative).timed(Timing::end));
  }
};

/// start + (end - start) * ln(1 + t) / ln(1 + steps), then end for good.
/// Same as DeepSpeed WarmupLR as it stands (steps = warmup_num_steps - 1).
struct LIBSCHED_API Logarithmic {
  double start = unset;  ///< rate at step 0, at least 0
  double end = unset;    ///< rate at step `steps` and later, at least 0
  Step steps = -1;       ///< until end, at least 0

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

/// values[number of boundaries <= t]; one value more than boundaries.
/// Same as optax piecewise_constant_schedule; Keras PiecewiseConstantDecay switches one step later.
struct PiecewiseConstant {
  std::vector<Step> boundaries;  ///< steps that begin a value, from 1 on, increasing
  std::vector<double> values;    ///< rates, each at least 0

  double operator()(Step t) const { return values[math::entries_up_to(boundaries, t)]; }

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

/// Straight lines through the points (steps[i], values[i]); the first value before them, the last
/// after. Same as optax piecewise_interpolate_schedule("linear"), with values in place of factors.
struct PiecewiseLinear {
  std::vector<Step> steps;     ///< of the points, from 0 on, increasing
  std::vector<double> values;  ///< rates of the points, each at least 0

  double operator()(Step t) const {
    const std::size_t next = math::entries_up_to(steps, t);
    if (next == 0) return values.front();
    if (next == steps.size()) return values.back();
    const Step from = steps[next - 1];
    return math::line_between(values[next - 1], values[next],
                              math::progress(t - from, steps[next] - from));
  }
  Step length() const { return steps.back(); }

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
