#include "libsched/compose.hpp"

#include <fmt/format.h>

namespace libsched {

std::optional<Step> Sequence::length() const {
  Step sum = 0;
  for (const Schedule& part : parts) {
    const std::optional<Step> length = part.length();
    if (!length) return std::nullopt;
    sum = detail::add(sum, *length);
  }
  return sum;
}

bool Sequence::restarts_at(Step t) const {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Step length = *parts[i].length();
    if (t < length) return parts[i].restarts_at(t);
    t -= length;
  }
  return parts.back().restarts_at(t);
}

Sequence::Prepared Sequence::prepared() const {
  Prepared prepared{parts, {}};
  Step sum = 0;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Step length = *parts[i].length();
    if (length > detail::last_step - sum) break;  // no step reaches the next part
    prepared.starts.push_back(sum += length);
  }
  return prepared;
}

std::string Sequence::complaint() const {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].length()) continue;
    return fmt::format("part {} of {} must have an end, got {}; take(..., steps) gives it one",
                       i + 1, parts.size(), to_string(parts[i]));
  }
  return {};
}

std::string Clamped::complaint() const {
  return min <= max ? "" : fmt::format("min must be at most max ({}), got {}", max, min);
}

std::optional<Step> Product::length() const {
  Step last = 0;
  for (const Schedule& part : parts) {
    const std::optional<Step> length = part.length();
    if (!length) return std::nullopt;
    last = std::max(last, *length);
  }
  return last;
}

bool Product::restarts_at(Step t) const {
  return std::any_of(parts.begin(), parts.end(),
                     [t](const Schedule& part) { return part.restarts_at(t); });
}

bool Repeat::restarts_at(Step t) const {
  const Step once = *schedule.length();
  if (times && t / once >= *times) return false;
  return (t > 0 && t % once == 0) || schedule.restarts_at(t % once);
}

std::string Repeat::complaint() const {
  if (schedule.length().value_or(0) > 0) return {};
  return fmt::format(
      "the schedule must have an end after step 0, got {}; take(..., steps) gives it one",
      to_string(schedule));
}

// Not in the header: what a Schedule of each combinator takes to compile, every user would pay for.
Schedule sequence(std::vector<Schedule> parts) { return Sequence{std::move(parts)}; }
Schedule product(std::vector<Schedule> parts) { return Product{std::move(parts)}; }
Schedule warmup(Schedule schedule, Step steps, double start) {
  return Warmup{schedule, steps, start};
}
Schedule take(Schedule schedule, Step steps) { return Take{schedule, steps}; }
Schedule scaled(Schedule schedule, double factor) { return Scaled{schedule, factor}; }
Schedule clamped(Schedule schedule, double min, double max) { return Clamped{schedule, min, max}; }
Schedule repeat(Schedule schedule, std::optional<Step> times) { return Repeat{schedule, times}; }
Schedule held(Schedule schedule, Step every) { return Held{schedule, every}; }

}  // namespace libsched
