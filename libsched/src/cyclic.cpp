#include "libsched/cyclic.hpp"

#include <fmt/format.h>

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

bool CosineRestarts::restarts_at(Step t) const {
  if (period_factor == 1) return t > 0 && t % period == 0;
  const std::vector<Cycle> all = cycles();
  return std::any_of(all.begin() + 1, all.end(), [t](const Cycle& c) { return c.start == t; });
}

std::string OneCycle::complaint() const {
  const double final_lr = max_lr / div_factor / final_div_factor;
  if (std::isfinite(final_lr)) return {};
  return fmt::format("max_lr / div_factor / final_div_factor must be finite, got {}", final_lr);
}

}  // namespace libsched
