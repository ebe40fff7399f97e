#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "../unit/limits.hpp"
#include "libsched/libsched.hpp"

namespace libsched {

template <class Tuple>
struct TypesOf;
template <class... S>
struct TypesOf<std::tuple<S...>> {
  using type = testing::Types<S...>;
};
/// All kinds of the catalogue, for typed tests.
using EveryKindOfSchedule = TypesOf<Catalogue>::type;

/// The bits of a value, so that 0 and -0 differ and NaN equals itself.
inline std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

/// Describes the first step at which a schedule has other bits than expected(t), and both values
/// with `not_due` between them. Empty if there is none.
template <class Expected>
std::string difference(const Schedule& schedule, Expected expected, const std::vector<Step>& steps,
                       std::string_view not_due = "not") {
  for (const Step t : steps) {
    const double got = schedule(t);
    const double due = expected(t);
    if (bits(got) == bits(due)) continue;
    return fmt::format("{} at step {}: {}, {} {}", to_string(schedule), t, got, not_due, due);
  }
  return {};
}

/// How much a sample may differ from single calls where it should not, as a share of the largest
/// value: a part's last bit may become more in the whole.
inline constexpr double last_bits = rounds_like_the_library ? 0 : 1e-13;

/// Describes the first step at which a sample of `count` steps has other bits than single calls, or
/// differs by more than last_bits. Empty if there is none.
inline std::string difference_of_sample(const Schedule& schedule, Step count) {
  const std::vector<double> values = sample(schedule, count);
  if (values.size() != static_cast<std::size_t>(count)) {
    return fmt::format("{} values of {}, not {}", values.size(), to_string(schedule), count);
  }
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  std::vector<Step> steps(values.size());
  std::iota(steps.begin(), steps.end(), Step{0});
  return difference(
      schedule,
      [&](Step t) {
        const double value = values[static_cast<std::size_t>(t)];
        const double single = schedule(t);
        return std::abs(value - single) <= last_bits * largest && last_bits > 0 ? single : value;
      },
      steps, "but in its sample");
}

}  // namespace libsched
