#include "libsched/ramp.hpp"

#include "blocks.hpp"

namespace libsched {

void Cosine::sample(Step first, Step count, std::vector<double>& values) const {
  const Step moving = std::clamp<Step>(steps - first, 0, count);
  detail::half_wave(detail::grow(values, moving), first, moving, start, end, 0,
                    static_cast<double>(steps));
  detail::append(values, count - moving, (*this)(steps));
}

void Exponential::sample(Step first, Step count, std::vector<double>& values) const {
  const double ratio = std::min(start, end) / std::max(start, end);
  const Step moving = std::isnormal(ratio) ? std::clamp<Step>(steps - first, 0, count) : 0;
  const double way = (start < end ? -1.0 : 1.0) / static_cast<double>(steps);
  detail::products(
      detail::grow(values, moving), first, moving, *this,
      [&](Step i) { return std::pow(ratio, way * static_cast<double>(i)); },
      [&](double value) { return not_past(start, end, value); });
  for (Step t = first + moving; t < first + count; ++t) values.push_back((*this)(t));
}

void Tanh::sample(Step first, Step count, std::vector<double>& values) const {
  const Step moving = std::clamp<Step>(steps - first, 0, count);
  const auto whole = static_cast<double>(steps);
  detail::exponentials(
      detail::grow(values, moving), first, moving, 2 * ((upper - lower) / whole),
      [&](Step t) {
        const double x = static_cast<double>(t) / whole;
        return std::exp(2 * ((1 - x) * lower + x * upper));
      },
      [&](double power) { return at_power(power); });
  detail::append(values, count - moving, end);
}

}  // namespace libsched
