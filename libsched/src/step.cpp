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

// The next values of the groups: those of step t.
void Driver::find_each(Track& track, Step t, double scale) const {
  const GroupSchedules& schedules = track.setting.schedules;
  double of_schedule = 0;
  for (std::size_t i = 0; i < track.next.size(); ++i) {
    const std::optional<Schedule>& schedule = schedules.of(i);
    if (!schedule) continue;
    if (i == 0 || schedules.per_group) of_schedule = (*schedule)(t);
    double value = track.setting.is_relative ? track.base_values[i] * of_schedule : of_schedule;
    if (track.is_rate && plateau_) value = plateau_rate(*plateau_, scale, value, i);
    track.next[i] =
        is_in_range(track, value) ? value : nearest_in_range(track, *schedule, t, value);
  }
}

// Everything is found and checked before anything is set. What nearly every step of nearly every
// driver does stands here without a call.
void Driver::write(Step t, double scale) {
  for (Track& track : tracks_) {
    if (!track.has_one_value) {
      find_each(track, t, scale);
      continue;
    }
    const Schedule& schedule = *track.setting.schedules.list[0];
    double value = schedule(t);
    if (track.is_rate && plateau_) value = plateau_rate(*plateau_, scale, value);
    track.next_value =
        is_in_range(track, value) ? value : nearest_in_range(track, schedule, t, value);
  }
  auto track = tracks_.begin();
  try {
    for (; track != tracks_.end(); ++track) {
      if (set(*track, track->next_value, track->next)) continue;
      // None is set yet: the number of groups is another.
      sync_with_groups(groups_());
      return write(t, scale);
    }
  } catch (...) {
    if (is_built_ && track != tracks_.end()) set_back(*track);
    throw;
  }
  for (Track& done : tracks_) {
    done.value = done.next_value;
    if (!done.has_one_value) done.values.swap(done.next);
  }
  step_count_ = t;
}

}  // namespace libsched
