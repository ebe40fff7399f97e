#include "libsched/plateau.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "limits.hpp"

namespace libsched {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::StrEq;
using testing::ThrowsMessage;

constexpr double infinity = std::numeric_limits<double>::infinity();

// The scale after each report.
std::vector<double> scales(const ReduceOnPlateau& plateau, const std::vector<double>& metrics) {
  PlateauState state = plateau_start(plateau);
  std::vector<double> result;
  for (const double metric : metrics) {
    state = plateau_report(plateau, state, metric);
    result.push_back(state.scale);
  }
  return result;
}

// Halves the scale at the first report that does not improve on the best.
ReduceOnPlateau impatient() { return {.factor = 0.5, .patience = 0}; }

TEST(ReduceOnPlateau, StartsAtScaleOneWithNothingCounted) {
  const PlateauState start = plateau_start(impatient());
  EXPECT_EQ(start.scale, 1);
  EXPECT_EQ(start.bad_reports, 0);
  EXPECT_EQ(start.cooldown_left, 0);
}

TEST(ReduceOnPlateau, CountsAnyFirstMetricAsBetter) {
  for (const Mode mode : {Mode::min, Mode::max}) {
    for (const double metric : {-1e300, -1.0, 0.0, 1.0, 1e300}) {
      ReduceOnPlateau plateau = impatient();
      plateau.mode = mode;
      EXPECT_THAT(scales(plateau, {metric}), ElementsAre(1)) << metric;
    }
  }
}

TEST(ReduceOnPlateau, ToleratesAsManyBadReportsAsPatience) {
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 2};
  EXPECT_THAT(scales(plateau, {1, 1, 1, 1, 1, 1, 1}), ElementsAre(1, 1, 1, 0.5, 0.5, 0.5, 0.25));
}

TEST(ReduceOnPlateau, CountsBadReportsFromTheFirst) {
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 1};
  EXPECT_THAT(scales(plateau, {nan, nan, nan}), ElementsAre(1, 0.5, 0.5));
}

TEST(ReduceOnPlateau, CountsBadReportsAfreshAfterABetterOne) {
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 2};
  EXPECT_THAT(scales(plateau, {1, 1, 1, 0.5, 1, 1, 1}), ElementsAre(1, 1, 1, 1, 1, 1, 0.5));
}

TEST(ReduceOnPlateau, ComparesWithTheBestNotWithTheLast) {
  EXPECT_THAT(scales(impatient(), {1, 3, 2}), ElementsAre(1, 0.5, 0.25));
}

TEST(ReduceOnPlateau, CountsNothingInTheCooldown) {
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 0, .cooldown = 2};
  EXPECT_THAT(scales(plateau, {1, 1, 1, 1, 1, 1}), ElementsAre(1, 0.5, 0.5, 0.5, 0.25, 0.25));
}

TEST(ReduceOnPlateau, UpdatesTheBestInTheCooldownToo) {
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 0, .cooldown = 2};
  EXPECT_THAT(scales(plateau, {1, 1, 0.2, 1, 0.5}), ElementsAre(1, 0.5, 0.5, 0.5, 0.25));
}

TEST(ReduceOnPlateau, NeedsARelativeGainInMinMode) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 0.1;
  EXPECT_THAT(scales(plateau, {10, 9.01}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {10, 8.99}), ElementsAre(1, 1));
}

TEST(ReduceOnPlateau, NeedsARelativeGainInMaxMode) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 0.1;
  plateau.mode = Mode::max;
  EXPECT_THAT(scales(plateau, {10, 10.99}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {10, 11.01}), ElementsAre(1, 1));
}

TEST(ReduceOnPlateau, NeedsAnAbsoluteGainInMinMode) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 0.5;
  plateau.threshold_mode = ThresholdMode::absolute;
  EXPECT_THAT(scales(plateau, {10, 9.5}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {10, 9.25}), ElementsAre(1, 1));
}

TEST(ReduceOnPlateau, NeedsAnAbsoluteGainInMaxMode) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 0.5;
  plateau.threshold_mode = ThresholdMode::absolute;
  plateau.mode = Mode::max;
  EXPECT_THAT(scales(plateau, {10, 10.5}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {10, 10.75}), ElementsAre(1, 1));
}

TEST(ReduceOnPlateau, CountsAnEqualMetricAsBadAtThresholdZero) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 0;
  EXPECT_THAT(scales(plateau, {1, 1}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {1, std::nextafter(1.0, 0.0)}), ElementsAre(1, 1));
}

TEST(ReduceOnPlateau, RecognizesThatANegativeMetricImprovesInMaxMode) {
  ReduceOnPlateau plateau = impatient();
  plateau.mode = Mode::max;
  EXPECT_THAT(scales(plateau, {-5, -4, -3, -2}), ElementsAre(1, 1, 1, 1));
}

TEST(ReduceOnPlateau, RecognizesThatANegativeMetricImprovesInMinMode) {
  EXPECT_THAT(scales(impatient(), {-2, -3, -4, -5}), ElementsAre(1, 1, 1, 1));
}

// The scale is the same as for a metric of +1.
TEST(ReduceOnPlateau, LowersTheRateForAFlatMetricBelowZero) {
  for (const Mode mode : {Mode::min, Mode::max}) {
    const ReduceOnPlateau plateau{.patience = 2, .mode = mode};
    EXPECT_THAT(
        scales(plateau, std::vector<double>(9, -1)),
        ElementsAre(1, 1, 1, 0.1, 0.1, 0.1, DoubleEq(0.01), DoubleEq(0.01), DoubleEq(0.01)));
  }
}

// The first report is an improvement, then every 4 bad ones are a reduction: 99 / 4 = 24.
TEST(ReduceOnPlateau, LowersTheRateForAWorseningMetricBelowZero) {
  std::vector<double> metrics;
  for (int i = 0; i < 100; ++i) metrics.push_back(-1 + 5e-5 * i);
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 3};
  EXPECT_EQ(scales(plateau, metrics).back(), 0x1p-24);
}

TEST(ReduceOnPlateau, LowersTheRateForAWorseningRewardBelowZero) {
  std::vector<double> rewards;
  for (int i = 0; i < 100; ++i) rewards.push_back(-1 - 5e-5 * i);
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 3, .mode = Mode::max};
  EXPECT_EQ(scales(plateau, rewards).back(), 0x1p-24);
}

// A tenth of -10 is 1.
TEST(ReduceOnPlateau, NeedsARelativeGainBelowZeroToo) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 0.1;
  EXPECT_THAT(scales(plateau, {-10, -10.99}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {-10, -11.01}), ElementsAre(1, 1));
  plateau.mode = Mode::max;
  EXPECT_THAT(scales(plateau, {-10, -9.01}), ElementsAre(1, 0.5));
  EXPECT_THAT(scales(plateau, {-10, -8.99}), ElementsAre(1, 1));
}

TEST(ReduceOnPlateau, CountsAFirstMetricBelowZeroAsBetterAtAnyThreshold) {
  ReduceOnPlateau plateau = impatient();
  for (const double threshold : {0.0, 1.0, 2.0}) {
    plateau.threshold = threshold;
    for (const Mode mode : {Mode::min, Mode::max}) {
      plateau.mode = mode;
      EXPECT_THAT(scales(plateau, {-1}), ElementsAre(1)) << threshold;
    }
  }
}

// With a threshold of 1, the metric after -1 must be below -2.
TEST(ReduceOnPlateau, AcceptsAThresholdAboveOneBelowZeroToo) {
  ReduceOnPlateau plateau = impatient();
  plateau.threshold = 1;
  EXPECT_THAT(scales(plateau, {-1, -2, -2.5}), ElementsAre(1, 0.5, 0.5));
}

TEST(ReduceOnPlateau, NeedsAnyGainFromZero) {
  for (const Mode mode : {Mode::min, Mode::max}) {
    ReduceOnPlateau plateau = impatient();
    plateau.mode = mode;
    const double gain = mode == Mode::min ? -1e-9 : 1e-9;
    EXPECT_THAT(scales(plateau, {0, 0, gain}), ElementsAre(1, 0.5, 0.5));
  }
}

TEST(ReduceOnPlateau, ComparesAcrossZero) {
  EXPECT_THAT(scales(impatient(), {1, -1, 1}), ElementsAre(1, 1, 0.5));
  ReduceOnPlateau plateau = impatient();
  plateau.mode = Mode::max;
  EXPECT_THAT(scales(plateau, {-1, 1, -1}), ElementsAre(1, 1, 0.5));
}

TEST(ReduceOnPlateau, NeverGoesBelowMinScale) {
  ReduceOnPlateau plateau = impatient();
  plateau.min_scale = 0.2;
  EXPECT_THAT(scales(plateau, {1, 1, 1, 1, 1}), ElementsAre(1, 0.5, 0.25, 0.2, 0.2));
}

TEST(ReduceOnPlateau, ReachesMinScaleExactlyDespiteRounding) {
  ASSERT_GT(0.1 * 0.1, 0.01);
  EXPECT_THAT(scales({.factor = 0.1, .patience = 0, .min_scale = 0.01}, {1, 1, 1, 1}),
              ElementsAre(1, 0.1, 0.01, 0.01));
}

// The rate that a plateau makes of `rate` after each of these metrics.
std::vector<double> rates(const ReduceOnPlateau& plateau, double rate,
                          const std::vector<double>& metrics) {
  std::vector<double> result = scales(plateau, metrics);
  for (double& value : result) value = plateau_rate(plateau, value, rate);
  return result;
}

TEST(ReduceOnPlateau, NeverLowersARateBelowMinLR) {
  EXPECT_THAT(rates({.factor = 0.5, .patience = 0, .min_lr = 0.3}, 1, {1, 1, 1, 1}),
              ElementsAre(1, 0.5, 0.3, 0.3));
}

TEST(ReduceOnPlateau, LeavesARateThatIsItselfBelowMinLR) {
  EXPECT_THAT(rates({.factor = 0.5, .patience = 0, .min_lr = 0.3}, 0.2, {1, 1, 1}),
              ElementsAre(0.2, 0.2, 0.2));
  EXPECT_THAT(rates({.factor = 0.5, .patience = 0, .min_lr = 0.3}, 0, {1, 1}), ElementsAre(0, 0));
}

TEST(ReduceOnPlateau, ReachesMinLRExactlyDespiteRounding) {
  EXPECT_THAT(rates({.factor = 0.1, .patience = 0, .min_lr = 0.01}, 1, {1, 1, 1}),
              ElementsAre(1, 0.1, 0.01));
}

TEST(ReduceOnPlateau, CountsNaNAsBad) {
  EXPECT_THAT(scales(impatient(), {1, nan, 0.5, nan}), ElementsAre(1, 0.5, 0.5, 0.25));
}

TEST(ReduceOnPlateau, CountsAFirstNaNAsBadAndTheNextNumberAsBetter) {
  EXPECT_THAT(scales(impatient(), {nan, 7, 7}), ElementsAre(0.5, 0.5, 0.25));
}

TEST(ReduceOnPlateau, CountsTheWorstInfinityAsBad) {
  EXPECT_THAT(scales(impatient(), {infinity}), ElementsAre(0.5));
  EXPECT_THAT(scales(impatient(), {1, infinity, 0.5}), ElementsAre(1, 0.5, 0.5));
}

TEST(ReduceOnPlateau, MultipliesByTheFactorEachTime) {
  const ReduceOnPlateau plateau{.factor = 0.1, .patience = 0};
  EXPECT_THAT(scales(plateau, {1, 1, 1, 1}),
              ElementsAre(1, DoubleEq(0.1), DoubleEq(0.01), DoubleEq(0.001)));
}

TEST(ReduceOnPlateau, HasTheDefaultsOfPyTorch) {
  EXPECT_EQ(notation(ReduceOnPlateau{}),
            "reduce_on_plateau(factor=0.1, patience=10, threshold=0.0001, threshold_mode=relative, "
            "cooldown=0, min_scale=0, mode=min, min_lr=0, from_step=0)");
}

void expect_refusal(const ReduceOnPlateau& plateau, const char* message) {
  EXPECT_THAT([&] { validate(plateau); }, ThrowsMessage<std::invalid_argument>(StrEq(message)));
}

TEST(ReduceOnPlateau, RefusesAModeThatHasNoWord) {
  expect_refusal({.mode = static_cast<Mode>(2)},
                 "reduce_on_plateau: mode must be min or max, got 2");
  expect_refusal({.threshold_mode = static_cast<ThresholdMode>(2)},
                 "reduce_on_plateau: threshold_mode must be relative or absolute, got 2");
}

TEST(ReduceOnPlateau, RefusesAFactorAboveOne) {
  expect_refusal({.factor = 1.5}, "reduce_on_plateau: factor must be between 0 and 1, got 1.5");
}
TEST(ReduceOnPlateau, RefusesANegativePatience) {
  expect_refusal({.patience = -1}, "reduce_on_plateau: patience must be at least 0, got -1");
}
TEST(ReduceOnPlateau, RefusesANegativeThreshold) {
  expect_refusal({.threshold = -1}, "reduce_on_plateau: threshold must be at least 0, got -1");
}
TEST(ReduceOnPlateau, RefusesANegativeCooldown) {
  expect_refusal({.cooldown = -1}, "reduce_on_plateau: cooldown must be at least 0, got -1");
}
TEST(ReduceOnPlateau, RefusesAMinScaleAboveOne) {
  expect_refusal({.min_scale = 2}, "reduce_on_plateau: min_scale must be between 0 and 1, got 2");
}
TEST(ReduceOnPlateau, RefusesANegativeMinLR) {
  expect_refusal({.min_lr = -1}, "reduce_on_plateau: min_lr must be at least 0, got -1");
}
TEST(ReduceOnPlateau, RefusesANegativeFromStep) {
  expect_refusal({.from_step = -1}, "reduce_on_plateau: from_step must be at least 0, got -1");
}
TEST(ReduceOnPlateau, RefusesNaN) {
  expect_refusal({.factor = nan},
                 "reduce_on_plateau: factor must be finite, got nan; was it left out?");
}

TEST(PlateauRate, IsTheScaledRateWithoutMinLR) {
  EXPECT_EQ(plateau_rate(ReduceOnPlateau{}, 0.5, 0.25), 0.125);
}

TEST(PlateauRate, IsNeitherLoweredBelowMinLRNorRaisedToIt) {
  EXPECT_EQ(plateau_rate(ReduceOnPlateau{.min_lr = 0.2}, 0.5, 0.25), 0.2);
  EXPECT_EQ(plateau_rate(ReduceOnPlateau{.min_lr = 0.2}, 0.5, 0.1), 0.1);
}

TEST(PlateauRate, LeavesNaNForTheDriverToRefuse) {
  EXPECT_TRUE(std::isnan(plateau_rate(ReduceOnPlateau{}, 0.5, nan)));
  EXPECT_TRUE(std::isnan(plateau_rate(ReduceOnPlateau{.min_lr = 0.2}, 0.5, nan)));
}

}  // namespace
}  // namespace libsched
