#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "libsched/libsched.hpp"

/// The function that a fuzzer calls with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace libsched {

/// Aborts the process if a fact does not hold; for the fuzzer that is a crash, and it keeps the
/// input.
inline void require(bool fact, std::string_view what, const Schedule& schedule, Step t = 0) {
  if (fact) return;
  fmt::print(stderr, "not so: {}: {} at step {}\n", what, to_string(schedule), t);
  std::abort();
}

inline std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

/// Whether a value may be below 0.
inline bool has_difference(const Schedule& schedule) {
  return to_string(schedule).find("difference(") != std::string::npos;
}

/// Requires what every schedule promises at every step, whatever its values.
inline void require_well_behaved_at(const Schedule& schedule, Step t) {
  if (t < 0) {
    bool refused = false;
    try {
      schedule(t);
    } catch (const std::invalid_argument&) {
      refused = true;
    }
    require(refused, "refuses a negative step", schedule, t);
    return;
  }
  const double value = schedule(t);
  require(value >= 0 || std::isnan(value) || has_difference(schedule), "is not negative", schedule,
          t);
  schedule.restarts_at(t);
  if (const auto length = schedule.length()) {
    require(*length >= 0, "has a length", schedule);
    require(t < *length || bits(value) == bits(schedule(*length)), "holds its final value",
            schedule, t);
  }
  if (t < 16) require(bits(sample(schedule, t + 1).back()) == bits(value), "sample", schedule, t);
}

/// Requires that the output of to_string() parses to an equal schedule.
inline void require_reads_back(const Schedule& schedule, std::initializer_list<Step> steps) {
  const std::string notation = to_string(schedule);
  const Schedule back = parse(notation);
  require(back == schedule, "reads back as an equal", schedule);
  require(to_string(back) == notation, "prints the same again", schedule);
  require(back.length() == schedule.length(), "reads back with its length", schedule);
  for (const Step t : steps) {
    if (t >= 0) require(bits(back(t)) == bits(schedule(t)), "reads back bit for bit", schedule, t);
  }
}

/// Requires that a review of a few steps does not throw. Skips long schedules, because the search
/// for their peak takes long.
inline void require_reviews(const Schedule& schedule) {
  if (schedule.length().value_or(0) > 100) return;
  for (const Finding& finding : review(schedule, 12)) {
    require(finding.step >= 0 && !finding.text.empty(), "has sensible findings", schedule);
  }
}

}  // namespace libsched
