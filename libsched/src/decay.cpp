#include "libsched/decay.hpp"

#include "blocks.hpp"
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

void SigmoidDecay::sample(Step first, Step count, std::vector<double>& values) const {
  double* out = grow(values, count);
  // Within a block no power may leave what a double holds.
  if (std::abs(rate) * detail::block > 600) {
    for (Step i = 0; i < count; ++i) out[i] = (*this)(first + i);
    return;
  }
  const auto power = [&](Step t) { return std::exp(rate * static_cast<double>(t)); };
  detail::products(
      out, first, count, [&](Step t) { return power(t - midpoint); }, power,
      [&](double value) { return base_lr / (1 + value); });
}

}  // namespace libsched
