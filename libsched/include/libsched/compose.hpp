#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsched/field.hpp"
#include "libsched/schedule.hpp"
#include "libsched/shape.hpp"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
namespace libsched {

namespace detail {
// What a combinator has until it is given a schedule. Not a constant() in each header's user.
Schedule zero();
}  // namespace detail

/// One part after another, each at its own local time from 0; a part starts where those before it
/// have reached their ends, and owns that step. Every part but the last needs an end: take() gives
/// one. Same as PyTorch SequentialLR and optax join_schedules. Finds the part in O(log parts).
struct Sequence {
  std::vector<Schedule> parts;  ///< at least one

  double operator()(Step t) const { return prepared()(t); }
  std::optional<Step> length() const;
  void sample(Step first, Step count, std::vector<double>& values) const;
  bool restarts_at(Step t) const;

  /// The parts and where they start.
  struct Prepared {
    std::vector<Schedule> parts;  ///< those of the sequence
    std::vector<Step> starts;     ///< of every part but the first

    double operator()(Step t) const {
      const std::size_t i = entries_up_to(starts, t);
      return parts[i](i == 0 ? t : t - starts[i - 1]);
    }
  };
  Prepared prepared() const;

  std::string complaint() const;

  static constexpr std::string_view name = "sequence";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("parts", &Sequence::parts));
  }
};

/// A straight line from `start` to schedule(0) in `steps` steps, then the schedule at its local
/// time. Same as the warm-up of Hugging Face get_*_schedule_with_warmup.
struct Warmup {
  Schedule schedule = detail::zero();  ///< after the line
  Step steps = -1;                     ///< of the line, at least 0
  double start = 0;                    ///< rate at step 0, at least 0

  double operator()(Step t) const {
    return t < steps ? line_between(start, schedule(0), progress(t, steps)) : schedule(t - steps);
  }
  std::optional<Step> length() const {
    const std::optional<Step> rest = schedule.length();
    return rest ? std::optional(detail::add(steps, *rest)) : std::nullopt;
  }
  void sample(Step first, Step count, std::vector<double>& values) const;
  bool restarts_at(Step t) const { return t >= steps && schedule.restarts_at(t - steps); }

  static constexpr std::string_view name = "warmup";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Warmup::schedule), field("steps", &Warmup::steps, non_negative),
                 field("start", &Warmup::start, non_negative).optional());
  }
};

/// The schedule up to step `steps`, whose value it then holds: gives a schedule an end, or an
/// earlier one.
struct Take {
  Schedule schedule = detail::zero();  ///< up to the end
  Step steps = 0;                      ///< until the end, at least 1

  double operator()(Step t) const { return schedule((std::min)(t, steps)); }
  Step length() const { return steps; }
  void sample(Step first, Step count, std::vector<double>& values) const;
  bool restarts_at(Step t) const { return t <= steps && schedule.restarts_at(t); }

  static constexpr std::string_view name = "take";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Take::schedule), field("steps", &Take::steps, at_least_one));
  }
};

/// factor * schedule. Same as PyTorch LambdaLR with a constant.
struct Scaled {
  Schedule schedule = detail::zero();  ///< to be multiplied
  double factor = unset;               ///< at least 0

  double operator()(Step t) const { return factor * schedule(t); }
  void sample(Step first, Step count, std::vector<double>& values) const;
  std::optional<Step> length() const { return schedule.length(); }
  bool restarts_at(Step t) const { return schedule.restarts_at(t); }

  static constexpr std::string_view name = "scaled";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Scaled::schedule),
                 field("factor", &Scaled::factor, non_negative));
  }
};

/// The schedule, but at least `min` and at most `max`.
struct Clamped {
  Schedule schedule = detail::zero();  ///< to be kept within
  double min = unset;                  ///< lowest value, at least 0
  double max = unset;                  ///< highest value, at least min

  double operator()(Step t) const { return std::clamp(schedule(t), min, max); }
  void sample(Step first, Step count, std::vector<double>& values) const;
  std::optional<Step> length() const { return schedule.length(); }
  bool restarts_at(Step t) const { return schedule.restarts_at(t); }

  std::string complaint() const;

  static constexpr std::string_view name = "clamped";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Clamped::schedule), field("min", &Clamped::min, non_negative),
                 field("max", &Clamped::max, non_negative));
  }
};

/// The parts multiplied, all at the same time; its end is the last of theirs, if each has one.
/// Same as PyTorch ChainedScheduler of factors.
struct Product {
  std::vector<Schedule> parts;  ///< at least one

  double operator()(Step t) const {
    double product = 1;
    for (const Schedule& part : parts) product *= part(t);
    return product;
  }
  void sample(Step first, Step count, std::vector<double>& values) const;
  std::optional<Step> length() const;
  bool restarts_at(Step t) const;

  static constexpr std::string_view name = "product";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("parts", &Product::parts));
  }
};

/// The schedule from its start again whenever it has reached its end: `times` times in all, then it
/// holds its final value; for ever where `times` is left out.
struct Repeat {
  Schedule schedule = detail::zero();        ///< with an end
  std::optional<Step> times = std::nullopt;  ///< at least 1; for ever where left out

  auto prepared() const {
    return [*this, once = *schedule.length()](Step t) {
      return schedule(times && t / once >= *times ? once : t % once);
    };
  }
  double operator()(Step t) const { return prepared()(t); }
  void sample(Step first, Step count, std::vector<double>& values) const;
  std::optional<Step> length() const {
    return times ? std::optional(detail::multiply(*schedule.length(), *times)) : std::nullopt;
  }
  bool restarts_at(Step t) const;

  std::string complaint() const;

  static constexpr std::string_view name = "repeat";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Repeat::schedule),
                 field("times", &Repeat::times, at_least_one).optional());
  }
};

/// schedule(floor(t / every)): a per-epoch schedule driven per step, with `every` steps an epoch.
struct Held {
  Schedule schedule = detail::zero();  ///< counted in epochs
  Step every = 0;                      ///< steps of an epoch, at least 1

  double operator()(Step t) const { return schedule(t / every); }
  void sample(Step first, Step count, std::vector<double>& values) const;
  std::optional<Step> length() const {
    const std::optional<Step> inner = schedule.length();
    return inner ? std::optional(detail::multiply(*inner, every)) : std::nullopt;
  }
  bool restarts_at(Step t) const { return t % every == 0 && schedule.restarts_at(t / every); }

  static constexpr std::string_view name = "held";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("schedule", &Held::schedule), field("every", &Held::every, at_least_one));
  }
};

/// A Sequence of the parts. Throws std::invalid_argument for none, or for one that is not the last
/// and has no end.
Schedule sequence(std::vector<Schedule> parts);
/// A Product of the parts. Throws std::invalid_argument for none.
Schedule product(std::vector<Schedule> parts);
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
/// A Warmup; `start` is the rate at step 0. Throws std::invalid_argument for a negative argument.
Schedule warmup(Schedule schedule, Step steps, double start = 0);
/// A Take. Throws std::invalid_argument for steps < 1.
Schedule take(Schedule schedule, Step steps);
/// A Scaled. Throws std::invalid_argument for factor < 0.
Schedule scaled(Schedule schedule, double factor);
/// A Clamped. Throws std::invalid_argument for min < 0 or max < min.
Schedule clamped(Schedule schedule, double min, double max);
/// A Repeat, for ever where `times` is left out. Throws std::invalid_argument for a schedule
/// without an end and for times < 1.
Schedule repeat(Schedule schedule, std::optional<Step> times = std::nullopt);
/// A Held; `every` is the number of steps of an epoch. Throws std::invalid_argument for every < 1.
Schedule held(Schedule schedule, Step every);

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

}  // namespace libsched
#ifdef __GNUC__
#pragma GCC visibility pop
#endif
