#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/field.hpp"
#include "libsched/math.hpp"
#include "libsched/schedule.hpp"

namespace libsched {

namespace detail {
// The schedule that a combinator has until the user sets one. It is not inline, so that a file that
// includes this header does not have to compile a Schedule of a Constant.
LIBSCHED_API Schedule zero();
}  // namespace detail

/// One part after another, each at its own local time from 0.
///
///     t < T:   a(t)
///     t >= T:  b(t - T)
///
/// These are the values of two parts a and b; T is the length of a. At the step at which a part
/// ends, the next one has its first value. Every part but the last needs an end: take() gives it
/// one. The sequence ends when its last part does. Finding the part of a step takes O(log parts).
/// Same as PyTorch SequentialLR and optax join_schedules.
///
///     sequence(Linear{.start = 0, .end = 1, .steps = 10}, CosineDecay{.base_lr = 1, .steps = 90})
///     // t = 0: 0, 5: 0.5, 10: 1, 55: 0.5, 100: 0
struct LIBSCHED_API Sequence {
  std::vector<Schedule> parts;  ///< at least one; all but the last must have an end

  double operator()(Step t) const { return prepared()(t); }
  std::optional<Step> length() const;
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> next_restart(Step after) const;

  /// The parts and where they start.
  struct Prepared {
    std::vector<Schedule> parts;  ///< the parts of the sequence
    std::vector<Step> starts;     ///< the first step of every part but the first

    double operator()(Step t) const {
      const std::size_t i = math::entries_up_to(starts, t);
      return parts[i](i == 0 ? t : t - starts[i - 1]);
    }
  };
  Prepared prepared() const;

  std::string complaint() const;

  static constexpr std::string_view name = "sequence";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("parts", &Sequence::parts).timed(Timing::in_turn));
  }
};

/// A straight line up to the first value of a schedule, then the schedule at its local time.
///
///     t < steps:   start + (schedule(0) - start) * t / steps
///     t >= steps:  schedule(t - steps)
///
/// It ends when the schedule does. Same as the warm-up of Hugging Face get_*_schedule_with_warmup.
///
///     warmup(CosineDecay{.base_lr = 0.1, .steps = 90}, 10)  // t = 0: 0, 10: 0.1, 55: 0.05
struct LIBSCHED_API Warmup {
  Schedule schedule = detail::zero();  ///< what follows the line
  Step steps = -1;                     ///< steps of the line, at least 0; with 0 there is no line
  double start = 0;                    ///< rate at step 0, at least 0

  double operator()(Step t) const {
    return t < steps ? math::line_between(start, schedule(0), math::progress(t, steps))
                     : schedule(t - steps);
  }
  std::optional<Step> length() const {
    const std::optional<Step> rest = schedule.length();
    return rest ? std::optional(detail::add(steps, *rest)) : std::nullopt;
  }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> next_restart(Step after) const;

  static constexpr std::string_view name = "warmup";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Warmup::schedule),
                 field("steps", &Warmup::steps, rule::non_negative).timed(Timing::before),
                 field("start", &Warmup::start, rule::non_negative).optional());
  }
};

/// The schedule up to step `steps`; from there on it holds the value of that step.
///
///     t < steps:   schedule(t)
///     t >= steps:  schedule(steps)
///
/// It gives a schedule an end, or moves its end.
///
///     take(ExponentialDecay{.base_lr = 0.1, .decay = 0.01}, 100)
///     // t = 0: 0.1, 100: 0.03679, 200: 0.03679
struct LIBSCHED_API Take {
  Schedule schedule = detail::zero();  ///< the schedule that is cut or held
  Step steps = -1;  ///< steps until the end, at least 0; with 0 a sequence skips it

  double operator()(Step t) const { return schedule((std::min)(t, steps)); }
  Step length() const { return steps; }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> next_restart(Step after) const;

  static constexpr std::string_view name = "take";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Take::schedule),
                 field("steps", &Take::steps, rule::non_negative).timed(Timing::end));
  }
};

/// The schedule times a factor.
///
///     factor * schedule(t)
///
/// It ends when the schedule does. Same as PyTorch LambdaLR with a constant.
///
///     scaled(CosineDecay{.base_lr = 0.1, .steps = 100}, 0.5)  // t = 0: 0.05, 50: 0.025, 100: 0
struct LIBSCHED_API Scaled {
  Schedule schedule = detail::zero();  ///< what is multiplied
  double factor = unset;               ///< factor of every value, at least 0

  double operator()(Step t) const { return factor * schedule(t); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const { return schedule.length(); }
  std::optional<Step> next_restart(Step after) const { return schedule.next_restart(after); }

  static constexpr std::string_view name = "scaled";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Scaled::schedule),
                 field("factor", &Scaled::factor, rule::non_negative));
  }
};

/// The schedule, kept between two bounds.
///
///     schedule(t) < min:          min
///     min <= schedule(t) <= max:  schedule(t)
///     schedule(t) > max:          max
///
/// It ends when the schedule does.
///
///     clamped(InverseSqrt{.base_lr = 0.1, .timescale = 100}, 0.02, 0.08)
///     // t = 0: 0.08, 300: 0.05, 9999: 0.02
struct LIBSCHED_API Clamped {
  Schedule schedule = detail::zero();  ///< what is kept between the bounds
  double min = unset;                  ///< lowest value, at least 0
  double max = unset;                  ///< highest value, at least min

  double operator()(Step t) const { return std::clamp(schedule(t), min, max); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const { return schedule.length(); }
  std::optional<Step> next_restart(Step after) const { return schedule.next_restart(after); }

  std::string complaint() const;

  static constexpr std::string_view name = "clamped";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Clamped::schedule),
                 field("min", &Clamped::min, rule::non_negative),
                 field("max", &Clamped::max, rule::non_negative));
  }
};

namespace detail {

// What Product, Sum, Minimum and Maximum do with two values.
struct Multiply {
  static constexpr std::string_view name = "product";
  double operator()(double a, double b) const { return a * b; }
};
struct Add {
  static constexpr std::string_view name = "sum";
  double operator()(double a, double b) const { return a + b; }
};
struct Subtract {
  static constexpr std::string_view name = "difference";
  double operator()(double a, double b) const { return a - b; }
};
struct Min {
  static constexpr std::string_view name = "minimum";
  double operator()(double a, double b) const { return b < a ? b : a; }
};
struct Max {
  static constexpr std::string_view name = "maximum";
  double operator()(double a, double b) const { return a < b ? b : a; }
};

}  // namespace detail

/// Combines the values of all parts at the same step by an operation. It ends when its longest part
/// does, and has no end if a part has none. It restarts whenever a part restarts.
template <class Operation>
struct LIBSCHED_API Combined {
  std::vector<Schedule> parts;  ///< at least one

  double operator()(Step t) const {
    double value = parts.front()(t);
    for (std::size_t i = 1; i < parts.size(); ++i) value = Operation{}(value, parts[i](t));
    return value;
  }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const;
  std::optional<Step> next_restart(Step after) const;

  static constexpr std::string_view name = Operation::name;
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("parts", &Combined::parts));
  }
};

/// The parts multiplied, each at step t.
///
///     a(t) * b(t)
///
/// Same as PyTorch ChainedScheduler of factors. See Combined for its end.
///
///     product(CosineDecay{.base_lr = 0.1, .steps = 100}, StepDecay{.base_lr = 1, .step_size = 50})
///     // t = 0: 0.1, 50: 0.025, 100: 0
using Product = Combined<detail::Multiply>;
/// The parts added up, each at step t.
///
///     a(t) + b(t)
///
/// A constant added is a floor that keeps the shape, as in Keras CosineDecayRestarts with alpha.
/// See Combined for its end.
///
///     sum(Constant{.base_lr = 0.01}, CosineDecay{.base_lr = 0.09, .steps = 100})
///     // t = 0: 0.1, 50: 0.055, 100: 0.01
using Sum = Combined<detail::Add>;
/// The least of the parts at each step.
///
///     min(a(t), b(t))
///
/// A constant among them is a ceiling. Same as jnp.minimum of optax schedules. See Combined for its
/// end.
///
///     minimum(Linear{.start = 0, .end = 1, .steps = 10}, CosineDecay{.base_lr = 1, .steps = 100})
///     // t = 0: 0, 5: 0.5, 10: 0.9755, 50: 0.5, 100: 0
using Minimum = Combined<detail::Min>;
/// The greatest of the parts at each step.
///
///     max(a(t), b(t))
///
/// A constant among them is a floor. See Combined for its end.
///
///     maximum(ExponentialDecay{.base_lr = 0.1, .decay = 0.01}, Constant{.base_lr = 0.05})
///     // t = 0: 0.1, 50: 0.06065, 100: 0.05
using Maximum = Combined<detail::Max>;

/// The first schedule minus the second.
///
///     schedule(t) - subtracted(t)
///
/// It ends when the longer one does, and has no end if one has none. It restarts whenever the first
/// does: when the second jumps up, the difference falls. A negative value is not a rate: review()
/// finds it, and a driver refuses it. A difference can describe a value that rises to 1, such as
/// Adafactor's beta2, 1 - n^-0.8.
///
///     difference(Constant{.base_lr = 1}, InverseTimeDecay{.base_lr = 1, .decay = 1, .power = 0.8})
///     // t = 0: 0, 1: 0.4257, 99: 0.9749
struct LIBSCHED_API Difference {
  Schedule schedule = detail::zero();    ///< what is subtracted from
  Schedule subtracted = detail::zero();  ///< what is subtracted

  double operator()(Step t) const { return schedule(t) - subtracted(t); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const;
  std::optional<Step> next_restart(Step after) const { return schedule.next_restart(after); }

  static constexpr std::string_view name = "difference";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Difference::schedule),
                 field("subtracted", &Difference::subtracted));
  }
};

/// The schedule again and again: it starts anew whenever it has reached its end.
///
///     t < times * T:   factor^floor(t / T) * schedule(t % T)
///     t >= times * T:  factor^(times - 1) * schedule(T)
///
/// Here T is the length of the schedule, which must have an end, of at least one step. It ends
/// after times * T steps, or never if `times` is left out. The start of every round but the first
/// is a restart.
///
///     repeat(Linear{.start = 0.1, .end = 0, .steps = 100}, 3, 0.5)
///     // t = 0: 0.1, 50: 0.05, 100: 0.05, 200: 0.025, 250: 0.0125, 300: 0
struct LIBSCHED_API Repeat {
  Schedule schedule = detail::zero();        ///< what is repeated; it must have an end
  std::optional<Step> times = std::nullopt;  ///< rounds, at least 1; endless if left out
  double factor = 1;                         ///< factor of the values per round, 0 to 1

  auto prepared() const {
    return [*this, once = *schedule.length()](Step t) {
      const Step round = t / once;
      return times && round >= *times ? math::pow_int(factor, *times - 1) * schedule(once)
                                      : math::pow_int(factor, round) * schedule(t % once);
    };
  }
  double operator()(Step t) const { return prepared()(t); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const {
    return times ? std::optional(detail::multiply(*schedule.length(), *times)) : std::nullopt;
  }
  std::optional<Step> next_restart(Step after) const;

  std::string complaint() const;

  static constexpr std::string_view name = "repeat";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(
        field("schedule", &Repeat::schedule),
        field("times", &Repeat::times, rule::at_least_one).timed(Timing::rounds).optional(),
        field("factor", &Repeat::factor, rule::fraction).optional());
  }
};

/// A schedule that counts epochs, for a driver that counts steps: it holds each value for `every`
/// steps.
///
///     schedule(floor(t / every))
///
/// Its length is `every` times that of the schedule.
///
///     held(ExponentialDecay{.base_lr = 0.1, .decay = 0.1}, 50)  // t = 49: 0.1, 50: 0.09048
struct LIBSCHED_API Held {
  Schedule schedule = detail::zero();  ///< the schedule that counts epochs
  Step every = 0;                      ///< steps per epoch, at least 1

  double operator()(Step t) const { return schedule(detail::quotient(t, every)); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const {
    const std::optional<Step> inner = schedule.length();
    return inner ? std::optional(detail::multiply(*inner, every)) : std::nullopt;
  }
  std::optional<Step> next_restart(Step after) const;

  static constexpr std::string_view name = "held";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Held::schedule),
                 field("every", &Held::every, rule::at_least_one).timed(Timing::unit));
  }
};

/// The schedule without its first steps.
///
///     schedule(t + steps)
///
/// It ends `steps` steps earlier than the schedule, or at step 0 if the schedule is shorter.
///
///     skip(CosineDecay{.base_lr = 0.1, .steps = 100}, 50)  // t = 0: 0.05, 50: 0
struct LIBSCHED_API Skip {
  Schedule schedule = detail::zero();  ///< the schedule that loses its first steps
  Step steps = -1;                     ///< steps that are left out, at least 0

  double operator()(Step t) const { return schedule(detail::add(t, steps)); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const;
  std::optional<Step> next_restart(Step after) const;

  static constexpr std::string_view name = "skip";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Skip::schedule),
                 field("steps", &Skip::steps, rule::non_negative).timed(Timing::skipped));
  }
};

/// The schedule from its end back to its start.
///
///     t < T:   schedule(T - t)
///     t >= T:  schedule(0)
///
/// Here T is the length of the schedule, which must have an end. The result has no restarts: an
/// upward jump of the schedule is a drop when it runs backwards.
///
///     reversed(Polynomial{.start = 0.1, .end = 0, .steps = 100, .power = 2})
///     // t = 0: 0, 50: 0.025, 100: 0.1, 200: 0.1
struct LIBSCHED_API Reversed {
  Schedule schedule = detail::zero();  ///< what is reversed; it must have an end

  auto prepared() const {
    return
        [*this, whole = *schedule.length()](Step t) { return schedule(t < whole ? whole - t : 0); };
  }
  double operator()(Step t) const { return prepared()(t); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> length() const { return schedule.length(); }

  std::string complaint() const;

  static constexpr std::string_view name = "reversed";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Reversed::schedule));
  }
};

/// The curve of a Cooldown.
enum class CooldownShape {
  linear,  ///< a straight line
  cosine,  ///< half a cosine wave
  sqrt     ///< 1 - sqrt(x), steepest at first
};
/// @cond
using Fall [[deprecated("CooldownShape")]] = CooldownShape;
/// @endcond
/// The enumerators' names in the notation, in order.
constexpr std::array<std::string_view, 3> words(CooldownShape) {
  return {"linear", "cosine", "sqrt"};
}

/// The schedule up to step `after`, then a fall from its value there to `end`.
///
///     t < after:                   schedule(t)
///     after <= t < after + steps:  start + (end - start) * curve(x)
///     t >= after + steps:          end
///     start = schedule(after)
///     x = (t - after) / steps
///
/// The curve is x, (1 - cos(pi * x)) / 2 or sqrt(x), as `shape` says. With steps = 0 the rate is
/// `end` from step `after` on. Warmup-stable-decay is
/// warmup(cooldown(Constant{...}, ...), ...). Hu et al., "MiniCPM" (2024); the shape sqrt is from
/// Haegele et al. (2024).
///
///     cooldown(Constant{.base_lr = 0.1}, 80, 20)  // t = 0: 0.1, 80: 0.1, 90: 0.05, 100: 0
struct LIBSCHED_API Cooldown {
  Schedule schedule = detail::zero();           ///< what runs up to step `after`
  Step after = -1;                              ///< step at which the fall starts, at least 0
  Step steps = -1;                              ///< steps of the fall, at least 0; 0: a drop
  double end = 0;                               ///< rate after the fall, at least 0
  CooldownShape shape = CooldownShape::linear;  ///< curve of the fall

  /// The value t steps into the fall, which begins at the rate `start`.
  double fall(double start, Step t) const {
    const double x = math::progress(t, steps);
    return shape == CooldownShape::cosine
               ? math::cosine_between(start, end, x)
               : math::line_between(start, end, shape == CooldownShape::sqrt ? std::sqrt(x) : x);
  }
  auto prepared() const {
    return [*this, start = schedule(after)](Step t) {
      return t < after ? schedule(t) : fall(start, t - after);
    };
  }
  double operator()(Step t) const { return prepared()(t); }
  Step length() const { return detail::add(after, steps); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> next_restart(Step t) const;

  static constexpr std::string_view name = "cooldown";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Cooldown::schedule),
                 field("after", &Cooldown::after, rule::non_negative).timed(Timing::turn),
                 field("steps", &Cooldown::steps, rule::non_negative).timed(Timing::end),
                 field("end", &Cooldown::end, rule::non_negative).optional(),
                 field("shape", &Cooldown::shape).optional());
  }
};

/// Makes a Sequence of the parts. Throws std::invalid_argument if there are none, or if a part that
/// is not the last has no end.
LIBSCHED_API Schedule sequence(std::vector<Schedule> parts);
/// Makes a Product of the parts. Throws std::invalid_argument if there are none.
LIBSCHED_API Schedule product(std::vector<Schedule> parts);
/// Makes a Sum of the parts. Throws std::invalid_argument if there are none.
LIBSCHED_API Schedule sum(std::vector<Schedule> parts);
/// Makes a Minimum of the parts. Throws std::invalid_argument if there are none.
LIBSCHED_API Schedule minimum(std::vector<Schedule> parts);
/// Makes a Maximum of the parts. Throws std::invalid_argument if there are none.
LIBSCHED_API Schedule maximum(std::vector<Schedule> parts);
/// Makes a Sequence of its arguments.
template <class... Rest>
Schedule sequence(Schedule first, Rest... rest) {
  return sequence(std::vector<Schedule>{first, Schedule(rest)...});
}
/// Makes a Product of its arguments.
template <class... Rest>
Schedule product(Schedule first, Rest... rest) {
  return product(std::vector<Schedule>{first, Schedule(rest)...});
}
/// Makes a Sum of its arguments.
template <class... Rest>
Schedule sum(Schedule first, Rest... rest) {
  return sum(std::vector<Schedule>{first, Schedule(rest)...});
}
/// Makes a Minimum of its arguments.
template <class... Rest>
Schedule minimum(Schedule first, Rest... rest) {
  return minimum(std::vector<Schedule>{first, Schedule(rest)...});
}
/// Makes a Maximum of its arguments.
template <class... Rest>
Schedule maximum(Schedule first, Rest... rest) {
  return maximum(std::vector<Schedule>{first, Schedule(rest)...});
}
/// Makes a Difference: the first schedule minus the second.
LIBSCHED_API Schedule difference(Schedule schedule, Schedule subtracted);
/// Makes a Warmup; `start` is the rate at step 0. Throws std::invalid_argument if steps or start is
/// negative.
LIBSCHED_API Schedule warmup(Schedule schedule, Step steps, double start = 0);
/// Makes a Take. Throws std::invalid_argument if steps < 0.
LIBSCHED_API Schedule take(Schedule schedule, Step steps);
/// Makes a Scaled. Throws std::invalid_argument if factor < 0.
LIBSCHED_API Schedule scaled(Schedule schedule, double factor);
/// Makes a Clamped. Throws std::invalid_argument if min < 0 or max < min.
LIBSCHED_API Schedule clamped(Schedule schedule, double min, double max);
/// Makes a Repeat, which is endless if `times` is left out. Throws std::invalid_argument if the
/// schedule has no end or no steps, if times < 1, and if factor is not from 0 to 1.
LIBSCHED_API Schedule repeat(Schedule schedule, std::optional<Step> times = std::nullopt,
                             double factor = 1);
/// Makes a Skip. Throws std::invalid_argument if steps < 0.
LIBSCHED_API Schedule skip(Schedule schedule, Step steps);
/// Makes a Reversed. Throws std::invalid_argument if the schedule has no end.
LIBSCHED_API Schedule reversed(Schedule schedule);
/// Makes a Cooldown. Throws std::invalid_argument if after < 0, steps < 0 or end < 0.
LIBSCHED_API Schedule cooldown(Schedule schedule, Step after, Step steps, double end = 0,
                               CooldownShape shape = CooldownShape::linear);
/// Makes a Held; `every` is the number of steps per epoch. Throws std::invalid_argument if every
/// < 1.
LIBSCHED_API Schedule held(Schedule schedule, Step every);

/// Deleted: steps are whole numbers, and a fraction would silently become 0.
template <class Real, class = detail::if_real<Real>>
Schedule warmup(Schedule schedule, Real steps, double start = 0) = delete;
/// Deleted: a fraction would silently become 0.
template <class Real, class = detail::if_real<Real>>
Schedule take(Schedule schedule, Real steps) = delete;
/// Deleted: a fraction would silently become 0.
template <class Real, class = detail::if_real<Real>>
Schedule repeat(Schedule schedule, Real times, double factor = 1) = delete;
/// Deleted: a fraction would silently become 0.
template <class Real, class = detail::if_real<Real>>
Schedule held(Schedule schedule, Real every) = delete;
/// Deleted: a fraction would silently become 0.
template <class Real, class = detail::if_real<Real>>
Schedule skip(Schedule schedule, Real steps) = delete;
/// Deleted: neither `after` nor `steps` may be a fraction.
template <
    class After, class Steps,
    class = std::enable_if_t<std::is_floating_point_v<After> || std::is_floating_point_v<Steps>>>
Schedule cooldown(Schedule schedule, After after, Steps steps, double end = 0,
                  CooldownShape shape = CooldownShape::linear) = delete;

}  // namespace libsched
