#include "digits/optimizer.hpp"

#include <torch/nn/modules/embedding.h>

#include <libsched/torch.hpp>
#include <memory>

using torch::optim::AdamW;
using torch::optim::AdamWOptions;
using torch::optim::OptimizerParamGroup;

std::vector<OptimizerParamGroup> decay_of_matrices(const torch::nn::Module& model,
                                                   double weight_decay) {
  std::vector<torch::Tensor> matrices, others;
  for (const auto& module : model.modules()) {
    const bool is_embedding = module->as<torch::nn::Embedding>() != nullptr;
    for (const torch::Tensor& parameter : module->parameters(/*recurse=*/false)) {
      (parameter.dim() >= 2 && !is_embedding ? matrices : others).push_back(parameter);
    }
  }
  const auto options = [](double decay) {
    return std::make_unique<AdamWOptions>(AdamWOptions().weight_decay(decay));
  };
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(matrices, options(weight_decay));
  groups.emplace_back(others, options(0));
  return groups;
}

AdamW make_optimizer(const Classifier& model, const ModelKind& kind) {
  if (kind.decay_all) {
    return AdamW(model.parameters(), AdamWOptions().weight_decay(kind.weight_decay));
  }
  const std::vector<OptimizerParamGroup> groups = decay_of_matrices(model, kind.weight_decay);
  AdamW optimizer(groups);
  libsched::restore_options(optimizer, groups);
  return optimizer;
}
