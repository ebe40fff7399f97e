#include "libsched/review.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

#include "libsched/libsched.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StrEq;
using testing::ThrowsMessage;

std::vector<std::string> texts(std::string_view notation, Step planned_steps) {
  std::vector<std::string> texts;
  for (const Finding& finding : review(parse(notation), planned_steps))
    texts.push_back(finding.text);
  return texts;
}

// A schedule with these values, which holds the last of them.
Schedule of(std::vector<double> values) {
  return
      [values](Step t) { return values[std::min(static_cast<std::size_t>(t), values.size() - 1)]; };
}

std::vector<Step> found_at(const Schedule& schedule, Step planned_steps) {
  std::vector<Step> steps;
  for (const Finding& finding : review(schedule, planned_steps)) steps.push_back(finding.step);
  return steps;
}

TEST(Review, FindsNothingInAScheduleThatFits) {
  EXPECT_THAT(texts("cosine_decay(base_lr=0.1, steps=100)", 100), IsEmpty());
  EXPECT_THAT(texts("step_decay(base_lr=0.1, step_size=30)", 90), IsEmpty());
  EXPECT_THAT(texts("one_cycle(max_lr=0.1, steps=100)", 100), IsEmpty());
  EXPECT_THAT(texts("exponential(start=1e-8, end=1, steps=100)", 100), IsEmpty());
}

TEST(Review, FindsARunThatEndsBeforeTheSchedule) {
  EXPECT_THAT(
      texts("linear(start=1, end=0, steps=100)", 75),
      ElementsAre("The run ends 25 steps before the schedule does: its last step, 74, has 0.26, "
                  "the schedule would end at step 100 with 0."));
}

TEST(Review, FindsAScheduleThatEndsLongBeforeTheRun) {
  EXPECT_THAT(
      texts("linear(start=1, end=0.5, steps=100)", 200),
      ElementsAre("The schedule ends at step 100 and holds 0.5 for the other 100 of 200 steps."));
}

TEST(Review, SaysOnceThatAScheduleEndsEarlyAtZero) {
  const std::vector<Finding> findings = review(Linear{1, 0, 100}, 200);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].text,
            "The schedule ends at step 100 and holds 0 for the other 100 of 200 steps.");
  EXPECT_EQ(findings[0].kind, FindingKind::held);
}

TEST(Review, SaysBothThatAScheduleIsZeroAndThatItLaterEnds) {
  EXPECT_THAT(
      texts("sequence(linear(start=1, end=0, steps=100), take(constant(base_lr=0), steps=50))",
            200),
      ElementsAre("The schedule ends at step 150 and holds 0 for the other 50 of 200 steps.",
                  "The value is 0 from step 100 on: the last 100 of 200 updates do nothing."));
}

TEST(Review, SaysOnceThatARunEndsBeforeThePeakAtTheEndOfARamp) {
  EXPECT_THAT(found_at(Linear{0.1, 1, 100}, 75), ElementsAre(74));
}

TEST(Review, AllowsATenthOfTheRunAfterTheSchedule) {
  EXPECT_THAT(texts("linear(start=1, end=0.5, steps=90)", 100), IsEmpty());
  EXPECT_THAT(texts("linear(start=1, end=0.5, steps=89)", 100),
              ElementsAre(testing::StartsWith("The schedule ends at step 89")));
}

TEST(Review, FindsAFirstUpdateThatDoesNothing) {
  EXPECT_THAT(
      texts("linear(start=0, end=1, steps=10)", 10),
      ElementsAre("The first value, at step 0, is 0, so that the first update does nothing; "
                  "step 1 has 0.1. With start= a warm-up begins above 0."));
}

TEST(Review, CountsEveryUpdateOfAFrozenStart) {
  EXPECT_THAT(
      texts("sequence(take(constant(base_lr=0), steps=100), "
            "warmup(constant(base_lr=1), steps=50))",
            1000),
      ElementsAre("The value is 0 up to step 100, so that the first 101 updates do nothing; "
                  "step 101 has 0.02. With start= a warm-up begins above 0."));
}

TEST(Review, FindsAMinLrAboveTheBaseLrInAnyDepth) {
  const std::string inner = "cosine_decay(base_lr=0.1, steps=90, min_lr=0.5)";
  const auto due =
      ElementsAre("cosine_decay has its min_lr, 0.5, above its base_lr, 0.1: it does not fall.");
  EXPECT_THAT(texts(inner, 90), due);
  EXPECT_EQ(review(parse(inner), 90).front().step, 0);
  EXPECT_THAT(texts("cosine_decay(base_lr=0.1, steps=90, min_lr=0.1)", 90), IsEmpty());
  EXPECT_THAT(texts("sum(constant(base_lr=0), warmup(" + inner + ", steps=10, start=0.1))", 105),
              due);
}

// A user-defined kind whose fields have other names than any built-in's.
struct Sinking {
  double top = unset;
  double bottom = unset;

  double operator()(Step) const { return top; }

  static constexpr std::string_view name = "sinking";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(libsched::field("top", &Sinking::top),
                 libsched::field("bottom", &Sinking::bottom).floor_of(&Sinking::top));
  }
};

TEST(Review, FindsTheFloorOfAUserDefinedKindByItsField) {
  EXPECT_THAT(review(Sinking{0.1, 0.5}, 90)[0].text,
              StrEq("sinking has its bottom, 0.5, above its top, 0.1: it does not fall."));
  EXPECT_THAT(review(Sinking{0.1, 0.1}, 90), IsEmpty());
}

TEST(Review, FindsAnEndOnARestart) {
  const std::string restarts = "cosine_restarts(base_lr=0.1, period=50, min_lr=0.05)";
  EXPECT_THAT(texts("take(" + restarts + ", steps=100)", 105),
              ElementsAre("The schedule ends on a restart: it holds the peak, 0.1, from step 100 "
                          "on; one step less ends it at 0.0500493."));
  EXPECT_THAT(texts("take(" + restarts + ", steps=99)", 105), IsEmpty());
  EXPECT_THAT(texts("cosine_restarts(base_lr=0.1, period=1)", 105), IsEmpty());
  EXPECT_THAT(texts("take(repeat(linear(start=0.1, end=0.05, steps=1)), steps=1)", 2),
              Contains("The schedule ends on a restart: it holds the peak, 0.1, from step 1 on; "
                       "one step less ends it at 0.1."));
  EXPECT_THAT(texts("take(" + restarts + ", steps=100)", 100), IsEmpty());
  EXPECT_THAT(texts("skip(take(cosine_restarts(base_lr=0.1, period=4), steps=4), steps=4)", 1),
              ElementsAre("The schedule ends at step 0 and holds 0.1 for the other 1 of 1 steps."));
}

TEST(Review, CountsAFrozenStartOrEndOfALongRunInFull) {
  EXPECT_THAT(
      texts("sequence(take(constant(base_lr=0), steps=777778), constant(base_lr=1))", 2'000'000),
      ElementsAre("The value is 0 up to step 777777, so that the first 777778 updates do nothing; "
                  "step 777778 has 1. With start= a warm-up begins above 0.",
                  "The value jumps from 0 at step 777777 to 1 at step 777778."));
  EXPECT_THAT(
      texts("sequence(take(constant(base_lr=1), steps=777777), constant(base_lr=0))", 2'000'000),
      ElementsAre(
          "The value jumps from 1 at step 777776 to 0 at step 777777.",
          "The value is 0 from step 777777 on: the last 1222223 of 2000000 updates do nothing."));
}

TEST(Review, FindsAJump) {
  EXPECT_THAT(texts("multi_step_decay(base_lr=1, milestones=[30], drop=0.0625)", 90),
              ElementsAre("The value jumps from 1 at step 29 to 0.0625 at step 30."));
}

TEST(Review, CountsFurtherJumps) {
  EXPECT_THAT(
      texts("multi_step_decay(base_lr=1, milestones=[30, 60], drop=0.0625)", 90),
      ElementsAre("The value jumps from 1 at step 29 to 0.0625 at step 30, the first of 2 jumps "
                  "by more than 10x."));
}

TEST(Review, DoesNotReportADropByTenAsAJump) {
  EXPECT_THAT(found_at(of({21, 21, 2}), 4), ElementsAre(2));
  EXPECT_THAT(texts("multi_step_decay(base_lr=1, milestones=[30, 60])", 90), IsEmpty());
}

TEST(Review, DoesNotReportADeclaredRestartAsAJump) {
  EXPECT_THAT(texts("cosine_restarts(base_lr=1, period=50)", 200), IsEmpty());
  EXPECT_THAT(texts("repeat(cosine_decay(base_lr=1, steps=50))", 200), IsEmpty());
}

TEST(Review, FindsTheSameJumpIfNoRestartIsDeclared) {
  EXPECT_THAT(texts("sequence(linear(start=1, end=0, steps=50), constant(base_lr=1))", 100),
              ElementsAre("The value jumps from 0.02 at step 49 to 1 at step 50."));
}

TEST(Review, DoesNotReportASteepButEvenSlopeAsAJump) {
  EXPECT_THAT(texts("warmup(constant(base_lr=1), steps=100, start=1e-6)", 1000), IsEmpty());
  EXPECT_THAT(texts("polynomial(start=1, end=0, steps=100, power=4)", 100), IsEmpty());
}

TEST(Review, ReportsAChangeAsAJumpIfItsNeighborsChangeLessThanAQuarterAsMuch) {
  EXPECT_THAT(found_at(of({1, 1, 21, 21}), 4), ElementsAre(2));
  EXPECT_THAT(found_at(of({25.5, 21, 1, 1}), 4), ElementsAre(2));
  EXPECT_THAT(found_at(of({26, 21, 1, 1}), 4), IsEmpty());
  EXPECT_THAT(found_at(of({1, 1, 21, 25.5}), 4), ElementsAre(2));
  EXPECT_THAT(found_at(of({1, 1, 21, 26}), 4), IsEmpty());
  EXPECT_THAT(found_at(of({8, 1, 1, 21, 21, 29}), 6), ElementsAre(3));
}

TEST(Review, FindsAJumpAtTheFirstAndAtTheLastStep) {
  EXPECT_THAT(found_at(of({21, 1}), 4), ElementsAre(1));
  EXPECT_THAT(found_at(of({21, 21, 21, 1, 9}), 4), ElementsAre(3));
  EXPECT_THAT(found_at(of({1, 1, 1, 21, 41}), 4), ElementsAre(3, 4));  // and the later peak
}

TEST(Review, FindsTheStepOfAChangeInARunOfManyMillionSteps) {
  EXPECT_THAT(
      texts("multi_step_decay(base_lr=1, milestones=[12345677, 12345777], drop=0.0625)",
            50'000'000),
      ElementsAre("The value jumps from 1 at step 12345676 to 0.0625 at step 12345677, the first "
                  "of at least 2 jumps by more than 10x."));
  EXPECT_THAT(found_at(Linear{1, 0, 49'345'677}, 50'000'000), ElementsAre(49'345'677));
}

TEST(Review, FindsTheLargerOfTwoCloseChangesInALongRun) {
  const auto two = [](double first, double between, double last) {
    return PiecewiseConstant{{30'000'008, 30'000'012}, {first, between, last}};
  };
  EXPECT_THAT(found_at(two(1, 0.6, 0.02), 50'000'000), ElementsAre(30'000'012));
  EXPECT_THAT(found_at(two(0.02, 0.52, 1), 50'000'000), ElementsAre(30'000'008));
}

TEST(Review, FindsNoJumpOfALongRunAfterItsLastStep) {
  EXPECT_THAT(texts("multi_step_decay(base_lr=1, milestones=[3, 50000000], drop=0.2)", 50'000'000),
              IsEmpty());
}

TEST(Review, DoesNotReportTwoDropsByFiveInALongRunAsAJump) {
  EXPECT_THAT(
      texts("multi_step_decay(base_lr=1, milestones=[30000001, 30000002], drop=0.2)", 50'000'000),
      IsEmpty());
}

TEST(Review, ChecksTheShortBeginningOfALongRun) {
  EXPECT_THAT(found_at(warmup(CosineDecay{.base_lr = 0.1, .steps = 900}, 100), 2'000'000'000),
              ElementsAre(1000, 0));
}

TEST(Review, IsNotMisledByAPeriodInALongRun) {
  // Steps at a distance of 1000 would all have the value 0.
  const Schedule mostly_one = [](Step t) { return t > 600'000 && t % 1000 == 0 ? 0.0 : 1.0; };
  EXPECT_THAT(review(mostly_one, 999'000'000),
              ElementsAre(testing::Field(&Finding::text, testing::StartsWith("The value jumps"))));
}

TEST(Review, FindsWhatLastsOneInHalfAMillionOfTheStepsBeforeIt) {
  for (const Step from :
       {499'999, 500'000, 500'001, 1'000'000, 1'000'001, 12'345'678, 999'999'999}) {
    const Step steps_of_it = (from - 1) / 500'000 + 1;
    const Schedule spike = [=](Step t) { return t >= from && t < from + steps_of_it ? 100 : 1.0; };
    EXPECT_THAT(found_at(spike, 2 * from), ElementsAre(from));
  }
}

TEST(Review, CountsEveryJumpOfHalfAMillionSteps) {
  const Schedule schedule = MultiStepDecay{1, {499'000, 499'999}, 0.0625};
  EXPECT_THAT(review(schedule, 500'000)[0].text, testing::HasSubstr("the first of 2 jumps"));
  EXPECT_THAT(review(schedule, 500'001)[0].text, testing::HasSubstr("at least 2 jumps"));
}

TEST(Review, FindsASpikeAndADipOfOneStep) {
  EXPECT_THAT(found_at(of({1, 1, 100, 1, 1}), 5), ElementsAre(2));
  EXPECT_THAT(found_at(of({1, 1, 0.01, 1, 1}), 5), ElementsAre(2));
}

TEST(Review, FindsAValueThatIsNotARate) {
  EXPECT_THAT(
      review(of({1, 1, NAN, 1}), 4)[0].text,
      StrEq(
          "The value at step 2 is nan; a driver refuses a value that is negative or not finite."));
  EXPECT_THAT(found_at(of({-0.5, -0.5}), 2), ElementsAre(0));
  EXPECT_THAT(found_at(of({INFINITY, INFINITY}), 2), ElementsAre(0));
}

TEST(Review, FindsAPeakOfOneStepInAMillion) {
  const Schedule spike = [](Step t) { return t == 200'000 ? 1.5 : 1.0; };
  EXPECT_THAT(found_at(spike, 100'000), ElementsAre(200'000));
}

TEST(Review, FindsAPeakOfOneStepInTheHalfMillionAfterTheRun) {
  for (const Step peak : {700'000, 1'000'001, 1'099'999}) {
    const Schedule spike = [=](Step t) { return t == peak ? 1.5 : 1.0; };
    EXPECT_THAT(found_at(spike, 600'000), ElementsAre(peak));
  }
}

TEST(Review, FindsAPeakThatIsNeverReached) {
  EXPECT_THAT(
      texts("cyclical(base_lr=0.25, max_lr=1, step_size=100)", 51),
      ElementsAre("The peak, 1 at step 100, is never reached: the run ends at step 50 and has "
                  "0.625 at most."));
}

TEST(Review, LooksForThePeakTenTimesAsFarAsTheRun) {
  EXPECT_THAT(texts("cyclical(base_lr=1, max_lr=5, step_size=10000)", 10),
              ElementsAre("The peak, 1.04 at step 100, is never reached: the run ends at step 9 "
                          "and has 1.0036 at most."));
  EXPECT_THAT(found_at(of({1, 1, 1, 2}), 3), ElementsAre(3));
}

TEST(Review, OverlooksAPeakThatIsHigherInTheSixthDigitOnly) {
  EXPECT_THAT(found_at(of({0.5, 1, 1.000009}), 2), IsEmpty());
  EXPECT_THAT(found_at(of({0.5, 1, 1.000011}), 2), ElementsAre(2));
}

TEST(Review, FindsThePeakOfTheRunAtAnyStep) {
  EXPECT_THAT(found_at(of({1, 3, 1, 1, 2}), 4), IsEmpty());
  EXPECT_THAT(found_at(of({1, 1, 3, 1, 2}), 4), IsEmpty());
  EXPECT_THAT(found_at(of({3, 1, 1, 1, 2}), 4), IsEmpty());
}

TEST(Review, FindsAScheduleThatChangesOnlyAfterTheRun) {
  const auto expect = [](std::string_view notation, Step change, const std::string& value) {
    EXPECT_THAT(texts(std::string(notation), 200),
                ElementsAre("The value is 0.1 at every step of the run: it first changes at step " +
                            std::to_string(change) + ", to " + value +
                            ", and the run's last step is 199."));
    EXPECT_THAT(found_at(parse(notation), 200), ElementsAre(change));
  };
  expect("step_decay(base_lr=0.1, step_size=300)", 300, "0.05");
  expect("step_decay(base_lr=0.1, step_size=200)", 200, "0.05");
  expect("step_decay(base_lr=0.1, step_size=3000000)", 3'000'000, "0.05");
  expect("held(step_decay(base_lr=0.1, step_size=60), every=20)", 1200, "0.05");
  expect("multi_step_decay(base_lr=0.1, milestones=[250, 300])", 250, "0.01");
  expect("piecewise_constant(boundaries=[201, 220], values=[0.1, 0.3, 0.2])", 201, "0.3");
}

TEST(Review, FindsNothingInAScheduleThatNeverChanges) {
  for (const char* notation :
       {"constant(base_lr=0.1)", "take(constant(base_lr=0.1), steps=200)",
        "sequence(take(constant(base_lr=0.1), steps=50), constant(base_lr=0.1))",
        "held(constant(base_lr=0.1), every=20)", "step_decay(base_lr=0.1, step_size=300, drop=1)",
        "step_decay(base_lr=0.1, step_size=199)", "linear(start=0.1, end=0.1, steps=200)"}) {
    EXPECT_THAT(texts(notation, 200), IsEmpty()) << notation;
  }
}

TEST(Review, FindsADifferenceBelowZero) {
  EXPECT_THAT(
      texts("difference(constant(base_lr=0.5), linear(start=0, end=2, steps=4))", 4),
      ElementsAre(
          "The value at step 2 is -0.5; a driver refuses a value that is negative or not finite."));
}

TEST(Review, FindsARestOfTheRunAtZero) {
  EXPECT_THAT(texts("linear(start=1, end=0, steps=95)", 100),
              ElementsAre("The value is 0 from step 95 on: the last 5 of 100 updates do nothing."));
}

TEST(Review, FindsALastUpdateThatDoesNothing) {
  EXPECT_THAT(texts("linear(start=1, end=0, steps=9)", 10),
              ElementsAre("The value is 0 from step 9 on: the last 1 of 10 updates do nothing."));
}

TEST(Review, OfOneStepChecksOnlyThatStep) {
  EXPECT_THAT(review(of({1, 0}), 1), IsEmpty());
  EXPECT_THAT(found_at(of({0, 0.5}), 1), ElementsAre(1, 0));  // the later peak, and a rate of 0
}

TEST(Review, FindsNothingInAZeroThatPasses) {
  EXPECT_THAT(found_at(of({3, 2, 1, 0, 1, 2, 3}), 7), IsEmpty());
}

TEST(Review, SaysOnceThatEveryUpdateDoesNothing) {
  EXPECT_THAT(texts("constant(base_lr=0)", 10),
              ElementsAre("The value is 0 from step 0 on: the last 10 of 10 updates do nothing."));
}

TEST(Review, CountsOneStepAsOne) {
  EXPECT_THAT(texts("linear(start=1, end=0.5, steps=100)", 99),
              ElementsAre(testing::StartsWith("The run ends 1 step before the schedule does")));
}

TEST(Review, SaysTheStepOfEachFinding) {
  const std::vector<Finding> findings = review(Linear{1, 0, 95}, 100);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].step, 95);
  EXPECT_THAT(found_at(Linear{0, 1, 100}, 100), ElementsAre(0));
  EXPECT_THAT(found_at(Linear{1, 0.5, 100}, 75), ElementsAre(74));
  EXPECT_THAT(found_at(Linear{1, 0.5, 100}, 200), ElementsAre(100));
}

TEST(Review, OfTheLongestRunIsQuickAndDefined) {
  EXPECT_THAT(review(CosineDecay{.base_lr = 1, .steps = last_step, .min_lr = 0.1}, last_step),
              IsEmpty());
  EXPECT_THAT(review(Constant{1}, last_step), IsEmpty());
}

TEST(Review, RefusesARunWithoutSteps) {
  EXPECT_THAT([] { review(Constant{1}, 0); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("review: planned_steps must be at least 1, got 0")));
}

}  // namespace
}  // namespace libsched
