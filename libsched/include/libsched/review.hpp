#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/schedule.hpp"

namespace libsched {

/// The problems that review() looks for.
enum class FindingKind {
  unfinished,       ///< the run ends before the schedule
  held,             ///< the schedule ends long before the run, and holds its last value
  ends_on_restart,  ///< the schedule ends at the peak of a restart and holds it
  high_floor,       ///< a min_lr is above its base_lr
  jump,             ///< the value jumps by more than 10x at a step that is not a restart
  no_change,        ///< the run ends before the schedule changes at all
  unreached_peak,   ///< the run ends before the highest value
  no_update,        ///< updates have a rate of 0, at the start or at the end
  out_of_range,     ///< a value is negative or not finite, or a beta is 1 or more
  overwritten       ///< one schedule drives param groups that had different values
};

/// A problem that review() found.
struct Finding {
  Step step;         ///< the step at which it shows
  std::string text;  ///< one sentence with the step and the values
  FindingKind kind;  ///< what kind of problem it is
};

/// Returns what does not fit when a schedule drives a run of `planned_steps` updates: FindingKind
/// lists what that may be. Nothing is returned for a schedule that fits.
///
/// It looks at every step of the first 500,000, and after that at steps ever further apart: at step
/// t it may miss what lasts less than t / 500,000 steps. Throws std::invalid_argument if
/// planned_steps < 1.
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
