#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "libsched/field.hpp"

namespace libsched {

namespace detail {

constexpr Step last_step = (std::numeric_limits<Step>::max)();

// Arithmetic that ends at the last step in place of an overflow; b is at least 0 to add, at least 1
// to multiply.
inline Step add(Step a, Step b) { return a > last_step - b ? last_step : a + b; }
inline Step multiply(Step a, Step b) { return a > last_step / b ? last_step : a * b; }

// a / b of numbers that are at least 0: many processors divide small ones in a third of the time.
inline Step quotient(Step a, Step b) {
  if (((a | b) >> 32) != 0) return a / b;
  return static_cast<std::uint32_t>(a) / static_cast<std::uint32_t>(b);
}

}  // namespace detail

/// The functions that the formulas of the schedules are made of.
namespace math {

/// Pi.
inline constexpr double pi = 3.14159265358979323846;

/// The part of a schedule of `steps` steps that is done at step t: t / steps, but at most 1; 1 if
/// there are no steps.
inline double progress(Step t, Step steps) {
  return t < steps ? static_cast<double>(t) / static_cast<double>(steps) : 1.0;
}

/// The value, clamped between start and end, which only rounding or an overflow exceeds.
inline double clamp_between(double start, double end, double value) {
  return std::clamp(value, (std::min)(start, end), (std::max)(start, end));
}

/// The straight line from start (x = 0) to end (x = 1), exact at both.
inline double line_between(double start, double end, double x) {
  return clamp_between(start, end, (1 - x) * start + x * end);
}

/// The value between start and end for the cosine of an angle: start if it is 1, end if it is -1,
/// exact at both.
inline double cosine_mix(double start, double end, double cosine) {
  return clamp_between(start, end, 0.5 * (1 + cosine) * start + 0.5 * (1 - cosine) * end);
}

/// The half cosine wave from start (x = 0) to end (x = 1).
inline double cosine_between(double start, double end, double x) {
  return cosine_mix(start, end, std::cos(pi * x));
}

/// base^exponent, without a call of pow() if base is 1, the default of most factors.
inline double pow_int(double base, Step exponent) {
  return base == 1 ? 1 : std::pow(base, static_cast<double>(exponent));
}

/// x^power, without a call of pow() for the powers 1 and 2, which are the usual ones.
inline double pow_real(double x, double power) {
  return power == 1 ? x : power == 2 ? x * x : std::pow(x, power);
}

/// The number of entries of an increasing list that are at most t.
inline std::size_t entries_up_to(const std::vector<Step>& list, Step t) {
  return static_cast<std::size_t>(std::upper_bound(list.begin(), list.end(), t) - list.begin());
}

}  // namespace math

}  // namespace libsched
