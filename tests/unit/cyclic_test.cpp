#include "libsched/cyclic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace libsched {
namespace {

constexpr Step last_step = std::numeric_limits<Step>::max();

TEST(Cyclical, RisesAndFallsInStraightLines) {
  const Cyclical schedule{.base_lr = 0.01, .max_lr = 0.08, .step_size = 15};
  EXPECT_EQ(schedule(0), 0.01);
  EXPECT_DOUBLE_EQ(schedule(3), 0.024);  // 0.01 + 0.07 * 3 / 15
  EXPECT_EQ(schedule(15), 0.08);
  EXPECT_DOUBLE_EQ(schedule(27), 0.024);
  EXPECT_EQ(schedule(30), 0.01);
  EXPECT_EQ(schedule(45), 0.08);
}

TEST(Cyclical, EqualsSmithsFormula) {
  const Cyclical schedule{.base_lr = 0.002, .max_lr = 0.3, .step_size = 13};
  for (int t = 0; t < 500; ++t) {
    const double cycle = std::floor(1 + t / 26.0);
    const double x = std::abs(t / 13.0 - 2 * cycle + 1);
    EXPECT_NEAR(schedule(t), 0.002 + 0.298 * std::fmax(0, 1 - x), 1e-14);
  }
}

TEST(Cyclical, FallsInStepSizeDown) {
  const Cyclical schedule{.base_lr = 0, .max_lr = 1, .step_size = 2, .step_size_down = 4};
  const double expected[] = {0, 0.5, 1, 0.75, 0.5, 0.25, 0, 0.5, 1};
  for (Step t = 0; t < 9; ++t) EXPECT_EQ(schedule(t), expected[t]) << "t = " << t;
}

TEST(Cyclical, FallsInStepSizeStepsWhereStepSizeDownIsLeftOut) {
  EXPECT_EQ((Cyclical{.base_lr = 0, .max_lr = 1, .step_size = 21}).step_size_down, 21);
}

TEST(Cyclical, WithCycleScaleOneHalfIsTriangular2) {
  const Cyclical schedule{.base_lr = 1, .max_lr = 9, .step_size = 10, .cycle_scale = 0.5};
  EXPECT_EQ(schedule(10), 9);  // peaks at 1 + 8, 1 + 4, 1 + 2
  EXPECT_EQ(schedule(30), 5);
  EXPECT_EQ(schedule(50), 3);
  EXPECT_EQ(schedule(60), 1);
}

TEST(Cyclical, WithGammaIsExpRange) {
  const Cyclical schedule{.base_lr = 1, .max_lr = 2, .step_size = 4, .gamma = 0.5};
  EXPECT_EQ(schedule(2), 1 + 0.5 * 0.25);  // half way up, 0.5^2
  EXPECT_EQ(schedule(4), 1 + 1 * 0.0625);  // the peak, 0.5^4
  EXPECT_EQ(schedule(8), 1);
}

TEST(Cyclical, IsDefinedAtTheLastStepWithTheLongestHalves) {
  const Cyclical schedule{
      .base_lr = 0.5, .max_lr = 1, .step_size = last_step, .step_size_down = last_step};
  EXPECT_EQ(schedule(0), 0.5);
  EXPECT_EQ(schedule(last_step), 1);
}

}  // namespace
}  // namespace libsched
