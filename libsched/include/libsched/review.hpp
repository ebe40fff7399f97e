#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/schedule.hpp"

namespace libsched {

/// What review() looks for.
enum class FindingKind {
  unfinished,       ///< the run ends before the schedule
  held,             ///< the schedule ends long before the run, and holds its last value
  ends_on_restart,  ///< the schedule ends at the peak of a restart and holds it
  high_floor,       ///< a min_lr above its base_lr
  jump,             ///< a jump by more than 10x that is no restart
  no_change,        ///< the run ends before the schedule changes at all
  unreached_peak,   ///< the run ends before the highest value
  no_update,        ///< updates with a rate of 0, at the start or at the end
  out_of_range,     ///< a value that is negative or not finite, or, of a beta, 1 and more
  overwritten       ///< one schedule over param groups that had different values
};

/// What people find out too late about a schedule, in one sentence with the step and the values.
struct Finding {
  Step step;         ///< where it is
  std::string text;  ///< the sentence
  FindingKind kind;  ///< what it is
};

/// Warns of a schedule that does not fit a run of `planned_steps` updates: the run ends before the
/// schedule, or long after it, or the schedule on a restart, whose peak it then holds; the first
/// updates or the rest of the run have rate 0; a min_lr is above its base_lr; the rate jumps by
/// more than 10x where no restart is meant; the peak is never reached; the rate changes only after
/// the run; a value of one's own
/// schedule is negative or not finite. Looks at every step of half a million; of a longer run, what
/// lasts less than one in 500,000 of the steps before it may be overlooked. Throws
/// std::invalid_argument for planned_steps < 1.
LIBSCHED_API std::vector<Finding> review(const Schedule& schedule, Step planned_steps);

namespace detail {

constexpr Step dense_steps = 500'000;

// Visits each pair of neighbouring places from `first` to `last`: every step at first, then places
// ever further apart, so that they are few and nothing that repeats falls between them each time.
template <class Visit>
void walk(Step first, Step last, const Visit& visit) {
  for (Step from = first; from < last;) {
    const Step width = 1 + (from - first) / dense_steps;
    const Step to = from + (std::min)(width, last - from);
    visit(from, to);
    from = to;
  }
}

}  // namespace detail

}  // namespace libsched
