#pragma once

#include <limits>

#include "libsched/schedule.hpp"

namespace libsched {

inline constexpr Step last_step = std::numeric_limits<Step>::max();
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace libsched
