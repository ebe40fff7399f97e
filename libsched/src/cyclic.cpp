#include "libsched/cyclic.hpp"

#include <fmt/format.h>

#include "blocks.hpp"

namespace libsched {

// In whole numbers, so that no cycle starts a step early or late.
std::vector<CosineRestarts::Cycle> CosineRestarts::cycles() const {
  std::vector<Cycle> cycles{{0, static_cast<double>(period)}};
  if (period_factor == 1) return cycles;
  Step start = 0;
  Step length = period;
  while (length <= detail::last_step - start) {
    start += length;
    if (length > detail::last_step / period_factor) {  // the next is too long for a Step: the last
      cycles.push_back({start, static_cast<double>(length) * static_cast<double>(period_factor)});
      break;
    }
    length *= period_factor;
    cycles.push_back({start, static_cast<double>(length)});
  }
  return cycles;
}

void CosineRestarts::sample(Step first, Step count, std::vector<double>& values) const {
  const std::vector<Cycle> all = cycles();
  const bool alike = period_factor == 1;
  std::vector<double> wave;  // of one cycle, where all are alike but for their peaks
  if (alike && period < count) {
    detail::cosines(detail::grow(wave, period), 0, period, 0, static_cast<double>(period),
                    [](double cosine) { return cosine; });
  }
  double* out = detail::grow(values, count);
  for (Step done = 0; done < count;) {
    const Step whole = alike ? (first + done) / period : 0;
    const Step t = first + done - whole * period;
    const auto next = std::upper_bound(all.begin(), all.end(), t,
                                       [](Step s, const Cycle& cycle) { return s < cycle.start; });
    const Cycle& cycle = next[-1];
    const Step left = alike ? period - t : next != all.end() ? next->start - t : count;
    const Step n = std::min(left, count - done);
    const double peak = base_lr * power_of(peak_factor, whole + (next - all.begin()) - 1);
    if (wave.empty()) {
      detail::half_wave(out + done, t, n, peak, min_lr, static_cast<double>(cycle.start),
                        cycle.length);
    } else {
      const double* cosine = wave.data() + t;
      for (Step i = 0; i < n; ++i) out[done + i] = cosine_mix(peak, min_lr, cosine[i]);
    }
    done += n;
  }
}

bool CosineRestarts::restarts_at(Step t) const {
  if (period_factor == 1) return t > 0 && t % period == 0;
  const std::vector<Cycle> all = cycles();
  return std::any_of(all.begin() + 1, all.end(), [t](const Cycle& c) { return c.start == t; });
}

void OneCycle::sample(Step first, Step count, std::vector<double>& values) const {
  Step done = 0;
  for (const Phase& p : phases()) {
    const Step t = first + done;
    const Step end = p.to < 0                                ? 0
                     : p.to < static_cast<double>(steps - 1) ? static_cast<Step>(p.to) + 1
                                                             : steps;
    const Step n = std::clamp<Step>(end - t, 0, count - done);
    double* out = detail::grow(values, n);
    if (anneal == Anneal::cosine && p.from < p.to) {
      detail::half_wave(out, t, n, p.start, p.end, p.from, p.to - p.from);
    } else {
      for (Step i = 0; i < n; ++i) out[i] = at(p, static_cast<double>(t + i));
    }
    done += n;
  }
  detail::append(values, count - done, (*this)(steps));
}

std::string OneCycle::complaint() const {
  const double final_lr = max_lr / div_factor / final_div_factor;
  if (std::isfinite(final_lr)) return {};
  return fmt::format("max_lr / div_factor / final_div_factor must be finite, got {}", final_lr);
}

}  // namespace libsched
