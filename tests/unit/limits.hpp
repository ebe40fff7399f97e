#pragma once

#include <limits>

#include "libsched/schedule.hpp"

namespace libsched {

inline constexpr Step last_step = std::numeric_limits<Step>::max();
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The library and the tests are compiled separately. They may differ in a last bit on a processor
// that fuses a product with a sum, and with mingw, whose std::sqrt is another function without
// optimization.
#if defined(__FP_FAST_FMA) || defined(_WIN32)
inline constexpr bool rounds_like_the_library = false;
#else
inline constexpr bool rounds_like_the_library = true;
#endif

}  // namespace libsched
