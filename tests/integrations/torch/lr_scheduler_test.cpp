#include <gmock/gmock.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>

#include <limits>
#include <stdexcept>
#include <vector>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

namespace libsched {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StrEq;
using testing::ThrowsMessage;

torch::optim::SGD two_groups() { return groups_at({7, 7}); }

// Runs `optimizer` for six steps under step_decay, on the loss p, whose gradient is 1. Returns the
// rates that the optimizer's own options had at each step.
template <class Optimizer, class Options>
std::vector<double> driven_rates(Options options) {
  Optimizer optimizer({parameter()}, options);
  LRScheduler scheduler(optimizer, step_decay);
  std::vector<double> rates;
  for (int i = 0; i < 6; ++i) {
    rates.push_back(options_of<Options>(optimizer).lr());
    update(optimizer);
    scheduler.step();
  }
  return rates;
}

const auto the_rates_of_python =
    ElementsAre(1, 1, 0.1, 0.1, testing::DoubleEq(0.01), testing::DoubleEq(0.01));

TEST(LRScheduler, DrivesSGD) {
  EXPECT_THAT((driven_rates<torch::optim::SGD>(torch::optim::SGDOptions(7))), the_rates_of_python);
}
TEST(LRScheduler, DrivesAdam) {
  EXPECT_THAT((driven_rates<torch::optim::Adam>(torch::optim::AdamOptions(7))),
              the_rates_of_python);
}
TEST(LRScheduler, DrivesAdamW) {
  EXPECT_THAT((driven_rates<torch::optim::AdamW>(torch::optim::AdamWOptions(7))),
              the_rates_of_python);
}
TEST(LRScheduler, DrivesRMSprop) {
  EXPECT_THAT((driven_rates<torch::optim::RMSprop>(torch::optim::RMSpropOptions(7))),
              the_rates_of_python);
}
TEST(LRScheduler, DrivesAdagrad) {
  EXPECT_THAT((driven_rates<torch::optim::Adagrad>(torch::optim::AdagradOptions(7))),
              the_rates_of_python);
}
TEST(LRScheduler, DrivesLBFGS) {
  EXPECT_THAT((driven_rates<torch::optim::LBFGS>(torch::optim::LBFGSOptions(7))),
              the_rates_of_python);
}

TEST(LRScheduler, MakesTheUpdatesThatTheRatesSay) {
  torch::Tensor p = parameter(10);
  torch::optim::SGD optimizer({p}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  for (int i = 0; i < 4; ++i) {
    update(optimizer);
    scheduler.step();
  }
  EXPECT_DOUBLE_EQ(p.item<double>(), 10 - 1 - 1 - 0.1 - 0.1);
}

TEST(LRScheduler, WritesTheRateOfStepZeroAtOnce) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  const LRScheduler scheduler(optimizer, Constant{0.25});
  EXPECT_EQ(optimizer.param_groups()[0].options().get_lr(), 0.25);
  EXPECT_EQ(scheduler.lr(), 0.25);
  EXPECT_EQ(scheduler.step_count(), 0);
}

TEST(LRScheduler, CountsSteps) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step();
  scheduler.step();
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_EQ(scheduler.lr(), 0.1);
}

TEST(LRScheduler, GoesToAnyStep) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1, .steps = 100});
  scheduler.step_to(50);
  EXPECT_EQ(scheduler.step_count(), 50);
  EXPECT_DOUBLE_EQ(scheduler.lr(), 0.5);
  scheduler.step_to(0);
  EXPECT_EQ(scheduler.lr(), 1);
  scheduler.step_to(std::numeric_limits<Step>::max());
  EXPECT_EQ(scheduler.lr(), 0);
}

TEST(LRScheduler, RefusesANegativeStepAndChangesNothing) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step_to(2);
  EXPECT_THAT([&] { scheduler.step_to(-5); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("step must be at least 0, got -5")));
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_EQ(scheduler.lr(), 0.1);
}

TEST(LRScheduler, GivesOneScheduleToEveryGroup) {
  torch::optim::SGD optimizer = two_groups();
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step_to(2);
  EXPECT_THAT(scheduler.last_lr(), ElementsAre(0.1, 0.1));
}

TEST(LRScheduler, GivesEachGroupItsOwnSchedule) {
  torch::optim::SGD optimizer = two_groups();
  LRScheduler scheduler(optimizer, {step_decay, Constant{0.5}});
  scheduler.step_to(2);
  EXPECT_THAT(scheduler.last_lr(), ElementsAre(0.1, 0.5));
  EXPECT_EQ(scheduler.lr(0), 0.1);
  EXPECT_EQ(scheduler.lr(1), 0.5);
}

TEST(LRScheduler, RefusesAWrongNumberOfSchedulesAndChangesNothing) {
  torch::optim::SGD optimizer = two_groups();
  EXPECT_THAT(
      ([&] {
        LRScheduler(optimizer, {step_decay, step_decay, step_decay});
      }),
      ThrowsMessage<std::invalid_argument>(StrEq("LRScheduler: 3 schedules for 2 param groups")));
  EXPECT_EQ(optimizer.param_groups()[0].options().get_lr(), 7);
}

TEST(LRScheduler, RefusesTheRateOfAMissingGroup) {
  torch::optim::SGD optimizer = two_groups();
  const LRScheduler scheduler(optimizer, step_decay);
  EXPECT_THAT([&] { return scheduler.lr(2); },
              ThrowsMessage<std::out_of_range>(
                  StrEq("LRScheduler: there is no param group 2, the optimizer has 2")));
}

TEST(LRScheduler, DrivesAGroupThatIsAddedLater) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  optimizer.add_param_group(group_of(parameter()));
  scheduler.step();
  EXPECT_THAT(scheduler.last_lr(), ElementsAre(1, 1));
}

TEST(LRScheduler, RefusesAStepWithSchedulesPerGroupAfterAGroupIsAddedAndChangesNothing) {
  torch::optim::SGD optimizer = two_groups();
  LRScheduler scheduler(optimizer, {step_decay, Constant{0.5}});
  scheduler.step();
  optimizer.add_param_group(group_at(0.3));
  EXPECT_THAT([&] { scheduler.step(); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("LRScheduler: 2 schedules for 3 param groups: a group was added, and the "
                        "driver does not have it; add it by scheduler.add_param_group(group, "
                        "schedule), or build a new driver with a schedule for each group")));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 0.5, 0.3));
  EXPECT_EQ(scheduler.step_count(), 1);
  EXPECT_THAT(scheduler.values(), testing::SizeIs(2));
}

TEST(LRScheduler, TakesAListOfOneSchedule) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  EXPECT_THAT(LRScheduler(optimizer, std::vector<Schedule>{Constant{0.5}}).notations(),
              ElementsAre(NamedNotation{"lr of group 0", "constant(base_lr=0.5)"}));
}

TEST(LRScheduler, DrivesAnOptionsObjectThatReplacedAnother) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  optimizer.param_groups()[0].set_options(std::make_unique<torch::optim::SGDOptions>(9));
  scheduler.step_to(2);
  EXPECT_EQ(options_of<torch::optim::SGDOptions>(optimizer).lr(), 0.1);
}

TEST(LRScheduler, ACopyDrivesTheSameOptimizer) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  LRScheduler copy = scheduler;
  copy.step_to(2);
  EXPECT_EQ(scheduler.lr(), 0.1);
  EXPECT_EQ(scheduler.step_count(), 0);
}

TEST(Relative, MultipliesTheRateThatEachGroupHas) {
  torch::optim::SGD optimizer = groups_at({0.5, 0.25, 2});
  LRScheduler scheduler =
      LRScheduler::relative(optimizer, Linear{.start = 1, .end = 0, .steps = 4});
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 0.25, 2));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.375, 0.1875, 1.5));
  scheduler.step_to(2);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25, 0.125, 1));
}

TEST(Relative, NeverTakesTheRateItWroteForTheBase) {
  torch::optim::SGD optimizer = groups_at({0.5});
  LRScheduler scheduler = LRScheduler::relative(optimizer, Constant{0.5});
  for (int i = 0; i < 5; ++i) scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25));
}

TEST(Relative, TakesTheRateOfALaterGroupWhenItFirstFindsIt) {
  torch::optim::SGD optimizer = groups_at({1});
  LRScheduler scheduler = LRScheduler::relative(optimizer, Constant{0.5});
  optimizer.add_param_group(group_at(4));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 2));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 2));
}

TEST(Relative, ForgetsTheRateOfALaterGroupIfTheStepFailed) {
  torch::optim::SGD optimizer = groups_at({1});
  LRScheduler scheduler = LRScheduler::relative(optimizer, Constant{0.5});
  optimizer.add_param_group(group_at(nan));
  EXPECT_THROW(scheduler.step(), std::domain_error);
  optimizer.param_groups()[1].options().set_lr(4);
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 2));
}

TEST(Relative, MovesTheTwoPartsOfANetworkByTheirOwnRates) {
  torch::Tensor backbone = parameter(10);
  torch::Tensor head = parameter(20);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.push_back(group_at(0.125, backbone));
  groups.push_back(group_at(2, head));
  torch::optim::SGD optimizer(std::move(groups), torch::optim::SGDOptions(7));
  LRScheduler scheduler =
      LRScheduler::relative(optimizer, StepDecay{.base_lr = 1, .step_size = 2, .drop = 0.5});
  for (int i = 0; i < 3; ++i) {
    update(optimizer);
    scheduler.step();
  }
  EXPECT_EQ(backbone.item<double>(), 10 - 0.125 * (1 + 1 + 0.5));
  EXPECT_EQ(head.item<double>(), 20 - 2 * (1 + 1 + 0.5));
}

TEST(PerGroup, MovesTheTwoPartsOfANetworkByTheirOwnSchedules) {
  torch::Tensor backbone = parameter(10);
  torch::Tensor head = parameter(20);
  torch::optim::SGD optimizer({group_of(backbone), group_of(head)}, torch::optim::SGDOptions(7));
  // The backbone is frozen for two steps.
  const Schedule frozen = PiecewiseConstant{.boundaries = {2}, .values = {0, 0.25}};
  LRScheduler scheduler(optimizer, {frozen, Linear{.start = 1, .end = 0.5, .steps = 2}});
  for (int i = 0; i < 4; ++i) {
    update(optimizer);
    scheduler.step();
  }
  EXPECT_EQ(backbone.item<double>(), 10 - (0 + 0 + 0.25 + 0.25));
  EXPECT_EQ(head.item<double>(), 20 - (1 + 0.75 + 0.5 + 0.5));
}

TEST(Advance, AdvancesByThatManySteps) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1, .steps = 1'000'000});
  scheduler.advance(300'000);
  scheduler.advance(200'000);
  EXPECT_EQ(scheduler.step_count(), 500'000);
  EXPECT_DOUBLE_EQ(scheduler.lr(), 0.5);
}

TEST(Advance, ByZeroStaysAndDrivesAGroupThatWasAdded) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  optimizer.add_param_group(group_of(parameter()));
  scheduler.advance(0);
  EXPECT_EQ(scheduler.step_count(), 0);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1));
}

TEST(Advance, RefusesToGoBack) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step_to(2);
  EXPECT_THAT(
      [&] { scheduler.advance(-1); },
      ThrowsMessage<std::invalid_argument>(StrEq("LRScheduler: cannot advance by -1 steps")));
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_EQ(scheduler.lr(), 0.1);
}

TEST(Advance, StopsAtTheLargestStep) {
  constexpr Step last = std::numeric_limits<Step>::max();
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1, .steps = 100});
  scheduler.step_to(last - 1);
  scheduler.advance(5);
  EXPECT_EQ(scheduler.step_count(), last);
  scheduler.advance(last);
  scheduler.step();
  EXPECT_EQ(scheduler.step_count(), last);
  EXPECT_EQ(scheduler.lr(), 0);
}

// A rate that is good before step 3 and bad from then on.
Schedule bad_from_step_three(double bad) {
  return [bad](Step t) { return t < 3 ? 0.25 : bad; };
}
const std::vector<double> bad_rates{-0.1, -std::numeric_limits<double>::infinity(),
                                    std::numeric_limits<double>::infinity(), nan};

// Goes to step 2 and expects that the next step is refused and changes nothing. In each driver the
// bad value is the last one that is checked.
void expect_refused_step(LRScheduler scheduler, double bad) {
  scheduler.step_to(2);
  auto& optimizer = scheduler.optimizer();
  const std::vector<double> before = rates_in(optimizer);
  EXPECT_THAT([&] { scheduler.step(); },
              ThrowsMessage<std::domain_error>(testing::AllOf(
                  HasSubstr(testing::PrintToString(bad)), HasSubstr("at step 3 of custom"))));
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_EQ(rates_in(optimizer), before);
  EXPECT_THROW(scheduler.advance(7), std::domain_error);
  EXPECT_THROW(scheduler.step_to(8), std::domain_error);
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_EQ(rates_in(optimizer), before);
}

TEST(SafeDriving, RefusesABadSharedRate) {
  for (const double bad : bad_rates) {
    torch::optim::SGD optimizer = two_groups();
    expect_refused_step(LRScheduler(optimizer, bad_from_step_three(bad)), bad);
  }
}

TEST(SafeDriving, RefusesABadRateOfOneGroup) {
  for (const double bad : bad_rates) {
    torch::optim::SGD optimizer = two_groups();
    expect_refused_step(LRScheduler(optimizer, {Linear{1, 0, 10}, bad_from_step_three(bad)}), bad);
  }
}

TEST(SafeDriving, RefusesABadFactor) {
  for (const double bad : bad_rates) {
    torch::optim::SGD optimizer = groups_at({1, 1});
    expect_refused_step(LRScheduler::relative(optimizer, bad_from_step_three(bad)), bad);
  }
}

TEST(SafeDriving, RefusesAFactorThatOverflowsTheRateOfOneGroup) {
  torch::optim::SGD optimizer = groups_at({1, 1e200});
  LRScheduler scheduler =
      LRScheduler::relative(optimizer, [](Step t) { return t == 0 ? 1.0 : 1e200; });
  EXPECT_THROW(scheduler.step(), std::domain_error);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1e200));
}

TEST(SafeDriving, RefusesABadHyperparameter) {
  for (const double bad : bad_rates) {
    torch::optim::SGD optimizer = two_groups();
    const auto momentum_of = [&](std::size_t group) {
      return options_of<torch::optim::SGDOptions>(optimizer, group).momentum();
    };
    expect_refused_step(LRScheduler(optimizer, Linear{1, 0, 10},
                                    Drive{Hyperparameter::momentum, bad_from_step_three(bad)}),
                        bad);
    EXPECT_EQ(momentum_of(0), 0.25);
    EXPECT_EQ(momentum_of(1), 0.25);
  }
}

TEST(SafeDriving, RefusesABadRateAtConstructionAndChangesNothing) {
  torch::optim::SGD optimizer = groups_at({3, 4});
  EXPECT_THROW(LRScheduler(optimizer, {Constant{1}, [](Step) { return -1.0; }}), std::domain_error);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(3, 4));
}

TEST(SafeDriving, SaysWhichScheduleGaveTheBadRate) {
  torch::optim::SGD optimizer = two_groups();
  LRScheduler scheduler(optimizer,
                        sequence(take(Constant{1}, 3), scaled(Constant{.base_lr = 1e200}, 1e200)));
  scheduler.step_to(2);
  EXPECT_THAT([&] { scheduler.step(); },
              ThrowsMessage<std::domain_error>(
                  StrEq("LRScheduler: a learning rate must be finite and at least 0, got inf at "
                        "step 3 of sequence(take(constant(base_lr=1), steps=3), "
                        "scaled(constant(base_lr=1e+200), factor=1e+200))")));
}

TEST(SafeDriving, PassesThroughWhatAScheduleThrowsAndChangesNothing) {
  torch::optim::SGD optimizer = two_groups();
  LRScheduler scheduler(optimizer, {Linear{1, 0, 10}, [](Step t) {
                                      if (t == 1) throw std::runtime_error("no table");
                                      return 1.0;
                                    }});
  EXPECT_THROW(scheduler.step(), std::runtime_error);
  EXPECT_EQ(scheduler.step_count(), 0);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1));
}

TEST(TorchLRScheduler, GivesTheRatesOfTheDriverThroughTheBaseClass) {
  const Schedule schedule = warmup(CosineDecay{.base_lr = 1, .steps = 15}, 5);
  torch::optim::SGD optimizer = two_groups();
  torch::optim::SGD other = two_groups();
  LRScheduler driver(optimizer, schedule);
  TorchLRScheduler drop_in(other, schedule);
  torch::optim::LRScheduler& base = drop_in;
  EXPECT_EQ(rates_in(other), rates_in(optimizer));
  for (int i = 0; i < 20; ++i) {
    driver.step();
    base.step();
    EXPECT_EQ(rates_in(other), rates_in(optimizer)) << "step " << i + 1;
  }
  EXPECT_EQ(drop_in.driver.step_count(), 20);
}

TEST(TorchLRScheduler, TakesAnyDriver) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  TorchLRScheduler drop_in(
      LRScheduler::relative(optimizer, Linear{.start = 1, .end = 0, .steps = 2}));
  torch::optim::LRScheduler& base = drop_in;
  base.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 1));
}

TEST(TorchLRScheduler, TakesWhatTheDriverTakes) {
  torch::optim::SGD optimizer = groups_at({7});
  TorchLRScheduler drop_in(optimizer, Constant{1}, Drive{Hyperparameter::momentum, Constant{0.5}},
                           ReduceOnPlateau{.factor = 0.5, .patience = 0});
  drop_in.driver.report(nan);
  static_cast<torch::optim::LRScheduler&>(drop_in).step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5));
  EXPECT_EQ(options_of<torch::optim::SGDOptions>(optimizer).momentum(), 0.5);
}

TEST(TorchLRScheduler, ChangesNothingAtABadRate) {
  torch::optim::SGD optimizer = two_groups();
  TorchLRScheduler drop_in(optimizer, [](Step t) { return t == 0 ? 1.0 : -1.0; });
  torch::optim::LRScheduler& base = drop_in;
  EXPECT_THROW(base.step(), std::domain_error);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1));
  EXPECT_EQ(drop_in.driver.step_count(), 0);
}

}  // namespace
}  // namespace libsched
