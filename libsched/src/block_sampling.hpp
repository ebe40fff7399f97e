#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "libsched/math.hpp"
#include "libsched/schedule.hpp"

// How sample() is faster than single calls. Where a formula adds up, f(a + i) from f(a) and f(i),
// the f(i) of one block serve every block: a product in place of a cos, an exp or a pow. Its error
// is no larger than that of the formula itself.
namespace libsched::detail {

constexpr Step block = 512;

// out[i] = value(f(first + i)) where f(a + i) = f(a) * power(i), of which there is one a block.
template <class Function, class Power, class Value>
void products(double* out, Step first, Step count, const Function& f, const Power& power,
              const Value& value) {
  if (count <= 2 * block) {
    for (Step i = 0; i < count; ++i) out[i] = value(f(first + i));
    return;
  }
  std::vector<double> powers(block);
  for (Step i = 0; i < block; ++i) powers[static_cast<std::size_t>(i)] = power(i);
  for (Step a = 0; a < count; a += block) {
    const double start = f(first + a);
    const Step n = std::min(block, count - a);
    for (Step i = 0; i < n; ++i) out[a + i] = value(start * powers[static_cast<std::size_t>(i)]);
  }
}

// out[i] = value(f(first + i)) where f(a + i) = f(a) * e^(rate * i).
template <class Function, class Value>
void exponentials(double* out, Step first, Step count, double rate, const Function& f,
                  const Value& value) {
  if (std::abs(rate) * block <= 64) {  // else the last bit of an exponent is many of its power
    products(
        out, first, count, f, [&](Step i) { return std::exp(rate * static_cast<double>(i)); },
        value);
  } else {
    for (Step i = 0; i < count; ++i) out[i] = value(f(first + i));
  }
}

// out[i] = value(cos(pi * (first + i - from) / length)), by cos(a + i) = cos a cos i - sin a
// sin i.
template <class Value>
void cosines(double* out, Step first, Step count, double from, double length, const Value& value) {
  const auto angle = [&](Step t) { return math::pi * ((static_cast<double>(t) - from) / length); };
  if (count <= 2 * block) {
    for (Step i = 0; i < count; ++i) out[i] = value(std::cos(angle(first + i)));
    return;
  }
  std::vector<double> cosines(block);
  std::vector<double> sines(block);
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    const double turn = math::pi * (static_cast<double>(i) / length);
    cosines[i] = std::cos(turn);
    sines[i] = std::sin(turn);
  }
  for (Step a = 0; a < count; a += block) {
    const double cosine = std::cos(angle(first + a));
    const double sine = std::sin(angle(first + a));
    const Step n = std::min(block, count - a);
    for (Step i = 0; i < n; ++i) {
      const auto k = static_cast<std::size_t>(i);
      out[a + i] = value(cosine * cosines[k] - sine * sines[k]);
    }
  }
}

// The half wave of math::cosine_between() from a step `from` to a step `to`, at steps between them.
inline void half_wave(double* out, Step first, Step count, double start, double end, double from,
                      double length) {
  cosines(out, first, count, from, length,
          [=](double cosine) { return math::cosine_mix(start, end, cosine); });
}

}  // namespace libsched::detail
