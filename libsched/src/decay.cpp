#include "libsched/decay.hpp"

#include "block_sampling.hpp"
#include "libsched/ramp.hpp"

namespace libsched {

void Constant::sample(Step, Step count, double* out) const { std::fill_n(out, count, base_lr); }

void StepDecay::sample(Step first, Step count, double* out) const {
  for (Step done = 0; done < count;) {
    const Step t = first + done;
    const Step n = std::min(step_size - t % step_size, count - done);
    std::fill_n(out + done, n, (*this)(t));
    done += n;
  }
}

void ExponentialDecay::sample(Step first, Step count, double* out) const {
  detail::products(out, first, count, *this, ExponentialDecay{1, decay},
                   [](double value) { return value; });
}

void CosineDecay::sample(Step first, Step count, double* out) const {
  Cosine{base_lr, min_lr, steps}.sample(first, count, out);
}

void CosinePower::sample(Step first, Step count, double* out) const {
  // Other exponents make much of the last bit, in which the cosines differ.
  const bool is_near = k_decay == 1 && exponent >= 1 && exponent <= 8;
  const Step moving = is_near ? std::clamp<Step>(steps - first, 0, count) : 0;
  detail::cosines(out, first, moving, 0, static_cast<double>(steps),
                  [&](double cosine) { return at_cosine(cosine); });
  for (Step i = moving; i < count; ++i) out[i] = (*this)(first + i);
}

void SigmoidDecay::sample(Step first, Step count, double* out) const {
  detail::exponentials(
      out, first, count, rate,
      [&](Step t) { return std::exp(rate * static_cast<double>(t - midpoint)); },
      [&](double power) { return base_lr / (1 + power); });
}

}  // namespace libsched
