// The recipes of integrations/torch/README.md, word for word, and what each must lead to.
#include <gmock/gmock.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/serialize.h>

#include <cstdio>
#include <sstream>
#include <vector>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

using namespace libsched;

namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct Recipe : testing::Test {
  torch::nn::Sequential model{torch::nn::Linear(3, 4), torch::nn::Linear(4, 2)};
  torch::optim::SGD optimizer{model->parameters(), torch::optim::SGDOptions(0.1)};
};

TEST_F(Recipe, WeightDecayForSomeGroupsOnly) {
  std::vector<torch::Tensor> matrices, vectors;
  for (const torch::Tensor& p : model->parameters()) {
    (p.dim() >= 2 ? matrices : vectors).push_back(p);
  }
  const auto group = [](std::vector<torch::Tensor> params, double decay) {
    return torch::optim::OptimizerParamGroup(std::move(params),
                                             std::make_unique<torch::optim::AdamWOptions>(
                                                 torch::optim::AdamWOptions().weight_decay(decay)));
  };
  torch::optim::AdamW adamw({group(matrices, 0.1), group(vectors, 0)});
  LRScheduler scheduler(adamw, warmup(CosineDecay{.base_lr = 3e-4, .steps = 9'500}, 500),
                        Drive{Hyperparameter::weight_decay,
                              {Cosine{.start = 0.04, .end = 0.4, .steps = 10'000}, keep}});

  scheduler.step_to(5'000);
  const auto decay = [&](std::size_t i) {
    return options_of<torch::optim::AdamWOptions>(adamw, i).weight_decay();
  };
  EXPECT_DOUBLE_EQ(decay(0), 0.22);  // half way
  EXPECT_EQ(decay(1), 0);
}

TEST_F(Recipe, ARateALayer) {
  std::vector<torch::optim::OptimizerParamGroup> layers;
  double rate = 1e-3;
  const auto children = model->children();
  for (auto layer = children.rbegin(); layer != children.rend(); ++layer, rate *= 0.75) {
    layers.emplace_back((*layer)->parameters(), std::make_unique<torch::optim::AdamWOptions>(rate));
  }
  torch::optim::AdamW adamw(std::move(layers));
  LRScheduler scheduler =
      LRScheduler::relative(adamw, warmup(CosineDecay{.base_lr = 1, .steps = 9'500}, 500));

  scheduler.step_to(250);
  EXPECT_THAT(rates_in(adamw), ElementsAre(DoubleEq(1e-3 / 2), DoubleEq(0.75e-3 / 2)));
}

TEST_F(Recipe, FreezeThenUnfreeze) {
  auto layers = model->children();
  for (torch::Tensor& p : layers.front()->parameters()) p.requires_grad_(false);
  torch::optim::AdamW adamw(layers.back()->parameters());
  LRScheduler scheduler(adamw, CosineDecay{.base_lr = 1e-3, .steps = 10'000});
  scheduler.step_to(5'000);
  for (torch::Tensor& p : layers.front()->parameters()) p.requires_grad_(true);
  scheduler.add_param_group(torch::optim::OptimizerParamGroup(layers.front()->parameters()));

  EXPECT_THAT(rates_in(adamw), ElementsAre(DoubleEq(5e-4), DoubleEq(5e-4)));
  EXPECT_TRUE(layers.front()->parameters()[0].requires_grad());
}

TEST_F(Recipe, AGroupThatIsAddedBehindTheDriver) {
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1, .steps = 100});
  scheduler.step_to(50);
  optimizer.add_param_group(group_of(parameter()));
  scheduler.step_to(scheduler.step_count());
  EXPECT_THAT(rates_in(optimizer), ElementsAre(DoubleEq(0.5), DoubleEq(0.5)));
}

TEST_F(Recipe, TheTwoOptimizersOfAGANInOneArchive) {
  torch::optim::Adam generator(model->parameters()), discriminator(model->parameters());
  LRScheduler of_generator(generator, Constant{.base_lr = 1e-4});
  LRScheduler of_discriminator(discriminator, Constant{.base_lr = 4e-4});
  of_generator.step_to(7);
  of_discriminator.step_to(35);
  torch::serialize::OutputArchive out;
  of_generator.save(out, "generator_schedule");
  of_discriminator.save(out, "discriminator_schedule");
  std::stringstream file;
  out.save_to(file);
  of_generator.step_to(0);
  of_discriminator.step_to(0);

  torch::serialize::InputArchive in;
  in.load_from(file);
  of_generator.load(in, "generator_schedule");
  of_discriminator.load(in, "discriminator_schedule");

  EXPECT_EQ(of_generator.step_count(), 7);
  EXPECT_EQ(of_discriminator.step_count(), 35);
}

TEST_F(Recipe, BranchACooldownOffACheckpoint) {
  const std::string path = testing::TempDir() + "libsched_stable.txt";
  LRScheduler stable(optimizer, warmup(Constant{.base_lr = 1e-3}, 500));
  stable.step_to(8'000);
  torch::save(stable, path);

  const Step branch = saved_step(path);
  const Schedule so_far = parse(saved_notations(path)[0].notation);
  LRScheduler scheduler(optimizer,
                        sequence(take(so_far, branch),
                                 SqrtCooldown{.start = so_far(branch), .end = 0, .steps = 2'000}));
  torch::load(scheduler, path, ScheduleChange::accept_future);
  std::remove(path.c_str());

  EXPECT_EQ(scheduler.step_count(), 8'000);
  EXPECT_EQ(scheduler.lr(), 1e-3);
  scheduler.step_to(8'500);  // a quarter of the cooldown, of which 1 - sqrt leaves a half
  EXPECT_DOUBLE_EQ(scheduler.lr(), 5e-4);
}

TEST_F(Recipe, ASkippedMixedPrecisionUpdate) {
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1e-3, .steps = 10'000});
  const auto update = [&] {
    bool finite = true;
    for (const torch::Tensor& p : model->parameters()) {
      if (p.grad().defined()) finite = finite && p.grad().isfinite().all().item<bool>();
    }
    if (finite) {
      optimizer.step();
      scheduler.step();
    }
  };
  (model->forward(torch::ones({1, 3})).sum() * std::numeric_limits<float>::infinity()).backward();
  update();
  EXPECT_EQ(scheduler.step_count(), 0);
  optimizer.zero_grad();
  model->forward(torch::ones({1, 3})).sum().backward();
  update();
  EXPECT_EQ(scheduler.step_count(), 1);
}

TEST_F(Recipe, SchedulesOfWhatIsNoOption) {
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1e-3, .steps = 10'000});
  scheduler.step_to(1'000);
  const Schedule ema_decay = Cosine{.start = 0.99, .end = 0.9999, .steps = 10'000};
  const Schedule kl_weight = Linear{.start = 0, .end = 1, .steps = 2'000};
  const Step t = scheduler.step_count();
  const double decay = ema_decay(t);
  const double weight = kl_weight(t);

  EXPECT_NEAR(decay, 0.99 + 0.0099 * 0.02447174, 1e-9);  // (1 - cos(pi / 10)) / 2
  EXPECT_EQ(weight, 0.5);
}

TEST_F(Recipe, ASnapshotAtTheEndOfEachCycle) {
  LRScheduler scheduler(optimizer, CosineRestarts{.base_lr = 0.1, .period = 50});
  std::vector<Step> snapshots;
  for (int i = 0; i < 200; ++i) {
    optimizer.step();
    scheduler.step();
    const Step t = scheduler.step_count();
    if (scheduler.schedule().restarts_at(t)) snapshots.push_back(t);
  }
  EXPECT_THAT(snapshots, ElementsAre(50, 100, 150, 200));
}

TEST_F(Recipe, FindOutBeforeTheRunWhatWouldStopIt) {
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1e-3, .steps = 10'000});
  EXPECT_THAT(review(scheduler, 10'000), IsEmpty());
  EXPECT_THAT(scheduler.values(), ElementsAre(Pair("lr", 1e-3)));
}

}  // namespace
