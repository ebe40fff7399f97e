#include "libsched/ramp.hpp"

#include "block_sampling.hpp"

namespace libsched {

void Cosine::sample(Step first, Step count, double* out) const {
  const Step moving = std::clamp<Step>(steps - first, 0, count);
  detail::half_wave(out, first, moving, start, end, 0, static_cast<double>(steps));
  std::fill_n(out + moving, count - moving, (*this)(steps));
}

void Exponential::sample(Step first, Step count, double* out) const {
  const double ratio = std::min(start, end) / std::max(start, end);
  const Step moving = std::isnormal(ratio) ? std::clamp<Step>(steps - first, 0, count) : 0;
  const double way = moving == 0 ? 0 : (start < end ? -1.0 : 1.0) / static_cast<double>(steps);
  detail::products(
      out, first, moving, *this,
      [&](Step i) { return std::pow(ratio, way * static_cast<double>(i)); },
      [&](double value) { return math::clamp_between(start, end, value); });
  for (Step i = moving; i < count; ++i) out[i] = (*this)(first + i);
}

void Tanh::sample(Step first, Step count, double* out) const {
  const Step moving = std::clamp<Step>(steps - first, 0, count);
  const auto whole = static_cast<double>(steps);
  detail::exponentials(
      out, first, moving, moving == 0 ? 0 : 2 * ((upper - lower) / whole),
      [&](Step t) {
        const double x = static_cast<double>(t) / whole;
        return std::exp(2 * ((1 - x) * lower + x * upper));
      },
      [&](double power) { return at_power(power); });
  std::fill_n(out + moving, count - moving, end);
}

// One logarithm serves the sixty-fourth part that follows a step, by ln((m + i) / m) = 2 artanh(z),
// z = i / (2m + i), of whose series three terms are exact to the last bit.
void Logarithmic::sample(Step first, Step count, double* out) const {
  const Step moving = std::clamp<Step>(steps - first, 0, count);
  const double whole = std::log1p(static_cast<double>(steps));
  for (Step done = 0; done < moving;) {
    const Step t = first + done;
    const Step n = moving <= 2 * detail::block ? 1 : std::clamp<Step>(t / 64, 1, moving - done);
    const double logarithm = std::log1p(static_cast<double>(t));
    const double twice = 2 * (static_cast<double>(t) + 1);
    for (Step i = 0; i < n; ++i) {
      const double z = static_cast<double>(i) / (twice + static_cast<double>(i));
      const double z2 = z * z;
      const double more = 2 * z * (1 + z2 * (1.0 / 3 + z2 / 5));
      out[done + i] = math::line_between(start, end, (logarithm + more) / whole);
    }
    done += n;
  }
  std::fill_n(out + moving, count - moving, end);
}

}  // namespace libsched
