#include "libsched/compose.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <stdexcept>

#include "libsched/libsched.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::StrEq;
using testing::ThrowsMessage;

// A schedule with the values 0, 1, 2, ..., so that a part returns its local time.
const Schedule clock_ = [](Step t) { return static_cast<double>(t); };

Schedule clock_of(Step steps) { return take(clock_, steps); }

struct RestartsAt {
  Step step;
  double operator()(Step) const { return 1; }
  std::optional<Step> next_restart(Step after) const {
    return after < step ? std::optional(step) : std::nullopt;
  }
};

// A part that records the samples that are asked of it.
struct Asked {
  std::vector<std::pair<Step, Step>> samples;  // first, count
  std::vector<Step> restarts;
};
struct Recorder {
  Asked* asked;
  Step steps;
  double operator()(Step) const { return 1; }
  void sample(Step first, Step count, double* out) const {
    asked->samples.emplace_back(first, count);
    std::fill_n(out, count, 1);
  }
  std::optional<Step> next_restart(Step after) const {
    asked->restarts.push_back(after);
    return std::nullopt;
  }
  Step length() const { return steps; }
};

TEST(Sequence, GivesEachPartItsLocalTimeAndItsFirstStep) {
  EXPECT_THAT(sample(sequence(clock_of(3), clock_of(2), clock_), 8),
              ElementsAre(0, 1, 2, 0, 1, 0, 1, 2));
}

TEST(Sequence, AddsUpTheLengthsOfItsParts) {
  EXPECT_EQ(sequence(clock_of(3), clock_of(4)).length(), 7);
  EXPECT_EQ(sequence(clock_of(3), clock_).length(), std::nullopt);
  EXPECT_EQ(sequence(clock_of(last_step), clock_of(last_step)).length(), last_step);
}

TEST(Sequence, HoldsTheEndOfItsLastPart) {
  EXPECT_EQ(sequence(clock_of(3), clock_of(4))(last_step), 4);
}

TEST(Sequence, IsAtTheLastStepInThePartThatHasNotEndedYet) {
  EXPECT_EQ(sequence(clock_of(last_step - 2), clock_of(9), Constant{0.5})(last_step), 2);
  EXPECT_EQ(sequence(clock_of(last_step), Constant{0.5})(last_step), 0.5);
}

TEST(Sequence, RefusesAPartWithoutAnEndBeforeTheLastAndSaysWhatGivesOne) {
  EXPECT_THAT(
      [] {
        sequence(Linear{0, 1, 5}, Constant{1}, Constant{0.5});
      },
      ThrowsMessage<std::invalid_argument>(
          StrEq("sequence: part 2 of 3 must have an end, got "
                "constant(base_lr=1); take(..., steps) gives it one")));
}

TEST(Sequence, RefusesAFirstPartWithoutAnEnd) {
  EXPECT_THROW(sequence(Constant{1}, Constant{0.5}), std::invalid_argument);
}

TEST(Sequence, RefusesAnEmptyList) {
  EXPECT_THAT([] { sequence(std::vector<Schedule>{}); },
              ThrowsMessage<std::invalid_argument>(StrEq("sequence: parts must not be empty")));
}

TEST(Sequence, MakesWarmupStableDecay) {
  const Schedule wsd = sequence(Linear{0, 0.5, 2}, take(Constant{0.5}, 3), SqrtCooldown{0.5, 0, 4});
  EXPECT_THAT(sample(wsd, 11), ElementsAre(0, 0.25, 0.5, 0.5, 0.5, 0.5, 0.25,
                                           testing::DoubleEq(0.5 - std::sqrt(0.125)),
                                           testing::DoubleEq(0.5 - std::sqrt(0.1875)), 0, 0));
  EXPECT_EQ(wsd.length(), 9);
}

TEST(Warmup, RisesFromStartToTheFirstValueThenRunsTheScheduleFromItsStart) {
  EXPECT_THAT(sample(warmup(StepDecay{.base_lr = 1, .step_size = 2}, 4), 8),
              ElementsAre(0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.5));
  EXPECT_THAT(sample(warmup(Constant{1}, 2, 0.5), 4), ElementsAre(0.5, 0.75, 1, 1));
}

TEST(Warmup, OfNoStepsIsTheSchedule) {
  EXPECT_THAT(sample(warmup(clock_, 0, 5), 3), ElementsAre(0, 1, 2));
}

TEST(Warmup, AddsItsStepsToTheLength) {
  EXPECT_EQ(warmup(CosineDecay{.base_lr = 1, .steps = 9500}, 500).length(), 10000);
  EXPECT_EQ(warmup(Constant{1}, 500).length(), std::nullopt);
}

TEST(Take, HoldsTheValueAtItsEnd) {
  EXPECT_THAT(sample(take(clock_, 3), 6), ElementsAre(0, 1, 2, 3, 3, 3));
  EXPECT_EQ(take(clock_, 3).length(), 3);
}

TEST(Scaled, MultipliesByItsFactor) {
  EXPECT_THAT(sample(scaled(clock_of(2), 0.5), 4), ElementsAre(0, 0.5, 1, 1));
  EXPECT_EQ(scaled(clock_of(2), 0.5).length(), 2);
}

TEST(Clamped, StaysBetweenItsBounds) {
  EXPECT_THAT(sample(clamped(clock_, 1, 3), 6), ElementsAre(1, 1, 2, 3, 3, 3));
}

TEST(Clamped, RefusesBoundsThatAreTheWrongWayRound) {
  EXPECT_THAT(
      [] { clamped(clock_, 2, 1); },
      ThrowsMessage<std::invalid_argument>(StrEq("clamped: min must be at most max (1), got 2")));
}

TEST(Clamped, RefusesABoundBelowZero) {
  EXPECT_THAT(
      [] { clamped(clock_, -1, 1); },
      ThrowsMessage<std::invalid_argument>(StrEq("clamped: min must be at least 0, got -1")));
}

TEST(Product, MultipliesItsPartsAtTheSameTime) {
  EXPECT_THAT(sample(product(clock_, clock_of(2)), 5), ElementsAre(0, 1, 4, 6, 8));
}

TEST(Product, EndsWhenTheLastOfItsPartsEnds) {
  EXPECT_EQ(product(clock_of(2), clock_of(7)).length(), 7);
  EXPECT_EQ(product(PiecewiseLinear{{0}, {1}}).length(), 0);
  EXPECT_EQ(product(clock_of(2), clock_).length(), std::nullopt);
}

TEST(Repeat, StartsAgainForEver) {
  EXPECT_THAT(sample(repeat(clock_of(3)), 7), ElementsAre(0, 1, 2, 0, 1, 2, 0));
  EXPECT_EQ(repeat(clock_of(3)).length(), std::nullopt);
}

TEST(Repeat, EndsAfterItsTimesAndHoldsTheFinalValue) {
  EXPECT_THAT(sample(repeat(clock_of(2), 2), 6), ElementsAre(0, 1, 0, 1, 2, 2));
  EXPECT_EQ(repeat(clock_of(2), 2).length(), 4);
  EXPECT_EQ(repeat(clock_of(2), last_step).length(), last_step);
  EXPECT_EQ(repeat(clock_of(2), last_step / 2).length(), last_step - 1);
}

TEST(Repeat, RefusesAScheduleWithoutAnEnd) {
  EXPECT_THAT([] { repeat(Constant{1}); },
              ThrowsMessage<std::invalid_argument>(StrEq(
                  "repeat: the schedule must have an end after step 0, got constant(base_lr=1); "
                  "take(..., steps) gives it one")));
}

TEST(Repeat, RefusesZeroTimes) {
  EXPECT_THAT(
      [] { repeat(clock_of(1), 0); },
      ThrowsMessage<std::invalid_argument>(StrEq("repeat: times must be at least 1, got 0")));
}

TEST(Repeat, LowersEachRoundByItsFactor) {
  const Schedule schedule = repeat(Linear{4, 2, 2}, 3, 0.5);
  EXPECT_EQ(sample(schedule, 8), (std::vector<double>{4, 3, 2, 1.5, 1, 0.75, 0.5, 0.5}));
  EXPECT_THAT(sample(repeat(Linear{4, 2, 2}, 3, 0), 8), ElementsAre(4, 3, 0, 0, 0, 0, 0, 0));
}

TEST(Repeat, SamplesTheFinalValueOfTheLongest) {
  std::vector<double> values(3);
  sample(repeat(clock_of(2), last_step / 2), last_step - 3, 3, values.data());
  EXPECT_THAT(values, ElementsAre(0, 1, 2));
}

TEST(Repeat, SamplesTheFinalValueAtTheLastStep) {
  const Schedule schedule = reversed(repeat(clock_of(last_step), 1, 0.5));
  EXPECT_EQ(sample(schedule, 2).front(), schedule(0));
}

TEST(Skip, LeavesOutTheFirstSteps) {
  const Schedule schedule = skip(Linear{0, 10, 10}, 4);
  EXPECT_EQ(schedule(0), 4);
  EXPECT_EQ(schedule(6), 10);
  EXPECT_THAT(sample(schedule, 3), ElementsAre(4, 5, 6));
  EXPECT_EQ(schedule.length(), 6);
  EXPECT_EQ(skip(Linear{0, 10, 10}, 11).length(), 0);
}

TEST(Skip, IsDefinedAtTheLastStep) {
  const Schedule schedule = skip(Linear{0, 1, 10}, last_step);
  EXPECT_EQ(schedule(last_step), 1);
  EXPECT_EQ(sample(schedule, 3), (std::vector<double>{1, 1, 1}));
}

TEST(Reversed, GoesBackFromTheEndAndHoldsTheStart) {
  EXPECT_THAT(sample(reversed(clock_of(3)), 1), ElementsAre(3));
  const Schedule schedule = reversed(Linear{0, 4, 4});
  EXPECT_EQ(sample(schedule, 6), (std::vector<double>{4, 3, 2, 1, 0, 0}));
  EXPECT_EQ(schedule.length(), 4);
}

TEST(Reversed, RefusesAScheduleWithoutAnEnd) {
  EXPECT_THAT([] { reversed(Constant{0.1}); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("reversed: the schedule must have an end, got constant(base_lr=0.1); "
                        "take(..., steps) gives it one")));
}

TEST(Sum, AddsItsPartsAtTheSameTime) {
  EXPECT_EQ(sample(sum(Constant{1}, Linear{0, 2, 2}), 4), (std::vector<double>{1, 2, 3, 3}));
}

TEST(Difference, IsTheFirstLessTheSecond) {
  EXPECT_EQ(sample(difference(Constant{4}, Linear{0, 4, 4}), 6),
            (std::vector<double>{4, 3, 2, 1, 0, 0}));
  EXPECT_EQ(difference(Constant{1}, Linear{0, 4, 4})(2), -1);
}

// Shazeer & Stern, "Adafactor" (2018): beta2 of update n, from 1 on, is 1 - n^-0.8.
TEST(Difference, IsBeta2OfAdafactor) {
  const Schedule beta2 = difference(Constant{1}, InverseTimeDecay{1, 1, 0.8});
  EXPECT_EQ(beta2(0), 0);
  EXPECT_DOUBLE_EQ(beta2(1), 0.42565082250148256);  // 1 - 2^-0.8
  EXPECT_DOUBLE_EQ(beta2(31), 0.9375);              // 1 - 32^-0.8 = 1 - 2^-4
}

// Megatron-LM's WSD with an exponential decay multiplies the rate by (2 * 0.5^x) - 1.
TEST(Difference, IsTheExponentialDecayOfMegatron) {
  const Schedule decay = difference(Exponential{2, 1, 100}, Constant{1});
  EXPECT_EQ(decay(0), 1);
  EXPECT_DOUBLE_EQ(decay(50), 0.41421356237309505);  // 2 * sqrt(0.5) - 1
  EXPECT_EQ(decay(100), 0);
}

TEST(Difference, EndsWhenTheLaterPartEndsAndRestartsWithTheFirst) {
  EXPECT_EQ(difference(Linear{2, 1, 4}, Linear{1, 0, 7}).length(), 7);
  EXPECT_EQ(difference(Constant{1}, Linear{1, 0, 7}).length(), std::nullopt);
  const Schedule rounds = repeat(Linear{2, 1, 4});
  EXPECT_TRUE(difference(rounds, Constant{1}).restarts_at(4));
  EXPECT_FALSE(difference(Constant{2}, rounds).restarts_at(4));  // here the value falls
}

TEST(Phases, OfNoStepsHaveTheirEndValueAndNoLength) {
  for (const Schedule& phase :
       {Schedule(Linear{1, 2, 0}), Schedule(Cosine{1, 2, 0}), Schedule(Exponential{1, 2, 0}),
        Schedule(Polynomial{1, 2, 0, 3}), Schedule(SqrtCooldown{1, 2, 0}),
        Schedule(Logarithmic{1, 2, 0}), Schedule(Rex{1, 2, 0}), Schedule(Tanh{1, 2, 0}),
        cooldown(Constant{1}, 0, 0, 2), cooldown(Constant{1}, 0, 0, 2, CooldownShape::cosine),
        cooldown(Constant{1}, 0, 0, 2, CooldownShape::sqrt), take(Linear{2, 1, 4}, 0)}) {
    EXPECT_EQ(phase.length(), 0) << to_string(phase);
    EXPECT_EQ(sample(phase, 3), (std::vector<double>{2, 2, 2})) << to_string(phase);
    EXPECT_EQ(phase(std::numeric_limits<Step>::max()), 2) << to_string(phase);
    EXPECT_EQ(sample(sequence(Linear{0, 2, 2}, phase, Constant{3}), 4),
              (std::vector<double>{0, 1, 3, 3}))
        << to_string(phase);
    EXPECT_EQ(sample(reversed(phase), 2), sample(skip(phase, 0), 2)) << to_string(phase);
    EXPECT_EQ(held(phase, 5).length(), 0) << to_string(phase);
    EXPECT_EQ(phase.next_restart(-1), std::nullopt) << to_string(phase);
    EXPECT_EQ(parse(to_string(phase)), phase);
  }
}

TEST(Cooldown, OfNoStepsEndsTheScheduleAtOnce) {
  const Schedule cut = cooldown(Linear{4, 0, 8}, 2, 0, 1);
  EXPECT_EQ(sample(cut, 4), (std::vector<double>{4, 3.5, 1, 1}));
  EXPECT_EQ(cut.length(), 2);
  EXPECT_FALSE(cooldown(repeat(Linear{1, 0, 2}), 2, 0).restarts_at(2));
}

TEST(Repeat, RefusesAScheduleOfNoSteps) {
  EXPECT_THAT(
      [] {
        repeat(Linear{1, 2, 0});
      },
      ThrowsMessage<std::invalid_argument>(
          StrEq("repeat: the schedule must have at least 1 step, got linear(start=1, end=2, "
                "steps=0), which has none")));
}

TEST(Minimum, IsTheLeastOfItsParts) {
  EXPECT_EQ(sample(minimum(Linear{0, 4, 4}, Constant{2}), 5), (std::vector<double>{0, 1, 2, 2, 2}));
}

TEST(Maximum, IsTheLargestOfItsParts) {
  EXPECT_EQ(sample(maximum(Linear{0, 4, 4}, Constant{2}), 5), (std::vector<double>{2, 2, 2, 3, 4}));
}

TEST(Cooldown, FallsFromTheValueOfTheSchedule) {
  const Schedule schedule = cooldown(Linear{0, 128, 128}, 8, 4);
  EXPECT_EQ(sample(schedule, 14), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 6, 4, 2, 0, 0}));
  EXPECT_EQ(schedule.length(), 12);
}

TEST(Cooldown, HasThreeShapes) {
  const auto quarter = [](CooldownShape shape) { return cooldown(Constant{3}, 5, 4, 1, shape)(6); };
  EXPECT_DOUBLE_EQ(quarter(CooldownShape::linear), 2.5);
  EXPECT_DOUBLE_EQ(quarter(CooldownShape::cosine), 2 + std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(quarter(CooldownShape::sqrt), 2);
}

TEST(Held, GivesEachValueForEverySteps) {
  EXPECT_THAT(sample(held(clock_of(2), 3), 8), ElementsAre(0, 0, 0, 1, 1, 1, 2, 2));
  EXPECT_THAT(sample(held(clock_of(2), 3), 1), ElementsAre(0));
  EXPECT_EQ(held(clock_of(2), 3).length(), 6);
  EXPECT_EQ(held(clock_of(last_step), 3).length(), last_step);
  EXPECT_EQ(held(clock_of(last_step / 2), 2).length(), last_step - 1);
}

TEST(Held, RefusesZeroSteps) {
  EXPECT_THAT([] { held(clock_, 0); },
              ThrowsMessage<std::invalid_argument>(StrEq("held: every must be at least 1, got 0")));
}

TEST(Composition, NestsTenDeep) {
  // Each level warms up one step more.
  Schedule schedule = clock_of(5);
  for (int level = 0; level < 10; ++level) schedule = warmup(schedule, 1, 7);
  EXPECT_EQ(schedule.length(), 15);
  EXPECT_EQ(schedule(9), 7);
  EXPECT_EQ(schedule(10), 0);
  EXPECT_EQ(schedule(14), 4);
}

TEST(Composition, ReportsItsRestarts) {
  const Schedule restarts = CosineRestarts{.base_lr = 1, .period = 4};
  const auto steps_of = [](const Schedule& schedule) {
    std::vector<Step> steps;
    for (Step t = 0; t < 13; ++t) {
      if (schedule.restarts_at(t)) steps.push_back(t);
    }
    return steps;
  };
  EXPECT_THAT(steps_of(restarts), ElementsAre(4, 8, 12));
  EXPECT_THAT(steps_of(warmup(restarts, 2)), ElementsAre(6, 10));
  EXPECT_THAT(steps_of(take(restarts, 8)), ElementsAre(4, 8));
  EXPECT_THAT(steps_of(sequence(take(Constant{1}, 3), restarts)), ElementsAre(7, 11));
  EXPECT_THAT(steps_of(sequence(take(restarts, 4), Constant{1})), ElementsAre());
  EXPECT_THAT(steps_of(sequence(take(restarts, 5), Constant{1})), ElementsAre(4));
  EXPECT_THAT(steps_of(scaled(restarts, 2)), ElementsAre(4, 8, 12));
  EXPECT_THAT(steps_of(clamped(restarts, 0, 1)), ElementsAre(4, 8, 12));
  EXPECT_THAT(steps_of(product(Constant{1}, restarts)), ElementsAre(4, 8, 12));
  EXPECT_THAT(steps_of(held(restarts, 3)), ElementsAre(12));
  EXPECT_THAT(steps_of(held(skip(restarts, 4), 3)), ElementsAre(0, 12));
  EXPECT_THAT(steps_of(repeat(Linear{1, 0, 5})), ElementsAre(5, 10));
  EXPECT_THAT(steps_of(repeat(Linear{1, 0, 5}, 2)), ElementsAre(5));
  EXPECT_THAT(steps_of(repeat(take(restarts, 5), 2)), ElementsAre(4, 5, 9));
  EXPECT_THAT(steps_of(repeat(take(restarts, 4), 2)), ElementsAre(4));
  EXPECT_THAT(steps_of(repeat(Linear{1, 0, 1}, 4)), ElementsAre(1, 2, 3));
  EXPECT_THAT(steps_of(Constant{1}), ElementsAre());
  EXPECT_THAT(steps_of(skip(restarts, 3)), ElementsAre(1, 5, 9));
  EXPECT_THAT(steps_of(skip(restarts, 4)), ElementsAre(0, 4, 8, 12));
  EXPECT_THAT(steps_of(cooldown(restarts, 8, 4)), ElementsAre(4, 8));
  EXPECT_THAT(steps_of(reversed(take(restarts, 10))), ElementsAre());
  EXPECT_THAT(steps_of(maximum(restarts, repeat(Linear{1, 0, 5}))), ElementsAre(4, 5, 8, 10, 12));
}

TEST(Composition, ReportsTheNextRestart) {
  const Schedule schedule = warmup(CosineRestarts{.base_lr = 1, .period = 4}, 2);
  EXPECT_EQ(schedule.next_restart(-1), 6);
  EXPECT_EQ(schedule.next_restart(6), 10);
  EXPECT_EQ(take(schedule, 7).next_restart(6), std::nullopt);
  EXPECT_EQ(repeat(Linear{1, 0, 1}).next_restart(-1), 1);
  EXPECT_EQ(repeat(take(schedule, 7), 2).next_restart(14), std::nullopt);
  EXPECT_EQ(skip(schedule, 6).next_restart(-1), 0);
  EXPECT_EQ(skip(schedule, 6).next_restart(0), 4);
}

TEST(Composition, KeepsARestartAtTheFirstStepOfAPart) {
  EXPECT_TRUE(warmup(RestartsAt{0}, 2).restarts_at(2));
  EXPECT_TRUE(sequence(take(Constant{0.1}, 2), RestartsAt{0}).restarts_at(2));
  EXPECT_EQ(warmup(RestartsAt{0}, 2).next_restart(-1), 2);
  EXPECT_EQ(held(RestartsAt{0}, 3).next_restart(-1), 0);
  EXPECT_EQ(held(RestartsAt{0}, 3).next_restart(0), std::nullopt);
  EXPECT_EQ(sequence(take(Constant{0.1}, 2), RestartsAt{0}).next_restart(-1), 2);
}

TEST(Composition, ReportsARestartAtTheLastStep) {
  EXPECT_EQ(warmup(RestartsAt{0}, last_step).next_restart(-1), last_step);
  EXPECT_EQ(warmup(RestartsAt{1}, last_step).next_restart(-1), std::nullopt);
  EXPECT_EQ(held(RestartsAt{last_step / 7}, 7).next_restart(-1), last_step);
  EXPECT_EQ(held(RestartsAt{last_step / 7 + 1}, 7).next_restart(-1), std::nullopt);
}

TEST(Composition, AsksForRestartsFromBeforeTheFirstStepAtTheEarliest) {
  Asked asked;
  const Schedule part = Recorder{&asked, 4};
  warmup(part, 3).next_restart(-1);
  held(part, 3).next_restart(-1);
  skip(part, 0).next_restart(-9);
  sequence(take(Constant{1}, 3), part).next_restart(-1);
  EXPECT_THAT(asked.restarts, ElementsAre(-1, -1, -1, -1));
}

// The samples that sample(first, count) of a composition asks of its part.
std::vector<std::pair<Step, Step>> asked_of(const std::function<Schedule(Schedule)>& composed,
                                            Step first, Step count) {
  Asked asked;
  std::vector<double> values(static_cast<std::size_t>(count));
  sample(composed(Recorder{&asked, 4}), first, count, values.data());
  return asked.samples;
}

TEST(Sample, AsksAPartForTheStepsThatFallIntoIt) {
  const auto sequenced = [](const Schedule& part) { return sequence(part, Constant{1}); };
  EXPECT_THAT(asked_of(sequenced, 1, 9), ElementsAre(Pair(1, 3)));
  EXPECT_THAT(asked_of(sequenced, 5, 9), ElementsAre());
  EXPECT_THAT(asked_of(reversed, 1, 2), ElementsAre(Pair(2, 2)));
  EXPECT_THAT(asked_of(reversed, 5, 9), ElementsAre());
}

TEST(Sample, AsksOnceForAWholeRound) {
  const auto repeated = [](const Schedule& part) { return repeat(part); };
  EXPECT_THAT(asked_of(repeated, 2, 4), ElementsAre(Pair(2, 2), Pair(0, 2)));
  EXPECT_THAT(asked_of(repeated, 2, 90), ElementsAre(Pair(0, 4)));
}

TEST(Sample, AsksAUserDefinedScheduleForNoStepBeyondThoseThatItCovers) {
  const Schedule table = [](Step t) {
    if (t > 3) throw std::out_of_range("there is no step " + std::to_string(t));
    return 1 + static_cast<double>(t);
  };
  EXPECT_THAT(sample(skip(table, 1), 3), ElementsAre(2, 3, 4));
  EXPECT_THAT(sample(take(table, 3), 3), ElementsAre(1, 2, 3));
  EXPECT_THAT(sample(repeat(take(table, 3)), 5), ElementsAre(1, 2, 3, 1, 2));
  EXPECT_THAT(sample(sequence(take(table, 3), table), 6), ElementsAre(1, 2, 3, 1, 2, 3));
  EXPECT_THAT(sample(held(table, 2), 8), ElementsAre(1, 1, 2, 2, 3, 3, 4, 4));
  EXPECT_THAT(sample(warmup(table, 1), 3), ElementsAre(0, 1, 2));
  std::vector<double> values(2);
  sample(take(held(table, 2), 6), 9, 2, values.data());
  EXPECT_THAT(values, ElementsAre(4, 4));

  struct Ends {
    Schedule schedule;
    double operator()(Step t) const { return schedule(t); }
    Step length() const { return 4; }
  };
  EXPECT_THAT(sample(repeat(Ends{table}, 2), 8), ElementsAre(1, 2, 3, 4, 1, 2, 3, 4));
}

TEST(Sample, AsksAHeldScheduleOnlyForItsEpochs) {
  const auto threefold = [](const Schedule& part) { return held(part, 3); };
  EXPECT_THAT(asked_of(threefold, 2, 5), ElementsAre(Pair(0, 3)));
  EXPECT_THAT(asked_of(threefold, 3, 6), ElementsAre(Pair(1, 2)));
}

TEST(Sample, AsksTheFactorsOfAProductForPiecesThatFitACache) {
  const auto twofold = [](const Schedule& part) { return product(Constant{1}, part); };
  EXPECT_THAT(asked_of(twofold, 5, 131'073),
              ElementsAre(Pair(5, 65'536), Pair(65'541, 65'536), Pair(131'077, 1)));
  EXPECT_THAT(asked_of(twofold, 5, 0), ElementsAre());
}

// If a fraction were accepted, 0.05 of a run would be cut to step 0.
template <class Number>
constexpr bool counts_steps = requires(Schedule schedule, Number n) {
  warmup(schedule, n);
  take(schedule, n);
  repeat(schedule, n);
  held(schedule, n);
};
template <class Number>
constexpr bool counts_nothing = !requires(Schedule s, Number n) {
  warmup(s, n);
}
&&!requires(Schedule s, Number n) { warmup(s, n, 0.1); }
&&!requires(Schedule s, Number n) { take(s, n); }
&&!requires(Schedule s, Number n) { repeat(s, n); }
&&!requires(Schedule s, Number n) { held(s, n); }
&&!requires(Schedule s, Number n) { skip(s, n); }
&&!requires(Schedule s, Number n) { cooldown(s, n, 10); }
&&!requires(Schedule s, Number n) { cooldown(s, 10, n); };

TEST(Combinators, TakeWholeNumbersOfAnyTypeForStepsAndNoFractions) {
  EXPECT_TRUE(counts_steps<Step> && counts_steps<int> && counts_steps<long> &&
              counts_steps<unsigned> && counts_steps<short>);
  EXPECT_TRUE(counts_nothing<double>);
  EXPECT_TRUE(counts_nothing<float>);
}

}  // namespace
}  // namespace libsched
