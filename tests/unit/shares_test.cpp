// Tests of what shares of the run and epochs in a notation are in steps.
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

using testing::StartsWith;
using testing::ThrowsMessage;

// The first length that is not that of the run, as in "51 of 50". Empty if there is none. A share
// in tenths of a percent is rounded in the same way every thousand steps, so this tries two
// thousand lengths, and some longer ones.
std::string missed(std::string_view notation) {
  for (Step total = 20; total <= 1'000'000; total += total < 2020 ? 1 : total / 100) {
    const auto length = parse(notation, {.total = total, .per_epoch = 7}).length();
    if (length != total)
      return std::to_string(length.value_or(-1)) + " of " + std::to_string(total);
  }
  return {};
}

TEST(Shares, ThatAddUpToTheRunEndAtItsLastStepForAnyLength) {
  for (
      const std::string_view notation : {
          "warmup(linear(start=0.1, end=0, steps=95%), steps=5%)",
          "warmup(cosine(start=0.1, end=0, steps=97.5%), steps=2.5%)",
          "cooldown(warmup(constant(base_lr=0.1), steps=10%), after=70%, steps=30%)",
          "warmup(cooldown(constant(base_lr=0.1), after=60%, steps=30%), steps=10%)",
          "sequence(take(constant(base_lr=1), steps=10%), linear(start=1, end=0, steps=90%))",
          "sequence(linear(start=0, end=1, steps=7.5%), take(constant(base_lr=1), steps=72.5%), "
          "sqrt_cooldown(start=1, end=0, steps=20%))",
          "sequence(linear(start=0, end=1, steps=33.3%), sequence(linear(start=1, end=0, "
          "steps=33.3%), linear(start=0, end=1, steps=33.4%)))",
          "sequence(sequence(linear(start=0, end=1, steps=10%), linear(start=1, end=0, "
          "steps=12.5%)), warmup(linear(start=1, end=0, steps=72.3%), steps=5.2%))",
          "scaled(warmup(clamped(linear(start=1, end=0, steps=95%), min=0.1, max=1), steps=5%), "
          "factor=2)",
          "warmup(one_cycle(max_lr=0.1, steps=95%), steps=5%)",
          "warmup(take(inverse_sqrt(base_lr=0.1, timescale=5%), steps=95%), steps=5%)",
          "warmup(product(linear(start=1, end=0, steps=95%), linear(start=1, end=0, steps=50%)), "
          "steps=5%)",
          "sequence(sum(linear(start=1, end=0, steps=12.3%), linear(start=1, end=0, steps=45.6%)), "
          "linear(start=1, end=0, steps=54.4%))",
          "sequence(difference(linear(start=2, end=1, steps=5.5%), linear(start=1, end=0, "
          "steps=4.5%)), linear(start=1, end=0, steps=94.5%))",
          "warmup(piecewise_linear(steps=[0, 35.5%, 95%], values=[1, 0.5, 0]), steps=5%)",
          "sequence(linear(start=0, end=1, steps=5%), skip(linear(start=1, end=0, steps=100%), "
          "steps=5%))",
          "skip(linear(start=1, end=0, steps=130%), steps=30%)",
          "sequence(reversed(warmup(linear(start=1, end=0, steps=15%), steps=5%)), linear(start=1, "
          "end=0, steps=80%))",
          "sequence(repeat(linear(start=1, end=0, steps=20.1%), times=4), linear(start=1, end=0, "
          "steps=19.6%))",
          "sequence(held(linear(start=1, end=0, steps=49.9%), every=3), linear(start=1, end=0, "
          "steps=50.1%))",
          "sequence(warmup(held(linear(start=1, end=0, steps=49.9%), every=0.5ep), steps=12.4%), "
          "linear(start=1, end=0, steps=37.7%))",
          "warmup(warmup(warmup(linear(start=1, end=0, steps=96.1%), steps=1.3%), steps=1.3%), "
          "steps=1.3%)",
      }) {
    EXPECT_EQ(missed(notation), "") << notation;
  }
}

TEST(Shares, AreRoundedWhereTheyBeginAndEnd) {
  // 2.5 is 3; 50 - 3 = 47.
  EXPECT_EQ(parse("warmup(linear(start=0.1, end=0, steps=95%), steps=5%)", {.total = 50}),
            warmup(Linear{0.1, 0, 47}, 3));
  // 93.75 is 94, 1000 - 94 = 906, 1250 - 1000 = 250
  EXPECT_EQ(parse("sequence(linear(start=0, end=1, steps=7.5%), take(constant(base_lr=1), "
                  "steps=72.5%), linear(start=1, end=0, steps=20%))",
                  {.total = 1250}),
            sequence(Linear{0, 1, 94}, take(Constant{1}, 906), Linear{1, 0, 250}));
}

TEST(Shares, OfACooldownAreRoundedWhereItBegins) {
  // 1.5 is 2, 10.5 is 11.
  EXPECT_EQ(parse("cooldown(warmup(constant(base_lr=0.1), steps=10%), after=70%, steps=30%)",
                  {.total = 15}),
            cooldown(warmup(Constant{0.1}, 2), 11, 4));
  // The cooldown's step 0 is step 2 of the run: 10.5 is 11, and 11 - 2 = 9.
  EXPECT_EQ(parse("warmup(cooldown(constant(base_lr=0.1), after=60%, steps=30%), steps=10%)",
                  {.total = 15}),
            warmup(cooldown(Constant{0.1}, 9, 4), 2));
}

TEST(Shares, OfMilestonesAreCountedFromWhereTheirPartBegins) {
  // The warm-up ends at 0.1 * 25 = 2.5, which is 3; 2.5 + 10 = 12.5 is 13, and 13 - 3 = 10;
  // 2.5 + 15 = 17.5 is 18, and 18 - 3 = 15; 0.42 * 25 = 10.5, 2.5 + 10.5 = 13, and 13 - 3 = 10.
  EXPECT_EQ(
      parse("warmup(multi_step_decay(base_lr=1, milestones=[40%, 60%]), steps=10%)", {.total = 25}),
      warmup(MultiStepDecay{.base_lr = 1, .milestones = {10, 15}}, 3));
  EXPECT_EQ(parse("warmup(piecewise_constant(boundaries=[42%], values=[1, 2]), steps=10%)",
                  {.total = 25}),
            warmup(PiecewiseConstant{.boundaries = {10}, .values = {1, 2}}, 3));
}

TEST(Shares, OfASkipAreAsManyAsTheWarmUpThatItReplaces) {
  EXPECT_EQ(parse("sequence(linear(start=0, end=1, steps=5%), skip(cosine_decay(base_lr=1, "
                  "steps=100%), steps=5%))",
                  {.total = 50}),
            sequence(Linear{0, 1, 3}, skip(CosineDecay{.base_lr = 1, .steps = 50}, 3)));
}

TEST(Shares, OfAPeriodAreRoundedAlone) {
  // 0.25 * 50 = 12.5 is 13, also after a warm-up.
  EXPECT_EQ(parse("warmup(step_decay(base_lr=1, step_size=25%), steps=5%)", {.total = 50}),
            warmup(StepDecay{.base_lr = 1, .step_size = 13}, 3));
  EXPECT_EQ(parse("warmup(cosine_restarts(base_lr=1, period=25%), steps=5%)", {.total = 50}),
            warmup(CosineRestarts{.base_lr = 1, .period = 13}, 3));
}

TEST(Shares, OfRoundsGiveRoundsOfOneLength) {
  EXPECT_EQ(parse("repeat(cosine_decay(base_lr=1, steps=25%), times=4)", {.total = 1000}),
            repeat(CosineDecay{.base_lr = 1, .steps = 250}, 4));
  // A round would have 11.875 steps, less an eighth because the warm-up took half a step more; that
  // is 12.
  EXPECT_EQ(parse("warmup(repeat(cosine_decay(base_lr=1, steps=23.75%), times=4), steps=5%)",
                  {.total = 50}),
            warmup(repeat(CosineDecay{.base_lr = 1, .steps = 12}, 4), 3));
}

TEST(Shares, LeaveNothingOfAPartWhoseStepsAreTaken) {
  // Half of 1300 is 6.5 epochs of 100, which are 7; the 26 steps of the next part are among them,
  // and 1300 - 700 = 600 are left.
  EXPECT_EQ(parse("sequence(held(linear(start=3, end=2, steps=50%), every=1ep), linear(start=2, "
                  "end=1, steps=2%), linear(start=1, end=0, steps=48%))",
                  {.total = 1300, .per_epoch = 100}),
            sequence(held(Linear{3, 2, 7}, 100), Linear{2, 1, 0}, Linear{1, 0, 600}));
}

TEST(Shares, OfZeroAreNoStepsEvenAfterAPartThatIsTooShort) {
  // 620 are 6.2 epochs of 100, which are 6; 1240 - 600 = 640 are left.
  EXPECT_EQ(parse("sequence(held(linear(start=3, end=2, steps=50%), every=1ep), linear(start=2, "
                  "end=1, steps=0%), linear(start=1, end=0, steps=50%))",
                  {.total = 1240, .per_epoch = 100}),
            sequence(held(Linear{3, 2, 6}, 100), Linear{2, 1, 0}, Linear{1, 0, 640}));
}

TEST(Shares, FollowStepsThatAreWritten) {
  EXPECT_EQ(parse("warmup(linear(start=1, end=0, steps=90%), steps=5)", {.total = 50}),
            warmup(Linear{1, 0, 45}, 5));
}

TEST(Shares, OfEpochsAreRoundedWhereTheyBeginAndEnd) {
  // Half an epoch is 2.5, which is 3; the second ends at 5, the third at 7.5.
  EXPECT_EQ(parse("sequence(linear(start=0, end=1, steps=0.5ep), linear(start=1, end=0, "
                  "steps=0.5ep), linear(start=0, end=1, steps=0.5ep))",
                  {.per_epoch = 5}),
            sequence(Linear{0, 1, 3}, Linear{1, 0, 2}, Linear{0, 1, 3}));
}

TEST(Shares, InsideHeldAreThoseOfTheRunInItsSteps) {
  const Units units{.total = 200, .per_epoch = 20};
  EXPECT_EQ(parse("held(step_decay(base_lr=0.01, step_size=3ep), every=1ep)", units),
            held(StepDecay{.base_lr = 0.01, .step_size = 3}, 20));
  EXPECT_EQ(parse("held(step_decay(base_lr=0.01, step_size=30%), every=1ep)", units),
            held(StepDecay{.base_lr = 0.01, .step_size = 3}, 20));
  EXPECT_EQ(parse("held(multi_step_decay(base_lr=1, milestones=[3ep, 50%, 8]), every=1ep)", units),
            held(MultiStepDecay{.base_lr = 1, .milestones = {3, 5, 8}}, 20));
  EXPECT_EQ(parse("held(held(linear(start=1, end=0, steps=100%), every=1ep), every=2)", units),
            held(held(Linear{1, 0, 10}, 10), 2));
  EXPECT_EQ(parse("held(warmup(linear(start=1, end=0, steps=8ep), steps=2ep), every=1ep)", units),
            held(warmup(Linear{1, 0, 8}, 2), 20));
}

TEST(Shares, ThatAreRoundedToZeroAreRefusedIfZeroIs) {
  const auto expect = [](std::string_view notation, const char* message) {
    EXPECT_THAT([&] { parse(notation, {.total = 6, .per_epoch = 20}); },
                ThrowsMessage<ParseError>(StartsWith(message)));
  };
  expect("step_decay(base_lr=1, step_size=5%)",
         "step_decay: step_size must be at least 1, got 5%, which is 0.3 of the run's 6 steps and "
         "rounds to 0; write a number of steps\n");
  expect("multi_step_decay(base_lr=1, milestones=[5%, 50%])",
         "multi_step_decay: milestones must be at least 1, got 5%, which is 0.3 of the run's 6 "
         "steps and rounds to 0; write a number of steps\n");
  expect("cosine_decay(base_lr=1, steps=0.01ep)",
         "cosine_decay: steps must be at least 1, got 0.01ep, which is 0.2 of an epoch's 20 steps "
         "and rounds to 0; write a number of steps\n");
  expect("held(step_decay(base_lr=1, step_size=0.3ep), every=1ep)",
         "step_decay: step_size must be at least 1, got 0.3ep, which is 6 of an epoch's 20 steps, "
         "0.3 where 20 are held for one, and rounds to 0; write a number of steps\n");
}

TEST(Shares, OfZeroAreNoPhaseIfZeroIsAllowed) {
  EXPECT_EQ(parse("warmup(linear(start=1, end=0, steps=95%), steps=5%)", {.total = 6}),
            warmup(Linear{1, 0, 6}, 0));
  EXPECT_EQ(parse("sequence(take(constant(base_lr=1), steps=100%), linear(start=1, end=0, "
                  "steps=0%))",
                  {.total = 6}),
            sequence(take(Constant{1}, 6), Linear{1, 0, 0}));
}

}  // namespace
}  // namespace libsched
