#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "digits/data.hpp"

/// What the models have in common: 8 x 8 pixels in, the log-odds of the ten digits out.
struct Classifier : torch::nn::Module {
  virtual torch::Tensor forward(const torch::Tensor& images) = 0;
};

std::shared_ptr<Classifier> make_cnn();     ///< a small convolutional network
std::shared_ptr<Classifier> make_resnet();  ///< a residual network with batch norm
std::shared_ptr<Classifier> make_vit();     ///< a Vision Transformer

/// A model and how it is trained.
struct ModelKind {
  std::string name;
  std::shared_ptr<Classifier> (*make)();
  double lr;                // good for a constant rate; others begin higher
  double weight_decay;      // of AdamW
  bool decay_all = false;   // biases and norms too
  double decay_growth = 1;  // the decay rises to so many times its first value
};

const std::vector<ModelKind>& model_kinds();

/// Of all of them, as in "cnn, resnet or vit".
std::string model_names();

/// That of this name. Throws std::invalid_argument where there is none.
const ModelKind& model_kind(std::string_view name);

struct Score {
  double loss;      // mean cross-entropy
  double accuracy;  // the part that is classified right, 0 to 1
};

Score evaluate(Classifier& model, const Digits& digits);
