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
  accept,         ///< takes the checkpoint: the change is meant
  accept_future,  ///< takes it if both have the same values before the step of the checkpoint
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
/// The empty entry, as in {schedule0, keep}.
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

/// What a driver sets of one value in the param groups of an optimizer.
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

/// One value that a framework has in each of its param groups: a Setting for integrations.
struct GroupSetting {
  /// As in {"lr", schedule}; `set` and `get` are assigned.
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
  /// Empty if the framework cannot tell; then the setting may not be relative.
  std::function<double(std::size_t group)> get;
};

/// Drives a trainer: counts the updates and sets the values for the next one. The constructor sets
/// the values of step 0; call step() after each update. A value that is negative or not finite is
/// never set: std::domain_error names schedule and step. After any error the trainer and the step
/// count are as they were: if a `set` throws, the values that were set before it in the same step
/// are set back, and its exception passes through. Not thread-safe.
class LIBSCHED_API Driver {
 public:
  /// One value, named `lr`. Throws std::invalid_argument for an empty function.
  Driver(Schedule schedule, std::function<void(double)> set,
         std::optional<ReduceOnPlateau> plateau = std::nullopt);
  /// Several values; a ReduceOnPlateau multiplies the one named `lr`. Throws std::invalid_argument
  /// if there is none to set, for a name that is bad or given twice, for an empty function, and for
  /// a plateau without `lr`.
  explicit Driver(std::vector<Setting> settings,
                  std::optional<ReduceOnPlateau> plateau = std::nullopt);
  /// For an integration whose framework has param groups; `groups` returns their number. Errors
  /// begin with `owner`, a literal.
  Driver(std::string_view owner, std::function<std::size_t()> groups,
         std::vector<GroupSetting> settings, std::optional<ReduceOnPlateau> plateau);

  /// One more update is done: sets the values for the next.
  void step() { step_to(detail::add(step_count_, 1)); }
  /// `n` more updates are done. Also for a schedule whose steps are samples or tokens. Throws
  /// std::invalid_argument for n < 0.
  void advance(Step n);
  template <class Real, class = detail::if_real<Real>>
  void advance(Real n) = delete;  ///< steps are whole
  /// Goes to step t, as if `t` updates were done. Throws std::invalid_argument for t < 0.
  void step_to(Step t);
  template <class Real, class = detail::if_real<Real>>
  void step_to(Real t) = delete;  ///< steps are whole
  /// Updates done so far.
  Step step_count() const { return step_count_; }

  /// The value of `lr` for the next update; log it before that. Throws std::logic_error if no
  /// setting has that name.
  double lr() const;
  /// (name, value) of all settings for the next update, for a log.
  std::vector<std::pair<std::string, double>> values() const;
  /// (name, notation) of all schedules and of the plateau.
  std::vector<NamedNotation> notations() const;

  /// Tells the ReduceOnPlateau a metric. Returns true if that lowers the scale; then the rate is
  /// set at once. Before the plateau's from_step a report counts for nothing. Throws
  /// std::logic_error if there is no ReduceOnPlateau.
  bool report(double metric);
  /// The product of all reductions so far, which multiplies `lr`; 1 without a ReduceOnPlateau.
  double scale() const { return plateau_ ? plateau_state_.scale : 1; }
  /// False once no report can lower any rate, so that a run may stop. Checks the present step and
  /// those 1, 2, 4, 8, ... steps later, up to the schedule's end.
  bool can_reduce() const;

  /// Saves the step count and the plateau's state, with the notations: a few lines of text with a
  /// checksum. A file is replaced in one move. Throws std::runtime_error if it cannot be written.
  void save(const std::string& path) const;
  /// Saves to a stream.
  void save(std::ostream& stream) const;
  /// Reads what save() wrote, of a stream up to the end of the state, and sets the values of its
  /// step. Throws std::runtime_error if there is no such state, if it is damaged, and if it was
  /// saved with another schedule: then the message shows both and the first step at which they
  /// differ.
  void load(const std::string& path, ScheduleChange change = ScheduleChange::refuse);
  /// Loads from a stream.
  void load(std::istream& stream, ScheduleChange change = ScheduleChange::refuse);

  /// For an integration: a setting by its position.
  const GroupSetting& setting(std::size_t position) const { return settings_[position].setting; }
  /// For an integration: throws std::invalid_argument if the framework's param groups, and
  /// `added` more, do not fit what the driver holds per group.
  void check_groups(std::size_t added = 0) const;
  /// For an integration: takes schedules for one more param group, one (or `keep`) for each setting
  /// that has one per group, in their order. Throws std::invalid_argument if they are more or
  /// fewer.
  void expect_group(const PerGroup& schedules);

 private:
  // A setting and its values.
  struct DrivenSetting {
    GroupSetting setting;
    bool is_rate = false;        // whether a plateau multiplies it
    bool has_one_value = false;  // the same for all groups: `value`; else one per group: `values`
    double limit = 0;            // the greatest value that may be set
    std::vector<double> base_values{};  // if relative: of each group, 0 if it is left as it is
    std::vector<double> values{};       // set last
    std::vector<double> next{};         // computed, but not yet set
    double value = 0;                   // set last
    double next_value = 0;              // computed, but not yet set
    double lowest_at_start = 0;         // of the groups' own values when the driver was built
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

/// The schedules of a checkpoint, without a driver, e.g. to parse() them. Throws
/// std::runtime_error if the file cannot be read or is no checkpoint.
LIBSCHED_API std::vector<NamedNotation> saved_notations(const std::string& path);
/// The step of a checkpoint. Throws as saved_notations() does.
LIBSCHED_API Step saved_step(const std::string& path);

/// The findings of review() for every schedule of the driver; each begins with the name of the
/// value. Also finds a value that leaves its range, so that step() would throw, a base value of 0,
/// and a single schedule for groups that had different values when the driver was built. Throws
/// std::invalid_argument for planned_steps < 1.
LIBSCHED_API std::vector<Finding> review(const Driver& driver, Step planned_steps);

}  // namespace libsched
