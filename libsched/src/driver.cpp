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

// Two settings may have one name if only one of them sets anything: of the other every group is
// kept.
void check_names(std::string_view owner, const std::vector<GroupSetting>& settings) {
  const auto drives = [](const GroupSetting& setting) {
    const PerGroup& list = setting.schedules.list;
    return std::any_of(list.begin(), list.end(), [](const auto& s) { return s.has_value(); });
  };
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    detail::check_name(owner, setting->name);
    const auto is_driven_too = [&](const GroupSetting& other) {
      return other.name == setting->name && drives(other);
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
    Track track{std::move(setting)};
    track.is_rate = track.setting.name == "lr";
    track.has_one_value = !track.setting.schedules.per_group && !track.setting.is_relative &&
                          !(track.is_rate && plateau_ && plateau_->min_lr.per_group);
    track.limit =
        track.setting.below_one ? std::nextafter(1.0, 0.0) : (std::numeric_limits<double>::max)();
    tracks_.push_back(std::move(track));
  }
  if (plateau_) {
    validate(*plateau_);
    if (std::none_of(tracks_.begin(), tracks_.end(), [](const Track& t) { return t.is_rate; })) {
      detail::refuse(owner_, "a ReduceOnPlateau needs a setting named lr, which it multiplies");
    }
    plateau_state_ = plateau_start(*plateau_);
  }
  sync_with_groups(groups_());
  step_to(0);
  is_built_ = true;
}

double Driver::lr() const {
  for (const Track& track : tracks_) {
    const bool is_set = track.has_one_value || !track.values.empty();
    if (track.is_rate && is_set && track.setting.schedules.of(0)) return value_of(track, 0);
  }
  throw std::logic_error(fmt::format("{}: no setting is named lr", owner_));
}

std::vector<std::pair<std::string, double>> Driver::values() const {
  std::vector<std::pair<std::string, double>> values;
  const std::size_t groups = groups_();
  for (const Track& track : tracks_) {
    const GroupSetting& setting = track.setting;
    const PerGroup& list = setting.schedules.list;
    const bool is_shared = !setting.schedules.per_group && !setting.is_relative;
    for (std::size_t i = 0; i < (is_shared ? std::min<std::size_t>(groups, 1) : groups); ++i) {
      if (setting.schedules.per_group && (i >= list.size() || !list[i])) continue;
      values.emplace_back(is_shared ? setting.name : fmt::format("{} of group {}", setting.name, i),
                          setting.get ? setting.get(i) : value_of(track, i));
    }
  }
  return values;
}

std::vector<NamedNotation> Driver::notations() const {
  std::vector<NamedNotation> notations;
  for (const Track& track : tracks_) {
    const PerGroup& list = track.setting.schedules.list;
    for (std::size_t i = 0; i < list.size(); ++i) {
      notations.push_back({name_of(track.setting, i), list[i] ? to_string(*list[i]) : "keep"});
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
    // Otherwise the scale would fall on unseen, and a rate that rises again would never come back.
    next.scale = plateau_state_.scale;
    reduces = false;
  }
  if (reduces) write(step_count_, next.scale);
  plateau_state_ = next;
  return reduces;
}

bool Driver::can_reduce() const {
  if (!plateau_) return false;
  const double reduced = plateau_reduced(*plateau_, plateau_state_.scale);
  const auto lowers = [&](const Track& track, std::size_t group, const Schedule& schedule, Step t) {
    const double own = (track.setting.is_relative ? track.base_values[group] : 1) * schedule(t);
    return plateau_rate(*plateau_, reduced, own, group) <
           plateau_rate(*plateau_, plateau_state_.scale, own, group);
  };
  for (const Track& track : tracks_) {
    if (!track.is_rate) continue;
    const std::size_t groups = track.has_one_value ? 1 : track.values.size();
    for (std::size_t i = 0; i < groups; ++i) {
      const std::optional<Schedule>& schedule = track.setting.schedules.of(i);
      if (!schedule) continue;
      if (lowers(track, i, *schedule, step_count_)) return true;
      const Step end = std::max(step_count_, schedule->length().value_or(detail::last_step));
      try {
        for (Step ahead = 1; ahead <= end - step_count_; ahead = detail::multiply(ahead, 2)) {
          if (lowers(track, i, *schedule, step_count_ + ahead)) return true;
          if (ahead == detail::last_step) break;
        }
      } catch (const std::exception&) {
        // A callable of the user's need not be defined in the future.
      }
    }
  }
  return false;
}

void Driver::check_groups(std::size_t added) const {
  const std::size_t groups = groups_() + added;
  const std::string has = fmt::format("for {}", counted(groups, "param group"));
  const std::string_view removed =
      ": a group was removed behind the driver's back; put it back, or build a new driver";
  for (const Track& track : tracks_) {
    const GroupSchedules& schedules = track.setting.schedules;
    const std::string& name = track.setting.name;
    const std::size_t given = schedules.list.size();
    if (schedules.per_group && given != groups) {
      detail::refuse(
          owner_,
          fmt::format("{} {}{}{}", counted(given, "schedule"),
                      track.is_rate ? "" : fmt::format("of {} ", name), has,
                      !is_built_ ? ""
                      : given > groups
                          ? removed
                          : ": a group was added behind the driver's back; add it by "
                            "scheduler.add_param_group(group, schedule), or build a new driver "
                            "with a schedule for each group"));
    }
    if (track.setting.is_relative && track.base_values.size() > groups) {
      detail::refuse(owner_,
                     fmt::format("{} of {} {}{}", counted(track.base_values.size(), "base value"),
                                 name, has, removed));
    }
    if (track.is_rate && plateau_ && plateau_->min_lr.per_group &&
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
  std::vector<Track*> needed;
  for (Track& track : tracks_) {
    if (!track.setting.schedules.per_group) continue;
    names += fmt::format("{}{}", needed.empty() ? "" : ", ", track.setting.name);
    needed.push_back(&track);
  }
  if (schedules.size() != needed.size()) {
    detail::refuse(owner_, fmt::format("{} for a new param group, which needs {}{}",
                                       counted(schedules.size(), "schedule"), needed.size(),
                                       needed.empty() ? " where all groups share theirs"
                                                      : fmt::format(", of {}", names)));
  }
  for (std::size_t i = 0; i < needed.size(); ++i) {
    needed[i]->setting.schedules.list.push_back(schedules[i]);
  }
}

// Takes the base values of groups that are new, and makes room for their values.
void Driver::sync_with_groups(std::size_t groups) {
  check_groups();
  for (Track& track : tracks_) {
    for (std::size_t i = groups_met_; i < groups && track.setting.get; ++i) {
      const bool is_kept = !track.setting.schedules.of(i);
      const double value = is_kept ? 0 : track.setting.get(i);
      if (!track.setting.is_relative) {
        if (is_built_) continue;
        track.least_found = i == 0 ? value : std::min(track.least_found, value);
        track.greatest_found = i == 0 ? value : std::max(track.greatest_found, value);
        continue;
      }
      if (i < track.base_values.size()) continue;
      if (!std::isfinite(value) || value < 0) {
        throw std::domain_error(
            fmt::format("{}: the {} of param group {} must be finite and at least 0, got {}",
                        owner_, track.is_rate ? "rate" : track.setting.name, i, value));
      }
      track.base_values.push_back(value);
    }
    track.values.resize(groups);
    track.next.resize(groups);
  }
  groups_met_ = groups;
}

// Empty if the value is in range.
std::string Driver::range_problem(const Track& track, const Schedule& schedule, Step t,
                                  double value) const {
  if (is_in_range(track, value)) return {};
  // No update is meant to use the value at a schedule's very end.
  if (track.setting.below_one && value == 1 && schedule.length() == t) return {};
  return fmt::format("{} must be {}, got {} at step {} of {}",
                     track.is_rate ? "a learning rate" : track.setting.name,
                     track.setting.below_one ? "at least 0 and below 1" : "finite and at least 0",
                     value, t, to_string(schedule));
}

// What to set for a value that is not in range.
double Driver::nearest_in_range(const Track& track, const Schedule& schedule, Step t,
                                double value) const {
  const std::string problem = range_problem(track, schedule, t, value);
  if (problem.empty()) return track.limit;
  throw std::domain_error(fmt::format("{}: {}", owner_, problem));
}

// The one that threw too: it may have set something before it did.
void Driver::set_back(const Track& last) noexcept {
  for (const Track& track : tracks_) {
    try {
      set(track, track.value, track.values);
    } catch (...) {
      // What stopped the step passes through, not this.
    }
    if (&track == &last) return;
  }
}

std::vector<Finding> review(const Driver& driver, Step planned_steps) {
  std::vector<Finding> findings;
  for (const Driver::Track& track : driver.tracks_) {
    const GroupSchedules& schedules = track.setting.schedules;
    const bool is_relative = track.setting.is_relative;
    const std::string_view held = track.is_rate ? "rate" : "value";
    if (!is_relative && !schedules.per_group && track.least_found < track.greatest_found) {
      findings.push_back(
          {0,
           fmt::format("{}: The param groups had {}s from {:.6g} to {:.6g} when the driver was "
                       "built, and now all have the schedule's; LRScheduler::relative and "
                       "Drive::relative multiply each group's own.",
                       track.setting.name, held, track.least_found, track.greatest_found),
           FindingKind::overwritten});
    }
    for (std::size_t i = 0; i < schedules.list.size(); ++i) {
      const std::optional<Schedule>& schedule = schedules.list[i];
      if (!schedule) continue;
      std::vector<Finding> own = review(*schedule, planned_steps);
      // Of several groups with one factor, that with the highest base leaves a range first.
      double base = is_relative ? 0 : 1;
      for (std::size_t group = 0; group < track.base_values.size(); ++group) {
        const bool shares = !schedules.per_group || group == i;
        if (!shares) continue;
        base = std::max(base, track.base_values[group]);
        if (track.is_rate && track.base_values[group] == 0) {
          own.push_back({0,
                         fmt::format("The base rate of param group {} is 0, and so is every "
                                     "multiple of it: its updates do nothing.",
                                     group),
                         FindingKind::no_update});
        }
      }
      std::optional<Finding> out_of_range;  // at step 0 none is, as that is set
      detail::walk(0, planned_steps, [&](Step, Step t) {
        if (out_of_range) return;
        const std::string problem =
            driver.range_problem(track, *schedule, t, base * (*schedule)(t));
        if (!problem.empty()) out_of_range = Finding{t, problem + ".", FindingKind::out_of_range};
      });
      if (out_of_range) own = {*out_of_range};
      for (const Finding& finding : own) {
        if (!track.is_rate && finding.kind == FindingKind::no_update) continue;
        findings.push_back(
            {finding.step, name_of(track.setting, i) + ": " + finding.text, finding.kind});
      }
    }
  }
  return findings;
}

}  // namespace libsched
