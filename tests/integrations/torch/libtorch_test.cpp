// Tests of what LibTorch itself does wrong or unexpectedly, on the installed version. They are the
// rows of "Where LibTorch is wrong" in tests/reference/README.md, and the reason why libsched does
// not build on it.
#include <gmock/gmock.h>
#include <torch/optim/schedulers/step_lr.h>
#include <torch/optim/sgd.h>
#include <torch/serialize.h>
#include <torch/version.h>
#if TORCH_VERSION_MAJOR >= 2
#include <torch/optim/schedulers/reduce_on_plateau_scheduler.h>
#endif

#include <sstream>
#include <vector>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

namespace libsched {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using torch::optim::SGD;
using torch::optim::SGDOptions;

// The rates of five updates.
template <class Scheduler>
std::vector<double> rates_of_five_updates(SGD& optimizer, Scheduler scheduler) {
  std::vector<double> rates;
  for (int i = 0; i < 5; ++i) {
    rates.push_back(rates_in(optimizer)[0]);
    update(optimizer);
    scheduler.step();
  }
  return rates;
}

// PyTorch in Python: 1 1 1 0.1 0.1.
TEST(LibTorch, StepLRDropsAnUpdateLate) {
  SGD optimizer({parameter()}, SGDOptions(1));
  EXPECT_THAT(rates_of_five_updates(optimizer, torch::optim::StepLR(optimizer, 3, 0.1)),
              ElementsAre(1, 1, 1, 1, DoubleNear(0.1, 1e-15)));
  SGD other({parameter()}, SGDOptions(1));
  EXPECT_THAT(rates_of_five_updates(
                  other, LRScheduler(other, StepDecay{.base_lr = 1, .step_size = 3, .drop = 0.1})),
              ElementsAre(1, 1, 1, 0.1, 0.1));
}

TEST(LibTorch, DefaultsThatAreSetLaterChangeNoGroup) {
  SGD optimizer({parameter()}, SGDOptions(1));
  static_cast<SGDOptions&>(optimizer.defaults()).lr(0.5);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1));
  optimizer.add_param_group(group_of(parameter()));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 0.5));
}

// Since PyTorch's pull request 125215 the saved rate is loaded too.
constexpr bool loads_rate = TORCH_VERSION_MAJOR > 2 ||
                            (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4);

TEST(LibTorch, LoadOfAnOptimizerMayLeaveItsRate) {
  const StepDecay schedule{.base_lr = 0.5, .step_size = 1, .drop = 0.1};
  SGD trained({parameter()}, SGDOptions(0.5));
  LRScheduler scheduler(trained, schedule);
  update(trained);
  scheduler.step();
  std::stringstream of_optimizer, of_scheduler;
  torch::save(trained, of_optimizer);
  scheduler.save(of_scheduler);

  SGD resumed({parameter()}, SGDOptions(0.5));
  torch::load(resumed, of_optimizer);
  EXPECT_THAT(rates_in(resumed), ElementsAre(loads_rate ? 0.05 : 0.5));
  LRScheduler resumed_scheduler(resumed, schedule);
  resumed_scheduler.load(of_scheduler);
  EXPECT_THAT(rates_in(resumed), ElementsAre(0.05));
}

#if TORCH_VERSION_MAJOR >= 2
using Plateau = torch::optim::ReduceLROnPlateauScheduler;

// The rate after these reports to LibTorch's plateau in mode max, with patience 3.
double rate_after(const std::vector<float>& metrics, Plateau::ThresholdMode threshold_mode) {
  SGD optimizer({parameter()}, SGDOptions(1));
  Plateau scheduler(optimizer, Plateau::max, 0.1F, 3, 1e-4, threshold_mode);
  for (const float metric : metrics) scheduler.step(metric);
  return rates_in(optimizer)[0];
}
double our_rate_after(const std::vector<float>& metrics, ThresholdMode threshold_mode) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(
      optimizer, Constant{1},
      ReduceOnPlateau{.patience = 3, .threshold_mode = threshold_mode, .mode = Mode::max});
  for (const float metric : metrics) scheduler.report(metric);
  return scheduler.lr();
}

// LibTorch's first best is the smallest positive float; the reward here rises from -100 to -1.
TEST(LibTorch, PlateauInModeMaxNeverRecognizesThatANegativeMetricImproves) {
  std::vector<float> rewards;
  for (int metric = -100; metric < 0; ++metric) rewards.push_back(static_cast<float>(metric));
  EXPECT_LT(rate_after(rewards, Plateau::rel), 1e-6);
  EXPECT_EQ(our_rate_after(rewards, ThresholdMode::relative), 1);
}

TEST(LibTorch, PlateauInModeMaxWithAnAbsoluteThresholdNeverDrops) {
  const std::vector<float> flat(20, 0.5F);
  EXPECT_EQ(rate_after(flat, Plateau::abs), 1);
  // The first report sets the best; of the 19 bad ones, every fourth drops the rate: four times.
  EXPECT_NEAR(our_rate_after(flat, ThresholdMode::absolute), 1e-4, 1e-18);
}
#endif

constexpr bool merges_options = TORCH_VERSION_MAJOR > 2 ||
                                (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 12);

// Two groups, of which one has the type's own default for its weight decay.
TEST(LibTorch, MayReplaceAGroupsOptionThatEqualsItsTypesDefault) {
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.push_back({{parameter()}, std::make_unique<SGDOptions>(SGDOptions(1).weight_decay(0))});
  groups.push_back({{parameter()}, std::make_unique<SGDOptions>(SGDOptions(1).weight_decay(0.5))});
  SGD optimizer(groups, SGDOptions(1).weight_decay(5e-4));
  const auto decay = [&](std::size_t group) {
    return options_of<SGDOptions>(optimizer, group).weight_decay();
  };
  EXPECT_EQ(decay(0), merges_options ? 5e-4 : 0);
  EXPECT_EQ(decay(1), 0.5);
  restore_options(optimizer, groups);
  EXPECT_EQ(decay(0), 0);
  EXPECT_EQ(decay(1), 0.5);
}

}  // namespace
}  // namespace libsched
