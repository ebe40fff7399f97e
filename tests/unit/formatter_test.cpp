#include <gtest/gtest.h>

#include "libsched/fmt.hpp"
#include "libsched/libsched.hpp"

namespace libsched {
namespace {

TEST(Formatter, PrintsTheNotationOfASchedule) {
  EXPECT_EQ(fmt::format("lr: {}", Schedule(Constant{0.1})), "lr: constant(base_lr=0.1)");
}

TEST(Formatter, PrintsABuiltInDirectly) {
  EXPECT_EQ(fmt::format("{}", Constant{0.1}), "constant(base_lr=0.1)");
}

TEST(Formatter, TakesWidthAndAlignment) {
  EXPECT_EQ(fmt::format("{:>24}|", Constant{0.1}), "   constant(base_lr=0.1)|");
}

}  // namespace
}  // namespace libsched
