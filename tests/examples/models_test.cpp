#include <gtest/gtest.h>
#include <torch/utils.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "digits/model.hpp"
#include "digits/optimizer.hpp"
#include "libsched/find_lr.hpp"

namespace {

// The names that the model gives to the parameters of a param group.
std::set<std::string> names_in(const torch::optim::OptimizerParamGroup& group,
                               const torch::nn::Module& model) {
  std::set<std::string> names;
  for (const auto& named : model.named_parameters()) {
    for (const torch::Tensor& parameter : group.params()) {
      if (parameter.is_same(named.value())) names.insert(named.key());
    }
  }
  return names;
}

double weight_decay(const torch::optim::OptimizerParamGroup& group) {
  return static_cast<const torch::optim::AdamWOptions&>(group.options()).weight_decay();
}

TEST(DecayOfMatrices, EveryParameterIsInOneOfTheTwoGroups) {
  for (const ModelKind& kind : model_kinds()) {
    const auto model = kind.make();
    const auto groups = decay_of_matrices(*model, 0.1);
    ASSERT_EQ(groups.size(), 2u);
    EXPECT_EQ(weight_decay(groups[0]), 0.1);
    EXPECT_EQ(weight_decay(groups[1]), 0);
    EXPECT_EQ(groups[0].params().size() + groups[1].params().size(), model->parameters().size());
    const auto first = names_in(groups[0], *model);
    const auto second = names_in(groups[1], *model);
    EXPECT_EQ(first.size() + second.size(), model->parameters().size()) << kind.name;
  }
}

TEST(DecayOfMatrices, AppliesToConvolutionsAndTheLastLayerOfAResNet) {
  const auto model = make_resnet();
  EXPECT_EQ(
      names_in(decay_of_matrices(*model, 0.1)[0], *model),
      (std::set<std::string>{
          "conv.weight", "blocks.0.conv1.weight", "blocks.0.conv2.weight", "blocks.1.conv1.weight",
          "blocks.1.conv2.weight", "blocks.1.shortcut.0.weight", "blocks.2.conv1.weight",
          "blocks.2.conv2.weight", "blocks.2.shortcut.0.weight", "digit.weight"}));
}

TEST(DecayOfMatrices, DoesNotApplyToThePositionsOfAVisionTransformer) {
  const auto model = make_vit();
  const auto groups = decay_of_matrices(*model, 0.1);
  EXPECT_EQ(
      names_in(groups[0], *model),
      (std::set<std::string>{"patch_embedding.weight", "encoder.0.self_attn.in_proj_weight",
                             "encoder.0.self_attn.out_proj.weight", "encoder.0.linear1.weight",
                             "encoder.0.linear2.weight", "encoder.1.self_attn.in_proj_weight",
                             "encoder.1.self_attn.out_proj.weight", "encoder.1.linear1.weight",
                             "encoder.1.linear2.weight", "digit.weight"}));
  EXPECT_EQ(names_in(groups[1], *model).count("position.weight"), 1);
}

TEST(Cnn, HasOneParamGroup) {
  const ModelKind& kind = model_kind("cnn");
  const auto model = kind.make();
  auto optimizer = make_optimizer(*model, kind);
  ASSERT_EQ(optimizer.param_groups().size(), 1u);
  EXPECT_EQ(weight_decay(optimizer.param_groups()[0]), 0.01);
}

TEST(ResNet, HasItsBatchNormsBackAfterFindLR) {
  const ModelKind& kind = model_kind("resnet");
  const auto model = kind.make();
  auto optimizer = make_optimizer(*model, kind);
  const torch::Tensor images = torch::rand({8, 1, 8, 8});
  model->forward(images);  // so that they no longer have their initial values
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& buffer : model->buffers()) before.push_back(buffer.clone());
  ASSERT_EQ(before.size(), 9 * 3u);  // each has a mean, a variance and a count
  libsched::find_lr(optimizer,
                    [&] {
                      optimizer.zero_grad();
                      const torch::Tensor loss = model->forward(images).square().mean();
                      loss.backward();
                      optimizer.step();
                      return loss.item<double>();
                    },
                    {.steps = 3, .buffers = model->buffers()});
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(torch::equal(model->buffers()[i], before[i])) << i;
  }
}

TEST(ResNet, HasTheSameBatchNormsAfterEvaluate) {
  const auto model = make_resnet();
  const torch::Tensor before = model->buffers()[0].clone();
  evaluate(*model, {torch::rand({8, 1, 8, 8}), torch::zeros({8}, torch::kInt64)});
  EXPECT_TRUE(torch::equal(model->buffers()[0], before));
  EXPECT_TRUE(model->is_training());
}

}  // namespace
