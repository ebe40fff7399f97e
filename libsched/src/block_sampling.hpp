#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "libsched/math.hpp"
#include "libsched/schedule.hpp"

// How sample() is faster than single calls: one exp, cos, pow or division serves a block of steps,
// and the loop inside a block has no branch, so that a compiler computes several values at a time.
// A sample of at most 2 * block steps has the bits of single calls.
namespace libsched::detail {

constexpr Step block = 512;

// How many of the steps first .. first + count - 1 are before `end`.
inline Step before(Step end, Step first, Step count) {
  return std::clamp<Step>(end - first, 0, count);
}

// out[i] = value(first + i), of the step as a double.
template <class Value>
void each(double* out, Step first, Step count, Value value) {
  const bool is_exact = first <= (Step{1} << 53) - count;  // a double and i add up to the step
  const Step size = is_exact ? block : 1;
  for (Step a = 0; a < count; a += size) {
    const auto start = static_cast<double>(first + a);
    const int n = static_cast<int>(std::min(size, count - a));
    for (int i = 0; i < n; ++i) out[a + i] = value(start + i);
  }
}

// terms[0] + terms[1] * x + terms[2] * x^2 + ..., without a loop, which would not be computed for
// several x at a time.
template <std::size_t k = 0, std::size_t count>
double polynomial(const std::array<double, count>& terms, double x) {
  if constexpr (k + 1 == count) {
    return terms[k];
  } else {
    return terms[k] + x * polynomial<k + 1>(terms, x);
  }
}

// out[i] = to(out[i]).
template <class Change>
void change(double* out, Step count, Change to) {
  for (Step i = 0; i < count; ++i) out[i] = to(out[i]);
}

void fill(double* out, Step count, double value);

// A schedule of `steps` steps that then holds its end: out[i] = schedule.at((first + i) / steps).
template <class Ramp>
void ramp(double* out, Step first, Step count, const Ramp& schedule) {
  const Step moving = before(schedule.steps, first, count);
  each(out, first, moving, [schedule, whole = static_cast<double>(schedule.steps)](double t) {
    return schedule.at(t / whole);
  });
  fill(out + moving, count - moving, schedule.at(1));
}

// Calls piece(i, done, n) for each run of n steps, of which i of the increasing boundaries are
// past.
template <class Piece>
void pieces(const std::vector<Step>& boundaries, Step first, Step count, const Piece& piece) {
  for (Step done = 0; done < count;) {
    const Step t = first + done;
    const std::size_t i = math::entries_up_to(boundaries, t);
    const Step n = i == boundaries.size() ? count - done : before(boundaries[i], t, count - done);
    piece(i, done, n);
    done += n;
  }
}

// out[i] = value(f(first + i)) where f(a + i) = f(a) * power(i), of which there is one per block.
template <class Function, class Power, class Value>
void products(double* out, Step first, Step count, const Function& f, const Power& power,
              Value value) {
  if (count <= 2 * block) {
    for (Step i = 0; i < count; ++i) out[i] = value(f(first + i));
    return;
  }
  std::array<double, block> powers;
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
                  Value value) {
  if (std::abs(rate) * block <= 64) {  // else the last bit of an exponent is many of its power
    products(
        out, first, count, f, [&](Step i) { return std::exp(rate * static_cast<double>(i)); },
        value);
  } else {
    for (Step i = 0; i < count; ++i) out[i] = value(f(first + i));
  }
}

// Write x^exponent and ln(x), of which the first logarithm is given, for as many of the next
// `count` steps as one series serves, and return their number; x grows by `slope` per step.
Step powers_near(double* out, Step count, double x, double slope, double exponent);
Step logarithms_near(double* out, Step count, double x, double slope, double logarithm);

// out[i] = x(first + i)^exponent, where x grows by `slope` per step.
template <class X>
void powers(double* out, Step first, Step count, const X& x, double slope, double exponent) {
  for (Step done = 0; done < count;) {
    const Step most = count <= 2 * block ? 1 : count - done;
    done += powers_near(out + done, most, x(first + done), slope, exponent);
  }
}

// out[i] = value(cos(pi * (first + i - from) / length)), by cos(a + i) = cos a cos i - sin a sin i.
template <class Value>
void cosines(double* out, Step first, Step count, double from, double length, Value value) {
  const auto angle = [&](Step t) { return math::pi * ((static_cast<double>(t) - from) / length); };
  if (count <= 2 * block) {
    for (Step i = 0; i < count; ++i) out[i] = value(std::cos(angle(first + i)));
    return;
  }
  std::array<double, block> cosines;
  std::array<double, block> sines;
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

// From `start`, at step `from`, to `end`, so many steps later: at steps between them, along the
// half wave of math::cosine_between() or the straight line of math::line_between().
void half_wave(double* out, Step first, Step count, double start, double end, double from,
               double length);
void line(double* out, Step first, Step count, double start, double end, double from,
          double length);

}  // namespace libsched::detail
