// A small convolutional network.
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include "digits/model.hpp"

namespace {

using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::Linear;

struct Cnn : Classifier {
  Conv2d conv1 = register_module("conv1", Conv2d(Conv2dOptions(1, 16, 3).padding(1)));
  Conv2d conv2 = register_module("conv2", Conv2d(Conv2dOptions(16, 32, 3).padding(1)));
  Linear hidden = register_module("hidden", Linear(32 * 4 * 4, 64));
  Linear digit = register_module("digit", Linear(64, 10));

  torch::Tensor forward(const torch::Tensor& images) override {
    torch::Tensor x = torch::relu(conv1(images));
    x = torch::max_pool2d(torch::relu(conv2(x)), 2);
    x = torch::relu(hidden(x.flatten(1)));
    return digit(x);
  }
};

}  // namespace

std::shared_ptr<Classifier> make_cnn() { return std::make_shared<Cnn>(); }
