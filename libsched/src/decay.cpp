#include "libsched/decay.hpp"

#include <cstddef>

namespace libsched {
namespace {

// Where a formula adds up, f(a + i) from f(a) and f(i), the f(i) of one block serve every block: a
// product in place of an exp or a cos. Its error is no larger than that of the formula itself.
constexpr std::size_t block = 1024;

std::size_t size_of(Step count) { return static_cast<std::size_t>(count); }

}  // namespace

std::vector<double> Constant::sample(Step count) const {
  return std::vector<double>(size_of(count), base_lr);
}

std::vector<double> StepDecay::sample(Step count) const {
  std::vector<double> values;
  values.reserve(size_of(count));
  for (Step t = 0; t < count; t = static_cast<Step>(values.size())) {
    values.insert(values.end(), size_of(std::min(step_size, count - t)), (*this)(t));
  }
  return values;
}

// e^(a + i) = e^a e^i
std::vector<double> ExponentialDecay::sample(Step count) const {
  std::vector<double> values(size_of(count));
  std::vector<double> factors(std::min(block, values.size()));
  for (std::size_t i = 0; i < factors.size(); ++i) {
    factors[i] = ExponentialDecay{1, decay}(static_cast<Step>(i));
  }
  for (std::size_t a = 0; a < values.size(); a += block) {
    const double start = (*this)(static_cast<Step>(a));
    const std::size_t n = std::min(block, values.size() - a);
    for (std::size_t i = 0; i < n; ++i) values[a + i] = start * factors[i];
  }
  return values;
}

// cos(a + i) = cos a cos i - sin a sin i
std::vector<double> CosineDecay::sample(Step count) const {
  const auto angle = [&](std::size_t t) { return pi * progress(static_cast<Step>(t), steps); };
  const std::size_t moving = size_of(std::min(count, steps));
  std::vector<double> values(size_of(count), (*this)(steps));
  std::vector<double> cosines(std::min(block, moving));
  std::vector<double> sines(cosines.size());
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    cosines[i] = std::cos(angle(i));
    sines[i] = std::sin(angle(i));
  }
  for (std::size_t a = 0; a < moving; a += block) {
    const double cosine = std::cos(angle(a));
    const double sine = std::sin(angle(a));
    const std::size_t n = std::min(block, moving - a);
    for (std::size_t i = 0; i < n; ++i) {
      values[a + i] = cosine_mix(base_lr, min_lr, cosine * cosines[i] - sine * sines[i]);
    }
  }
  return values;
}

}  // namespace libsched
