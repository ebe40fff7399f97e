#include "libsched/decay.hpp"

#include "block_sampling.hpp"
#include "libsched/ramp.hpp"

namespace libsched {

using detail::append;
using detail::grow;

void Constant::sample(Step, Step count, std::vector<double>& values) const {
  append(values, count, base_lr);
}

void StepDecay::sample(Step first, Step count, std::vector<double>& values) const {
  for (Step done = 0; done < count;) {
    const Step t = first + done;
    const Step n = std::min(step_size - t % step_size, count - done);
    append(values, n, (*this)(t));
    done += n;
  }
}

void ExponentialDecay::sample(Step first, Step count, std::vector<double>& values) const {
  detail::products(grow(values, count), first, count, *this, ExponentialDecay{1, decay},
                   [](double value) { return value; });
}

void CosineDecay::sample(Step first, Step count, std::vector<double>& values) const {
  Cosine{base_lr, min_lr, steps}.sample(first, count, values);
}

void CosinePower::sample(Step first, Step count, std::vector<double>& values) const {
  // Other exponents make much of the last bit, in which the cosines differ.
  const bool is_near = k_decay == 1 && exponent >= 1 && exponent <= 8;
  const Step moving = is_near ? std::clamp<Step>(steps - first, 0, count) : 0;
  detail::cosines(grow(values, moving), first, moving, 0, static_cast<double>(steps),
                  [&](double cosine) { return at_cosine(cosine); });
  for (Step i = moving; i < count; ++i) values.push_back((*this)(first + i));
}

void SigmoidDecay::sample(Step first, Step count, std::vector<double>& values) const {
  detail::exponentials(
      grow(values, count), first, count, rate,
      [&](Step t) { return std::exp(rate * static_cast<double>(t - midpoint)); },
      [&](double power) { return base_lr / (1 + power); });
}

}  // namespace libsched
