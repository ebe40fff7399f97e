#pragma once

#include <torch/nn/module.h>
#include <torch/optim/adamw.h>

#include <vector>

#include "digits/model.hpp"

/// Two param groups for AdamW: the matrices with this weight decay; biases, norms and embeddings
/// without.
std::vector<torch::optim::OptimizerParamGroup> decay_of_matrices(const torch::nn::Module& model,
                                                                 double weight_decay);

/// AdamW as the model's kind wants it.
torch::optim::AdamW make_optimizer(const Classifier& model, const ModelKind& kind);
