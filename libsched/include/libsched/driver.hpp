#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/math.hpp"
#include "libsched/plateau.hpp"
#include "libsched/review.hpp"
#include "libsched/schedule.hpp"

namespace libsched {

struct State;

namespace detail {

// Throws std::invalid_argument if a log or a checkpoint cannot hold the name.
LIBSCHED_API void check_name(std::string_view owner, std::string_view name);

}  // namespace detail

/// One value of a trainer: a schedule and the function that sets it, such as {"lr", schedule,
/// [&](double lr) { trainer.set_learning_rate(lr); }}.
struct Setting {
  std::string name;                 ///< unique; letters, digits, `_`, `-` and `.`
  Schedule schedule;                ///< its values: finite and at least 0
  std::function<void(double)> set;  ///< sets a value in the trainer; must not be empty
};

/// What load() does if the checkpoint was saved with another schedule.
enum class ScheduleChange {
  refuse,         ///< throws
  accept,         ///< loads the checkpoint
  accept_future,  ///< loads it if the schedules have equal values before the checkpoint's step
};

/// The name of a driven value and the notation of its schedule.
struct NamedNotation {
  std::string name;      ///< `lr`, `lr of group 1`, `factor of lr`, `weight_decay`, ..., `plateau`
  std::string notation;  ///< `keep` for a param group that is left as it is
};
/// Whether name and notation are the same.
inline bool operator==(const NamedNotation& a, const NamedNotation& b) {
  return a.name == b.name && a.notation == b.notation;
}
/// The opposite of ==.
inline bool operator!=(const NamedNotation& a, const NamedNotation& b) { return !(a == b); }

/// One schedule per param group; an empty entry leaves that group's value as it is.
using PerGroup = std::vector<std::optional<Schedule>>;
/// The empty entry, as in {schedule0, keep}: the driver keeps the group's value.
inline constexpr std::nullopt_t keep = std::nullopt;

/// Either one schedule for all param groups, also for groups that are added later, or one schedule
/// per group.
struct GroupSchedules {
  /// One for all groups: whatever a Schedule takes.
  template <class S, class = std::enable_if_t<std::is_convertible_v<S, Schedule>>>
  GroupSchedules(S schedule) : list{Schedule(std::move(schedule))}, per_group(false) {}
  /// One per group.
  GroupSchedules(PerGroup schedules) : list(std::move(schedules)), per_group(true) {}
  /// One per group, as in {schedule0, keep}.
  GroupSchedules(std::initializer_list<std::optional<Schedule>> schedules)
      : GroupSchedules(PerGroup(schedules)) {}
  /// One per group, without an empty entry.
  GroupSchedules(const std::vector<Schedule>& schedules)
      : GroupSchedules(PerGroup(schedules.begin(), schedules.end())) {}

  PerGroup list;   ///< the schedules
  bool per_group;  ///< whether `list` has one entry per group; if not, it has one for all

  /// The entry of a group.
  const std::optional<Schedule>& of(std::size_t group) const { return list[per_group ? group : 0]; }
};

/// @cond
using Schedules [[deprecated("GroupSchedules")]] = GroupSchedules;
/// @endcond

/// The values of one setting that a driver passes to an integration, one for each param group.
struct GroupValues {
  const double* first;              ///< the value for group 0
  std::size_t stride;               ///< 0 if all groups have the same value, else 1
  std::size_t groups;               ///< how many groups the driver knows
  const GroupSchedules& schedules;  ///< which groups are left as they are

  /// The value for a group.
  double operator[](std::size_t group) const { return first[group * stride]; }
  /// Whether the group's value is to be set.
  bool has(std::size_t group) const {
    return !schedules.per_group || schedules.list[group].has_value();
  }
};

/// A setting for integrations: a value that a framework has in each of its param groups, its
/// schedules, and the functions that set and get it.
struct GroupSetting {
  /// Takes a name and schedules, as in {"lr", schedule}; assign `set` and `get` afterwards.
  GroupSetting(std::string its_name, GroupSchedules its_schedules, bool relative = false,
               bool less_than_one = false)
      : name(std::move(its_name)),
        schedules(std::move(its_schedules)),
        is_relative(relative),
        below_one(less_than_one) {}

  std::string name;          ///< letters, digits, `_`, `-` and `.`
  GroupSchedules schedules;  ///< of the values or, if relative, of factors
  bool is_relative;          ///< whether they are factors of each group's own value
  bool below_one;            ///< whether the value must also be below 1

  /// Sets the value in every group that has one. If there are more or fewer than `values.groups`
  /// groups, sets none and returns false.
  std::function<bool(const GroupValues& values)> set;
  /// The present value in a group; throws std::invalid_argument if the group has no such value.
  /// Leave it empty if the framework cannot tell; then the setting must not be relative.
  std::function<double(std::size_t group)> get;
};

/// Drives a trainer: counts the updates and sets the values for the next one. The constructor sets
/// the values of step 0; call step() after each update. A value that is negative or not finite is
/// never set: a std::domain_error names the schedule and the step instead. After any error the
/// trainer and the step count are as they were: if a `set` throws, the driver sets the former
/// values again and rethrows the exception. A driver is not thread-safe.
class LIBSCHED_API Driver {
 public:
  /// Drives one value, named `lr`. Throws std::invalid_argument for an empty function.
  Driver(Schedule schedule, std::function<void(double)> set,
         std::optional<ReduceOnPlateau> plateau = std::nullopt);
  /// Drives several values; a ReduceOnPlateau multiplies the one named `lr`. Throws
  /// std::invalid_argument if `settings` is empty, for a name that is bad or given twice, for an
  /// empty function, and for a plateau without a setting named `lr`.
  explicit Driver(std::vector<Setting> settings,
                  std::optional<ReduceOnPlateau> plateau = std::nullopt);
  /// Drives a framework with param groups; `groups` returns their number. Error messages begin with
  /// `owner`, which must be a string literal or outlive the driver.
  Driver(std::string_view owner, std::function<std::size_t()> groups,
         std::vector<GroupSetting> settings, std::optional<ReduceOnPlateau> plateau);

  /// Counts one more update and sets the values for the next one.
  void step() { step_to(detail::add(step_count_, 1)); }
  /// Counts `n` more updates, or `n` samples or tokens if those are the schedule's steps. Throws
  /// std::invalid_argument for n < 0.
  void advance(Step n);
  template <class Real, class = detail::if_real<Real>>
  void advance(Real n) = delete;  ///< steps are whole
  /// Sets the step count to `t` and sets the values of that step. Throws std::invalid_argument for
  /// t < 0.
  void step_to(Step t);
  template <class Real, class = detail::if_real<Real>>
  void step_to(Real t) = delete;  ///< steps are whole
  /// The number of updates done so far.
  Step step_count() const { return step_count_; }

  /// The value of `lr` for the next update; log it before that update. Throws std::logic_error if
  /// no setting has that name.
  double lr() const;
  /// (name, value) of all settings for the next update, for a log.
  std::vector<std::pair<std::string, double>> values() const;
  /// (name, notation) of all schedules and of the plateau.
  std::vector<NamedNotation> notations() const;

  /// Reports a metric to the ReduceOnPlateau. Returns true if the report lowers the scale; then the
  /// rate changes at once. Reports before the plateau's from_step are ignored. Throws
  /// std::logic_error if there is no ReduceOnPlateau.
  bool report(double metric);
  /// The product of all reductions so far, which multiplies `lr`; 1 without a ReduceOnPlateau.
  double scale() const { return plateau_ ? plateau_state_.scale : 1; }
  /// False once no report can lower any rate, so that a run may stop. Checks the present step and
  /// the steps 1, 2, 4, 8, ... after it, up to the schedule's end.
  bool can_reduce() const;

  /// Saves the step count, the plateau's state and the notations to a file: a few lines of text
  /// with a checksum. The file is replaced in one move. Throws std::runtime_error if it cannot be
  /// written.
  void save(const std::string& path) const;
  /// Saves to a stream.
  void save(std::ostream& stream) const;
  /// Restores a saved state from a file and sets the values of its step. Throws std::runtime_error
  /// if the file has no such state, if it is damaged, or if it was saved with another schedule:
  /// then the message shows both and the first step at which they differ.
  void load(const std::string& path, ScheduleChange change = ScheduleChange::refuse);
  /// Restores a state from a stream, which is read up to the end of the state.
  void load(std::istream& stream, ScheduleChange change = ScheduleChange::refuse);

  /// For integrations. Returns a setting by its position.
  const GroupSetting& setting(std::size_t position) const { return settings_[position].setting; }
  /// For integrations. Throws std::invalid_argument if the number of the framework's param groups,
  /// plus `added`, does not fit the schedules and values that the driver holds per group.
  void check_groups(std::size_t added = 0) const;
  /// For integrations. Appends the schedules of a param group that will be added: one (or `keep`)
  /// for each setting that has one per group, in the order of the settings. Throws
  /// std::invalid_argument if there are more or fewer.
  void expect_group(const PerGroup& schedules);

 private:
  // A setting and its values.
  struct DrivenSetting {
    GroupSetting setting;
    bool is_rate = false;        // whether a plateau multiplies it
    bool has_one_value = false;  // the same for all groups: `value`; else one per group: `values`
    double limit = 0;            // the greatest value that may be set
    std::vector<double> base_values{};  // if relative: one per group, 0 for a group with `keep`
    std::vector<double> values{};       // the values that were set last
    std::vector<double> next{};         // the values that are computed, but not yet set
    double value = 0;                   // the value that was set last
    double next_value = 0;              // the value that is computed, but not yet set
    double lowest_at_start = 0;         // the groups' lowest value when the driver was built
    double highest_at_start = 0;
  };

  void sync_with_groups(std::size_t groups);
  static bool is_in_range(const DrivenSetting& driven, double value) {
    return value >= 0 && value <= driven.limit;
  }
  std::string range_problem(const DrivenSetting& driven, const Schedule& schedule, Step t,
                            double value) const;
  double limit_or_throw(const DrivenSetting& driven, const Schedule& schedule, Step t,
                        double value) const;
  void compute_values(DrivenSetting& driven, Step t, double scale) const;
  void write(Step t, double scale);
  void restore(const DrivenSetting& last) noexcept;
  static double value_of(const DrivenSetting& driven, std::size_t group) {
    return driven.has_one_value ? driven.value : driven.values[group];
  }
  // Sets `one`, if all groups have the same value, or else `each`.
  bool set(const DrivenSetting& driven, const double& one, const std::vector<double>& each) const {
    const bool has_one = driven.has_one_value;
    return driven.setting.set(
        {has_one ? &one : each.data(), has_one ? 0U : 1U, known_groups_, driven.setting.schedules});
  }
  bool can_reduce(const DrivenSetting& driven, std::size_t group) const;
  bool is_lowered(const DrivenSetting& driven, std::size_t group, Step t, double scale) const;

  PerGroup all_schedules() const;
  State state() const;
  void load_state(const State& state, ScheduleChange change);
  void load_base_values(const State& state, DrivenSetting& driven, ScheduleChange change) const;
  void check_same(const State& state, ScheduleChange change) const;

  friend LIBSCHED_API std::vector<Finding> review(const Driver& driver, Step planned_steps);
  std::vector<Finding> review_entry(const DrivenSetting& driven, std::size_t entry,
                                    Step planned_steps) const;
  std::optional<Finding> first_out_of_range(const DrivenSetting& driven, const Schedule& schedule,
                                            double base, Step planned_steps) const;

  std::string_view owner_;
  std::function<std::size_t()> groups_;
  std::vector<DrivenSetting> settings_;
  std::size_t known_groups_ = 0;
  bool is_built_ = false;
  std::optional<ReduceOnPlateau> plateau_;
  PlateauState plateau_state_{};
  Step step_count_ = 0;
};

/// Reads the schedules of a checkpoint without a driver, e.g. to parse() them. Throws
/// std::runtime_error if the file cannot be read or is not a checkpoint.
LIBSCHED_API std::vector<NamedNotation> saved_notations(const std::string& path);
/// Reads the step of a checkpoint. Throws as saved_notations() does.
LIBSCHED_API Step saved_step(const std::string& path);

/// Reviews every schedule of the driver; each finding begins with the name of the value. It also
/// finds a value that leaves its range, so that step() would throw, a base value of 0, and a single
/// schedule for groups that had different values when the driver was built. Throws
/// std::invalid_argument for planned_steps < 1.
LIBSCHED_API std::vector<Finding> review(const Driver& driver, Step planned_steps);

}  // namespace libsched
