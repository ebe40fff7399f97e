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

// The first step after `from` for which `holds`, where it then holds up to `to`.
template <class Predicate>
Step first_step(Step from, Step to, const Predicate& holds) {
  while (to - from > 1) {
    const Step middle = from + (to - from) / 2;
    (holds(middle) ? to : from) = middle;
  }
  return to;
}

struct Peak {
  Step step;
  double value;
};

Peak peak_between(const Schedule& schedule, Step first, Step last) {
  Peak peak{first, schedule(first)};
  walk(first, last, [&](Step, Step t) {
    if (const double value = schedule(t); value > peak.value) peak = {t, value};
  });
  return peak;
}

bool differ_by_more_than_10x(double a, double b) { return std::max(a, b) > 10 * std::min(a, b); }

// More than 10x between t - 1 and t, and not a piece of a steep but even slope.
bool jumps_at(const Schedule& schedule, Step t, Step planned_steps) {
  const double before = schedule(t - 1);
  const double now = schedule(t);
  if (!differ_by_more_than_10x(before, now)) return false;
  if (now > before && schedule.restarts_at(t)) return false;
  const double steep = 0.25;  // of the jump, in its direction: what the steps beside it change by
  const double jump = now - before;
  return (t < 2 || (before - schedule(t - 2)) / jump < steep) &&
         (t + 1 >= planned_steps || (schedule(t + 1) - now) / jump < steep);
}

// Calls find(what) for a kind with min_lr above base_lr.
template <class Find>
void find_high_floor(const detail::Model& model, const Find& find) {
  if (model.kind == nullptr) return;
  double base_lr = unset;
  double min_lr = unset;
  for (const detail::FieldData& field : detail::fields_of(*model.kind, model.data)) {
    if (field.info->name == "base_lr") {
      base_lr = *static_cast<const double*>(field.value);
    } else if (field.info->name == "min_lr") {
      min_lr = *static_cast<const double*>(field.value);
    }
  }
  if (min_lr > base_lr) {
    find(fmt::format("{} has its min_lr, {:.6g}, above its base_lr, {:.6g}: it does not fall.",
                     model.kind->name, min_lr, base_lr));
  }
}

// The first step after `last` at which the schedule has another value, where it has one as far as
// anyone looks: ten times the run, and of what libsched computes itself also the steps that follow.
std::optional<Step> first_change_after(const Schedule& schedule, Step last) {
  const double value = schedule(last);
  const auto changed = [&](Step t) { return schedule(t) != value; };
  const Step horizon = detail::multiply(last + 1, 10);
  std::optional<Step> change;
  walk(last, horizon, [&](Step from, Step to) {
    if (!change && changed(to)) change = first_step(from, to, changed);
  });
  const bool is_known = !detail::has_callable(schedule);
  for (Step from = horizon; is_known && !change && from < detail::last_step;) {
    const Step to = detail::multiply(from, 2);
    if (changed(to)) change = first_step(from, to, changed);
    from = to;
  }
  return change;
}

bool is_rate(double value) { return value >= 0 && std::isfinite(value); }

}  // namespace

std::vector<Finding> review(const Schedule& schedule, Step planned_steps) {
  if (planned_steps < 1) {
    throw std::invalid_argument(
        fmt::format("review: planned_steps must be at least 1, got {}", planned_steps));
  }
  const Step last = planned_steps - 1;
  const std::optional<Step> length = schedule.length();
  std::vector<Finding> findings;
  const auto find = [&](FindingKind kind, Step step, std::string text) {
    findings.push_back({step, std::move(text), kind});
  };

  if (length && *length > planned_steps) {
    find(FindingKind::unfinished, last,
         fmt::format("The run ends {} before the schedule does: its last step, {}, has {:.6g}, "
                     "the schedule would end at step {} with {:.6g}.",
                     counted(*length - planned_steps), last, schedule(last), *length,
                     schedule(*length)));
  }
  if (length && *length < planned_steps - planned_steps / 10) {
    find(FindingKind::held, *length,
         fmt::format("The schedule ends at step {} and holds {:.6g} for the other {} of {} steps.",
                     *length, schedule(*length), planned_steps - *length, planned_steps));
  }
  const Step end = length.value_or(0);
  if (end > 0 && end < planned_steps && schedule.restarts_at(end)) {
    find(FindingKind::ends_on_restart, end,
         fmt::format("The schedule ends on a restart: it holds the peak, {:.6g}, from step "
                     "{} on; one step less ends it at {:.6g}.",
                     schedule(end), end, schedule(end - 1)));
  }
  detail::for_each_model(schedule, [&](const detail::Model& model) {
    find_high_floor(model,
                    [&](std::string text) { find(FindingKind::high_floor, 0, std::move(text)); });
  });

  std::vector<Step> jumps;
  std::optional<Step> no_rate;
  Step zero_from = schedule(0) == 0 ? 0 : planned_steps;
  Step first_above_zero = 0;
  double before = schedule(0);
  bool is_flat = planned_steps > 1;
  if (!is_rate(before)) no_rate = 0;
  walk(0, last, [&](Step from, Step to) {
    const double now = schedule(to);
    if (!no_rate && !is_rate(now)) no_rate = to;
    if (now != before) is_flat = false;
    if (differ_by_more_than_10x(before, now)) {
      const Step t = first_step(from, to, [&](Step middle) {
        return std::abs(schedule(middle) - before) > std::abs(now - before) / 2;
      });
      if (jumps_at(schedule, t, planned_steps)) jumps.push_back(t);
    }
    if (now != 0) {
      if (zero_from == 0) {
        first_above_zero = first_step(from, to, [&](Step middle) { return schedule(middle) != 0; });
      }
      zero_from = planned_steps;
    } else if (before != 0) {
      zero_from = first_step(from, to, [&](Step middle) { return schedule(middle) == 0; });
    }
    before = now;
  });

  if (no_rate) {  // what follows compares rates
    return {
        {*no_rate,
         fmt::format("The value at step {} is {}, which is no rate.", *no_rate, schedule(*no_rate)),
         FindingKind::out_of_range}};
  }
  if (first_above_zero > 0) {
    const Step frozen = first_above_zero;
    const std::string zeros =
        frozen == 1 ? "The first value, at step 0, is 0, so that the first update does nothing"
                    : fmt::format(
                          "The value is 0 up to step {}, so that the first {} updates do "
                          "nothing",
                          frozen - 1, frozen);
    find(FindingKind::no_update, 0,
         fmt::format("{}; step {} has {:.6g}. With start= a warm-up begins above 0.", zeros, frozen,
                     schedule(frozen)));
  }

  if (!jumps.empty()) {
    const Step first = jumps.front();
    find(FindingKind::jump, first,
         fmt::format("The value jumps from {:.6g} at step {} to {:.6g} at step {}{}.",
                     schedule(first - 1), first - 1, schedule(first), first,
                     jumps.size() == 1 ? ""
                                       : fmt::format(", the first of {}{} jumps by more than 10x",
                                                     planned_steps > dense_steps ? "at least " : "",
                                                     jumps.size())));
  }

  // One that ends after the run has been found already.
  const bool is_cut = length && *length > planned_steps;
  const Step change =
      is_flat && !is_cut ? first_change_after(schedule, last).value_or(last) : last;  // or none
  if (change > last) {
    find(FindingKind::no_change, change,
         fmt::format("The value is {:.6g} at every step of the run: it first changes at step "
                     "{}, to {:.6g}, and the run's last step is {}.",
                     schedule(last), change, schedule(change), last));
  }

  const Step horizon = length.value_or(detail::multiply(planned_steps, 10));
  if (horizon > planned_steps && change == last) {
    const Peak reached = peak_between(schedule, 0, last);
    const Peak beyond = peak_between(schedule, last, horizon);
    if (beyond.value > reached.value * (1 + 1e-5)) {
      find(FindingKind::unreached_peak, beyond.step,
           fmt::format("The peak, {:.6g} at step {}, is never reached: the run ends at step {} "
                       "and has {:.6g} at most.",
                       beyond.value, beyond.step, last, reached.value));
    }
  }

  if (zero_from < planned_steps) {
    find(FindingKind::no_update, zero_from,
         fmt::format("The value is 0 from step {} on: the last {} of {} updates do nothing.",
                     zero_from, planned_steps - zero_from, planned_steps));
  }
  return findings;
}

}  // namespace libsched
