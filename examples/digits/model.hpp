#pragma once

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include "digits/data.hpp"

/// A small convolutional network: 8 x 8 pixels in, the log-odds of the ten digits out.
struct ClassifierImpl : torch::nn::Module {
  ClassifierImpl();
  torch::Tensor forward(const torch::Tensor& images);

  torch::nn::Conv2d conv1, conv2;
  torch::nn::Linear hidden, digit;
};
TORCH_MODULE(Classifier);

struct Score {
  double loss;      // mean cross-entropy
  double accuracy;  // the part that is classified right, 0 to 1
};

Score evaluate(Classifier& model, const Digits& digits);
