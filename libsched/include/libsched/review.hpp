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
  Step step;         ///< the step at which the problem shows
  std::string text;  ///< one sentence with the step and the values
  FindingKind kind;  ///< what kind of problem it is
};

/// Returns the problems of a schedule that drives a run of `planned_steps` updates; FindingKind
/// lists their kinds. If the schedule fits the run, the list is empty.
///
/// It looks at each of the first 500,000 steps, and after that at steps that are ever further
/// apart: near step t it may miss a problem that lasts fewer than t / 500,000 steps. Throws
/// std::invalid_argument if planned_steps < 1.
LIBSCHED_API std::vector<Finding> review(const Schedule& schedule, Step planned_steps);

namespace detail {

constexpr Step dense_steps = 500'000;

// Visits pairs of neighbouring steps from `first` to `last`: at first all steps, then steps ever
// further apart. So there are few of them, and since their distance grows, they cannot all miss
// something that repeats with a fixed period.
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
