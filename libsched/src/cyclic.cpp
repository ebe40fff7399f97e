#include "libsched/cyclic.hpp"

#include <fmt/format.h>

#include "block_sampling.hpp"

namespace libsched {

namespace {

// The time at which cycle i begins, if the factor is not a whole number.
double start_of(const CosineRestarts& s, double i) {
  const double start = static_cast<double>(s.period) *
                       (std::expm1(i * std::log1p(s.period_factor - 1)) / (s.period_factor - 1));
  const double whole = std::round(start);
  return std::abs(start - whole) <= 1e-12 * whole ? whole : start;  // 10 * (1 + 1.1) is 21
}

// The first step that is not before `start`.
Step step_from(double start) {
  return start < 0x1p63 ? static_cast<Step>(std::ceil(start)) : detail::last_step;
}

}  // namespace

CosineRestarts::Cycle CosineRestarts::fractional_cycle_at(Step t) const {
  const auto step = static_cast<double>(t);
  const double growth = period_factor - 1;
  double i =
      std::floor(std::log1p(step * growth / static_cast<double>(period)) / std::log1p(growth));
  double begin = start_of(*this, i);
  double next = start_of(*this, i + 1);
  // Rounding may have taken i past a whole number.
  if (step_from(begin) > t) {
    --i;
    next = begin;
    begin = start_of(*this, i);
  } else if (next < 0x1p63 && step_from(next) <= t) {
    ++i;
    begin = next;
    next = start_of(*this, i + 1);
  }
  // From cycle 2^53 on i and i + 1 are the same double, and `begin` may lie after t.
  begin = std::min({begin, step, 0x1.fffffffffffffp62});  // the last double that is a Step
  const double whole = std::floor(begin);
  return {static_cast<Step>(i), static_cast<Step>(whole), begin - whole,
          static_cast<double>(period) * std::pow(period_factor, i), step_from(next)};
}

void Cyclical::sample(Step first, Step count, double* out) const {
  const auto power = [this](Step t) { return math::pow_int(gamma, t); };
  detail::products(out, first, count, detail::block_of(count), power, power,
                   [](double value) { return value; });
  const auto up = static_cast<std::uint64_t>(step_size);
  const auto whole = up + static_cast<std::uint64_t>(step_size_down);
  const double low = base_lr;
  const double high = max_lr;
  for (Step done = 0; done < count;) {
    const auto t = static_cast<std::uint64_t>(first + done);
    const bool rises = t % whole < up;
    const std::uint64_t left = (rises ? up : whole) - t % whole;
    const auto height = static_cast<double>(rises ? t % whole : left);
    const auto length = static_cast<double>(rises ? up : whole - up);
    const double way = rises ? 1 : -1;
    const double scale = math::pow_int(cycle_scale, static_cast<Step>(t / whole));
    const Step most = length <= 0x1p53 ? detail::block : 1;  // a double and i add up to a step
    const auto room = static_cast<std::uint64_t>(std::min(most, count - done));
    const auto n = static_cast<int>(std::min(left, room));
    double* values = out + done;
    for (int i = 0; i < n; ++i) {
      values[i] = math::line_between(low, high, (height + way * i) / length * (scale * values[i]));
    }
    done += n;
  }
}

// In whole numbers, so that no cycle starts a step early or late.
std::vector<CosineRestarts::Cycle> CosineRestarts::whole_cycles() const {
  if (period_factor == 1 || period_factor != std::floor(period_factor)) return {};
  const Step factor = period_factor < 0x1p63 ? static_cast<Step>(period_factor) : detail::last_step;
  std::vector<Cycle> cycles{{0, 0, 0, static_cast<double>(period), period}};
  Step length = period;
  while (length <= detail::last_step - cycles.back().start) {
    const Step start = cycles.back().next;
    const Step next_length = detail::multiply(length, factor);
    cycles.push_back({cycles.back().index + 1, start, 0,
                      static_cast<double>(length) * period_factor,
                      detail::add(start, next_length)});
    if (length > detail::last_step / factor) break;  // the next is too long for a Step: the last
    length = next_length;
  }
  return cycles;
}

void CosineRestarts::sample(Step first, Step count, double* out) const {
  // The cosines of one cycle, if all cycles differ only in their peaks.
  std::vector<double> wave(period_factor == 1 && period < count ? static_cast<std::size_t>(period)
                                                                : 0);
  if (!wave.empty()) {
    detail::cosines(wave.data(), 0, period, 0, static_cast<double>(period),
                    [](double cosine) { return cosine; });
  }
  const std::vector<Cycle> known = whole_cycles();
  for (Step done = 0; done < count;) {
    const Step t = first + done;
    const Cycle cycle = cycle_at(t, known);
    const Step n = std::max<Step>(1, std::min(cycle.next - t, count - done));
    if (wave.empty()) {
      detail::half_wave(out + done, t - cycle.start, n, peak(cycle.index), min_lr, cycle.part,
                        cycle.length);
    } else {
      const double* cosine = wave.data() + (t - cycle.start);
      const double top = peak(cycle.index);
      for (Step i = 0; i < n; ++i) out[done + i] = math::cosine_mix(top, min_lr, cosine[i]);
    }
    done += n;
  }
}

std::optional<Step> CosineRestarts::next_restart(Step after) const {
  const std::vector<Cycle> known = whole_cycles();
  const Cycle cycle = cycle_at(std::max<Step>(after, 0), known);
  return cycle_at(cycle.next, known).index > cycle.index ? std::optional(cycle.next) : std::nullopt;
}

void OneCycle::sample(Step first, Step count, double* out) const {
  Step done = 0;
  for (const Phase& p : phases()) {
    const Step t = first + done;
    const Step end = std::min(steps, step_from(std::floor(p.to) + 1));
    const Step n = detail::before(end, t, count - done);
    double* phase = out + done;
    if (p.from < p.to) {
      const auto curve = anneal == Anneal::cosine ? detail::half_wave : detail::line;
      curve(phase, t, n, p.start, p.end, p.from, p.to - p.from);
    } else {
      detail::fill(phase, n, at(p, static_cast<double>(t)));
    }
    done += n;
  }
  detail::fill(out + done, count - done, (*this)(steps));
}

std::string OneCycle::complaint() const {
  const double final_lr = max_lr / div_factor / final_div_factor;
  if (std::isfinite(final_lr)) return {};
  return fmt::format("max_lr / div_factor / final_div_factor must be finite, got {}", final_lr);
}

}  // namespace libsched
