#include "libsched/decay.hpp"

#include "block_sampling.hpp"
#include "libsched/ramp.hpp"

namespace libsched {

namespace {

// The terms of sin(x) / x as a series of x^2: (-1)^k / (2k + 1)!.
constexpr std::array<double, 11> sine_series() {
  std::array<double, 11> terms{1};
  for (std::size_t k = 1; k < terms.size(); ++k) {
    terms[k] = terms[k - 1] / -static_cast<double>(2 * k * (2 * k + 1));
  }
  return terms;
}
constexpr std::array<double, 11> sine_terms = sine_series();

// cos(pi * x) for x from 0 to 1, as 1 - 2 sin(pi * x / 2)^2, of which a compiler computes several
// at a time.
double cosine_of_half_turns(double x) {
  const double angle = math::pi / 2 * x;
  const double sine = angle * detail::polynomial(sine_terms, angle * angle);
  return std::max(-1.0, 1 - 2 * sine * sine);
}

}  // namespace

void Constant::sample(Step, Step count, double* out) const { detail::fill(out, count, base_lr); }

void StepDecay::sample(Step first, Step count, double* out) const {
  for (Step done = 0; done < count;) {
    const Step t = first + done;
    const Step n = std::min(step_size - t % step_size, count - done);
    detail::fill(out + done, n, (*this)(t));
    done += n;
  }
}

void ExponentialDecay::sample(Step first, Step count, double* out) const {
  detail::products(out, first, count, detail::block_of(count), *this, ExponentialDecay{1, decay},
                   [](double value) { return value; });
}

void CosineDecay::sample(Step first, Step count, double* out) const {
  Cosine{base_lr, min_lr, steps}.sample(first, count, out);
}

void CosinePower::sample(Step first, Step count, double* out) const {
  // The two ways to compute the cosine differ in its last bit, which other exponents amplify.
  const bool is_near = exponent >= 1 && exponent <= 8 && !detail::is_short(count);
  const Step moving = is_near ? detail::before(steps, first, count) : 0;
  const auto whole = static_cast<double>(steps);
  const auto share = [=](Step t) { return static_cast<double>(t) / whole; };
  detail::powers(out, first, moving, share, 1 / whole, k_decay);
  detail::change(out, moving, [](double x) { return cosine_of_half_turns(x); });
  detail::change(out, moving, [*this](double cosine) { return at_cosine(cosine); });
  for (Step i = moving; i < count; ++i) out[i] = (*this)(first + i);
}

void MultiStepDecay::sample(Step first, Step count, double* out) const {
  detail::pieces(milestones, first, count, [&](std::size_t, Step done, Step n) {
    detail::fill(out + done, n, (*this)(first + done));
  });
}

void InverseTimeDecay::sample(Step first, Step count, double* out) const {
  const auto growth = [this](Step t) { return 1 + decay * static_cast<double>(t); };
  detail::powers(out, first, count, growth, decay, power);
  detail::change(out, count, [lr = base_lr](double divisor) { return lr / divisor; });
}

void InverseSqrt::sample(Step first, Step count, double* out) const {
  detail::steps_from(out, first, count);
  detail::change(out, count, [lr = base_lr, scale = static_cast<double>(timescale)](double t) {
    return lr * std::sqrt(scale / (scale + t));
  });
}

void Noam::sample(Step first, Step count, double* out) const {
  detail::steps_from(out, first, count);
  detail::change(out, count, prepared());
}

void SigmoidDecay::sample(Step first, Step count, double* out) const {
  detail::exponentials(
      out, first, count, rate,
      [&](Step t) { return std::exp(rate * static_cast<double>(t - midpoint)); },
      [&](double power) { return base_lr / (1 + power); });
}

}  // namespace libsched
