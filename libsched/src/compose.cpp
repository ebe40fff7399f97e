#include "libsched/compose.hpp"

#include <fmt/format.h>

#include "block_sampling.hpp"
#include "libsched/decay.hpp"
#include "libsched/ramp.hpp"

namespace libsched {

namespace {

// Moves a restart, if there is one, by `steps` steps.
std::optional<Step> later(std::optional<Step> restart, Step steps) {
  if (!restart || *restart > detail::last_step - steps) return std::nullopt;
  return *restart + steps;
}

// Returns the restart if it is not after `end`.
std::optional<Step> no_later(std::optional<Step> restart, Step end) {
  return restart && *restart <= end ? restart : std::nullopt;
}

std::string no_end(std::string_view what, std::string_view where, const Schedule& schedule) {
  return fmt::format("{} must have an end{}, got {}; take(..., steps) gives it one", what, where,
                     to_string(schedule));
}

}  // namespace

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

std::optional<Step> Sequence::next_restart(Step after) const {
  Step start = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    const Step end = is_last ? detail::last_step : detail::add(start, *parts[i].length());
    const auto restart = later(parts[i].next_restart(std::max<Step>(after - start, -1)), start);
    if (restart && (is_last || *restart < end)) return restart;
    start = end;
  }
  return std::nullopt;
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

void Sequence::sample(Step first, Step count, double* out) const {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Step length = *parts[i].length();
    const Step n = detail::before(length, first, count);
    libsched::sample(parts[i], first, n, out);
    out += n;
    first = std::max<Step>(first - length, 0);
    count -= n;
  }
  libsched::sample(parts.back(), first, count, out);
}

std::string Sequence::complaint() const {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].length()) continue;
    return no_end(fmt::format("part {} of {}", i + 1, parts.size()), "", parts[i]);
  }
  return {};
}

void Warmup::sample(Step first, Step count, double* out) const {
  const Step rising = detail::before(steps, first, count);
  Linear{start, schedule(0), steps}.sample(first, rising, out);
  libsched::sample(schedule, std::max<Step>(first - steps, 0), count - rising, out + rising);
}

std::optional<Step> Warmup::next_restart(Step after) const {
  return later(schedule.next_restart(std::max<Step>(after - steps, -1)), steps);
}

void Take::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  libsched::sample(schedule, first, moving, out);
  detail::fill(out + moving, count - moving, schedule(steps));
}

std::optional<Step> Take::next_restart(Step after) const {
  return no_later(schedule.next_restart(after), steps);
}

void Scaled::sample(Step first, Step count, double* out) const {
  libsched::sample(schedule, first, count, out);
  detail::change(out, count, [by = factor](double value) { return by * value; });
}

void Clamped::sample(Step first, Step count, double* out) const {
  libsched::sample(schedule, first, count, out);
  detail::change(out, count,
                 [low = min, high = max](double value) { return std::clamp(value, low, high); });
}

std::string Clamped::complaint() const {
  return min <= max ? "" : fmt::format("min must be at most max ({}), got {}", max, min);
}

template <class Operation>
std::optional<Step> Combined<Operation>::length() const {
  Step last = 0;
  for (const Schedule& part : parts) {
    const std::optional<Step> length = part.length();
    if (!length) return std::nullopt;
    last = std::max(last, *length);
  }
  return last;
}

template <class Operation>
std::optional<Step> Combined<Operation>::next_restart(Step after) const {
  std::optional<Step> first;
  for (const Schedule& part : parts) {
    const std::optional<Step> restart = part.next_restart(after);
    if (restart) first = std::min(first.value_or(*restart), *restart);
  }
  return first;
}

template <class Operation>
void Combined<Operation>::sample(Step first, Step count, double* out) const {
  constexpr Step piece = 1 << 16;  // small enough for the cache
  std::vector<double> others(static_cast<std::size_t>(std::min(piece, count)));
  for (Step done = 0; done < count; done += piece) {
    const Step n = std::min(piece, count - done);
    double* values = out + done;
    libsched::sample(parts.front(), first + done, n, values);
    for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
      libsched::sample(*part, first + done, n, others.data());
      for (Step i = 0; i < n; ++i) {
        values[i] = Operation{}(values[i], others[static_cast<std::size_t>(i)]);
      }
    }
  }
}

template struct LIBSCHED_API Combined<detail::Multiply>;
template struct LIBSCHED_API Combined<detail::Add>;
template struct LIBSCHED_API Combined<detail::Min>;
template struct LIBSCHED_API Combined<detail::Max>;

namespace {

Combined<detail::Subtract> both(const Difference& difference) {
  return {{difference.schedule, difference.subtracted}};
}

}  // namespace

void Difference::sample(Step first, Step count, double* out) const {
  both(*this).sample(first, count, out);
}

std::optional<Step> Difference::length() const { return both(*this).length(); }

void Repeat::sample(Step first, Step count, double* out) const {
  const Step once = *schedule.length();
  const bool ends = times && *times <= detail::last_step / once;  // if not, no step reaches the end
  const Step end = ends ? once * *times : detail::last_step;
  const Step moving = ends ? detail::before(end, first, count) : count;
  std::vector<double> round(once < moving ? static_cast<std::size_t>(once) : 0);
  libsched::sample(schedule, 0, static_cast<Step>(round.size()), round.data());
  for (Step done = 0; done < moving;) {
    const Step from = (first + done) % once;
    const Step n = std::min(once - from, moving - done);
    if (round.empty()) {
      libsched::sample(schedule, from, n, out + done);
    } else {
      std::copy_n(round.data() + from, n, out + done);
    }
    if (factor != 1) {
      const double scale = math::pow_int(factor, (first + done) / once);
      for (Step i = done; i < done + n; ++i) out[i] *= scale;
    }
    done += n;
  }
  if (moving < count) detail::fill(out + moving, count - moving, (*this)(end));
}

std::string Repeat::complaint() const {
  if (!schedule.length()) return no_end("the schedule", " after step 0", schedule);
  if (*schedule.length() > 0) return {};
  return fmt::format("the schedule must have at least 1 step, got {}, which has none",
                     to_string(schedule));
}

std::optional<Step> Repeat::next_restart(Step after) const {
  const Step once = *schedule.length();
  const Step round = std::max<Step>(after, 0) / once;
  if (times && round >= *times) return std::nullopt;
  const Step start = round * once;
  const auto inside = no_later(schedule.next_restart(after - start), once - 1);
  if (inside || (times && round >= *times - 1)) return later(inside, start);
  return later(once, start);
}

void Skip::sample(Step first, Step count, double* out) const {
  const Step from = detail::add(first, steps);
  const Step inside = std::min(count, detail::last_step - from);
  libsched::sample(schedule, from, inside, out);
  // A user-defined schedule may not be defined at the last step.
  if (inside < count) {
    detail::fill(out + inside, count - inside, schedule(detail::last_step));
  }
}

std::optional<Step> Skip::length() const {
  const std::optional<Step> length = schedule.length();
  return length ? std::optional(std::max<Step>(*length - steps, 0)) : std::nullopt;
}

std::optional<Step> Skip::next_restart(Step after) const {
  const auto restart = schedule.next_restart(detail::add(std::max<Step>(after, -1), steps));
  return restart ? std::optional(*restart - steps) : std::nullopt;
}

void Reversed::sample(Step first, Step count, double* out) const {
  const Step whole = *schedule.length();
  const Step moving = detail::before(whole, first, count);
  if (moving > 0) libsched::sample(schedule, whole - first - moving + 1, moving, out);
  std::reverse(out, out + moving);
  detail::fill(out + moving, count - moving, schedule(0));
}

std::string Reversed::complaint() const {
  if (schedule.length()) return {};
  return no_end("the schedule", "", schedule);
}

void Cooldown::sample(Step first, Step count, double* out) const {
  const Step before = detail::before(after, first, count);
  libsched::sample(schedule, first, before, out);
  const double start = schedule(after);
  const Step t = std::max<Step>(first - after, 0);  // in the cooldown
  const auto fall = [&](const auto& ramp) { ramp.sample(t, count - before, out + before); };
  if (shape == CooldownShape::cosine) {
    fall(Cosine{start, end, steps});
  } else if (shape == CooldownShape::sqrt) {
    fall(SqrtCooldown{start, end, steps});
  } else {
    fall(Linear{start, end, steps});
  }
}

std::optional<Step> Cooldown::next_restart(Step t) const {
  // With no steps the value at step `after` is already the end.
  return no_later(schedule.next_restart(t), steps == 0 ? after - 1 : after);
}

void Held::sample(Step first, Step count, double* out) const {
  if (count == 0) return;
  const Step epoch = first / every;
  const Step last = (first + (count - 1)) / every;
  std::vector<double> epochs(static_cast<std::size_t>(last - epoch + 1));
  libsched::sample(schedule, epoch, last - epoch + 1, epochs.data());
  Step done = 0;
  for (const double value : epochs) {
    const Step n = std::min(done == 0 ? every - first % every : every, count - done);
    detail::fill(out + done, n, value);
    done += n;
  }
}

std::optional<Step> Held::next_restart(Step t) const {
  const std::optional<Step> epoch = schedule.next_restart(t < 0 ? -1 : t / every);
  return epoch && *epoch <= detail::last_step / every ? std::optional(*epoch * every)
                                                      : std::nullopt;
}

// These are not inline, because every file that includes the header would then compile a Schedule
// of each combinator.
Schedule sequence(std::vector<Schedule> parts) { return Sequence{std::move(parts)}; }
Schedule product(std::vector<Schedule> parts) { return Product{std::move(parts)}; }
Schedule sum(std::vector<Schedule> parts) { return Sum{std::move(parts)}; }
Schedule minimum(std::vector<Schedule> parts) { return Minimum{std::move(parts)}; }
Schedule maximum(std::vector<Schedule> parts) { return Maximum{std::move(parts)}; }
Schedule difference(Schedule schedule, Schedule subtracted) {
  return Difference{schedule, subtracted};
}
Schedule warmup(Schedule schedule, Step steps, double start) {
  return Warmup{schedule, steps, start};
}
Schedule take(Schedule schedule, Step steps) { return Take{schedule, steps}; }
Schedule scaled(Schedule schedule, double factor) { return Scaled{schedule, factor}; }
Schedule clamped(Schedule schedule, double min, double max) { return Clamped{schedule, min, max}; }
Schedule repeat(Schedule schedule, std::optional<Step> times, double factor) {
  return Repeat{schedule, times, factor};
}
Schedule skip(Schedule schedule, Step steps) { return Skip{schedule, steps}; }
Schedule reversed(Schedule schedule) { return Reversed{schedule}; }
Schedule cooldown(Schedule schedule, Step after, Step steps, double end, CooldownShape shape) {
  return Cooldown{schedule, after, steps, end, shape};
}
Schedule held(Schedule schedule, Step every) { return Held{schedule, every}; }

}  // namespace libsched
