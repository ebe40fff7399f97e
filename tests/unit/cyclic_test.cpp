#include "libsched/cyclic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "libsched/schedule.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

TEST(Cyclical, RisesAndFallsInStraightLines) {
  const Cyclical schedule{.base_lr = 0.01, .max_lr = 0.08, .step_size = 15};
  EXPECT_EQ(schedule(0), 0.01);
  EXPECT_DOUBLE_EQ(schedule(3), 0.024);  // 0.01 + 0.07 * 3 / 15
  EXPECT_EQ(schedule(15), 0.08);
  EXPECT_DOUBLE_EQ(schedule(27), 0.024);
  EXPECT_EQ(schedule(30), 0.01);
  EXPECT_EQ(schedule(45), 0.08);
}

TEST(Cyclical, ReachesMaxLrExactly) {
  const Cyclical schedule{
      .base_lr = 0.4769631650025985, .max_lr = 1.0173103091845303e-05, .step_size = 261};
  EXPECT_EQ(schedule(261), 1.0173103091845303e-05);
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

TEST(Cyclical, FallsInStepSizeStepsIfStepSizeDownIsLeftOut) {
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

TEST(CosineRestarts, StartsAgainEveryPeriod) {
  const CosineRestarts schedule{.base_lr = 1, .period = 10};
  EXPECT_EQ(schedule(0), 1);
  EXPECT_DOUBLE_EQ(schedule(5), 0.5);
  EXPECT_EQ(schedule(10), 1);
  EXPECT_DOUBLE_EQ(schedule(25), 0.5);
}

TEST(CosineRestarts, HasTheSameBitsInEveryEqualCycle) {
  const CosineRestarts schedule{.base_lr = 0.1, .period = 7};
  for (Step t = 0; t < 7; ++t) EXPECT_EQ(schedule(7'000'000'000'001 * 7 + t), schedule(t));
}

TEST(CosineRestarts, RestartsAtExactlyThePowersSum) {
  // 1 + 3 + 9 + 27 + 81 = 121 periods: floor(log(...)) puts this step in the cycle before.
  const Step period = 7;
  const Schedule schedule =
      CosineRestarts{.base_lr = 1, .period = period, .period_factor = 3, .peak_factor = 0.5};
  EXPECT_EQ(schedule(121 * period), 1.0 / 32);
  EXPECT_LT(schedule(121 * period - 1), 1e-4);
  EXPECT_TRUE(schedule.restarts_at(121 * period));
  EXPECT_FALSE(schedule.restarts_at(121 * period - 1));
  EXPECT_FALSE(schedule.restarts_at(121 * period + 1));
}

TEST(CosineRestarts, RestartsAtTheStartOfEachCycleButTheFirst) {
  const Schedule equal = CosineRestarts{.base_lr = 1, .period = 1};
  EXPECT_FALSE(equal.restarts_at(0));
  EXPECT_TRUE(equal.restarts_at(1));
  const Schedule longer = CosineRestarts{.base_lr = 1, .period = 1, .period_factor = 2};
  EXPECT_FALSE(longer.restarts_at(0));
  EXPECT_TRUE(longer.restarts_at(1));
  EXPECT_FALSE(longer.restarts_at(2));
}

TEST(CosineRestarts, RestartsAtTheLastStep) {
  const CosineRestarts two{.base_lr = 1, .period = last_step, .period_factor = 2};
  EXPECT_EQ(two(last_step), 1);
  // The cycles have 1 and 2^63 - 2 steps; as a double, the factor would be rounded.
  const Schedule equal = CosineRestarts{.base_lr = 1, .period = last_step / 7};  // 7 divides it
  EXPECT_TRUE(equal.restarts_at(last_step));
  double value = 0;
  sample(equal, last_step, 1, &value);
  EXPECT_EQ(value, 1);
}

TEST(CosineRestarts, MayHaveALastCycleThatNoStepEnds) {
  const Step quarter = Step{1} << 61;
  const CosineRestarts schedule{.base_lr = 1, .period = quarter, .period_factor = 4};
  EXPECT_DOUBLE_EQ(schedule(3 * quarter), 0.5);  // half way through a cycle of 4 quarters
}

TEST(CosineRestarts, MayHaveThreeCyclesThatFillAllSteps) {
  const CosineRestarts schedule{.base_lr = 1, .period = 1, .period_factor = 0x1p62};
  EXPECT_EQ(schedule.next_restart(1), (Step{1} << 62) + 1);
}

TEST(CosineRestarts, LowersThePeakOfEachCycle) {
  const CosineRestarts schedule{
      .base_lr = 1, .period = 2, .period_factor = 2, .min_lr = 0.1, .peak_factor = 0.5};
  EXPECT_EQ(schedule(0), 1);
  EXPECT_EQ(schedule(2), 0.5);
  EXPECT_DOUBLE_EQ(schedule(4), 0.3);  // half way from 0.5 to 0.1
  EXPECT_EQ(schedule(6), 0.25);
  EXPECT_EQ(schedule(14), 0.125);
}

TEST(CosineRestarts, IsInTheRightOneOfManyCycles) {
  const CosineRestarts schedule{.base_lr = 1, .period = 3, .period_factor = 2, .peak_factor = 0.9};
  Step start = 0;
  Step length = 3;
  double peak = 1;
  for (int cycle = 0; cycle < 40; ++cycle) {
    // This allows half an ulp per rounded product here, and the rest for the platform's pow.
    const double ulps = 20 * std::numeric_limits<double>::epsilon() * peak;
    EXPECT_NEAR(schedule(start), peak, ulps);
    EXPECT_NEAR(schedule(start + length / 3), peak * 0.75, ulps);  // cos(pi / 3) = 1/2
    EXPECT_NEAR(schedule(start + length - 1),
                peak * std::pow(std::sin(math::pi / 2 / static_cast<double>(length)), 2), 1e-15);
    start += length;
    length *= 2;
    peak *= 0.9;
  }
}

TEST(CosineRestarts, IsDefinedUpToTheLastStep) {
  for (const Step period : {Step{1}, Step{3}, last_step}) {
    for (const double factor : {1.0, 2.0, 3.0, 1e6, 0x1p62, 0x1p63, 1e300, 1 + 0x1p-52, 1.5, 2.5}) {
      const CosineRestarts schedule{.base_lr = 1, .period = period, .period_factor = factor};
      for (const Step t : {Step{0}, last_step / 2, last_step - 1, last_step}) {
        EXPECT_GE(schedule(t), 0);
        EXPECT_LE(schedule(t), 1);
      }
    }
  }
}

TEST(CosineRestarts, BeginsCyclesBetweenStepsIfTheFactorIsNotWhole) {
  // Cycles of 2, 3, 4.5 and 6.75 steps: from 0, 2, 5, 9.5 and 16.25.
  const Schedule schedule = CosineRestarts{.base_lr = 1, .period = 2, .period_factor = 1.5};
  EXPECT_EQ(schedule(5), 1);
  EXPECT_DOUBLE_EQ(schedule(8), 0.25);   // 3 of 4.5 steps: cos(2 pi / 3) = -1/2
  EXPECT_DOUBLE_EQ(schedule(14), 0.25);  // 4.5 of 6.75
  std::vector<Step> restarts;
  for (Step t = 0; t <= 17; ++t) {
    if (schedule.restarts_at(t)) restarts.push_back(t);
  }
  EXPECT_EQ(restarts, (std::vector<Step>{2, 5, 10, 17}));
}

TEST(CosineRestarts, BeginsNoCycleAfterItsStepIfThereAreMoreThanADoubleCounts) {
  const CosineRestarts schedule{
      .base_lr = 1, .period = 1, .period_factor = std::nextafter(1.0, 2.0)};
  for (const Step t : {Step{1} << 60, Step{1} << 62, last_step}) {
    const CosineRestarts::Cycle cycle = schedule.cycle_at(t);
    EXPECT_LE(cycle.start, t);
    EXPECT_GE(static_cast<double>(cycle.start), static_cast<double>(t) * 0.999);
  }
}

TEST(CosineRestarts, BeginsACycleAtTheExactStepDespiteRounding) {
  // 10 + 11 = 21, though 10 * (1.1^2 - 1) / (1.1 - 1) is 21.000000000000004 in doubles.
  const CosineRestarts schedule{.base_lr = 1, .period = 10, .period_factor = 1.1};
  EXPECT_EQ(schedule(10), 1);
  EXPECT_EQ(schedule(21), 1);
  EXPECT_EQ((CosineRestarts{.base_lr = 1, .period = 1'000'000, .period_factor = 3.5})(4'500'000),
            1);
  // 2 + 7 = 9, which by expm1 and log1p is 9.000000000000002.
  EXPECT_EQ((CosineRestarts{.base_lr = 1, .period = 2, .period_factor = 3.5})(9), 1);
}

TEST(CosineRestarts, IsFlatAtMinLrIfAPeakWouldBeLower) {
  const CosineRestarts schedule{.base_lr = 0.1, .period = 8, .min_lr = 0.02, .peak_factor = 0.5};
  EXPECT_EQ(schedule(16), 0.025);
  for (Step t = 24; t < 100; ++t) EXPECT_EQ(schedule(t), 0.02);
}

TEST(OneCycle, HasHandCalculatedValues) {
  // warmup_fraction 0.5 of 11 steps: the peak is at step 4.5 by PyTorch's 0.5 * 11 - 1.
  const OneCycle schedule{.max_lr = 1,
                          .steps = 11,
                          .warmup_fraction = 0.5,
                          .div_factor = 10,
                          .final_div_factor = 10,
                          .anneal = Anneal::linear};
  EXPECT_DOUBLE_EQ(schedule(0), 0.1);
  EXPECT_DOUBLE_EQ(schedule(3), 0.1 + 0.9 * 3 / 4.5);
  EXPECT_DOUBLE_EQ(schedule(5), 1 - 0.99 * 0.5 / 5.5);
  EXPECT_DOUBLE_EQ(schedule(10), 0.01);
}

TEST(OneCycle, HoldsTheValueOfItsLastStep) {
  const OneCycle schedule{.max_lr = 1, .steps = 100};
  EXPECT_DOUBLE_EQ(schedule(99), 1 / 25.0 / 1e4);
  EXPECT_EQ(schedule(100), schedule(99));
  EXPECT_EQ(schedule(last_step), schedule(99));
  EXPECT_EQ(schedule.length(), 100);
}

TEST(OneCycle, InThreePhasesReturnsToItsStartFirst) {
  // Peak at 0.4 * 10 - 1 = 3, back at 6, the end at 9.
  const OneCycle schedule{.max_lr = 1,
                          .steps = 10,
                          .warmup_fraction = 0.4,
                          .div_factor = 4,
                          .final_div_factor = 5,
                          .anneal = Anneal::linear,
                          .three_phase = true};
  EXPECT_DOUBLE_EQ(schedule(0), 0.25);
  EXPECT_DOUBLE_EQ(schedule(2), 0.75);
  EXPECT_DOUBLE_EQ(schedule(3), 1);
  EXPECT_DOUBLE_EQ(schedule(4), 0.75);
  EXPECT_DOUBLE_EQ(schedule(6), 0.25);
  EXPECT_DOUBLE_EQ(schedule(7), 0.25 - 0.2 / 3);
  EXPECT_DOUBLE_EQ(schedule(9), 0.05);
  EXPECT_EQ(schedule.phases().size(), 3u);
}

TEST(OneCycle, IsDefinedWithoutAWarmUpWithoutADescentAndInOneStep) {
  EXPECT_LT((OneCycle{.max_lr = 1, .steps = 10, .warmup_fraction = 0})(0), 1);
  EXPECT_EQ((OneCycle{.max_lr = 1, .steps = 10, .warmup_fraction = 1})(9), 1);
  EXPECT_EQ((OneCycle{.max_lr = 1, .steps = 10, .warmup_fraction = 0.1})(0), 1);
  EXPECT_EQ(sample(OneCycle{.max_lr = 1, .steps = 10, .warmup_fraction = 0.1}, 1).front(), 1);
  EXPECT_DOUBLE_EQ((OneCycle{.max_lr = 1, .steps = 1})(0), 1 / 25.0 / 1e4);
}

TEST(OneCycle, HoldsTheValueOfItsLastStepInAPhaseThatIsCutOff) {
  const OneCycle schedule{.max_lr = 1, .steps = 10, .warmup_fraction = 0.9, .three_phase = true};
  EXPECT_EQ(schedule(10), schedule(9));
}

TEST(OneCycle, HasItsPeakAtTheLastStepOfItsRise) {
  EXPECT_EQ((OneCycle{.max_lr = 1, .steps = 10, .warmup_fraction = 0.2})(1), 1);
}

TEST(OneCycle, HasItsPeakAtStep0InThreePhasesToo) {
  const OneCycle schedule{.max_lr = 1, .steps = 10, .warmup_fraction = 0.1, .three_phase = true};
  EXPECT_EQ(schedule(0), 1);
  EXPECT_EQ(sample(schedule, 1).front(), 1);
}

}  // namespace
}  // namespace libsched
