#include "libsched/ramp.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "libsched/libsched.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

TEST(Linear, IsAStraightLine) {
  const Linear up{.start = 0, .end = 0.5, .steps = 10};
  EXPECT_EQ(up(0), 0);
  EXPECT_DOUBLE_EQ(up(3), 0.15);
  EXPECT_EQ(up(10), 0.5);
}

TEST(Cosine, IsHalfWayInTheMiddle) {
  const Cosine up{.start = 0.25, .end = 0.75, .steps = 10};
  EXPECT_DOUBLE_EQ(up(5), 0.5);
}

TEST(Cosine, DownEqualsCosineDecay) {
  const Cosine down{.start = 0.3, .end = 0.01, .steps = 77};
  const CosineDecay decay{.base_lr = 0.3, .steps = 77, .min_lr = 0.01};
  for (Step t = 0; t < 100; ++t) EXPECT_EQ(down(t), decay(t));
}

TEST(Exponential, MultipliesByTheSameFactorEachStep) {
  const Exponential sweep{.start = 1e-8, .end = 1, .steps = 8};
  for (int t = 0; t <= 8; ++t) EXPECT_NEAR(sweep(t) / std::pow(10.0, t - 8), 1, 1e-12);
}

TEST(Exponential, BeginsAndEndsWithItsFieldsToTheLastBit) {
  // 10 * (1e-5 / 10) is 1.0000000000000003e-5 in doubles.
  EXPECT_EQ((Exponential{.start = 1e-5, .end = 10, .steps = 9})(0), 1e-5);
  EXPECT_EQ((Exponential{.start = 10, .end = 1e-5, .steps = 9})(9), 1e-5);
}

TEST(Exponential, CrossesTheWholeRangeOfDoubleWithoutOverflow) {
  const Exponential sweep{.start = std::numeric_limits<double>::denorm_min(),
                          .end = std::numeric_limits<double>::max(),
                          .steps = 2};
  EXPECT_NEAR(
      sweep(1) / std::sqrt(4.9406564584124654e-324 * 1e300) / std::sqrt(1.7976931348623157e8), 1,
      1e-10);
}

TEST(Polynomial, HasHandCalculatedValues) {
  const Polynomial square{.start = 1, .end = 0.2, .steps = 10, .power = 2};
  EXPECT_EQ(square(0), 1);
  EXPECT_DOUBLE_EQ(square(5), 0.2 + 0.8 * 0.25);
  EXPECT_DOUBLE_EQ(square(9), 0.2 + 0.8 * 0.01);
  EXPECT_EQ(square(10), 0.2);
  const Polynomial cube{.start = 1, .end = 0.2, .steps = 10, .power = 3};
  EXPECT_DOUBLE_EQ(cube(5), 0.2 + 0.8 * 0.125);
}

TEST(SqrtCooldown, HasHandCalculatedValues) {
  const SqrtCooldown cooldown{.start = 1, .end = 0, .steps = 100};
  EXPECT_EQ(cooldown(0), 1);
  EXPECT_DOUBLE_EQ(cooldown(25), 0.5);
  EXPECT_DOUBLE_EQ(cooldown(81), 0.1);
  EXPECT_EQ(cooldown(100), 0);
}

TEST(Tanh, HasHandCalculatedValues) {
  const Tanh schedule{.start = 1, .end = 0.2, .steps = 10, .lower = -4, .upper = 4};
  EXPECT_DOUBLE_EQ(schedule(5), 0.6);  // tanh(0) = 0
  EXPECT_DOUBLE_EQ(schedule(0), 0.2 + 0.8 * 0.5 * (1 + std::tanh(4)));
  EXPECT_EQ(schedule(10), 0.2);  // though tanh(4) is not 1
  EXPECT_EQ(schedule(11), 0.2);
}

TEST(Rex, HasHandCalculatedValues) {
  const Rex schedule{.start = 1, .end = 0.1, .steps = 10};
  EXPECT_EQ(schedule(0), 1);
  EXPECT_DOUBLE_EQ(schedule(5), 0.1 + 0.9 * 2 / 3);  // (1/2) / (3/4)
  EXPECT_EQ(schedule(10), 0.1);
}

TEST(Logarithmic, HasHandCalculatedValues) {
  const Logarithmic schedule{.start = 0, .end = 1, .steps = 15};
  EXPECT_EQ(schedule(0), 0);
  EXPECT_DOUBLE_EQ(schedule(1), 0.25);  // ln 2 / ln 16
  EXPECT_DOUBLE_EQ(schedule(3), 0.5);
  EXPECT_EQ(schedule(15), 1);
  EXPECT_EQ(schedule(16), 1);
}

TEST(Ramps, StartAndEndExactlyAndHoldTheEnd) {
  const std::vector<std::pair<double, double>> ends = {
      {0.1, 0.3}, {0.3, 0.1}, {1e-8, 1}, {7e-3, 7e-3}, {0.3, 0.9}};  // 0.3 * (0.9 / 0.3) < 0.9
  for (const auto& [start, end] : ends) {
    for (const Schedule& ramp :
         {Schedule(Linear{start, end, 7}), Schedule(Cosine{start, end, 7}),
          Schedule(Exponential{start, end, 7}), Schedule(Polynomial{start, end, 7, 3}),
          Schedule(SqrtCooldown{start, end, 7})}) {
      EXPECT_EQ(ramp(0), start) << to_string(ramp);
      EXPECT_EQ(ramp(7), end) << to_string(ramp);
      EXPECT_EQ(ramp(8), end) << to_string(ramp);
      EXPECT_EQ(ramp(last_step), end) << to_string(ramp);
      EXPECT_EQ(ramp.length(), 7);
    }
  }
}

// Rounding alone once led past the ends, and from the largest double to infinity.
TEST(Ramps, BetweenEqualEndsAreConstantUpToTheLargestDouble) {
  for (const double lr : {0.1, 1e-300, std::numeric_limits<double>::max()}) {
    for (const Schedule& ramp :
         {Schedule(Linear{lr, lr, 77}), Schedule(Cosine{lr, lr, 77}),
          Schedule(Exponential{lr, lr, 77}), Schedule(CosineDecay{lr, 77, lr}),
          Schedule(Polynomial{lr, lr, 77, 3}), Schedule(SqrtCooldown{lr, lr, 77})}) {
      for (Step t = 0; t < 77; ++t) EXPECT_EQ(ramp(t), lr) << to_string(ramp) << " at " << t;
    }
  }
}

TEST(PiecewiseConstant, SwitchesAtTheBoundaryItself) {
  const PiecewiseConstant schedule{.boundaries = {3, 5}, .values = {1, 0.5, 0.25}};
  const double expected[] = {1, 1, 1, 0.5, 0.5, 0.25, 0.25};
  for (Step t = 0; t < 7; ++t) EXPECT_EQ(schedule(t), expected[t]) << "t = " << t;
}

TEST(PiecewiseLinear, IsStraightBetweenItsPointsAndFlatOutside) {
  const PiecewiseLinear schedule{.steps = {2, 4, 8}, .values = {1, 3, 0}};
  const double expected[] = {1, 1, 1, 2, 3, 2.25, 1.5, 0.75, 0, 0};
  for (Step t = 0; t < 10; ++t) EXPECT_DOUBLE_EQ(schedule(t), expected[t]) << "t = " << t;
  EXPECT_EQ(schedule.length(), 8);
}

}  // namespace
}  // namespace libsched
