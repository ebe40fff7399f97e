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

namespace libsched {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StrEq;
using testing::ThrowsMessage;

const StepDecay step_decay{.base_lr = 1, .step_size = 2, .drop = 0.1};

torch::Tensor parameter(double value = 1) {
  return torch::full({1}, value, torch::dtype(torch::kFloat64).requires_grad(true));
}

torch::optim::SGD two_groups() {
  return torch::optim::SGD({torch::optim::OptimizerParamGroup({parameter()}),
                            torch::optim::OptimizerParamGroup({parameter()})},
                           torch::optim::SGDOptions(7));
}

// Runs `optimizer` for six steps under step_decay, on the loss p whose gradient is 1, and gives the
// rates that its own options held when it stepped.
template <class Optimizer, class Options>
std::vector<double> driven_rates(Options options) {
  torch::Tensor p = parameter();
  Optimizer optimizer({p}, options);
  LRScheduler scheduler(optimizer, step_decay);
  std::vector<double> rates;
  for (int i = 0; i < 6; ++i) {
    const auto closure = [&] {
      optimizer.zero_grad();
      torch::Tensor loss = p.sum();
      loss.backward();
      return loss;
    };
    closure();
    rates.push_back(static_cast<Options&>(optimizer.param_groups()[0].options()).lr());
    optimizer.step(closure);
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
    optimizer.zero_grad();
    p.sum().backward();
    optimizer.step();
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

TEST(LRScheduler, RefusesANegativeStepAndStaysWhereItWas) {
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

TEST(LRScheduler, RefusesAWrongNumberOfSchedulesAndTouchesNothing) {
  torch::optim::SGD optimizer = two_groups();
  EXPECT_THAT(
      ([&] {
        LRScheduler(optimizer, {step_decay, step_decay, step_decay});
      }),
      ThrowsMessage<std::invalid_argument>(StrEq("LRScheduler: 3 schedules for 2 param groups")));
  EXPECT_EQ(optimizer.param_groups()[0].options().get_lr(), 7);
}

TEST(LRScheduler, RefusesTheRateOfAGroupThatIsNotThere) {
  torch::optim::SGD optimizer = two_groups();
  const LRScheduler scheduler(optimizer, step_decay);
  EXPECT_THAT([&] { return scheduler.lr(2); },
              ThrowsMessage<std::out_of_range>(
                  StrEq("LRScheduler: no param group 2, the optimizer has 2")));
}

TEST(LRScheduler, DrivesAGroupThatIsAddedLater) {
  torch::optim::SGD optimizer({parameter()}, torch::optim::SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  optimizer.add_param_group(torch::optim::OptimizerParamGroup({parameter()}));
  scheduler.step();
  EXPECT_THAT(scheduler.last_lr(), ElementsAre(1, 1));
}

TEST(LRScheduler, NeverWritesABadRate) {
  for (const double bad :
       {-0.1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    torch::optim::SGD optimizer = two_groups();
    LRScheduler scheduler(optimizer, {Constant{0.5}, [bad](Step t) { return t < 3 ? 0.25 : bad; }});
    scheduler.step_to(2);
    EXPECT_THAT([&] { scheduler.step(); },
                ThrowsMessage<std::domain_error>(HasSubstr("at step 3 of custom")));
    EXPECT_EQ(scheduler.step_count(), 2);
    EXPECT_THAT(scheduler.last_lr(), ElementsAre(0.5, 0.25));
  }
}

}  // namespace
}  // namespace libsched
