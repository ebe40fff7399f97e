#include "libsched/review.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "field_text.hpp"
#include "libsched/math.hpp"
#include "model.hpp"

namespace libsched {
namespace {

using detail::dense_steps;
using detail::walk;

std::string counted(Step steps) { return detail::counted(steps, "step"); }

bool is_rate(double value) { return value >= 0 && std::isfinite(value); }

bool differ_by_more_than_10x(double a, double b) { return std::max(a, b) > 10 * std::min(a, b); }

// Bisects: the first step after `from` at which `holds`, if it then holds up to `to`.
template <class Predicate>
Step first_step(Step from, Step to, const Predicate& holds) {
  while (to - from > 1) {
    const Step middle = from + (to - from) / 2;
    (holds(middle) ? to : from) = middle;
  }
  return to;
}

// A schedule and the run that it is meant for.
struct Run {
  const Schedule& schedule;
  Step steps;
  Step last = steps - 1;
  std::optional<Step> length = schedule.length();

  bool is_cut() const { return length && *length > steps; }
};

// What one walk over the run finds.
struct Scan {
  std::vector<Step> jumps;
  std::optional<Step> no_rate;  // the first value that is not a learning rate
  Step first_above_zero = 0;    // 0 if the run begins above 0 or never rises above it
  Step zero_from = 0;           // where the zeros at the end begin; the number of steps if none do
  double peak;
  bool is_flat = true;
};

// More than 10x between t - 1 and t, and not a piece of a steep but even slope.
bool jumps_at(const Run& run, Step t) {
  const Schedule& schedule = run.schedule;
  const double before = schedule(t - 1);
  const double now = schedule(t);
  if (!differ_by_more_than_10x(before, now)) return false;
  if (now > before && schedule.restarts_at(t)) return false;
  const double steep = 0.25;  // the share of the jump by which a step beside it goes on
  const double jump = now - before;
  return (t < 2 || (before - schedule(t - 2)) / jump < steep) &&
         (t + 1 >= run.steps || (schedule(t + 1) - now) / jump < steep);
}

Scan scan(const Run& run) {
  const Schedule& schedule = run.schedule;
  Scan scan;
  double before = schedule(0);
  scan.peak = before;
  scan.zero_from = before == 0 ? 0 : run.steps;
  scan.is_flat = run.steps > 1;
  if (!is_rate(before)) scan.no_rate = 0;
  walk(0, run.last, [&](Step from, Step to) {
    const double now = schedule(to);
    if (!scan.no_rate && !is_rate(now)) scan.no_rate = to;
    if (now != before) scan.is_flat = false;
    scan.peak = std::max(scan.peak, now);
    if (differ_by_more_than_10x(before, now)) {
      const Step t = first_step(from, to, [&](Step middle) {
        return std::abs(schedule(middle) - before) > std::abs(now - before) / 2;
      });
      if (jumps_at(run, t)) scan.jumps.push_back(t);
    }
    if (now != 0) {
      if (scan.zero_from == 0) {
        scan.first_above_zero =
            first_step(from, to, [&](Step middle) { return schedule(middle) != 0; });
      }
      scan.zero_from = run.steps;
    } else if (before != 0) {
      scan.zero_from = first_step(from, to, [&](Step middle) { return schedule(middle) == 0; });
    }
    before = now;
  });
  return scan;
}

using Findings = std::vector<Finding>;

void find_unfinished(const Run& run, Findings& findings) {
  if (!run.is_cut()) return;
  findings.push_back(
      {run.last,
       fmt::format("The run ends {} before the schedule does: its last step, {}, has {:.6g}, "
                   "the schedule would end at step {} with {:.6g}.",
                   counted(*run.length - run.steps), run.last, run.schedule(run.last), *run.length,
                   run.schedule(*run.length)),
       FindingKind::unfinished});
}

void find_held(const Run& run, Findings& findings) {
  if (!run.length || *run.length >= run.steps - run.steps / 10) return;
  findings.push_back(
      {*run.length,
       fmt::format("The schedule ends at step {} and holds {:.6g} for the other {} of {} steps.",
                   *run.length, run.schedule(*run.length), run.steps - *run.length, run.steps),
       FindingKind::held});
}

void find_end_on_restart(const Run& run, Findings& findings) {
  const Step end = run.length.value_or(0);
  if (end == 0 || end >= run.steps || !run.schedule.restarts_at(end)) return;
  findings.push_back(
      {end,
       fmt::format("The schedule ends on a restart: it holds the peak, {:.6g}, from step "
                   "{} on; one step less ends it at {:.6g}.",
                   run.schedule(end), end, run.schedule(end - 1)),
       FindingKind::ends_on_restart});
}

const double* number_of(const detail::FieldData& field, const void* value) {
  const bool is_number = field.info->type == detail::Type::number;
  return is_number ? static_cast<const double*>(value) : nullptr;
}

// In the schedule and in all that it holds.
void find_high_floors(const Run& run, Findings& findings) {
  detail::for_each_model(run.schedule, [&](const detail::Model& model) {
    if (model.kind == nullptr) return;
    const std::vector<detail::FieldData> fields = detail::fields_of(*model.kind, model.data);
    for (const detail::FieldData& field : fields) {
      const double* floor = number_of(field, field.value);
      const double* top = number_of(field, field.floor_under);
      if (floor == nullptr || top == nullptr || *floor <= *top) continue;
      const auto its_top = std::find_if(fields.begin(), fields.end(),
                                        [&](const auto& other) { return other.value == top; });
      findings.push_back(
          {0,
           fmt::format("{} has its {}, {:.6g}, above its {}, {:.6g}: it does not fall.",
                       model.kind->name, field.info->name, *floor, its_top->info->name, *top),
           FindingKind::high_floor});
    }
  });
}

void find_frozen_start(const Run& run, const Scan& scan, Findings& findings) {
  const Step frozen = scan.first_above_zero;
  if (frozen == 0) return;
  const std::string zeros =
      frozen == 1
          ? "The first value, at step 0, is 0, so that the first update does nothing"
          : fmt::format("The value is 0 up to step {}, so that the first {} updates do nothing",
                        frozen - 1, frozen);
  findings.push_back({0,
                      fmt::format("{}; step {} has {:.6g}. With start= a warm-up begins above 0.",
                                  zeros, frozen, run.schedule(frozen)),
                      FindingKind::no_update});
}

void find_jumps(const Run& run, const Scan& scan, Findings& findings) {
  if (scan.jumps.empty()) return;
  const Step first = scan.jumps.front();
  const std::string more =
      scan.jumps.size() == 1
          ? ""
          : fmt::format(", the first of {}{} jumps by more than 10x",
                        run.steps > dense_steps ? "at least " : "", scan.jumps.size());
  findings.push_back(
      {first,
       fmt::format("The value jumps from {:.6g} at step {} to {:.6g} at step {}{}.",
                   run.schedule(first - 1), first - 1, run.schedule(first), first, more),
       FindingKind::jump});
}

// The first step after the run at which the schedule has another value. The search covers ten times
// the run. If all parts are libsched's own schedules, which are defined at every step, it goes on
// to the last one.
std::optional<Step> first_change_after(const Run& run) {
  const double value = run.schedule(run.last);
  const auto changed = [&](Step t) { return run.schedule(t) != value; };
  const Step horizon = detail::multiply(run.steps, 10);
  std::optional<Step> change;
  walk(run.last, horizon, [&](Step from, Step to) {
    if (!change && changed(to)) change = first_step(from, to, changed);
  });
  const bool is_known = !detail::has_callable(run.schedule);
  for (Step from = horizon; is_known && !change && from < detail::last_step;) {
    const Step to = detail::multiply(from, 2);
    if (changed(to)) change = first_step(from, to, changed);
    from = to;
  }
  return change;
}

bool find_no_change(const Run& run, const Scan& scan, Findings& findings) {
  if (!scan.is_flat || run.is_cut()) return false;
  const std::optional<Step> change = first_change_after(run);
  if (!change) return false;
  findings.push_back(
      {*change,
       fmt::format("The value is {:.6g} at every step of the run: it first changes at step "
                   "{}, to {:.6g}, and the run's last step is {}.",
                   run.schedule(run.last), *change, run.schedule(*change), run.last),
       FindingKind::no_change});
  return true;
}

void find_unreached_peak(const Run& run, const Scan& scan, Findings& findings) {
  const Step horizon = run.length.value_or(detail::multiply(run.steps, 10));
  if (horizon <= run.steps) return;
  Step step = run.last;
  double peak = run.schedule(step);
  walk(run.last, horizon, [&](Step, Step t) {
    if (const double value = run.schedule(t); value > peak) {
      step = t;
      peak = value;
    }
  });
  if (peak <= scan.peak * (1 + 1e-5)) return;
  if (run.is_cut() && step == *run.length) return;  // find_unfinished has said it
  findings.push_back(
      {step,
       fmt::format("The peak, {:.6g} at step {}, is never reached: the run ends at step {} "
                   "and has {:.6g} at most.",
                   peak, step, run.last, scan.peak),
       FindingKind::unreached_peak});
}

void find_frozen_end(const Run& run, const Scan& scan, Findings& findings) {
  if (scan.zero_from == run.steps) return;
  const auto says_it = [&](const Finding& finding) {
    return finding.kind == FindingKind::held && finding.step == scan.zero_from;
  };
  if (std::any_of(findings.begin(), findings.end(), says_it)) return;
  findings.push_back(
      {scan.zero_from,
       fmt::format("The value is 0 from step {} on: the last {} of {} updates do nothing.",
                   scan.zero_from, run.steps - scan.zero_from, run.steps),
       FindingKind::no_update});
}

}  // namespace

std::vector<Finding> review(const Schedule& schedule, Step planned_steps) {
  if (planned_steps < 1) {
    throw std::invalid_argument(
        fmt::format("review: planned_steps must be at least 1, got {}", planned_steps));
  }
  const Run run{schedule, planned_steps};
  const Scan scanned = scan(run);
  if (const auto t = scanned.no_rate) {  // the checks below compare rates
    return {
        {*t,
         fmt::format(
             "The value at step {} is {}; a driver refuses a value that is negative or not finite.",
             *t, schedule(*t)),
         FindingKind::out_of_range}};
  }
  Findings findings;
  find_unfinished(run, findings);
  find_held(run, findings);
  find_end_on_restart(run, findings);
  find_high_floors(run, findings);
  find_frozen_start(run, scanned, findings);
  find_jumps(run, scanned, findings);
  if (!find_no_change(run, scanned, findings)) find_unreached_peak(run, scanned, findings);
  find_frozen_end(run, scanned, findings);
  return findings;
}

}  // namespace libsched
