// What every step runs; the rest of the driver is in driver.cpp.
#include <fmt/format.h>

#include "libsched/driver.hpp"
#include "libsched/math.hpp"

namespace libsched {

void Driver::advance(Step n) {
  if (n < 0) detail::refuse(owner_, fmt::format("cannot advance by {} steps", n));
  step_to(detail::add(step_count_, n));
}

void Driver::step_to(Step t) { write(t, scale()); }

// Computes each group's value of step t.
void Driver::compute_values(DrivenSetting& driven, Step t, double scale) const {
  const GroupSchedules& schedules = driven.setting.schedules;
  double scheduled = 0;
  for (std::size_t i = 0; i < driven.next.size(); ++i) {
    const std::optional<Schedule>& schedule = schedules.of(i);
    if (!schedule) continue;
    if (i == 0 || schedules.per_group) scheduled = (*schedule)(t);
    double value = driven.setting.is_relative ? driven.base_values[i] * scheduled : scheduled;
    if (driven.is_rate && plateau_) value = plateau_rate(*plateau_, scale, value, i);
    driven.next[i] =
        is_in_range(driven, value) ? value : limit_or_throw(driven, *schedule, t, value);
  }
}

// Computes and checks all values before it sets any. The case of one value for all groups is
// inline, because nearly every driver has it at every step.
void Driver::write(Step t, double scale) {
  for (DrivenSetting& driven : settings_) {
    if (!driven.has_one_value) {
      compute_values(driven, t, scale);
      continue;
    }
    const Schedule& schedule = *driven.setting.schedules.list[0];
    double value = schedule(t);
    if (driven.is_rate && plateau_) value = plateau_rate(*plateau_, scale, value);
    driven.next_value =
        is_in_range(driven, value) ? value : limit_or_throw(driven, schedule, t, value);
  }
  auto driven = settings_.begin();
  try {
    for (; driven != settings_.end(); ++driven) {
      if (set(*driven, driven->next_value, driven->next)) continue;
      // Nothing is set yet: the number of groups has changed.
      sync_with_groups(groups_());
      return write(t, scale);
    }
  } catch (...) {
    if (is_built_ && driven != settings_.end()) restore(*driven);
    throw;
  }
  for (DrivenSetting& done : settings_) {
    done.value = done.next_value;
    if (!done.has_one_value) done.values.swap(done.next);
  }
  step_count_ = t;
}

}  // namespace libsched
