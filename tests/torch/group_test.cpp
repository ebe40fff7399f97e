#include <gmock/gmock.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

namespace libsched {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using testing::StrEq;
using testing::ThrowsMessage;
using torch::optim::AdamW;
using torch::optim::AdamWOptions;
using torch::optim::OptimizerOptions;
using torch::optim::SGD;

// 1 at step 0, 0.5 at step 1, 0 from step 2 on.
const Schedule falling = Linear{.start = 1, .end = 0, .steps = 2};

// AdamW with a group at each of these weight decays.
AdamW decays_at(std::initializer_list<double> decays) {
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (const double decay : decays) {
    groups.emplace_back(std::vector<torch::Tensor>{parameter()},
                        std::make_unique<AdamWOptions>(AdamWOptions(7).weight_decay(decay)));
  }
  return AdamW(std::move(groups), AdamWOptions(7));
}

std::vector<double> decays_in(AdamW& optimizer) {
  std::vector<double> decays;
  for (std::size_t i = 0; i < optimizer.param_groups().size(); ++i) {
    decays.push_back(options_of<AdamWOptions>(optimizer, i).weight_decay());
  }
  return decays;
}

TEST(PerGroup, LeavesTheRateOfAKeptGroupAsItIs) {
  SGD optimizer = groups_at({7, 3});
  LRScheduler scheduler(optimizer, {falling, keep});
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 3));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 3));
  optimizer.param_groups()[1].options().set_lr(4);
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0, 4));
}

TEST(PerGroup, IsNotScaledByThePlateauWhereItIsKept) {
  SGD optimizer = groups_at({7, 3});
  LRScheduler scheduler(optimizer, {falling, keep}, ReduceOnPlateau{.factor = 0.5, .patience = 0});
  scheduler.report(nan);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 3));
}

TEST(PerGroup, MayBeAFactorAGroup) {
  SGD optimizer = groups_at({8, 4, 2});
  LRScheduler scheduler = LRScheduler::relative(optimizer, {falling, Constant{0.25}, keep});
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(4, 1, 2));
}

TEST(PerGroup, OfRelativeIsRefusedWhereTheNumbersDiffer) {
  SGD optimizer = groups_at({8, 4, 2});
  EXPECT_THAT(
      ([&] {
        LRScheduler::relative(optimizer, {falling, keep});
      }),
      ThrowsMessage<std::invalid_argument>(StrEq("LRScheduler: 2 schedules for 3 param groups")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(8, 4, 2));
}

TEST(PerGroup, IsMadeOfEveryKindOfList) {
  SGD one = groups_at({7});
  EXPECT_EQ(LRScheduler(one, {Constant{0.1}}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, Constant{0.1}).notations()[0].name, "lr");
  EXPECT_EQ(LRScheduler(one, falling).notations()[0].name, "lr");
  EXPECT_EQ(LRScheduler(one, {falling}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, std::vector<Schedule>{falling}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, PerGroup{falling}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, [](Step) { return 1.0; }).notations()[0].name, "lr");
}

TEST(DrivePerGroup, SparesTheDecayOfAKeptGroup) {
  AdamW optimizer = decays_at({0.5, 0});
  LRScheduler scheduler(optimizer, Constant{1},
                        Drive{Hyperparameter::weight_decay, {falling, keep}});
  EXPECT_THAT(decays_in(optimizer), ElementsAre(1, 0));
  scheduler.step();
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.5, 0));
}

TEST(DrivePerGroup, OfOneScheduleOverwritesAZero) {
  AdamW optimizer = decays_at({0.5, 0});
  LRScheduler scheduler(optimizer, Constant{1}, Drive{Hyperparameter::weight_decay, falling});
  EXPECT_THAT(decays_in(optimizer), ElementsAre(1, 1));
}

TEST(DrivePerGroup, IsRefusedWhereTheNumbersDifferBeforeAnythingIsTouched) {
  AdamW optimizer = decays_at({0.5, 0});
  EXPECT_THAT(([&] {
                LRScheduler(optimizer, Constant{1},
                            Drive{Hyperparameter::weight_decay, {falling, falling, keep}});
              }),
              ThrowsMessage<std::invalid_argument>(
                  StrEq("LRScheduler: 3 schedules of weight_decay for 2 param groups")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(7, 7));
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.5, 0));
}

TEST(DriveRelative, MultipliesEachGroupsOwnValueSoThatZeroStaysZero) {
  AdamW optimizer = decays_at({0.5, 0, 0.25});
  LRScheduler scheduler(optimizer, Constant{1},
                        Drive::relative(Hyperparameter::weight_decay, falling));
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.5, 0, 0.25));
  scheduler.step();
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.25, 0, 0.125));
}

TEST(DriveRelative, MayBeAFactorAGroup) {
  AdamW optimizer = decays_at({0.5, 0.125, 0.25});
  LRScheduler scheduler(
      optimizer, Constant{1},
      Drive::relative(Hyperparameter::weight_decay, {falling, keep, Constant{3}}));
  scheduler.step();
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.25, 0.125, 0.75));
}

// An optimiser of one's own, with and without what LRScheduler asks for.
struct LionOptions : torch::optim::OptimizerCloneableOptions<LionOptions> {
  double get_lr() const override { return lr; }
  void set_lr(double rate) override { lr = rate; }
  double lr = 7;
  double first = 0.9;
  double& beta1() { return first; }
};
struct BareOptions : torch::optim::OptimizerCloneableOptions<BareOptions> {
  double rate = 7;
};
template <class Options>
struct Own : torch::optim::Optimizer {
  Own() : Optimizer({group_of(parameter()), group_of(parameter())}, std::make_unique<Options>()) {}
  torch::Tensor step(LossClosure) override { return {}; }
};

double& beta1_of(OptimizerOptions& o) { return static_cast<LionOptions&>(o).beta1(); }

TEST(DriveOfOnesOwn, DrivesAnOptionInEveryForm) {
  Own<LionOptions> optimizer;
  const auto beta = [&](std::size_t i) { return options_of<LionOptions>(optimizer, i).first; };
  LRScheduler shared(optimizer, falling, Drive{"beta1", beta1_of, Constant{0.5}});
  EXPECT_EQ(beta(0), 0.5);
  EXPECT_EQ(beta(1), 0.5);
  LRScheduler per_group(optimizer, falling, Drive{"beta1", beta1_of, {Constant{0.25}, keep}});
  EXPECT_EQ(beta(0), 0.25);
  EXPECT_EQ(beta(1), 0.5);
  LRScheduler relative(optimizer, falling, Drive::relative("beta1", beta1_of, falling));
  relative.step();
  EXPECT_EQ(beta(0), 0.125);
  EXPECT_EQ(beta(1), 0.25);
}

TEST(DriveOfOnesOwn, RefusesABadValueAndStaysWhereItWas) {
  Own<LionOptions> optimizer;
  LRScheduler scheduler(optimizer, falling,
                        Drive{"beta1", beta1_of, [](Step t) { return t == 0 ? 0.5 : -0.5; }});
  EXPECT_THAT([&] { scheduler.step(); },
              ThrowsMessage<std::domain_error>(
                  StrEq("LRScheduler: beta1 must be finite and at least 0, got -0.5 at step 1 of "
                        "custom")));
  EXPECT_EQ(options_of<LionOptions>(optimizer).lr, 1);
}

TEST(DriveOfOnesOwn, RefusesANameThatIsNone) {
  for (const char* name : {"", "beta 1", "a: b", "a,b", "a\nb"}) {
    EXPECT_THAT(([&] { Drive(name, beta1_of, falling); }),
                ThrowsMessage<std::invalid_argument>(
                    StrEq("Drive: the name must be of letters, digits, _, - and ., got '" +
                          std::string(name) + "'")));
  }
  EXPECT_THROW(Drive("beta1", nullptr, falling), std::invalid_argument);
}

TEST(DriveOfOnesOwn, DrivesTheRateOfOptionsWithoutSetLR) {
  Own<BareOptions> optimizer;
  EXPECT_THAT([&] { LRScheduler(optimizer, falling); },
              ThrowsMessage<std::invalid_argument>(StrEq(
                  "LRScheduler: the options of this optimizer have no get_lr() and set_lr(): "
                  "override them, or leave the rate to a Drive: LRScheduler(optimizer, {keep}, "
                  "Drive{\"lr\", [](torch::optim::OptimizerOptions& o) -> double& { return "
                  "static_cast<YourOptions&>(o).lr(); }, schedule})")));
  const auto rate = [](OptimizerOptions& o) -> double& {
    return static_cast<BareOptions&>(o).rate;
  };
  LRScheduler scheduler(optimizer, {keep, keep}, Drive{"lr", rate, falling});
  scheduler.step();
  EXPECT_EQ(options_of<BareOptions>(optimizer, 0).rate, 0.5);
  EXPECT_EQ(options_of<BareOptions>(optimizer, 1).rate, 0.5);
  EXPECT_THAT(scheduler.values(), ElementsAre(Pair("lr", 0.5)));
  EXPECT_THAT([&] { return scheduler.lr(); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("override them")));
}

TEST(DriveOfOnesOwn, MayNotDriveADrivenRate) {
  Own<LionOptions> optimizer;
  EXPECT_THAT(([&] {
                LRScheduler(optimizer, falling, Drive{"lr", beta1_of, falling});
              }),
              ThrowsMessage<std::invalid_argument>(StrEq("LRScheduler: lr is driven twice")));
}

TEST(Values, AreNamedAndInTheOrderOfTheDrives) {
  AdamW optimizer = decays_at({0.5, 0});
  LRScheduler scheduler(optimizer, falling, Drive{Hyperparameter::weight_decay, {falling, keep}},
                        Drive{Hyperparameter::eps, Constant{0.25}},
                        Drive::relative(Hyperparameter::beta1, Constant{0.5}));
  scheduler.step();
  EXPECT_THAT(scheduler.values(),
              ElementsAre(Pair("lr", 0.5), Pair("weight_decay of group 0", 0.5), Pair("eps", 0.25),
                          Pair("beta1 of group 0", 0.45), Pair("beta1 of group 1", 0.45)));
}

TEST(Values, HoldEachGroupsRateWhereEachHasItsOwn) {
  SGD optimizer = groups_at({7, 3});
  EXPECT_THAT(LRScheduler(optimizer, {falling, keep}).values(),
              ElementsAre(Pair("lr of group 0", 1)));
  EXPECT_THAT(LRScheduler::relative(optimizer, falling).values(),
              ElementsAre(Pair("lr of group 0", 1), Pair("lr of group 1", 3)));
}

TEST(Notations, GiveNameAndScheduleApart) {
  AdamW optimizer = decays_at({0.5, 0});
  LRScheduler scheduler = LRScheduler::relative(
      optimizer, falling, Drive{Hyperparameter::weight_decay, {Constant{1}, keep}},
      Drive::relative(Hyperparameter::eps, {Constant{1}, Constant{2}}));
  EXPECT_THAT(scheduler.notations(),
              ElementsAre(NamedNotation{"factor of lr", "linear(start=1, end=0, steps=2)"},
                          NamedNotation{"weight_decay of group 0", "constant(base_lr=1)"},
                          NamedNotation{"weight_decay of group 1", "keep"},
                          NamedNotation{"factor of eps of group 0", "constant(base_lr=1)"},
                          NamedNotation{"factor of eps of group 1", "constant(base_lr=2)"}));
  EXPECT_EQ(parse(scheduler.notations()[0].notation), falling);
}

TEST(ScheduleOf, IsThatOfTheGroupsRate) {
  SGD optimizer = groups_at({7, 3});
  EXPECT_EQ(LRScheduler(optimizer, falling).schedule(1), falling);
  const LRScheduler per_group(optimizer, {falling, keep});
  EXPECT_EQ(per_group.schedule(), falling);
  EXPECT_THAT([&] { return per_group.schedule(1); },
              ThrowsMessage<std::logic_error>(
                  StrEq("LRScheduler: the rate of group 1 is left as it is, by no schedule")));
  EXPECT_THAT([&] { return per_group.schedule(2); },
              ThrowsMessage<std::out_of_range>(
                  StrEq("LRScheduler: no param group 2, the optimizer has 2")));
}

TEST(AddParamGroup, WritesTheScheduledRateAtOnce) {
  SGD optimizer = groups_at({7});
  LRScheduler scheduler(optimizer, falling);
  scheduler.step();
  scheduler.add_param_group(group_at(0.1));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 0.5));
}

TEST(AddParamGroup, OfRelativeTakesTheGroupsOwnRate) {
  SGD optimizer = groups_at({8});
  LRScheduler scheduler = LRScheduler::relative(optimizer, falling);
  scheduler.step();
  scheduler.add_param_group(group_at(2));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(4, 1));
}

TEST(AddParamGroup, TakesAScheduleForTheRateAndForADrive) {
  AdamW optimizer = decays_at({0.5});
  LRScheduler scheduler(optimizer, {falling},
                        Drive{Hyperparameter::weight_decay, {Constant{0.25}}});
  scheduler.add_param_group(group_of(parameter()), Constant{3}, keep);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 3));
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.25, 0.01));  // AdamW's default
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 3));
}

TEST(AddParamGroup, WithAWrongNumberOfSchedulesAddsNothing) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler per_group(optimizer, {falling, keep});
  EXPECT_THAT([&] { per_group.add_param_group(group_at(1)); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("LRScheduler: 0 schedules for a new param group, which needs 1, of lr")));
  LRScheduler shared(optimizer, falling);
  EXPECT_THAT([&] { shared.add_param_group(group_at(1), falling); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("LRScheduler: 1 schedules for a new param group, which needs 0 where all "
                        "groups share theirs")));
  EXPECT_THAT(optimizer.param_groups(), SizeIs(2));
}

TEST(AddParamGroup, ThatCannotBeWrittenAddsNothing) {
  SGD optimizer = groups_at({8});
  LRScheduler scheduler = LRScheduler::relative(optimizer, falling);
  EXPECT_THAT([&] { scheduler.add_param_group(group_at(-0.5)); },
              ThrowsMessage<std::domain_error>(StrEq("LRScheduler: the rate of param group 1 must "
                                                     "be finite and at least 0, got -0.5")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(8));
  scheduler.add_param_group(group_at(2));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(8, 2));
}

TEST(Review, FindsAValueThatLeavesItsRangeBeforeTheRun) {
  AdamW optimizer = decays_at({0.5});
  const LRScheduler scheduler(optimizer, Constant{1},
                              Drive{Hyperparameter::beta2, Linear{0.5, 1, 500}});
  const std::vector<Finding> findings = review(scheduler, 1000);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].step, 501);
  EXPECT_EQ(findings[0].text,
            "beta2: beta2 must be at least 0 and below 1, got 1 at step 501 of linear(start=0.5, "
            "end=1, steps=500).");
  EXPECT_THAT(review(scheduler, 500), SizeIs(0));
}

TEST(Review, NamesWhatAFindingIsOf) {
  SGD optimizer = groups_at({7, 7});
  const LRScheduler scheduler(optimizer, {Constant{1}, Linear{1, 0.5, 200}});
  const std::vector<Finding> findings = review(scheduler, 100);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].text,
              testing::StartsWith("lr of group 1: The run ends 100 steps before the schedule"));
}

TEST(Review, DoesNotSayOfAWeightDecayOfZeroThatUpdatesDoNothing) {
  SGD optimizer = groups_at({7});
  const Schedule zero_to_zero = PiecewiseLinear{.steps = {0, 50, 100}, .values = {0, 1, 0}};
  const auto findings = review(LRScheduler(optimizer, zero_to_zero), 110);
  EXPECT_THAT(findings, SizeIs(testing::Ge(1u)));
  EXPECT_THAT(
      review(LRScheduler(optimizer, Constant{1}, Drive{Hyperparameter::weight_decay, zero_to_zero}),
             110),
      SizeIs(0));
}

const Schedule rising = PiecewiseConstant{.boundaries = {10}, .values = {1, 1.5}};

// Of beta2 in two groups with these base values.
std::vector<Finding> findings_of(double first, double second, Schedules factors) {
  AdamW optimizer = decays_at({0.5, 0.5});
  options_of<AdamWOptions>(optimizer, 0).betas({0.9, first});
  options_of<AdamWOptions>(optimizer, 1).betas({0.9, second});
  return review(LRScheduler(optimizer, Constant{1},
                            Drive::relative(Hyperparameter::beta2, std::move(factors))),
                100);
}

TEST(Review, TakesTheHighestBaseValueOfTheGroupsThatShareAFactor) {
  EXPECT_THAT(findings_of(0.5, 0.25, rising), SizeIs(0));
  EXPECT_THAT(findings_of(0.9, 0.25, rising), SizeIs(1));
  EXPECT_THAT(findings_of(0.25, 0.9, rising), SizeIs(1));
}

TEST(Review, TakesTheBaseValueOfItsOwnGroup) {
  EXPECT_THAT(findings_of(0.25, 0.9, {rising, Constant{1}}), SizeIs(0));
  EXPECT_THAT(findings_of(0.25, 0.9, {Constant{1}, rising}), SizeIs(1));
}

TEST(Review, LooksAtTheFirstStepThatIsNotWrittenYet) {
  AdamW optimizer = decays_at({0.5});
  const PiecewiseConstant high_at_one{.boundaries = {1, 2}, .values = {1, 1.5, 1}};
  const auto findings = review(
      LRScheduler(optimizer, Constant{1}, Drive::relative(Hyperparameter::beta2, high_at_one)),
      100);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].step, 1);
}

TEST(Review, HasNothingToSayOfAGroupThatIsLeftAlone) {
  SGD optimizer = groups_at({7, 7});
  EXPECT_THAT(review(LRScheduler(optimizer, {keep, Constant{1}}), 100), SizeIs(0));
}

TEST(Review, RefusesARunOfNoSteps) {
  SGD optimizer = groups_at({7});
  EXPECT_THROW(review(LRScheduler(optimizer, falling), 0), std::invalid_argument);
}

TEST(Groups, AFunctionThatFailsIsNamedWithItsGroup) {
  SGD optimizer({parameter()}, torch::optim::SGDOptions(0.1));
  const auto wrong = [](torch::optim::OptimizerOptions& o) -> double& {
    return dynamic_cast<torch::optim::AdamOptions&>(o).eps();
  };
  EXPECT_THAT(([&] {
                LRScheduler(optimizer, Constant{0.1}, Drive{"trust", wrong, Constant{1}});
              }),
              ThrowsMessage<std::invalid_argument>(
                  StartsWith("LRScheduler: the function of trust fails for param group 0: ")));
}

}  // namespace
}  // namespace libsched
