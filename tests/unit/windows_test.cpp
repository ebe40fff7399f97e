// Tests that the public headers compile together with windows.h, which defines macros min and max.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#ifdef _WIN32
#include <windows.h>
#endif
#undef min
#undef max
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

TEST(PublicHeaders, WorkWithTheMacrosOfWindows) {
  EXPECT_EQ(parse("linear(start=0, end=1, steps=4)")(1), 0.25);
  EXPECT_EQ(Schedule(Linear{1, 0, 4})(3), 0.25);
}

}  // namespace
}  // namespace libsched
