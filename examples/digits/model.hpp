#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "digits/data.hpp"

/// The base of the models: maps 8 x 8 pixels to the log-odds of the ten digits.
struct Classifier : torch::nn::Module {
  virtual torch::Tensor forward(const torch::Tensor& images) = 0;
};

std::shared_ptr<Classifier> make_cnn();     ///< a small convolutional network
std::shared_ptr<Classifier> make_resnet();  ///< a residual network with batch norm
std::shared_ptr<Classifier> make_vit();     ///< a Vision Transformer

/// A kind of model and how it is trained.
struct ModelKind {
  std::string name;
  std::shared_ptr<Classifier> (*make)();
  double lr;                // a good constant rate; other schedules begin higher
  double weight_decay;      // the weight decay of AdamW
  bool decay_all = false;   // whether biases and norms decay too
  double decay_growth = 1;  // the factor by which the decay has risen at the end
};

const std::vector<ModelKind>& model_kinds();

/// The names of all kinds, as in "cnn, resnet or vit".
std::string model_names();

/// The kind with this name. Throws std::invalid_argument if there is none.
const ModelKind& model_kind(std::string_view name);

struct Score {
  double loss;      // mean cross-entropy
  double accuracy;  // the share that is classified correctly, from 0 to 1
};

Score evaluate(Classifier& model, const Digits& digits);
