#include "libsched/schedule.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "libsched/libsched.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::StrEq;
using testing::ThrowsMessage;

template <class Whole>
struct Ended {
  Whole steps;
  double operator()(Step) const { return 1; }
  Whole length() const { return steps; }
};

class WithPrivateMembers {
 public:
  double operator()(Step) const { return 1; }

 private:
  [[maybe_unused]] void length() {}
  [[maybe_unused]] int next_restart() { return 1; }
  [[maybe_unused]] void sample(int) {}
  [[maybe_unused]] double prepared() { return 1; }
  [[maybe_unused]] bool complaint() const { return true; }
  template <class Visit>
  int fields(Visit) {
    return 1;
  }
  [[maybe_unused]] int name() { return 1; }
};

TEST(Schedule, HoldsABuiltInByValue) {
  StepDecay formula{.base_lr = 1, .step_size = 10};
  const Schedule schedule = formula;
  formula.base_lr = 5;
  EXPECT_EQ(schedule(0), 1);
}

TEST(Schedule, TakesALambda) {
  const Schedule schedule = [](Step t) { return 0.5 * static_cast<double>(t); };
  EXPECT_EQ(schedule(3), 1.5);
}

TEST(Schedule, TakesAFunctionObject) {
  const Schedule schedule = std::function<double(Step)>([](Step) { return 2.0; });
  EXPECT_EQ(schedule(3), 2);
}

TEST(Schedule, RefusesAnEmptyFunction) {
  EXPECT_THAT(
      [] { Schedule(std::function<double(Step)>()); },
      ThrowsMessage<std::invalid_argument>(StrEq("Schedule: the function must not be empty")));
  EXPECT_THAT(
      [] { Schedule(static_cast<double (*)(Step)>(nullptr)); },
      ThrowsMessage<std::invalid_argument>(StrEq("Schedule: the function must not be empty")));
}

TEST(Schedule, RefusesANegativeStep) {
  const Schedule schedule = Constant{0.1};
  EXPECT_THAT([&] { schedule(-1); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("constant(base_lr=0.1): step must be at least 0, got -1")));
}

TEST(Schedule, StaysValidWhenMovedFrom) {
  Schedule from = Constant{0.1};
  const Schedule to = std::move(from);
  EXPECT_EQ(to(0), 0.1);
  EXPECT_EQ(from(0), 0.1);  // NOLINT(bugprone-use-after-move): the very point
}

TEST(Schedule, DestroysItsCallableWithItsLastCopy) {
  const auto held = std::make_shared<double>(1);
  std::optional<Schedule> copy;
  {
    const Schedule schedule = [held](Step) { return *held; };
    copy = schedule;
  }
  EXPECT_EQ((*copy)(0), 1);
  copy.reset();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Schedule, WithAnEndKnowsItsLength) {
  EXPECT_EQ(Schedule(CosineDecay{.base_lr = 1, .steps = 9500}).length(), 9500);
}

TEST(Schedule, WithoutAnEndHasNoLength) {
  EXPECT_EQ(Schedule(Constant{1}).length(), std::nullopt);
  EXPECT_EQ(Schedule([](Step) { return 1.0; }).length(), std::nullopt);
}

TEST(Schedule, CustomCallableMayHaveALength) {
  struct Custom {
    double operator()(Step) const { return 1; }
    Step length() const { return 42; }
  };
  EXPECT_EQ(Schedule(Custom{}).length(), 42);
}

TEST(Schedule, UserDefinedTypeMayHaveRestarts) {
  struct EverySeventhStep {
    double operator()(Step t) const { return static_cast<double>(7 - t % 7); }
    std::optional<Step> next_restart(Step after) const {
      return after < 0 ? 7 : after + 7 - after % 7;
    }
  };
  const Schedule schedule = EverySeventhStep{};
  EXPECT_EQ(schedule.next_restart(-1), 7);
  EXPECT_EQ(schedule.next_restart(7), 14);
  EXPECT_TRUE(schedule.restarts_at(14));
  EXPECT_EQ(take(schedule, 10).next_restart(7), std::nullopt);
}

TEST(Schedule, UserDefinedTypeMayPrepareWhatItsCallsNeed) {
  struct Half {
    double operator()(Step) const { return 0; }
    auto prepared() const {
      return [](Step t) { return static_cast<double>(t) / 2; };
    }
  };
  EXPECT_EQ(Schedule(Half{})(3), 1.5);
  EXPECT_THAT(sample(Half{}, 2), ElementsAre(0, 0.5));
}

TEST(Schedule, AsksTheComplaintOfAUserDefinedTypeWithoutFields) {
  struct Picky {
    double rate;
    double operator()(Step) const { return rate; }
    std::string complaint() const { return rate > 0 ? "" : "rate must be above 0"; }
  };
  EXPECT_EQ(Schedule(Picky{1})(0), 1);
  EXPECT_THAT([] { Schedule{Picky{0}}; },
              ThrowsMessage<std::invalid_argument>(StrEq("Schedule: rate must be above 0")));
}

TEST(Schedule, UserDefinedTypeMayBeFinalOrATemplateOrDerivedFromSchedule) {
  struct Last final {
    double operator()(Step) const { return 1; }
    std::optional<Step> length() const noexcept { return 5; }
    std::optional<Step> next_restart(const Step& after) const noexcept { return after + 1; }
  };
  EXPECT_EQ(Schedule(Last{}).length(), 5);
  EXPECT_EQ(Schedule(Last{}).next_restart(2), 3);
  EXPECT_EQ(Schedule(Ended<int>{4}).length(), 4);
  struct Named : Schedule {
    using Schedule::Schedule;
    std::string label = "mine";
  };
  EXPECT_EQ(Schedule(Named(CosineDecay{.base_lr = 1, .steps = 9})).length(), 9);
}

TEST(Schedule, UserDefinedTypeMayUseTheNamesOfMembersForItself) {
  EXPECT_EQ(Schedule(WithPrivateMembers{}).length(), std::nullopt);
  EXPECT_EQ(Schedule(WithPrivateMembers{}).next_restart(0), std::nullopt);
  EXPECT_EQ(to_string(WithPrivateMembers{}), "custom");
  struct WithData {
    double length = 1, next_restart = 1, sample = 1, prepared = 1, complaint = 1, fields = 1;
    std::string name = "mine";
    double operator()(Step) const { return length; }
  };
  EXPECT_EQ(Schedule(WithData{})(0), 1);
  EXPECT_EQ(Schedule(WithData{}).length(), std::nullopt);
}

TEST(Schedule, TakesACallableThatHasAName) {
  struct Named {
    std::string name;
    double operator()(Step) const { return 1; }
  };
  EXPECT_EQ(to_string(Named{"mine"}), "custom");
}

TEST(Schedule, EqualsTheSameKindWithTheSameFields) {
  EXPECT_EQ(Schedule(Constant{1}), Schedule(Constant{1}));
  EXPECT_NE(Schedule(Constant{1}), Schedule(Constant{2}));
  EXPECT_NE(Schedule(Constant{1}), Schedule(ExponentialDecay{.base_lr = 1, .decay = 0}));
}

TEST(Schedule, OfAKindComparesByItsFieldsBeforeItIsASchedule) {
  const StepDecay schedule{.base_lr = 1, .step_size = 2};
  StepDecay other = schedule;
  EXPECT_TRUE(schedule == other);
  EXPECT_FALSE(schedule != other);
  other.step_size = 3;
  EXPECT_FALSE(schedule == other);
  EXPECT_TRUE(schedule != other);
}

TEST(Schedule, OfACustomCallableEqualsItsCopiesOnly) {
  const auto callable = [](Step) { return 1.0; };
  const Schedule schedule = callable;
  EXPECT_EQ(schedule, Schedule(schedule));
  EXPECT_NE(schedule, Schedule(callable));
}

TEST(Schedule, RefusesACallableWithANegativeLength) {
  struct Backwards {
    double operator()(Step) const { return 1; }
    Step length() const { return -1; }
  };
  EXPECT_THAT(
      [] { Schedule{Backwards{}}; },
      ThrowsMessage<std::invalid_argument>(StrEq("Schedule: length() must be at least 0, got -1")));
}

TEST(Sample, GivesTheFirstValues) {
  EXPECT_THAT(sample(StepDecay{.base_lr = 1, .step_size = 2}, 5),
              ElementsAre(1, 1, 0.5, 0.5, 0.25));
  EXPECT_THAT(sample(StepDecay{.base_lr = 1, .step_size = 1}, 3), ElementsAre(1, 0.5, 0.25));
  EXPECT_THAT(sample(StepDecay{.base_lr = 1, .step_size = 9}, 1), ElementsAre(1));
}

// The largest difference from single calls, as a share of the largest value.
double largest_difference(const Schedule& schedule, Step count) {
  const std::vector<double> values = sample(schedule, count);
  double largest = 0;
  for (Step t = 0; t < count; ++t) {
    largest = std::max(largest, std::abs(values[static_cast<std::size_t>(t)] - schedule(t)));
  }
  return largest / *std::max_element(values.begin(), values.end());
}

constexpr double last_bit = rounds_like_the_library ? 0 : 2.5e-16;

TEST(Sample, IsBitForBitWhatSingleCallsGive) {
  EXPECT_LE(largest_difference(Constant{0.1}, 5000), last_bit);
  EXPECT_LE(largest_difference(StepDecay{.base_lr = 0.1, .step_size = 7, .drop = 0.9}, 5000),
            last_bit);
  EXPECT_LE(largest_difference(Cyclical{.base_lr = 0.1, .max_lr = 0.7, .step_size = 30}, 5000),
            last_bit);
  EXPECT_LE(largest_difference(scaled(StepDecay{.base_lr = 0.1, .step_size = 7}, 0.3), 5000),
            last_bit);
  EXPECT_LE(largest_difference(MultiStepDecay{.base_lr = 0.1, .milestones = {7, 2000}}, 5000),
            last_bit);
  EXPECT_LE(largest_difference(InverseSqrt{.base_lr = 0.1, .timescale = 7}, 5000), last_bit);
  EXPECT_LE(largest_difference(Noam{.d_model = 512, .warmup_steps = 400}, 5000), last_bit);
  EXPECT_LE(largest_difference(SqrtCooldown{.start = 0.1, .end = 0.01, .steps = 4000}, 5000),
            last_bit);
  EXPECT_LE(largest_difference(Rex{.start = 0.1, .end = 0.01, .steps = 4000}, 5000), last_bit);
  for (const double exponent : {0.5, 8.5}) {
    EXPECT_LE(
        largest_difference(CosinePower{.base_lr = 0.1, .steps = 4000, .exponent = exponent}, 5000),
        last_bit);
  }
}

TEST(Sample, OfAKindThatSharesAmongStepsIsBitForBitForTheFirst1024Values) {
  EXPECT_LE(largest_difference(Linear{.start = 0.1, .end = 0.3, .steps = 4000}, 1024), last_bit);
  EXPECT_LE(largest_difference(Polynomial{.start = 0.1, .end = 0, .steps = 4000, .power = 3}, 1024),
            last_bit);
  EXPECT_LE(largest_difference(CosineDecay{.base_lr = 0.1, .steps = 4000, .min_lr = 0.01}, 1024),
            last_bit);
  EXPECT_LE(largest_difference(ExponentialDecay{.base_lr = 0.1, .decay = 1e-3}, 1024), last_bit);
  EXPECT_LE(largest_difference(Logarithmic{.start = 0.1, .end = 0.3, .steps = 4000}, 1024),
            last_bit);
}

TEST(Sample, OfALongCosineOrExponentialDecayDiffersInTheLastDigitsOnly) {
  EXPECT_LT(
      largest_difference(CosineDecay{.base_lr = 0.1, .steps = 90'001, .min_lr = 0.01}, 100'000),
      4e-16);
  EXPECT_LT(largest_difference(CosineDecay{.base_lr = 1e-3, .steps = 90'001, .min_lr = 1}, 100'000),
            4e-16);
  EXPECT_LT(largest_difference(ExponentialDecay{.base_lr = 0.1, .decay = 1e-4}, 100'000), 4e-16);
}

TEST(Sample, OfAKindThatSharesAmongStepsDiffersInTheLastDigitsOnly) {
  const Schedule cosine = CosineDecay{.base_lr = 0.1, .steps = 90'001, .min_lr = 0.01};
  for (const Schedule& schedule :
       {Schedule(Cosine{.start = 0.01, .end = 0.1, .steps = 90'001}),
        Schedule(Exponential{.start = 1e-7, .end = 10, .steps = 90'001}),
        Schedule(Exponential{.start = 10, .end = 1e-7, .steps = 90'001}),
        Schedule(SigmoidDecay{.base_lr = 0.1, .midpoint = 50'000, .rate = 1e-3}),
        Schedule(SigmoidDecay{.base_lr = 0.1, .midpoint = 50'000, .rate = -1}),
        Schedule(CosinePower{.base_lr = 0.1, .steps = 90'001, .exponent = 2}),
        Schedule(CosinePower{.base_lr = 0.1, .steps = 90'001, .k_decay = 0.5}),
        Schedule(CosinePower{.base_lr = 0.1, .steps = 90'001, .exponent = 1.5, .k_decay = 1.5}),
        Schedule(Linear{.start = 0.1, .end = 0.01, .steps = 90'001}),
        Schedule(PiecewiseLinear{.steps = {10, 3000, 90'001}, .values = {0.1, 0.3, 0}}),
        Schedule(Polynomial{.start = 0.1, .end = 0.01, .steps = 90'001, .power = 2}),
        Schedule(Polynomial{.start = 0.1, .end = 0.01, .steps = 90'001, .power = 0.3}),
        Schedule(Polynomial{.start = 0.1, .end = 0.01, .steps = 90'001, .power = 4.5}),
        Schedule(Polynomial{.start = 0.1, .end = 0.01, .steps = 90'001, .power = 40}),
        Schedule(InverseTimeDecay{.base_lr = 0.1, .decay = 0.1, .power = 0.8}),
        Schedule(InverseTimeDecay{.base_lr = 0.1, .decay = 0}),
        Schedule(Cyclical{.base_lr = 0.1, .max_lr = 0.7, .step_size = 3000, .gamma = 0.9999}),
        Schedule(Tanh{.start = 0.1, .end = 0.01, .steps = 90'001}),
        Schedule(Logarithmic{.start = 0.01, .end = 0.1, .steps = 90'001}),
        Schedule(CosineRestarts{.base_lr = 0.1, .period = 3000}),
        Schedule(CosineRestarts{.base_lr = 0.1, .period = 30, .peak_factor = 0.999}),
        Schedule(CosineRestarts{.base_lr = 0.1, .period = 1000, .period_factor = 2}),
        Schedule(OneCycle{.max_lr = 0.1, .steps = 90'001}),
        Schedule(OneCycle{.max_lr = 0.1, .steps = 90'001, .warmup_fraction = 0}),
        Schedule(OneCycle{.max_lr = 0.1, .steps = 90'001, .three_phase = true}),
        Schedule(OneCycle{.max_lr = 0.1, .steps = 90'001, .anneal = Anneal::linear}),
        warmup(cosine, 5000),
        sequence(take(cosine, 7000), cosine),
        take(cosine, 40'000),
        scaled(cosine, 0.3),
        clamped(cosine, 0.02, 0.09),
        product(cosine, cosine),
        repeat(take(cosine, 7000), 9),
        held(cosine, 7)}) {
    EXPECT_LT(largest_difference(schedule, 100'000), 1e-15) << to_string(schedule);
  }
}

// Within one block, the exponential exceeds the range of a double.
TEST(Sample, OfASteepSigmoidIsDefined) {
  EXPECT_THAT(sample(SigmoidDecay{.base_lr = 1, .midpoint = 2000, .rate = 1e9}, 3000),
              ElementsAreArray(sample(
                  PiecewiseConstant{.boundaries = {2000, 2001}, .values = {1, 0.5, 0}}, 3000)));
}

TEST(Sample, OfAnExponentialOverMoreThanADoubleHoldsIsThatOfSingleCalls) {
  EXPECT_EQ(largest_difference(Exponential{.start = 1e-300, .end = 1e300, .steps = 90}, 100), 0);
}

TEST(Sample, OfAnExponentialStaysAboveItsEnd) {
  for (const double end : {0.07, 0.01, 0.02, 0.03}) {
    const Step steps = 100'000'000'000'000'000;
    std::vector<double> values(5000);
    sample(Exponential{.start = 0.3, .end = end, .steps = steps}, steps - 5000, 5000,
           values.data());
    EXPECT_GE(*std::min_element(values.begin(), values.end()), end);
  }
}

// Near its end a step is less than the last digit of a value.
TEST(Sample, OfALineStaysWithinItsEnds) {
  for (const double end : {0.0, 0.07, 0.1, 0.2}) {
    const Step steps = 100'000'000'000'000'000;
    std::vector<double> values(5000);
    sample(Linear{.start = 0.3, .end = end, .steps = steps}, steps - 5000, 5000, values.data());
    EXPECT_GE(*std::min_element(values.begin(), values.end()), end);
  }
}

TEST(Sample, OfAnExponentialHoldsItsEnd) {
  for (Step steps = 1100; steps < 1110; ++steps) {
    const std::vector<double> values =
        sample(Exponential{.start = 0.3, .end = 0.07, .steps = steps}, 1200);
    EXPECT_TRUE(std::all_of(std::next(values.begin(), static_cast<std::ptrdiff_t>(steps)),
                            values.end(), [](double v) { return v == 0.07; }))
        << steps;
  }
}

TEST(Sample, OfCosineDecayHoldsItsEnd) {
  EXPECT_THAT(sample(CosineDecay{.base_lr = 1, .steps = 2, .min_lr = 0.5}, 5),
              ElementsAre(1, 0.75, 0.5, 0.5, 0.5));
}

TEST(Sample, HasTheSignOfZeroOfSingleCalls) {
  const Schedule schedule = CosineDecay{.base_lr = 1, .steps = 2, .min_lr = -0.0};
  EXPECT_EQ(std::signbit(sample(schedule, 4)[3]), std::signbit(schedule(3)));
}

TEST(Sample, UsesTheMemberOfAScheduleThatHasOne) {
  struct Quick {
    double operator()(Step) const { return 1; }
    void sample(Step, Step count, double* out) const { std::fill_n(out, count, 2); }
  };
  EXPECT_THAT(sample(Quick{}, 2), ElementsAre(2, 2));
}

TEST(Sample, OfZeroStepsIsEmpty) { EXPECT_THAT(sample(Constant{1}, 0), IsEmpty()); }

TEST(Sample, RefusesANegativeCount) {
  EXPECT_THAT(
      [] { sample(Constant{1}, -1); },
      ThrowsMessage<std::invalid_argument>(StrEq("sample: count must be at least 0, got -1")));
}

TEST(Sample, WritesTheValuesFromAStepOnIntoTheCallersMemory) {
  std::vector<double> values(4, -1);
  sample(Linear{0, 4, 4}, 2, 2, values.data() + 1);
  EXPECT_THAT(values, ElementsAre(-1, 2, 3, -1));
  sample(Linear{0, 4, 4}, 2, 0, nullptr);
}

TEST(Sample, RefusesWhatItCannotWrite) {
  const auto complaint = [](Step first, Step count, double* out) -> std::string {
    try {
      sample(Constant{1}, first, count, out);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  double value = -1;
  EXPECT_EQ(complaint(-1, 1, &value), "sample: first must be at least 0, got -1");
  EXPECT_EQ(complaint(0, -1, &value), "sample: count must be at least 0, got -1");
  EXPECT_EQ(complaint(0, 2, nullptr), "sample: out must have room for 2 values, got null");
  EXPECT_EQ(complaint(last_step, 2, &value),
            "sample: count must be at most 1 from step 9223372036854775807 on, got 2");
  EXPECT_EQ(value, -1);
  EXPECT_EQ(complaint(last_step, 1, &value), "");
  EXPECT_EQ(value, 1);
}

TEST(Sample, AppendsAsItDidIn020) {
  std::vector<double> values{7};
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif
  Schedule(Linear{0, 4, 4}).sample(2, 2, values);
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif
  EXPECT_THAT(values, ElementsAre(7, 2, 3));
}

TEST(ToString, PrintsEveryFieldOfEachKind) {
  EXPECT_EQ(to_string(Constant{0.08}), "constant(base_lr=0.08)");
  EXPECT_EQ(to_string(StepDecay{.base_lr = 0.08, .step_size = 20}),
            "step_decay(base_lr=0.08, step_size=20, drop=0.5)");
  EXPECT_EQ(to_string(ExponentialDecay{.base_lr = 0.08, .decay = 0.05}),
            "exponential_decay(base_lr=0.08, decay=0.05)");
  EXPECT_EQ(to_string(Cyclical{.base_lr = 0.01, .max_lr = 0.08, .step_size = 15}),
            "cyclical(base_lr=0.01, max_lr=0.08, step_size=15, step_size_down=15, cycle_scale=1, "
            "gamma=1)");
  EXPECT_EQ(to_string(CosineDecay{.base_lr = 0.08, .steps = 80}),
            "cosine_decay(base_lr=0.08, steps=80, min_lr=0)");
}

TEST(ToString, PrintsTheFewestDigitsThatReadBack) {
  EXPECT_EQ(to_string(Constant{3e-5}), "constant(base_lr=3e-05)");
  EXPECT_EQ(to_string(Constant{0.1 + 0.2}), "constant(base_lr=0.30000000000000004)");
  EXPECT_EQ(to_string(Constant{5e-324}), "constant(base_lr=5e-324)");
  EXPECT_EQ(to_string(Constant{1}), "constant(base_lr=1)");
}

TEST(ToString, OfACustomCallableIsCustom) {
  EXPECT_EQ(to_string([](Step) { return 1.0; }), "custom");
}

}  // namespace
}  // namespace libsched
