#include "block_sampling.hpp"

namespace libsched {

namespace {

// f(x * (1 + z)) = terms[0] + terms[1] * z + terms[2] * z^2 + ..., of which these suffice to the
// last bit while z is at most 1/64.
using Terms = std::array<double, 9>;

// At z = 0, step, 2 * step, ... up to `reach`.
Step write_series(double* out, Step count, Terms terms, double step, double reach) {
  double power = 1;
  for (double& term : terms) {
    term *= power;
    power *= step;
  }
  constexpr double longest = 1 << 16;
  const double steps = std::min({std::abs(reach / step), static_cast<double>(count), longest});
  if (!(steps > 1)) {
    out[0] = terms[0];
    return 1;
  }
  const int n = static_cast<int>(steps);
  for (int i = 0; i < n; ++i) out[i] = detail::polynomial(terms, i);
  return n;
}

}  // namespace

void detail::fill(double* out, Step count, double value) { std::fill_n(out, count, value); }

void detail::steps_from(double* out, Step first, Step count) {
  const bool is_exact = first <= (Step{1} << 53) - count;  // a double and i add up to the step
  const Step size = is_exact ? block : 1;
  for (Step a = 0; a < count; a += size) {
    const auto start = static_cast<double>(first + a);
    const int n = static_cast<int>(std::min(size, count - a));
    for (int i = 0; i < n; ++i) out[a + i] = start + i;
  }
}

Step detail::powers_near(double* out, Step count, double x, double slope, double exponent) {
  out[0] = math::pow_real(x, exponent);
  // The series and a single call may differ in the last bit of x. A large exponent amplifies that,
  // and so does an exponent below 1 if x is near 0.
  const bool is_near = exponent >= 1 ? exponent <= 16 : x >= 1.0 / 32;
  if (count == 1 || !is_near || !std::isnormal(out[0])) return 1;
  Terms terms;
  double term = out[0];
  for (std::size_t k = 0; k < terms.size(); ++k) {
    terms[k] = term;
    term *= (exponent - static_cast<double>(k)) / static_cast<double>(k + 1);
  }
  return write_series(out, count, terms, slope / x, 1 / (64 * std::max(exponent, 1.0)));
}

Step detail::logarithms_near(double* out, Step count, double x, double slope, double logarithm) {
  Terms terms{logarithm};
  for (std::size_t k = 1; k < terms.size(); ++k) {
    terms[k] = (k % 2 == 1 ? 1 : -1) / static_cast<double>(k);
  }
  return write_series(out, count, terms, slope / x, 1.0 / 64);
}

void detail::half_wave(double* out, Step first, Step count, double start, double end, double from,
                       double length) {
  cosines(out, first, count, from, length,
          [=](double cosine) { return math::cosine_mix(start, end, cosine); });
}

void detail::line(double* out, Step first, Step count, double start, double end, double from,
                  double length) {
  const auto at = [=](Step t) {
    return math::line_between(start, end, (static_cast<double>(t) - from) / length);
  };
  if (is_short(count)) {
    for (Step i = 0; i < count; ++i) out[i] = at(first + i);
    return;
  }
  std::array<double, block> rises;
  for (int i = 0; i < block; ++i) rises[static_cast<std::size_t>(i)] = (end - start) / length * i;
  for (Step a = 0; a < count; a += block) {
    const double now = at(first + a);
    const Step n = std::min(block, count - a);
    for (Step i = 0; i < n; ++i) out[a + i] = now + rises[static_cast<std::size_t>(i)];
  }
  // Where little is left of the line, rounding may take a value past its end.
  const Step last = std::min(count, 4 * block);
  change(out + (count - last), last,
         [=](double value) { return math::clamp_between(start, end, value); });
}

}  // namespace libsched
