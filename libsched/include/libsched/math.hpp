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

// Lengths that no step can reach count as the last step; b is at least 0, and 1 to multiply.
inline Step add(Step a, Step b) { return a > last_step - b ? last_step : a + b; }
inline Step multiply(Step a, Step b) { return a > last_step / b ? last_step : a * b; }

// a / b of numbers that are at least 0: many processors divide small ones in a third of the time.
inline Step quotient(Step a, Step b) {
  if (((a | b) >> 32) != 0) return a / b;
  return static_cast<std::uint32_t>(a) / static_cast<std::uint32_t>(b);
}

}  // namespace detail

/// What the formulas are made of.
namespace math {

/// The ratio of a circle's circumference to its diameter.
inline constexpr double pi = 3.14159265358979323846;

/// t / steps, but at most 1: how much of a schedule is done.
inline double progress(Step t, Step steps) {
  return t < steps ? static_cast<double>(t) / static_cast<double>(steps) : 1.0;
}

/// The value, but not past start or end, where rounding alone would take it: to infinity too.
inline double clamp_between(double start, double end, double value) {
  return std::clamp(value, (std::min)(start, end), (std::max)(start, end));
}

/// The straight line from start (x = 0) to end (x = 1), exact at both.
inline double line_between(double start, double end, double x) {
  return clamp_between(start, end, (1 - x) * start + x * end);
}

/// From start where the cosine of an angle is 1 to end where it is -1, exact at both.
inline double cosine_mix(double start, double end, double cosine) {
  return clamp_between(start, end, 0.5 * (1 + cosine) * start + 0.5 * (1 - cosine) * end);
}

/// The half cosine wave from start (x = 0) to end (x = 1).
inline double cosine_between(double start, double end, double x) {
  return cosine_mix(start, end, std::cos(pi * x));
}

/// base^exponent, at once for base 1: what a factor that was left out costs.
inline double pow_int(double base, Step exponent) {
  return base == 1 ? 1 : std::pow(base, static_cast<double>(exponent));
}

/// x^power, at once for the powers 1 and 2: what nearly everyone uses.
inline double pow_real(double x, double power) {
  return power == 1 ? x : power == 2 ? x * x : std::pow(x, power);
}

/// How many entries of an increasing list are at most t.
inline std::size_t entries_up_to(const std::vector<Step>& list, Step t) {
  return static_cast<std::size_t>(std::upper_bound(list.begin(), list.end(), t) - list.begin());
}

}  // namespace math

}  // namespace libsched
