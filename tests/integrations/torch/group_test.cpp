#include <gmock/gmock.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <functional>
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

// AdamW with one group per weight decay.
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

TEST(PerGroup, IsNotScaledByThePlateauIfItIsKept) {
  SGD optimizer = groups_at({7, 3});
  LRScheduler scheduler(optimizer, {falling, keep}, ReduceOnPlateau{.factor = 0.5, .patience = 0});
  scheduler.report(nan);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 3));
}

TEST(PerGroup, MayBeOneFactorPerGroup) {
  SGD optimizer = groups_at({8, 4, 2});
  LRScheduler scheduler = LRScheduler::relative(optimizer, {falling, Constant{0.25}, keep});
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(4, 1, 2));
}

TEST(PerGroup, OfRelativeIsRefusedIfTheNumbersDiffer) {
  SGD optimizer = groups_at({8, 4, 2});
  EXPECT_THAT(
      ([&] {
        LRScheduler::relative(optimizer, {falling, keep});
      }),
      ThrowsMessage<std::invalid_argument>(StrEq("LRScheduler: 2 schedules for 3 param groups")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(8, 4, 2));
}

TEST(PerGroup, CanBeMadeOfEveryKindOfList) {
  SGD one = groups_at({7});
  EXPECT_EQ(LRScheduler(one, {Constant{0.1}}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, Constant{0.1}).notations()[0].name, "lr");
  EXPECT_EQ(LRScheduler(one, falling).notations()[0].name, "lr");
  EXPECT_EQ(LRScheduler(one, {falling}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, std::vector<Schedule>{falling}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, PerGroup{falling}).notations()[0].name, "lr of group 0");
  EXPECT_EQ(LRScheduler(one, [](Step) { return 1.0; }).notations()[0].name, "lr");
}

TEST(DrivePerGroup, LeavesTheDecayOfAKeptGroupAlone) {
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

TEST(DrivePerGroup, IsRefusedIfTheNumbersDifferBeforeAnythingChanges) {
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

TEST(DriveRelative, MayBeOneFactorPerGroup) {
  AdamW optimizer = decays_at({0.5, 0.125, 0.25});
  LRScheduler scheduler(
      optimizer, Constant{1},
      Drive::relative(Hyperparameter::weight_decay, {falling, keep, Constant{3}}));
  scheduler.step();
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.25, 0.125, 0.75));
}

// A user-defined optimizer, whose options may or may not override get_lr() and set_lr().
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

TEST(DriveOfUserDefinedOption, DrivesAnOptionInEveryForm) {
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

TEST(DriveOfUserDefinedOption, RefusesABadValueAndChangesNothing) {
  Own<LionOptions> optimizer;
  LRScheduler scheduler(optimizer, falling,
                        Drive{"beta1", beta1_of, [](Step t) { return t == 0 ? 0.5 : -0.5; }});
  EXPECT_THAT([&] { scheduler.step(); },
              ThrowsMessage<std::domain_error>(
                  StrEq("LRScheduler: beta1 must be finite and at least 0, got -0.5 at step 1 of "
                        "custom")));
  EXPECT_EQ(options_of<LionOptions>(optimizer).lr, 1);
}

TEST(DriveOfUserDefinedOption, RefusesABadName) {
  for (const char* name : {"", "beta 1", "a: b", "a,b", "a\nb"}) {
    EXPECT_THAT(([&] { Drive(name, beta1_of, falling); }),
                ThrowsMessage<std::invalid_argument>(
                    StrEq("Drive: the name must be of letters, digits, _, - and ., got '" +
                          std::string(name) + "'")));
  }
  EXPECT_THROW(Drive("beta1", nullptr, falling), std::invalid_argument);
}

TEST(DriveOfUserDefinedOption, DrivesTheRateOfOptionsWithoutSetLR) {
  Own<BareOptions> optimizer;
  EXPECT_THAT(
      [&] { LRScheduler(optimizer, falling); },
      ThrowsMessage<std::invalid_argument>(StrEq(
          "LRScheduler: the options class of this optimizer does not override get_lr() and "
          "set_lr(): override them, or set the rate by a Drive: LRScheduler(optimizer, {keep}, "
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

TEST(DriveOfUserDefinedOption, MayNotDriveARateThatIsAlreadyDriven) {
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

TEST(Values, HaveOneRatePerGroupIfEachGroupHasItsOwnSchedule) {
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
                  StrEq("LRScheduler: group 1 has no schedule of its rate: its entry is keep")));
  EXPECT_THAT([&] { return per_group.schedule(2); },
              ThrowsMessage<std::out_of_range>(
                  StrEq("LRScheduler: there is no param group 2, the optimizer has 2")));
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
                  StrEq("LRScheduler: 1 schedule for a new param group, which needs 0, because "
                        "all groups share theirs")));
  EXPECT_THAT(optimizer.param_groups(), SizeIs(2));
}

TEST(AddParamGroup, WithABadRateAddsNothing) {
  SGD optimizer = groups_at({8});
  LRScheduler scheduler = LRScheduler::relative(optimizer, falling);
  EXPECT_THAT([&] { scheduler.add_param_group(group_at(-0.5)); },
              ThrowsMessage<std::domain_error>(StrEq("LRScheduler: the rate of param group 1 must "
                                                     "be finite and at least 0, got -0.5")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(8));
  scheduler.add_param_group(group_at(2));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(8, 2));
}

TEST(AddParamGroup, KeepsTheOptionsOfTheGroupAsTheyAre) {
  AdamW optimizer = decays_at({0.5});
  LRScheduler scheduler(optimizer, falling);
  // This is LibTorch's own default, which newer versions mistake for an option that was not set.
  scheduler.add_param_group({{parameter()}, std::make_unique<AdamWOptions>(AdamWOptions(1e-3))});
  EXPECT_EQ(options_of<AdamWOptions>(optimizer, 1).weight_decay(), 1e-2);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1));
}

TEST(AddParamGroup, OfRelativeKeepsARateThatIsLibTorchsDefault) {
  torch::optim::Adam optimizer({parameter()}, torch::optim::AdamOptions(3e-4));
  LRScheduler scheduler = LRScheduler::relative(optimizer, falling);
  scheduler.add_param_group({{parameter()}, std::make_unique<torch::optim::AdamOptions>(1e-3)});
  EXPECT_THAT(rates_in(optimizer), ElementsAre(3e-4, 1e-3));
}

TEST(AddParamGroup, KeepsUserDefinedOptions) {
  Own<LionOptions> optimizer;
  LRScheduler scheduler(optimizer, falling, Drive{"beta1", beta1_of, {Constant{0.5}, keep}});
  auto options = std::make_unique<LionOptions>();
  options->first = 0.25;
  scheduler.add_param_group({{parameter()}, std::move(options)}, keep);
  EXPECT_EQ(options_of<LionOptions>(optimizer, 2).first, 0.25);
}

// The optimizer has a default decay, one group without decay, and a rate that is Adam's own
// default.
std::vector<torch::optim::OptimizerParamGroup> groups_of_defaults() {
  using torch::optim::AdamOptions;
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.push_back({{parameter()}, std::make_unique<AdamOptions>(AdamOptions(1e-3))});
  groups.push_back({{parameter()}, std::make_unique<AdamOptions>(AdamOptions(2e-3).eps(1e-8))});
  groups.push_back(group_of(parameter()));
  return groups;
}

TEST(RestoreOptions, GivesEachGroupWhatItWasBuiltWith) {
  using torch::optim::AdamOptions;
  const auto groups = groups_of_defaults();
  torch::optim::Adam optimizer(groups, AdamOptions(3e-4).weight_decay(5e-4).eps(1e-6));
  restore_options(optimizer, groups);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1e-3, 2e-3, 3e-4));
  EXPECT_EQ(options_of<AdamOptions>(optimizer, 0).weight_decay(), 0);
  EXPECT_EQ(options_of<AdamOptions>(optimizer, 1).eps(), 1e-8);
  EXPECT_EQ(options_of<AdamOptions>(optimizer, 2).weight_decay(), 5e-4);
}

TEST(RestoreOptions, LeavesTheGroupsThatItIsGivenAlone) {
  const auto groups = groups_of_defaults();
  torch::optim::Adam optimizer(groups, torch::optim::AdamOptions(3e-4));
  restore_options(optimizer, groups);
  optimizer.param_groups()[0].options().set_lr(5);
  EXPECT_EQ(groups[0].options().get_lr(), 1e-3);
}

TEST(RestoreOptions, OfAnotherNumberOfGroupsIsRefused) {
  SGD optimizer = groups_at({7, 3});
  EXPECT_THAT([&] { restore_options(optimizer, {group_at(1)}); },
              ThrowsMessage<std::invalid_argument>(StrEq(
                  "restore_options: the numbers of groups differ: got 1, the optimizer has 2")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(7, 3));
}

// Removes a group, as a user who prunes a model does.
void remove_first_group(torch::optim::Optimizer& optimizer) {
  auto& groups = optimizer.param_groups();
  std::vector<torch::optim::OptimizerParamGroup> rest(groups.begin() + 1, groups.end());
  groups.swap(rest);
}

void expect_refused(const std::function<void()>& action, const std::string& message) {
  EXPECT_THAT(action, ThrowsMessage<std::invalid_argument>(StrEq(message)));
}

TEST(RemovedGroup, UnderRelativeIsRefusedEverywhere) {
  SGD optimizer = groups_at({0.1, 0.01});
  LRScheduler scheduler = LRScheduler::relative(optimizer, Constant{1});
  remove_first_group(optimizer);
  const std::string message =
      "LRScheduler: 2 base values of lr for 1 param group: a group was "
      "removed, and the driver still has it; put it back, or build a new "
      "driver";
  expect_refused([&] { scheduler.step(); }, message);
  expect_refused([&] { scheduler.add_param_group(group_at(0.5)); }, message);
  std::ostringstream stream;
  expect_refused([&] { scheduler.save(stream); }, message);
  EXPECT_EQ(stream.str(), "");
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.01));
  EXPECT_EQ(scheduler.step_count(), 0);
}

TEST(RemovedGroup, UnderARelativeDriveIsRefused) {
  AdamW optimizer = decays_at({0, 0.5});
  LRScheduler scheduler(optimizer, Constant{1},
                        Drive::relative(Hyperparameter::weight_decay, Constant{1}));
  remove_first_group(optimizer);
  expect_refused([&] { scheduler.step(); },
                 "LRScheduler: 2 base values of weight_decay for 1 param group: a group "
                 "was removed, and the driver still has it; put it back, or build a new "
                 "driver");
  EXPECT_THAT(decays_in(optimizer), ElementsAre(0.5));
}

TEST(RemovedGroup, UnderASchedulePerGroupIsRefused) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, {Constant{1}, Constant{2}});
  remove_first_group(optimizer);
  expect_refused([&] { scheduler.step(); },
                 "LRScheduler: 2 schedules for 1 param group: a group was removed, and "
                 "the driver still has it; put it back, or build a new driver");
  EXPECT_THAT(rates_in(optimizer), ElementsAre(2));
}

TEST(RemovedGroup, UnderOneScheduleForAllIsAccepted) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, falling);
  remove_first_group(optimizer);
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5));
}

TEST(NoGroups, AreDrivenLikeAnyOthers) {
  torch::optim::Adam optimizer(std::vector<torch::optim::OptimizerParamGroup>{},
                               torch::optim::AdamOptions(7));
  LRScheduler scheduler(optimizer, falling, Drive{Hyperparameter::weight_decay, falling});
  TorchLRScheduler base(optimizer, falling);
  scheduler.step();
  base.step();
  EXPECT_EQ(scheduler.step_count(), 1);
  EXPECT_THAT(scheduler.values(), SizeIs(0));
  optimizer.add_param_group(group_of(parameter()));
  scheduler.step_to(scheduler.step_count());
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0));
}

TEST(NoGroups, AreResumedFromACheckpoint) {
  SGD optimizer(std::vector<torch::optim::OptimizerParamGroup>{}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, falling);
  scheduler.step();
  std::stringstream stream;
  scheduler.save(stream);
  LRScheduler again(optimizer, falling);
  again.load(stream);
  EXPECT_EQ(again.step_count(), 1);
}

// The options of an optimizer that refuses to change its rate once `is_stubborn` is set.
struct StubbornOptions : torch::optim::OptimizerCloneableOptions<StubbornOptions> {
  double get_lr() const override { return lr; }
  void set_lr(double rate) override {
    if (is_stubborn && rate != lr) throw std::runtime_error("no");
    lr = rate;
  }
  double lr = 7;
  bool is_stubborn = false;
};

TEST(SetLR, ThatThrowsInOneGroupGivesTheOthersTheirRatesBack) {
  Own<StubbornOptions> optimizer;
  LRScheduler scheduler(optimizer, falling);
  options_of<StubbornOptions>(optimizer, 1).is_stubborn = true;
  EXPECT_THAT([&] { scheduler.step(); }, ThrowsMessage<std::runtime_error>(StrEq("no")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1));
  EXPECT_EQ(scheduler.step_count(), 0);
}

TEST(Review, FindsABaseRateOfZero) {
  SGD optimizer = groups_at({0.5, 0});
  const auto findings = review(LRScheduler::relative(optimizer, Constant{1}), 100);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].text,
            "factor of lr: The base rate of param group 1 is 0, and so is every multiple of it: "
            "its updates do nothing.");
  EXPECT_EQ(findings[0].kind, FindingKind::no_update);
  EXPECT_EQ(findings[0].step, 0);
}

TEST(Review, FindsOneScheduleOverGroupsOfDifferentRates) {
  SGD optimizer = groups_at({0.02, 1e-5});
  const auto findings = review(LRScheduler(optimizer, Constant{1e-3}), 100);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].text,
            "lr: The param groups had rates from 1e-05 to 0.02 when the driver was built, and now "
            "all have the schedule's; LRScheduler::relative and Drive::relative multiply each "
            "group's own.");
  EXPECT_EQ(findings[0].kind, FindingKind::overwritten);
  EXPECT_EQ(findings[0].step, 0);
  SGD equal = groups_at({0.02, 0.02});
  LRScheduler scheduler(equal, Constant{1e-3});
  EXPECT_THAT(review(scheduler, 100), SizeIs(0));
  scheduler.add_param_group(group_at(5));  // a group that is added later is not compared
  EXPECT_THAT(review(scheduler, 100), SizeIs(0));
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

TEST(Review, BeginsAFindingWithTheNameOfTheValue) {
  SGD optimizer = groups_at({7, 7});
  const LRScheduler scheduler(optimizer, {Constant{1}, Linear{1, 0.5, 200}});
  const std::vector<Finding> findings = review(scheduler, 100);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].text,
              testing::StartsWith("lr of group 1: The run ends 100 steps before the schedule"));
}

TEST(Review, DoesNotSayThatUpdatesDoNothingIfAWeightDecayIsZero) {
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

// The findings about beta2 in two groups with these base values.
std::vector<Finding> findings_of(double first, double second, GroupSchedules factors) {
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

TEST(Review, FindsNothingInAKeptGroup) {
  SGD optimizer = groups_at({7, 7});
  EXPECT_THAT(review(LRScheduler(optimizer, {keep, Constant{1}}), 100), SizeIs(0));
}

TEST(Review, RefusesARunOfNoSteps) {
  SGD optimizer = groups_at({7});
  EXPECT_THROW(review(LRScheduler(optimizer, falling), 0), std::invalid_argument);
}

TEST(Groups, NameTheFunctionThatFailsAndItsGroup) {
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
