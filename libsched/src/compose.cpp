#include "libsched/compose.hpp"

#include <fmt/format.h>

#include "blocks.hpp"
#include "libsched/decay.hpp"
#include "libsched/ramp.hpp"

namespace libsched {

using detail::append;
using detail::grow;

Schedule detail::zero() { return Constant{0}; }

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

void Sequence::sample(Step first, Step count, std::vector<double>& values) const {
  for (std::size_t i = 0; i + 1 < parts.size() && count > 0; ++i) {
    const Step length = *parts[i].length();
    const Step n = std::clamp<Step>(length - first, 0, count);
    if (n > 0) parts[i].sample(first, n, values);
    first = std::max<Step>(first - length, 0);
    count -= n;
  }
  parts.back().sample(first, count, values);
}

std::string Sequence::complaint() const {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].length()) continue;
    return fmt::format("part {} of {} must have an end, got {}; take(..., steps) gives it one",
                       i + 1, parts.size(), to_string(parts[i]));
  }
  return {};
}

void Warmup::sample(Step first, Step count, std::vector<double>& values) const {
  const Step rising = std::clamp<Step>(steps - first, 0, count);
  const Linear line{start, schedule(0), steps};
  double* out = grow(values, rising);
  for (Step i = 0; i < rising; ++i) out[i] = line(first + i);
  schedule.sample(std::max<Step>(first - steps, 0), count - rising, values);
}

void Take::sample(Step first, Step count, std::vector<double>& values) const {
  const Step moving = std::clamp<Step>(steps - first, 0, count);
  schedule.sample(first, moving, values);
  append(values, count - moving, schedule(steps));
}

void Scaled::sample(Step first, Step count, std::vector<double>& values) const {
  schedule.sample(first, count, values);
  detail::for_last(values, count, [&](double value) { return factor * value; });
}

void Clamped::sample(Step first, Step count, std::vector<double>& values) const {
  schedule.sample(first, count, values);
  detail::for_last(values, count, [&](double value) { return std::clamp(value, min, max); });
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

void Product::sample(Step first, Step count, std::vector<double>& values) const {
  parts.front().sample(first, count, values);
  std::vector<double> factors;
  for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
    factors.clear();
    part->sample(first, count, factors);
    const double* factor = factors.data();
    detail::for_last(values, count, [&](double value) { return value * *factor++; });
  }
}

void Repeat::sample(Step first, Step count, std::vector<double>& values) const {
  const Step once = *schedule.length();
  // A length that no step can reach is no end.
  const Step end = times ? detail::multiply(once, *times) : detail::last_step;
  const Step moving = end == detail::last_step ? count : std::clamp<Step>(end - first, 0, count);
  std::vector<double> round;
  if (once < moving) schedule.sample(0, once, round);
  for (Step done = 0; done < moving;) {
    const Step from = (first + done) % once;
    const Step n = std::min(once - from, moving - done);
    if (round.empty()) {
      schedule.sample(from, n, values);
    } else {
      values.insert(values.end(), round.data() + from, round.data() + from + n);
    }
    done += n;
  }
  if (moving < count) append(values, count - moving, schedule(once));
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

void Held::sample(Step first, Step count, std::vector<double>& values) const {
  if (count == 0) return;
  const Step epoch = first / every;
  std::vector<double> epochs;
  schedule.sample(epoch, (first + count - 1) / every - epoch + 1, epochs);
  Step t = first;
  for (const double value : epochs) {
    const Step n = std::min(every - t % every, first + count - t);
    append(values, n, value);
    t += n;
  }
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
