#include "libsched/decay.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "limits.hpp"

namespace libsched {
namespace {

void expect_relative(double value, double expected, double tolerance = 1e-12) {
  EXPECT_NEAR(value, expected, tolerance * std::abs(expected));
}

TEST(Shape, PowerOfIsThePowerOfAnyBase) { EXPECT_EQ(math::pow_int(2, 10), 1024); }

TEST(Constant, IsTheSameAtEveryStep) {
  constexpr Constant schedule{.base_lr = 0.08};
  EXPECT_EQ(schedule(0), 0.08);
  EXPECT_EQ(schedule(79), 0.08);
  EXPECT_EQ(schedule(last_step), 0.08);
}

TEST(StepDecay, DropsAtTheStepItselfNotOneLater) {
  // With step_size 2, PyTorch in Python gives 1 1 .1 .1 .01 (LibTorch's C++ StepLR gives 1 1 1 .1
  // .1).
  const StepDecay schedule{.base_lr = 1, .step_size = 2, .drop = 0.1};
  expect_relative(schedule(0), 1);
  expect_relative(schedule(1), 1);
  expect_relative(schedule(2), 0.1);
  expect_relative(schedule(3), 0.1);
  expect_relative(schedule(4), 0.01);
}

TEST(StepDecay, HalvesByDefault) {
  const StepDecay schedule{.base_lr = 0.08, .step_size = 20};
  EXPECT_EQ(schedule(19), 0.08);
  EXPECT_EQ(schedule(20), 0.04);
  EXPECT_EQ(schedule(40), 0.02);
  EXPECT_EQ(schedule(79), 0.01);
}

TEST(StepDecay, EqualsRepeatedMultiplication) {
  const StepDecay schedule{.base_lr = 0.3, .step_size = 7, .drop = 0.83};
  double expected = 0.3;
  for (Step t = 0; t < 700; ++t) {
    if (t > 0 && t % 7 == 0) expected *= 0.83;
    expect_relative(schedule(t), expected);
  }
}

TEST(StepDecay, WithDropZeroIsZeroAfterTheFirstDrop) {
  const StepDecay schedule{.base_lr = 1, .step_size = 3, .drop = 0};
  EXPECT_EQ(schedule(2), 1);
  EXPECT_EQ(schedule(3), 0);
  EXPECT_EQ(schedule(last_step), 0);
}

TEST(ExponentialDecay, HasHandCalculatedValues) {
  const ExponentialDecay schedule{.base_lr = 0.08, .decay = 0.05};
  EXPECT_EQ(schedule(0), 0.08);
  expect_relative(schedule(20), 0.08 / 2.718281828459045);   // e^-1
  expect_relative(schedule(80), 0.08 / 54.598150033144236);  // e^-4
}

TEST(ExponentialDecay, HalvesEveryLogTwoOverDecaySteps) {
  const ExponentialDecay schedule{.base_lr = 1, .decay = std::log(2.0) / 10};
  for (Step n = 0; n < 50; ++n)
    expect_relative(schedule(10 * n), std::ldexp(1.0, static_cast<int>(-n)));
}

TEST(ExponentialDecay, EqualsRepeatedMultiplicationByGamma) {
  const ExponentialDecay schedule{.base_lr = 0.1, .decay = 0.02};
  const double gamma = 0.98019867330675525;  // e^-0.02
  double expected = 0.1;
  for (Step t = 0; t < 500; ++t, expected *= gamma) expect_relative(schedule(t), expected);
}

TEST(ExponentialDecay, ReachesZeroAndStaysDefined) {
  EXPECT_EQ((ExponentialDecay{.base_lr = 0.1, .decay = 1})(last_step), 0);
  EXPECT_EQ((ExponentialDecay{.base_lr = 0.1, .decay = 1e308})(last_step), 0);
  EXPECT_EQ((ExponentialDecay{.base_lr = 0.1, .decay = 0})(last_step), 0.1);
}

TEST(CosineDecay, HasHandCalculatedValues) {
  const CosineDecay schedule{.base_lr = 0.08, .steps = 80};
  EXPECT_EQ(schedule(0), 0.08);
  expect_relative(schedule(20), 0.04 * (1 + 0.70710678118654752));  // cos(pi / 4)
  expect_relative(schedule(40), 0.04);
  expect_relative(schedule(60), 0.04 * (1 - 0.70710678118654752));
  EXPECT_EQ(schedule(80), 0);
}

TEST(CosineDecay, EndsExactlyAtMinLrAndHoldsIt) {
  const CosineDecay schedule{.base_lr = 0.1, .steps = 7, .min_lr = 0.003};
  EXPECT_EQ(schedule(0), 0.1);
  EXPECT_EQ(schedule(7), 0.003);
  EXPECT_EQ(schedule(8), 0.003);
  EXPECT_EQ(schedule(last_step), 0.003);
}

TEST(CosineDecay, EqualsTheRecurrenceOfCosines) {
  // cos((n + 1) a) = 2 cos(a) cos(n a) - cos((n - 1) a), from cos(pi / 500) alone.
  const CosineDecay schedule{.base_lr = 0.5, .steps = 500, .min_lr = 0.01};
  const long double cos_a = 0.99998026085613712985L;
  long double before = cos_a;
  long double now = 1;
  for (Step t = 0; t <= 500; ++t) {
    expect_relative(schedule(t), static_cast<double>(0.01L + 0.245L * (1 + now)), 1e-11);
    const long double next = 2 * cos_a * now - before;
    before = now;
    now = next;
  }
}

TEST(CosineDecay, NeverRises) {
  const CosineDecay schedule{.base_lr = 1, .steps = 1000};
  for (Step t = 0; t < 1500; ++t) EXPECT_LE(schedule(t + 1), schedule(t));
}

TEST(CosineDecay, EndsAfterSteps) {
  EXPECT_EQ(CosineDecay({.base_lr = 1, .steps = 9500}).length(), 9500);
}

TEST(CosinePower, HasHandCalculatedValues) {
  // (1 + cos(pi / 3)) / 2 = 3/4, squared 9/16.
  EXPECT_DOUBLE_EQ((CosinePower{.base_lr = 1, .steps = 6, .exponent = 2})(2), 0.5625);
  // (1/2)^2 of the way: (1 + cos(pi / 4)) / 2.
  EXPECT_DOUBLE_EQ((CosinePower{.base_lr = 1, .steps = 10, .k_decay = 2})(5),
                   (2 + std::sqrt(2)) / 4);
  EXPECT_DOUBLE_EQ((CosinePower{.base_lr = 3, .steps = 6, .min_lr = 1, .exponent = 2})(3), 1.5);
}

TEST(CosinePower, EndsAtMinLrAndHoldsIt) {
  const CosinePower schedule{.base_lr = 1, .steps = 10, .min_lr = 0.1, .exponent = 3};
  EXPECT_EQ(schedule(10), 0.1);
  EXPECT_EQ(schedule(11), 0.1);
  EXPECT_EQ(schedule.length(), 10);
}

TEST(MultiStepDecay, DropsAtEachMilestoneItself) {
  const MultiStepDecay schedule{.base_lr = 1, .milestones = {2, 3}, .drop = 0.5};
  EXPECT_EQ(schedule(1), 1);
  EXPECT_EQ(schedule(2), 0.5);
  EXPECT_EQ(schedule(3), 0.25);
  EXPECT_EQ(schedule(last_step), 0.25);
}

TEST(InverseTimeDecay, HasHandCalculatedValues) {
  EXPECT_EQ((InverseTimeDecay{.base_lr = 1, .decay = 0.5})(2), 0.5);
  EXPECT_EQ((InverseTimeDecay{.base_lr = 1, .decay = 0.5, .power = 2})(2), 0.25);
  EXPECT_EQ((InverseTimeDecay{.base_lr = 1, .decay = 0.5, .power = 0})(2), 1);
}

TEST(InverseSqrt, HalvesAtThreeTimescales) {
  const InverseSqrt schedule{.base_lr = 0.1, .timescale = 1000};
  EXPECT_EQ(schedule(0), 0.1);
  EXPECT_EQ(schedule(3000), 0.05);
}

TEST(Noam, PeaksOnTheLastWarmupStepAsThePaperCountsThem) {
  // d_model = 4: 1/2; warmup_steps = 4: the paper's step 4 is t = 3, and there both branches are
  // 4^-0.5.
  const Noam schedule{.d_model = 4, .warmup_steps = 4};
  EXPECT_EQ(schedule(0), 0.5 * 1 / 8);
  EXPECT_EQ(schedule(3), 0.5 * 0.5);
  EXPECT_EQ(schedule(15), 0.5 * 0.25);
}

TEST(SigmoidDecay, IsHalfAtItsMidpoint) {
  const SigmoidDecay schedule{.base_lr = 1, .midpoint = 100, .rate = 0.1};
  EXPECT_EQ(schedule(100), 0.5);
  expect_relative(schedule(110), 1 / (1 + 2.718281828459045));
  expect_relative(schedule(90), 2.718281828459045 / (1 + 2.718281828459045));
  EXPECT_EQ(schedule(last_step), 0);
}

}  // namespace
}  // namespace libsched
