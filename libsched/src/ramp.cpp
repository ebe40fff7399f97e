#include "libsched/ramp.hpp"

#include "block_sampling.hpp"

namespace libsched {

void Linear::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  detail::line(out, first, moving, start, end, 0, static_cast<double>(steps));
  detail::fill(out + moving, count - moving, (*this)(steps));
}

void Cosine::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  detail::half_wave(out, first, moving, start, end, 0, static_cast<double>(steps));
  detail::fill(out + moving, count - moving, (*this)(steps));
}

void Exponential::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  const double ratio = std::min(start, end) / std::max(start, end);
  const double way = (start < end ? -1.0 : 1.0) / static_cast<double>(steps);
  detail::products(
      out, first, moving, detail::block_of(moving, std::isnormal(ratio)), *this,
      [&](Step i) { return std::pow(ratio, way * static_cast<double>(i)); },
      [*this](double value) { return math::clamp_between(start, end, value); });
  detail::fill(out + moving, count - moving, end);
}

void Polynomial::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  const auto whole = static_cast<double>(steps);
  const auto left = [=](Step t) { return 1 - static_cast<double>(t) / whole; };
  detail::powers(out, first, moving, left, -1 / whole, power);
  detail::change(out, moving,
                 [*this](double share) { return math::line_between(end, start, share); });
  detail::fill(out + moving, count - moving, at(1));
}

void SqrtCooldown::sample(Step first, Step count, double* out) const {
  detail::ramp(out, first, count, *this);
}

void Rex::sample(Step first, Step count, double* out) const {
  detail::ramp(out, first, count, *this);
}

void Tanh::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  const auto whole = static_cast<double>(steps);
  detail::exponentials(
      out, first, moving, moving == 0 ? 0 : 2 * ((upper - lower) / whole),
      [&](Step t) {
        const double x = static_cast<double>(t) / whole;
        return std::exp(2 * ((1 - x) * lower + x * upper));
      },
      [&](double power) { return at_power(power); });
  detail::fill(out + moving, count - moving, end);
}

void Logarithmic::sample(Step first, Step count, double* out) const {
  const Step moving = detail::before(steps, first, count);
  for (Step done = 0; done < moving;) {
    const Step most = detail::is_short(moving) ? 1 : moving - done;
    const auto t = static_cast<double>(first + done);
    done += detail::logarithms_near(out + done, most, 1 + t, 1, std::log1p(t));
  }
  const double whole = std::log1p(static_cast<double>(steps));
  detail::change(out, moving, [*this, whole](double logarithm) {
    return math::line_between(start, end, logarithm / whole);
  });
  detail::fill(out + moving, count - moving, end);
}

void PiecewiseConstant::sample(Step first, Step count, double* out) const {
  detail::pieces(boundaries, first, count,
                 [&](std::size_t i, Step done, Step n) { detail::fill(out + done, n, values[i]); });
}

void PiecewiseLinear::sample(Step first, Step count, double* out) const {
  detail::pieces(steps, first, count, [&](std::size_t i, Step done, Step n) {
    if (i == 0 || i == steps.size()) {
      detail::fill(out + done, n, i == 0 ? values.front() : values.back());
    } else {
      detail::line(out + done, first + done - steps[i - 1], n, values[i - 1], values[i], 0,
                   static_cast<double>(steps[i] - steps[i - 1]));
    }
  });
}

}  // namespace libsched
