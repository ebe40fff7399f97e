#include "libsched/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "field_text.hpp"
#include "libsched/math.hpp"
#include "state.hpp"

namespace libsched {
namespace {

using detail::counted;

// Two settings may have the same name if only one of them sets anything, and the other keeps every
// group.
void check_names(std::string_view owner, const std::vector<GroupSetting>& settings) {
  const auto sets_a_group = [](const GroupSetting& setting) {
    const PerGroup& list = setting.schedules.list;
    return std::any_of(list.begin(), list.end(), [](const auto& s) { return s.has_value(); });
  };
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    detail::check_name(owner, setting->name);
    const auto is_driven_too = [&](const GroupSetting& other) {
      return other.name == setting->name && sets_a_group(other);
    };
    if (std::any_of(settings.begin(), setting, is_driven_too)) {
      detail::refuse(owner, fmt::format("{} is driven twice", setting->name));
    }
  }
}

// A trainer is an optimizer of one param group.
std::vector<GroupSetting> in_one_group(std::vector<Setting> settings) {
  if (settings.empty()) detail::refuse("Driver", "needs at least one setting");
  std::vector<GroupSetting> all;
  for (Setting& setting : settings) {
    if (!setting.set) {
      detail::refuse("Driver",
                     fmt::format("the function that sets {} must not be empty", setting.name));
    }
    all.emplace_back(setting.name, setting.schedule);
    all.back().set = [set = std::move(setting.set)](const GroupValues& values) {
      set(values[0]);
      return true;
    };
  }
  return all;
}

}  // namespace

void detail::check_name(std::string_view owner, std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  if (name.empty() || name.find_first_not_of(allowed) != std::string_view::npos) {
    refuse(owner, fmt::format("the name must be of letters, digits, _, - and ., got '{}'", name));
  }
}

std::string name_of(const GroupSetting& setting, std::size_t group) {
  return fmt::format("{}{}{}", setting.is_relative ? factor_of : "", setting.name,
                     setting.schedules.per_group ? fmt::format(" of group {}", group) : "");
}

Driver::Driver(Schedule schedule, std::function<void(double)> set,
               std::optional<ReduceOnPlateau> plateau)
    : Driver(std::vector<Setting>{{"lr", std::move(schedule), std::move(set)}},
             std::move(plateau)) {}

Driver::Driver(std::vector<Setting> settings, std::optional<ReduceOnPlateau> plateau)
    : Driver(
          "Driver", [] { return std::size_t{1}; }, in_one_group(std::move(settings)),
          std::move(plateau)) {}

Driver::Driver(std::string_view owner, std::function<std::size_t()> groups,
               std::vector<GroupSetting> settings, std::optional<ReduceOnPlateau> plateau)
    : owner_(owner), groups_(std::move(groups)), plateau_(std::move(plateau)) {
  check_names(owner_, settings);
  for (GroupSetting& setting : settings) {
    DrivenSetting driven{std::move(setting)};
    driven.is_rate = driven.setting.name == "lr";
    driven.has_one_value = !driven.setting.schedules.per_group && !driven.setting.is_relative &&
                           !(driven.is_rate && plateau_ && plateau_->min_lr.per_group);
    driven.limit =
        driven.setting.below_one ? std::nextafter(1.0, 0.0) : (std::numeric_limits<double>::max)();
    settings_.push_back(std::move(driven));
  }
  if (plateau_) {
    validate(*plateau_);
    if (std::none_of(settings_.begin(), settings_.end(),
                     [](const DrivenSetting& t) { return t.is_rate; })) {
      detail::refuse(owner_, "a ReduceOnPlateau needs a setting named lr, which it multiplies");
    }
    if (std::any_of(settings_.begin(), settings_.end(),
                    [](const DrivenSetting& one) { return one.setting.name == plateau_name; })) {
      detail::refuse(owner_,
                     "beside a ReduceOnPlateau no setting may be named plateau: a checkpoint "
                     "has the ReduceOnPlateau by that name");
    }
    plateau_state_ = plateau_start(*plateau_);
  }
  sync_with_groups(groups_());
  step_to(0);
  is_built_ = true;
}

double Driver::lr() const {
  for (const DrivenSetting& driven : settings_) {
    const bool is_set = driven.has_one_value || !driven.values.empty();
    if (driven.is_rate && is_set && driven.setting.schedules.of(0)) return value_of(driven, 0);
  }
  throw std::logic_error(fmt::format("{}: no setting is named lr", owner_));
}

std::vector<std::pair<std::string, double>> Driver::values() const {
  std::vector<std::pair<std::string, double>> values;
  const std::size_t groups = groups_();
  for (const DrivenSetting& driven : settings_) {
    const GroupSetting& setting = driven.setting;
    const PerGroup& list = setting.schedules.list;
    const bool is_shared = !setting.schedules.per_group && !setting.is_relative;
    for (std::size_t i = 0; i < (is_shared ? std::min<std::size_t>(groups, 1) : groups); ++i) {
      if (setting.schedules.per_group && (i >= list.size() || !list[i])) continue;
      values.emplace_back(is_shared ? setting.name : fmt::format("{} of group {}", setting.name, i),
                          setting.get ? setting.get(i) : value_of(driven, i));
    }
  }
  return values;
}

std::vector<NamedNotation> Driver::notations() const {
  std::vector<NamedNotation> notations;
  for (const DrivenSetting& driven : settings_) {
    const PerGroup& list = driven.setting.schedules.list;
    for (std::size_t i = 0; i < list.size(); ++i) {
      notations.push_back({name_of(driven.setting, i), list[i] ? to_string(*list[i]) : "keep"});
    }
  }
  if (plateau_) notations.push_back({std::string(plateau_name), notation(*plateau_)});
  return notations;
}

bool Driver::report(double metric) {
  if (!plateau_) {
    throw std::logic_error(fmt::format("{}: report() needs a ReduceOnPlateau", owner_));
  }
  if (step_count_ < plateau_->from_step) return false;
  PlateauState next = plateau_report(*plateau_, plateau_state_, metric);
  bool reduces = next.scale != plateau_state_.scale;
  const std::vector<double>& floors = plateau_->min_lr.list;
  const bool has_floor = std::any_of(floors.begin(), floors.end(), [](double f) { return f > 0; });
  if (reduces && has_floor && !can_reduce()) {
    // Otherwise the scale would go on falling without effect, and a rate that rises again later
    // would stay too low.
    next.scale = plateau_state_.scale;
    reduces = false;
  }
  if (reduces) write(step_count_, next.scale);
  plateau_state_ = next;
  return reduces;
}

bool Driver::can_reduce() const {
  if (!plateau_) return false;
  for (const DrivenSetting& driven : settings_) {
    if (!driven.is_rate) continue;
    const std::size_t groups = driven.has_one_value ? 1 : driven.values.size();
    for (std::size_t i = 0; i < groups; ++i) {
      if (driven.setting.schedules.of(i) && can_reduce(driven, i)) return true;
    }
  }
  return false;
}

bool Driver::can_reduce(const DrivenSetting& driven, std::size_t group) const {
  const double reduced = plateau_reduced(*plateau_, plateau_state_.scale);
  if (is_lowered(driven, group, step_count_, reduced)) return true;
  const std::optional<Step> length = driven.setting.schedules.of(group)->length();
  const Step left = std::max<Step>(length.value_or(detail::last_step) - step_count_, 0);
  try {
    for (Step ahead = 1; ahead <= left; ahead = detail::multiply(ahead, 2)) {
      if (is_lowered(driven, group, step_count_ + ahead, reduced)) return true;
      if (ahead == detail::last_step) break;
    }
  } catch (const std::exception&) {
    // A user's callable need not be defined in the future.
  }
  return false;
}

// Whether the rate at step t is lower with this scale than with the present one.
bool Driver::is_lowered(const DrivenSetting& driven, std::size_t group, Step t,
                        double scale) const {
  const double base = driven.setting.is_relative ? driven.base_values[group] : 1;
  const double rate = base * (*driven.setting.schedules.of(group))(t);
  return plateau_rate(*plateau_, scale, rate, group) <
         plateau_rate(*plateau_, plateau_state_.scale, rate, group);
}

void Driver::check_groups(std::size_t added) const {
  const std::size_t groups = groups_() + added;
  const std::string has = fmt::format("for {}", counted(groups, "param group"));
  const std::string_view removed =
      ": a group was removed, and the driver still has it; put it back, or build a new driver";
  for (const DrivenSetting& driven : settings_) {
    const GroupSchedules& schedules = driven.setting.schedules;
    const std::string& name = driven.setting.name;
    const std::size_t given = schedules.list.size();
    if (schedules.per_group && given != groups) {
      detail::refuse(
          owner_,
          fmt::format("{} {}{}{}", counted(given, "schedule"),
                      driven.is_rate ? "" : fmt::format("of {} ", name), has,
                      !is_built_ ? ""
                      : given > groups
                          ? removed
                          : ": a group was added, and the driver does not have it; add it by "
                            "scheduler.add_param_group(group, schedule), or build a new driver "
                            "with a schedule for each group"));
    }
    if (driven.setting.is_relative && driven.base_values.size() > groups) {
      detail::refuse(owner_,
                     fmt::format("{} of {} {}{}", counted(driven.base_values.size(), "base value"),
                                 name, has, removed));
    }
    if (driven.is_rate && plateau_ && plateau_->min_lr.per_group &&
        plateau_->min_lr.list.size() != groups) {
      detail::refuse(
          owner_,
          fmt::format("reduce_on_plateau: min_lr has {} {}; build a driver with one number for "
                      "each, or with one number for all",
                      counted(plateau_->min_lr.list.size(), "value"), has));
    }
  }
}

void Driver::expect_group(const PerGroup& schedules) {
  std::string names;
  std::vector<DrivenSetting*> needed;
  for (DrivenSetting& driven : settings_) {
    if (!driven.setting.schedules.per_group) continue;
    names += fmt::format("{}{}", needed.empty() ? "" : ", ", driven.setting.name);
    needed.push_back(&driven);
  }
  if (schedules.size() != needed.size()) {
    detail::refuse(owner_, fmt::format("{} for a new param group, which needs {}{}",
                                       counted(schedules.size(), "schedule"), needed.size(),
                                       needed.empty() ? ", because all groups share theirs"
                                                      : fmt::format(", of {}", names)));
  }
  for (std::size_t i = 0; i < needed.size(); ++i) {
    needed[i]->setting.schedules.list.push_back(schedules[i]);
  }
}

// Reads the base values of new groups, and makes room for their values.
void Driver::sync_with_groups(std::size_t groups) {
  check_groups();
  for (DrivenSetting& driven : settings_) {
    for (std::size_t i = known_groups_; i < groups && driven.setting.get; ++i) {
      const bool is_kept = !driven.setting.schedules.of(i);
      const double value = is_kept ? 0 : driven.setting.get(i);
      if (!driven.setting.is_relative) {
        if (is_built_) continue;
        driven.lowest_at_start = i == 0 ? value : std::min(driven.lowest_at_start, value);
        driven.highest_at_start = i == 0 ? value : std::max(driven.highest_at_start, value);
        continue;
      }
      if (i < driven.base_values.size()) continue;
      if (!std::isfinite(value) || value < 0) {
        throw std::domain_error(
            fmt::format("{}: the {} of param group {} must be finite and at least 0, got {}",
                        owner_, driven.is_rate ? "rate" : driven.setting.name, i, value));
      }
      driven.base_values.push_back(value);
    }
    driven.values.resize(groups);
    driven.next.resize(groups);
  }
  known_groups_ = groups;
}

// Empty if the value is in range.
std::string Driver::range_problem(const DrivenSetting& driven, const Schedule& schedule, Step t,
                                  double value) const {
  if (is_in_range(driven, value)) return {};
  // No update is meant to use the value at a schedule's very end.
  if (driven.setting.below_one && value == 1 && schedule.length() == t) return {};
  return fmt::format("{} must be {}, got {} at step {} of {}",
                     driven.is_rate ? "a learning rate" : driven.setting.name,
                     driven.setting.below_one ? "at least 0 and below 1" : "finite and at least 0",
                     value, t, to_string(schedule));
}

// What to set for a value that is not in range: the limit, if no update is meant to use it.
double Driver::limit_or_throw(const DrivenSetting& driven, const Schedule& schedule, Step t,
                              double value) const {
  const std::string problem = range_problem(driven, schedule, t, value);
  if (problem.empty()) return driven.limit;
  throw std::domain_error(fmt::format("{}: {}", owner_, problem));
}

// Sets the former values of all settings up to the last one that was set. That one threw, but may
// have set something before.
void Driver::restore(const DrivenSetting& last) noexcept {
  for (const DrivenSetting& driven : settings_) {
    try {
      set(driven, driven.value, driven.values);
    } catch (...) {
      // The error that stopped the step passes through, not this one.
    }
    if (&driven == &last) return;
  }
}

std::vector<Finding> review(const Driver& driver, Step planned_steps) {
  std::vector<Finding> findings;
  for (const Driver::DrivenSetting& driven : driver.settings_) {
    const GroupSchedules& schedules = driven.setting.schedules;
    if (!driven.setting.is_relative && !schedules.per_group &&
        driven.lowest_at_start < driven.highest_at_start) {
      findings.push_back(
          {0,
           fmt::format("{}: The param groups had {}s from {:.6g} to {:.6g} when the driver was "
                       "built, and now all have the schedule's; LRScheduler::relative and "
                       "Drive::relative multiply each group's own.",
                       driven.setting.name, driven.is_rate ? "rate" : "value",
                       driven.lowest_at_start, driven.highest_at_start),
           FindingKind::overwritten});
    }
    for (std::size_t i = 0; i < schedules.list.size(); ++i) {
      if (!schedules.list[i]) continue;
      for (const Finding& finding : driver.review_entry(driven, i, planned_steps)) {
        // An update without momentum or weight decay still does something.
        if (!driven.is_rate && finding.kind == FindingKind::no_update) continue;
        findings.push_back(
            {finding.step, name_of(driven.setting, i) + ": " + finding.text, finding.kind});
      }
    }
  }
  return findings;
}

// The findings about one entry of a setting's list of schedules.
std::vector<Finding> Driver::review_entry(const DrivenSetting& driven, std::size_t entry,
                                          Step planned_steps) const {
  const GroupSchedules& schedules = driven.setting.schedules;
  const Schedule& schedule = *schedules.list[entry];
  std::vector<Finding> findings = review(schedule, planned_steps);
  // If several groups share a factor, the one with the highest base leaves the range first.
  double base = driven.setting.is_relative ? 0 : 1;
  for (std::size_t group = 0; group < driven.base_values.size(); ++group) {
    if (schedules.per_group && group != entry) continue;
    base = std::max(base, driven.base_values[group]);
    if (driven.base_values[group] > 0) continue;
    findings.push_back({0,
                        fmt::format("The base rate of param group {} is 0, and so is every "
                                    "multiple of it: its updates do nothing.",
                                    group),
                        FindingKind::no_update});
  }
  if (const auto found = first_out_of_range(driven, schedule, base, planned_steps)) {
    return {*found};
  }
  return findings;
}

// The value of step 0 is in range, as it was set.
std::optional<Finding> Driver::first_out_of_range(const DrivenSetting& driven,
                                                  const Schedule& schedule, double base,
                                                  Step planned_steps) const {
  std::optional<Finding> found;
  detail::walk(0, planned_steps, [&](Step, Step t) {
    if (found) return;
    const std::string problem = range_problem(driven, schedule, t, base * schedule(t));
    if (!problem.empty()) found = Finding{t, problem + ".", FindingKind::out_of_range};
  });
  return found;
}

}  // namespace libsched
