#include <gmock/gmock.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

namespace libsched {
namespace {

using namespace torch::optim;
using libsched::LRScheduler;
using testing::ElementsAre;
using testing::StrEq;
using testing::ThrowsMessage;

// 0.5 at step 0, 0.25 at step 1, 0 from step 2 on.
const Schedule from_half = Linear{.start = 0.5, .end = 0, .steps = 2};

// The values that `value` reads from the options of two groups at steps 0, 1 and 2.
template <class Optimizer, class Options, class Value>
std::vector<double> driven(Hyperparameter hyperparameter, Value value) {
  Optimizer optimizer({group_of(parameter()), group_of(parameter())}, Options(0.1));
  LRScheduler scheduler(optimizer, Constant{0.1}, Drive{hyperparameter, from_half});
  std::vector<double> values;
  for (int t = 0; t < 3; ++t) {
    for (const std::size_t group : {0U, 1U}) {
      values.push_back(value(options_of<Options>(optimizer, group)));
    }
    scheduler.step();
  }
  return values;
}
const auto as_from_half = ElementsAre(0.5, 0.5, 0.25, 0.25, 0, 0);

const auto momentum = [](auto& options) { return options.momentum(); };
const auto beta1 = [](auto& options) { return std::get<0>(options.betas()); };
const auto beta2 = [](auto& options) { return std::get<1>(options.betas()); };
const auto weight_decay = [](auto& options) { return options.weight_decay(); };
const auto eps = [](auto& options) { return options.eps(); };

TEST(Drive, DrivesTheMomentumOfSGD) {
  EXPECT_THAT((driven<SGD, SGDOptions>(Hyperparameter::momentum, momentum)), as_from_half);
}
TEST(Drive, DrivesTheMomentumOfRMSprop) {
  EXPECT_THAT((driven<RMSprop, RMSpropOptions>(Hyperparameter::momentum, momentum)), as_from_half);
}
TEST(Drive, DrivesTheBetasOfAdam) {
  EXPECT_THAT((driven<Adam, AdamOptions>(Hyperparameter::beta1, beta1)), as_from_half);
  EXPECT_THAT((driven<Adam, AdamOptions>(Hyperparameter::beta2, beta2)), as_from_half);
}
TEST(Drive, DrivesTheBetasOfAdamW) {
  EXPECT_THAT((driven<AdamW, AdamWOptions>(Hyperparameter::beta1, beta1)), as_from_half);
  EXPECT_THAT((driven<AdamW, AdamWOptions>(Hyperparameter::beta2, beta2)), as_from_half);
}
TEST(Drive, LeavesTheOtherBetaAlone) {
  EXPECT_THAT((driven<Adam, AdamOptions>(Hyperparameter::beta1, beta2)), testing::Each(0.999));
  EXPECT_THAT((driven<Adam, AdamOptions>(Hyperparameter::beta2, beta1)), testing::Each(0.9));
}
TEST(Drive, DrivesTheWeightDecayOfAllThatHaveIt) {
  constexpr auto hyperparameter = Hyperparameter::weight_decay;
  EXPECT_THAT((driven<SGD, SGDOptions>(hyperparameter, weight_decay)), as_from_half);
  EXPECT_THAT((driven<Adam, AdamOptions>(hyperparameter, weight_decay)), as_from_half);
  EXPECT_THAT((driven<AdamW, AdamWOptions>(hyperparameter, weight_decay)), as_from_half);
  EXPECT_THAT((driven<RMSprop, RMSpropOptions>(hyperparameter, weight_decay)), as_from_half);
  EXPECT_THAT((driven<Adagrad, AdagradOptions>(hyperparameter, weight_decay)), as_from_half);
}
TEST(Drive, DrivesTheEpsOfAllThatHaveIt) {
  EXPECT_THAT((driven<Adam, AdamOptions>(Hyperparameter::eps, eps)), as_from_half);
  EXPECT_THAT((driven<AdamW, AdamWOptions>(Hyperparameter::eps, eps)), as_from_half);
  EXPECT_THAT((driven<RMSprop, RMSpropOptions>(Hyperparameter::eps, eps)), as_from_half);
  EXPECT_THAT((driven<Adagrad, AdagradOptions>(Hyperparameter::eps, eps)), as_from_half);
}

TEST(Drive, MakesTheUpdatesThatTheMomentumSays) {
  torch::Tensor p = parameter(10);
  SGD optimizer({p}, SGDOptions(7).momentum(0.9));
  LRScheduler scheduler(
      optimizer, Constant{1},
      Drive{Hyperparameter::momentum,
            PiecewiseConstant{.boundaries = {1, 2}, .values = {0.75, 0.5, 0.25}}});
  for (int i = 0; i < 3; ++i) {
    update(optimizer);
    scheduler.step();
  }
  // The buffer starts at the gradient, 1; then buffer = momentum * buffer + 1.
  EXPECT_EQ(p.item<double>(), 10 - 1 - (0.5 * 1 + 1) - (0.25 * 1.5 + 1));
}

TEST(Drive, DrivesSeveralAtOnce) {
  AdamW optimizer({parameter()}, AdamWOptions(7));
  LRScheduler scheduler(
      optimizer, Constant{1}, Drive{Hyperparameter::beta1, from_half},
      Drive{Hyperparameter::weight_decay, Linear{.start = 0, .end = 1, .steps = 2}});
  scheduler.step();
  EXPECT_EQ(beta1(options_of<AdamWOptions>(optimizer)), 0.25);
  EXPECT_EQ(options_of<AdamWOptions>(optimizer).weight_decay(), 0.5);
}

TEST(Drive, DrivesAGroupThatIsAddedLater) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1}, Drive{Hyperparameter::momentum, from_half});
  optimizer.add_param_group(group_of(parameter()));
  scheduler.step();
  EXPECT_EQ(options_of<SGDOptions>(optimizer, 1).momentum(), 0.25);
}

TEST(Drive, DrivesAnOptionsObjectThatReplacedAnother) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1}, Drive{Hyperparameter::momentum, from_half});
  optimizer.param_groups()[0].set_options(std::make_unique<SGDOptions>(9));
  scheduler.step();
  EXPECT_EQ(options_of<SGDOptions>(optimizer).momentum(), 0.25);
  EXPECT_EQ(options_of<SGDOptions>(optimizer).lr(), 1);
}

TEST(Drive, WorksWithOneSchedulePerGroupAndWithRelative) {
  SGD optimizer = groups_at({0.5, 2});
  LRScheduler per_group(optimizer, {Constant{1}, Constant{3}},
                        Drive{Hyperparameter::momentum, from_half});
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 3));
  EXPECT_EQ(options_of<SGDOptions>(optimizer, 1).momentum(), 0.5);
  LRScheduler relative =
      LRScheduler::relative(optimizer, from_half, Drive{Hyperparameter::momentum, from_half});
  relative.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25, 0.75));
  EXPECT_EQ(options_of<SGDOptions>(optimizer, 1).momentum(), 0.25);
}

TEST(Drive, IsNotScaledByThePlateau) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1}, Drive{Hyperparameter::momentum, Constant{0.5}},
                        ReduceOnPlateau{.factor = 0.5, .patience = 0});
  scheduler.report(nan);
  EXPECT_EQ(scheduler.lr(), 0.5);
  EXPECT_EQ(options_of<SGDOptions>(optimizer).momentum(), 0.5);
}

// Expects a refusal that leaves the rates of `optimizer` at 7.
template <class Optimizer, class... Extras>
void expect_refusal(Optimizer& optimizer, const char* message, Extras... extras) {
  EXPECT_THAT(([&] { LRScheduler(optimizer, Constant{1}, extras...); }),
              ThrowsMessage<std::invalid_argument>(StrEq(message)));
  EXPECT_THAT(rates_in(optimizer), testing::Each(7));
}

TEST(Drive, RefusesAHyperparameterThatTheOptimizerLacks) {
  SGD sgd({parameter()}, SGDOptions(7));
  Adam adam({parameter()}, AdamOptions(7));
  AdamW adamw({parameter()}, AdamWOptions(7));
  RMSprop rmsprop({parameter()}, RMSpropOptions(7));
  Adagrad adagrad({parameter()}, AdagradOptions(7));
  LBFGS lbfgs({parameter()}, LBFGSOptions(7));
  const auto drive = [](Hyperparameter hyperparameter) { return Drive{hyperparameter, from_half}; };
  expect_refusal(adagrad, "LRScheduler: Adagrad has no momentum", drive(Hyperparameter::momentum));
  expect_refusal(adagrad, "LRScheduler: Adagrad has no beta1", drive(Hyperparameter::beta1));
  expect_refusal(sgd, "LRScheduler: SGD has no eps", drive(Hyperparameter::eps));
  expect_refusal(sgd, "LRScheduler: SGD has no beta2", drive(Hyperparameter::beta2));
  expect_refusal(adam, "LRScheduler: Adam has no momentum", drive(Hyperparameter::momentum));
  expect_refusal(adamw, "LRScheduler: AdamW has no momentum", drive(Hyperparameter::momentum));
  expect_refusal(rmsprop, "LRScheduler: RMSprop has no beta1", drive(Hyperparameter::beta1));
  expect_refusal(lbfgs, "LRScheduler: LBFGS has no weight_decay",
                 drive(Hyperparameter::weight_decay));
}

struct OwnOptions : OptimizerCloneableOptions<OwnOptions> {
  double get_lr() const override { return lr; }
  void set_lr(double rate) override { lr = rate; }
  double lr = 7;
};
struct OwnOptimizer : Optimizer {
  OwnOptimizer() : Optimizer({group_of(parameter())}, std::make_unique<OwnOptions>()) {}
  torch::Tensor step(LossClosure) override { return {}; }
};

TEST(Drive, DrivesOnlyTheRateOfAUserDefinedOptimizer) {
  OwnOptimizer optimizer;
  expect_refusal(optimizer,
                 "LRScheduler: libsched does not know where your optimizer stores its momentum; "
                 "pass a function that returns it: "
                 "Drive{\"momentum\", [](torch::optim::OptimizerOptions& o) -> double& { return "
                 "static_cast<YourOptions&>(o).momentum(); }, schedule}",
                 Drive{Hyperparameter::momentum, from_half});
  LRScheduler scheduler(optimizer, from_half);
  scheduler.step();
  EXPECT_EQ(options_of<OwnOptions>(optimizer).lr, 0.25);
}

TEST(Drive, ChangesNothingIfTheSecondHyperparameterIsMissing) {
  SGD optimizer({parameter()}, SGDOptions(7).momentum(0.9));
  expect_refusal(optimizer, "LRScheduler: SGD has no eps",
                 Drive{Hyperparameter::momentum, from_half}, Drive{Hyperparameter::eps, from_half});
  EXPECT_EQ(options_of<SGDOptions>(optimizer).momentum(), 0.9);
}

TEST(Drive, RefusesAHyperparameterThatIsDrivenTwice) {
  SGD optimizer({parameter()}, SGDOptions(7));
  expect_refusal(optimizer, "LRScheduler: momentum is driven twice",
                 Drive{Hyperparameter::momentum, from_half},
                 Drive{Hyperparameter::momentum, Constant{0.5}});
}

TEST(Drive, RefusesABetaOfOne) {
  Adam optimizer({parameter()}, AdamOptions(7));
  LRScheduler scheduler(optimizer, Linear{.start = 1, .end = 0, .steps = 10},
                        Drive{Hyperparameter::beta2, Linear{.start = 0.5, .end = 1, .steps = 2}});
  scheduler.step_to(2);
  EXPECT_THAT([&] { scheduler.step(); }, ThrowsMessage<std::domain_error>(StrEq(
                                             "LRScheduler: beta2 must be at least 0 and below 1, "
                                             "got 1 at step 3 of linear(start=0.5, end=1, "
                                             "steps=2)")));
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_EQ(scheduler.lr(), 0.8);
}

// 1000 updates use the values of steps 0 to 999; the last step() writes that of step 1000.
TEST(Drive, LetsABetaReachOneAtTheEndOfItsSchedule) {
  Adam optimizer({parameter()}, AdamOptions(7));
  LRScheduler scheduler(
      optimizer, Constant{1},
      Drive{Hyperparameter::beta2, Cosine{.start = 0.99, .end = 1, .steps = 1000}});
  for (int i = 0; i < 1000; ++i) scheduler.step();
  EXPECT_EQ(scheduler.step_count(), 1000);
  EXPECT_EQ(beta2(options_of<AdamOptions>(optimizer)), std::nextafter(1.0, 0.0));
}

TEST(Drive, WritesNoValueIfTheLastIsNaN) {
  AdamW optimizer({group_of(parameter()), group_of(parameter())}, AdamWOptions(7));
  LRScheduler scheduler(optimizer, Linear{.start = 1, .end = 0, .steps = 10},
                        Drive{Hyperparameter::beta1, from_half},
                        Drive{Hyperparameter::weight_decay, from_half},
                        Drive{Hyperparameter::eps, [](Step t) { return t < 1 ? 0.5 : nan; }});
  EXPECT_THROW(scheduler.step(), std::domain_error);
  EXPECT_EQ(scheduler.step_count(), 0);
  for (const std::size_t group : {0U, 1U}) {
    auto& options = options_of<AdamWOptions>(optimizer, group);
    EXPECT_EQ(options.lr(), 1);
    EXPECT_EQ(beta1(options), 0.5);
    EXPECT_EQ(options.weight_decay(), 0.5);
    EXPECT_EQ(options.eps(), 0.5);
  }
}

// The source is Python's torch 1.13: OneCycleLR(SGD([p], 0.1, momentum=0.9), max_lr=1,
// total_steps=20), the momentum of the param group before the first step() and after each of 19.
TEST(Drive, GivesTheInverseMomentumOfOneCycleLR) {
  const std::vector<double> python{
      0.95,
      0.9404508497187474,
      0.9154508497187474,
      0.8845491502812526,
      0.8595491502812526,
      0.85,
      0.8512536043909088,
      0.854951556604879,
      0.8609084258765984,
      0.8688255099070633,
      0.878305813044122,
      0.8888739533021842,
      0.8999999999999999,
      0.9111260466978157,
      0.9216941869558779,
      0.9311744900929366,
      0.9390915741234015,
      0.945048443395121,
      0.9487463956090911,
      0.95,
  };
  constexpr Step T = 20;
  SGD optimizer({parameter()}, SGDOptions(7).momentum(0.9));
  LRScheduler scheduler(
      optimizer, OneCycle{.max_lr = 1, .steps = T},
      Drive{
          Hyperparameter::momentum,
          OneCycle{.max_lr = 0.85, .steps = T, .div_factor = 0.85 / 0.95, .final_div_factor = 1}});
  for (const double expected : python) {
    EXPECT_NEAR(options_of<SGDOptions>(optimizer).momentum(), expected, 1e-15)
        << "step " << scheduler.step_count();
    scheduler.step();
  }
}

// Halves the rate at each report that does not improve on the best.
const ReduceOnPlateau impatient{.factor = 0.5, .patience = 0};

TEST(Plateau, MultipliesWarmupAndCosine) {
  SGD optimizer({parameter()}, SGDOptions(7));
  // 0, 0.25, 0.5, 0.75, then half a cosine over 4 steps from 1: 1, 0.854, 0.5, 0.146, 0.
  LRScheduler scheduler(optimizer, warmup(CosineDecay{.base_lr = 1, .steps = 4}, 4), impatient);
  scheduler.report(1);
  scheduler.step_to(2);
  EXPECT_EQ(scheduler.lr(), 0.5);
  scheduler.report(1);
  EXPECT_EQ(scheduler.lr(), 0.25);
  scheduler.step_to(4);
  EXPECT_EQ(scheduler.lr(), 0.5);
  scheduler.step_to(6);
  EXPECT_DOUBLE_EQ(scheduler.lr(), 0.25);
  scheduler.report(1);
  EXPECT_DOUBLE_EQ(scheduler.lr(), 0.125);
  scheduler.step_to(8);
  EXPECT_EQ(scheduler.lr(), 0);
}

TEST(Plateau, ChangesTheRateAtTheReport) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1}, impatient);
  scheduler.report(1);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1));
  scheduler.report(1);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5));
  EXPECT_EQ(scheduler.step_count(), 0);
}

TEST(Plateau, ReturnsItsScale) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{0.1}, impatient);
  EXPECT_EQ(scheduler.scale(), 1);
  scheduler.report(1);
  scheduler.report(1);
  EXPECT_EQ(scheduler.scale(), 0.5);
}

TEST(Plateau, ScalesEveryGroupOfRelative) {
  SGD optimizer = groups_at({1, 4});
  LRScheduler scheduler =
      LRScheduler::relative(optimizer, Linear{.start = 1, .end = 0, .steps = 2}, impatient);
  scheduler.report(nan);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 2));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25, 1));
}

TEST(Plateau, ScalesEveryScheduleOfTheGroups) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, {Constant{1}, Constant{3}}, impatient);
  scheduler.report(nan);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 1.5));
}

TEST(Plateau, ChangesNothingIfTheReportFails) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, {Constant{1}, Constant{3}}, impatient);
  optimizer.add_param_group(group_at(7));
  EXPECT_THROW(scheduler.report(nan), std::invalid_argument);
  EXPECT_EQ(scheduler.scale(), 1);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 3, 7));
}

TEST(Plateau, KeepsItsCountersThroughARefusedStep) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(
      optimizer, [](Step t) { return t == 1 ? nan : 1.0; },
      ReduceOnPlateau{.factor = 0.5, .patience = 1});
  scheduler.report(1);
  scheduler.report(1);
  EXPECT_THROW(scheduler.step(), std::domain_error);
  scheduler.report(1);
  EXPECT_EQ(scheduler.scale(), 0.5);
}

TEST(Plateau, ReportReturnsWhetherItReduced) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1},
                        ReduceOnPlateau{.factor = 0.5, .patience = 0, .min_scale = 0.5});
  EXPECT_FALSE(scheduler.report(1));
  EXPECT_TRUE(scheduler.report(1));
  EXPECT_FALSE(scheduler.report(1));
}

TEST(Plateau, LowersNoGroupsRateBelowMinLR) {
  SGD optimizer = groups_at({1, 4});
  LRScheduler scheduler = LRScheduler::relative(
      optimizer, Constant{1}, ReduceOnPlateau{.factor = 0.5, .patience = 0, .min_lr = 0.75});
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.75, 2));
  EXPECT_TRUE(scheduler.can_reduce());
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.75, 0.75));
  EXPECT_FALSE(scheduler.can_reduce());
  EXPECT_FALSE(scheduler.report(nan));
}

TEST(Plateau, TakesAMinLRPerGroup) {
  SGD optimizer = groups_at({7, 7});
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 0, .min_lr = {0.75, 0.25}};
  LRScheduler scheduler(optimizer, Constant{1}, plateau);
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.75, 0.5));
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.75, 0.25));
  EXPECT_FALSE(scheduler.can_reduce());
  EXPECT_EQ(parse_plateau(scheduler.notations()[1].notation), plateau);
}

TEST(Plateau, RefusesANumberOfMinLRsThatIsNotThatOfTheGroups) {
  SGD optimizer = groups_at({7, 7, 7});
  expect_refusal(optimizer,
                 "LRScheduler: reduce_on_plateau: min_lr has 2 values for 3 param groups; build a "
                 "driver with one number for each, or with one number for all",
                 ReduceOnPlateau{.min_lr = {0.75, 0.25}});
}

TEST(Plateau, RefusesAGroupThatWouldHaveNoMinLR) {
  SGD optimizer = groups_at({7});
  LRScheduler scheduler(optimizer, Constant{1}, ReduceOnPlateau{.min_lr = {0.75}});
  EXPECT_THROW(scheduler.add_param_group(group_at(7)), std::invalid_argument);
  EXPECT_THAT(optimizer.param_groups(), testing::SizeIs(1));
}

TEST(Plateau, LeavesAWarmupBelowMinLRAsItIs) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, warmup(Constant{1}, 4),
                        ReduceOnPlateau{.factor = 0.5, .patience = 0, .min_lr = 0.375});
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25));
  scheduler.step();
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.375));
  scheduler.step_to(4);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5));
}

TEST(Plateau, IgnoresReportsBeforeFromStep) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1},
                        ReduceOnPlateau{.factor = 0.5, .patience = 0, .from_step = 2});
  EXPECT_FALSE(scheduler.report(1));
  scheduler.step();
  EXPECT_FALSE(scheduler.report(nan));
  scheduler.step();
  EXPECT_FALSE(scheduler.report(2));  // the first that counts, although worse than that of step 0
  EXPECT_TRUE(scheduler.report(2));
}

TEST(Plateau, CanReduceUntilItsScaleIsAtItsBound) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1},
                        ReduceOnPlateau{.factor = 0.1, .patience = 0, .min_scale = 0.01});
  scheduler.report(nan);
  EXPECT_TRUE(scheduler.can_reduce());
  scheduler.report(nan);
  EXPECT_EQ(scheduler.scale(), 0.01);
  EXPECT_FALSE(scheduler.can_reduce());
}

TEST(Plateau, CanReduceWhileARateAboveZeroIsStillToCome) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, warmup(CosineDecay{.base_lr = 1, .steps = 100}, 10), impatient);
  EXPECT_TRUE(scheduler.can_reduce());
  scheduler.step_to(110);
  EXPECT_FALSE(scheduler.can_reduce());
}

TEST(Plateau, CannotReduceARateThatIsBelowMinLR) {
  SGD optimizer({parameter()}, SGDOptions(7));
  EXPECT_FALSE(LRScheduler(optimizer, Constant{0.1},
                           ReduceOnPlateau{.factor = 0.5, .patience = 0, .min_lr = 0.15})
                   .can_reduce());
}

TEST(Plateau, CanReduceARateThatIsAboveMinLRAtALaterStep) {
  SGD optimizer({parameter()}, SGDOptions(7));
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 0, .min_lr = 0.9};
  const auto can_reduce = [&](const Schedule& schedule) {
    return LRScheduler(optimizer, schedule, plateau).can_reduce();
  };
  EXPECT_TRUE(can_reduce(PiecewiseConstant{.boundaries = {1}, .values = {1, 0}}));
  EXPECT_TRUE(can_reduce(Linear{.start = 0, .end = 1, .steps = 1}));
  EXPECT_TRUE(can_reduce(PiecewiseLinear{.steps = {0, 2, 4}, .values = {0, 1, 0}}));
  EXPECT_FALSE(can_reduce(PiecewiseLinear{.steps = {0, 2, 4}, .values = {0, 0.8, 0}}));
}

TEST(Plateau, CanReduceIfAnotherGroupIsKept) {
  SGD optimizer = groups_at({7, 7});
  EXPECT_TRUE(
      LRScheduler(optimizer, {keep, Constant{1}}, ReduceOnPlateau{.patience = 0, .min_lr = 0.1})
          .can_reduce());
}

TEST(Plateau, WithoutMinLRLowersItsScaleAtARateOfZeroToo) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{0}, ReduceOnPlateau{.factor = 0.5, .patience = 0});
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_EQ(scheduler.scale(), 0.5);
}

TEST(Plateau, CannotReduceWithoutAPlateau) {
  SGD optimizer({parameter()}, SGDOptions(7));
  EXPECT_FALSE(LRScheduler(optimizer, Constant{1}).can_reduce());
}

TEST(Extras, MayBeKnownAtRunTimeOnly) {
  SGD optimizer({parameter()}, SGDOptions(7));
  const std::vector<Drive> drives{{Hyperparameter::momentum, Constant{0.5}},
                                  {Hyperparameter::weight_decay, Constant{0.25}}};
  LRScheduler scheduler(optimizer, Constant{1}, drives, std::optional(impatient));
  EXPECT_TRUE(scheduler.report(nan));
  EXPECT_EQ(scheduler.lr(), 0.5);
  EXPECT_EQ(options_of<SGDOptions>(optimizer).momentum(), 0.5);
  EXPECT_EQ(options_of<SGDOptions>(optimizer).weight_decay(), 0.25);
  const LRScheduler without(optimizer, Constant{1}, std::vector<Drive>(),
                            std::optional<ReduceOnPlateau>());
  EXPECT_THAT(without.notations(), testing::SizeIs(1));
}

TEST(Plateau, RefusesAReportWithoutAPlateau) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1});
  EXPECT_THAT(
      [&] { scheduler.report(1); },
      ThrowsMessage<std::logic_error>(StrEq("LRScheduler: report() needs a ReduceOnPlateau")));
  EXPECT_EQ(scheduler.scale(), 1);
}

TEST(Plateau, RefusesTwo) {
  SGD optimizer({parameter()}, SGDOptions(7));
  expect_refusal(optimizer, "LRScheduler: more than one ReduceOnPlateau", impatient, impatient);
}

TEST(Plateau, RefusesABadField) {
  SGD optimizer({parameter()}, SGDOptions(7));
  expect_refusal(optimizer, "reduce_on_plateau: patience must be at least 0, got -1",
                 ReduceOnPlateau{.patience = -1});
}

// A reward that rises from -100 to -1.
std::vector<double> rising_below_zero() {
  std::vector<double> metrics;
  for (int metric = -100; metric < 0; ++metric) metrics.push_back(metric);
  return metrics;
}

TEST(Plateau, RecognizesThatANegativeMetricImprovesInMaxMode) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1}, ReduceOnPlateau{.patience = 3, .mode = Mode::max});
  for (const double metric : rising_below_zero()) scheduler.report(metric);
  EXPECT_EQ(scheduler.lr(), 1);
}

}  // namespace
}  // namespace libsched
