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
// What a combinator has until it is given a schedule. Not a constant() in each header's user.
LIBSCHED_API Schedule zero();
}  // namespace detail

/// One part after another, each at its own local time from 0; a part starts where those before it
/// have reached their ends, and owns that step. Every part but the last needs an end: take() gives
/// one. Same as PyTorch SequentialLR and optax join_schedules. Finds the part in O(log parts).
struct LIBSCHED_API Sequence {
  std::vector<Schedule> parts;  ///< at least one

  double operator()(Step t) const { return prepared()(t); }
  std::optional<Step> length() const;
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> next_restart(Step after) const;

  /// The parts and where they start.
  struct Prepared {
    std::vector<Schedule> parts;  ///< those of the sequence
    std::vector<Step> starts;     ///< of every part but the first

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

/// A straight line from `start` to schedule(0) in `steps` steps, then the schedule at its local
/// time. Same as the warm-up of Hugging Face get_*_schedule_with_warmup.
struct LIBSCHED_API Warmup {
  Schedule schedule = detail::zero();  ///< after the line
  Step steps = -1;                     ///< of the line, at least 0
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

/// The schedule up to step `steps`, whose value it then holds: gives a schedule an end, or an
/// earlier one. With steps = 0 it is no phase of a sequence.
struct LIBSCHED_API Take {
  Schedule schedule = detail::zero();  ///< up to the end
  Step steps = -1;                     ///< until the end, at least 0

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

/// factor * schedule. Same as PyTorch LambdaLR with a constant.
struct LIBSCHED_API Scaled {
  Schedule schedule = detail::zero();  ///< to be multiplied
  double factor = unset;               ///< at least 0

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

/// The schedule, but at least `min` and at most `max`.
struct LIBSCHED_API Clamped {
  Schedule schedule = detail::zero();  ///< to be kept within
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

/// Its parts, all at the same time, made one by an operation; its end is the last of theirs, if
/// each has one, and each restart of a part is one of the whole.
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

/// The parts multiplied. Same as PyTorch ChainedScheduler of factors.
using Product = Combined<detail::Multiply>;
/// The parts added up. Same as Keras CosineDecayRestarts with alpha and m_mul, as a product and a
/// constant.
using Sum = Combined<detail::Add>;
/// The least of the parts at each step. Same as optax and JAX jnp.minimum of schedules.
using Minimum = Combined<detail::Min>;
/// The largest of the parts at each step: a constant among them is a floor.
using Maximum = Combined<detail::Max>;

/// schedule(t) - subtracted(t), e.g. Adafactor's beta2, 1 - n^-0.8. Its end is the later of theirs,
/// if both have one; a restart of the first is one of the whole, while where the second jumps up,
/// the difference falls. A value below 0 is no rate: review() finds it, and a driver refuses it.
struct LIBSCHED_API Difference {
  Schedule schedule = detail::zero();    ///< from which the other is subtracted
  Schedule subtracted = detail::zero();  ///< the other

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

/// The schedule from its start again whenever it has reached its end, in round i (from 0) times
/// factor^i: `times` times in all, then it holds its final value; for ever where `times` is left
/// out.
struct LIBSCHED_API Repeat {
  Schedule schedule = detail::zero();        ///< with an end, of at least 1 step
  std::optional<Step> times = std::nullopt;  ///< at least 1; for ever where left out
  double factor = 1;                         ///< of the values a round, 0 to 1

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

/// schedule(floor(t / every)): a per-epoch schedule driven per step, with `every` steps an epoch.
struct LIBSCHED_API Held {
  Schedule schedule = detail::zero();  ///< counted in epochs
  Step every = 0;                      ///< steps of an epoch, at least 1

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

/// The schedule from its step `steps` on: schedule(t + steps). Its end is that much earlier.
struct LIBSCHED_API Skip {
  Schedule schedule = detail::zero();  ///< whose first steps are left out
  Step steps = -1;                     ///< of them, at least 0

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

/// The schedule from its end back to its start: schedule(T - t) with T its length, then
/// schedule(0). It has no restarts: where the schedule jumps up, it falls.
struct LIBSCHED_API Reversed {
  Schedule schedule = detail::zero();  ///< with an end

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
  cosine,  ///< half a wave
  sqrt     ///< 1 - sqrt(x)
};
/// @cond
using Fall [[deprecated("CooldownShape")]] = CooldownShape;
/// @endcond
/// The enumerators' names in the notation, in order.
constexpr std::array<std::string_view, 3> words(CooldownShape) {
  return {"linear", "cosine", "sqrt"};
}

/// The schedule up to step `after`, then from its value there to `end` in `steps` steps, then `end`
/// for good; with steps = 0 it has `end` from step `after` on. Warmup-stable-decay is
/// warmup(cooldown(constant(...), ...), ...). Hu et al., "MiniCPM"
/// (2024); sqrt is that of Haegele et al. (2024).
struct LIBSCHED_API Cooldown {
  Schedule schedule = detail::zero();           ///< up to step `after`
  Step after = -1;                              ///< step at which the cooldown starts, at least 0
  Step steps = -1;                              ///< of the cooldown, at least 0
  double end = 0;                               ///< rate at its end, at least 0
  CooldownShape shape = CooldownShape::linear;  ///< of the cooldown

  /// From a rate at step `after` on; t is counted from there.
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

/// A Sequence of the parts. Throws std::invalid_argument for none, or for one that is not the last
/// and has no end.
LIBSCHED_API Schedule sequence(std::vector<Schedule> parts);
/// A Product of the parts. Throws std::invalid_argument for none.
LIBSCHED_API Schedule product(std::vector<Schedule> parts);
/// A Sum of the parts. Throws std::invalid_argument for none.
LIBSCHED_API Schedule sum(std::vector<Schedule> parts);
/// A Minimum of the parts. Throws std::invalid_argument for none.
LIBSCHED_API Schedule minimum(std::vector<Schedule> parts);
/// A Maximum of the parts. Throws std::invalid_argument for none.
LIBSCHED_API Schedule maximum(std::vector<Schedule> parts);
/// The same, of the arguments.
template <class... Rest>
Schedule sequence(Schedule first, Rest... rest) {
  return sequence(std::vector<Schedule>{first, Schedule(rest)...});
}
/// The same, of the arguments.
template <class... Rest>
Schedule product(Schedule first, Rest... rest) {
  return product(std::vector<Schedule>{first, Schedule(rest)...});
}
/// The same, of the arguments.
template <class... Rest>
Schedule sum(Schedule first, Rest... rest) {
  return sum(std::vector<Schedule>{first, Schedule(rest)...});
}
/// The same, of the arguments.
template <class... Rest>
Schedule minimum(Schedule first, Rest... rest) {
  return minimum(std::vector<Schedule>{first, Schedule(rest)...});
}
/// The same, of the arguments.
template <class... Rest>
Schedule maximum(Schedule first, Rest... rest) {
  return maximum(std::vector<Schedule>{first, Schedule(rest)...});
}
/// A Difference: the first less the second.
LIBSCHED_API Schedule difference(Schedule schedule, Schedule subtracted);
/// A Warmup; `start` is the rate at step 0. Throws std::invalid_argument for a negative argument.
LIBSCHED_API Schedule warmup(Schedule schedule, Step steps, double start = 0);
/// A Take. Throws std::invalid_argument for steps < 0.
LIBSCHED_API Schedule take(Schedule schedule, Step steps);
/// A Scaled. Throws std::invalid_argument for factor < 0.
LIBSCHED_API Schedule scaled(Schedule schedule, double factor);
/// A Clamped. Throws std::invalid_argument for min < 0 or max < min.
LIBSCHED_API Schedule clamped(Schedule schedule, double min, double max);
/// A Repeat, for ever where `times` is left out. Throws std::invalid_argument for a schedule
/// without an end or of no steps, for times < 1 and for a factor that is not 0 to 1.
LIBSCHED_API Schedule repeat(Schedule schedule, std::optional<Step> times = std::nullopt,
                             double factor = 1);
/// A Skip. Throws std::invalid_argument for steps < 0.
LIBSCHED_API Schedule skip(Schedule schedule, Step steps);
/// A Reversed. Throws std::invalid_argument for a schedule without an end.
LIBSCHED_API Schedule reversed(Schedule schedule);
/// A Cooldown. Throws std::invalid_argument for after < 0, steps < 0 or end < 0.
LIBSCHED_API Schedule cooldown(Schedule schedule, Step after, Step steps, double end = 0,
                               CooldownShape shape = CooldownShape::linear);
/// A Held; `every` is the number of steps of an epoch. Throws std::invalid_argument for every < 1.
LIBSCHED_API Schedule held(Schedule schedule, Step every);

/// Steps are whole: a fraction, which would be cut to 0, does not compile.
template <class Real, class = detail::if_real<Real>>
Schedule warmup(Schedule schedule, Real steps, double start = 0) = delete;
/// The same.
template <class Real, class = detail::if_real<Real>>
Schedule take(Schedule schedule, Real steps) = delete;
/// The same.
template <class Real, class = detail::if_real<Real>>
Schedule repeat(Schedule schedule, Real times, double factor = 1) = delete;
/// The same.
template <class Real, class = detail::if_real<Real>>
Schedule held(Schedule schedule, Real every) = delete;
/// The same.
template <class Real, class = detail::if_real<Real>>
Schedule skip(Schedule schedule, Real steps) = delete;
/// The same, of either.
template <
    class After, class Steps,
    class = std::enable_if_t<std::is_floating_point_v<After> || std::is_floating_point_v<Steps>>>
Schedule cooldown(Schedule schedule, After after, Steps steps, double end = 0,
                  CooldownShape shape = CooldownShape::linear) = delete;

}  // namespace libsched
