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
// A sample of at most 2 * block steps has the bits of single calls, if the compiler rounds both
// alike.
namespace libsched::detail {

constexpr Step block = 512;

// How many of the steps first .. first + count - 1 are before `end`.
inline Step before(Step end, Step first, Step count) {
  return std::clamp<Step>(end - first, 0, count);
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
// The steps first, first + 1, ... as doubles.
void steps_from(double* out, Step first, Step count);

// A schedule of `steps` steps that then holds its end: out[i] = schedule.at((first + i) / steps).
template <class Ramp>
void ramp(double* out, Step first, Step count, const Ramp& schedule) {
  const Step moving = before(schedule.steps, first, count);
  steps_from(out, first, moving);
  change(out, moving, [schedule, whole = static_cast<double>(schedule.steps)](double t) {
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

// A short sample gains nothing from what steps share, so it has the values of single calls.
inline bool is_short(Step count) { return count <= 2 * block; }

// How many steps share what is computed once per block. It is one step if the sample is short, or
// if the values would differ from those of single calls by more than 1e-14.
inline Step block_of(Step count, bool may_share = true) {
  return may_share && !is_short(count) ? block : 1;
}

// out[i] = value(f(first + i)) where f(a + i) = f(a) * power(i), of which there is one per block.
template <class Function, class Power, class Value>
void products(double* out, Step first, Step count, Step size, const Function& f, const Power& power,
              Value value) {
  std::array<double, block> powers;
  for (Step i = 0; i < size; ++i) powers[static_cast<std::size_t>(i)] = power(i);
  for (Step a = 0; a < count; a += size) {
    const double start = f(first + a);
    const Step n = std::min(size, count - a);
    for (Step i = 0; i < n; ++i) out[a + i] = value(start * powers[static_cast<std::size_t>(i)]);
  }
}

// out[i] = value(f(first + i)) where f(a + i) = f(a) * e^(rate * i).
template <class Function, class Value>
void exponentials(double* out, Step first, Step count, double rate, const Function& f,
                  Value value) {
  // If the exponents of a block are larger, an error in their last bit is too large in the power.
  const Step size = block_of(count, std::abs(rate) * block <= 64);
  products(
      out, first, count, size, f, [&](Step i) { return std::exp(rate * static_cast<double>(i)); },
      value);
}

// Write x^exponent and ln(x), of which the first logarithm is given, for as many of the next
// `count` steps as one series serves, and return their number; x grows by `slope` per step.
Step powers_near(double* out, Step count, double x, double slope, double exponent);
Step logarithms_near(double* out, Step count, double x, double slope, double logarithm);

// out[i] = x(first + i)^exponent, where x grows by `slope` per step.
template <class X>
void powers(double* out, Step first, Step count, const X& x, double slope, double exponent) {
  for (Step done = 0; done < count;) {
    const Step most = is_short(count) ? 1 : count - done;
    done += powers_near(out + done, most, x(first + done), slope, exponent);
  }
}

// out[i] = value(cos(pi * (first + i - from) / length)), by cos(a + i) = cos a cos i - sin a sin i.
template <class Value>
void cosines(double* out, Step first, Step count, double from, double length, Value value) {
  const Step size = block_of(count);
  std::array<double, block> cosines;
  std::array<double, block> sines;
  for (Step i = 0; i < size; ++i) {
    const double turn = math::pi * (static_cast<double>(i) / length);
    cosines[static_cast<std::size_t>(i)] = std::cos(turn);
    sines[static_cast<std::size_t>(i)] = std::sin(turn);
  }
  for (Step a = 0; a < count; a += size) {
    const double angle = math::pi * ((static_cast<double>(first + a) - from) / length);
    const double cosine = std::cos(angle);
    const double sine = size == 1 ? 0 : std::sin(angle);
    const Step n = std::min(size, count - a);
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
