#pragma once

#include <torch/nn/module.h>
#include <torch/optim/adamw.h>

#include <vector>

#include "digits/model.hpp"

/// Makes two param groups for AdamW: one of the matrices, with this weight decay, and one of
/// biases, norms and embeddings, without weight decay.
std::vector<torch::optim::OptimizerParamGroup> decay_of_matrices(const torch::nn::Module& model,
                                                                 double weight_decay);

/// Makes the AdamW optimizer with the options of the model's kind.
torch::optim::AdamW make_optimizer(const Classifier& model, const ModelKind& kind);
