// A small residual network with batch norm: He et al., "Deep Residual Learning for Image
// Recognition" (2015).
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include "digits/model.hpp"

namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;
using torch::nn::Linear;
using torch::nn::Sequential;

// Has no bias, because the batch norm after it has one.
Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t size, std::int64_t stride) {
  return Conv2d(
      torch::nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
}

struct BlockImpl : torch::nn::Module {
  BlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride)
      : conv1(register_module("conv1", convolution(in, out, 3, stride))),
        norm1(register_module("norm1", BatchNorm2d(out))),
        conv2(register_module("conv2", convolution(out, out, 3, 1))),
        norm2(register_module("norm2", BatchNorm2d(out))),
        shortcut(register_module("shortcut", Sequential())) {
    if (stride == 1 && in == out) return;
    shortcut->push_back(convolution(in, out, 1, stride));
    shortcut->push_back(BatchNorm2d(out));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor residual = norm2(conv2(torch::relu(norm1(conv1(x)))));
    return torch::relu(residual + (shortcut->is_empty() ? x : shortcut->forward(x)));
  }

  Conv2d conv1;
  BatchNorm2d norm1;
  Conv2d conv2;
  BatchNorm2d norm2;
  Sequential shortcut;
};
TORCH_MODULE(Block);

struct ResNet : Classifier {
  Conv2d conv = register_module("conv", convolution(1, 8, 3, 1));
  BatchNorm2d norm = register_module("norm", BatchNorm2d(8));
  Sequential blocks =
      register_module("blocks", Sequential(Block(8, 8, 1), Block(8, 16, 2), Block(16, 32, 2)));
  Linear digit = register_module("digit", Linear(32, 10));

  torch::Tensor forward(const torch::Tensor& images) override {
    const torch::Tensor x = blocks->forward(torch::relu(norm(conv(images))));
    return digit(x.mean({2, 3}));
  }
};

}  // namespace

std::shared_ptr<Classifier> make_resnet() { return std::make_shared<ResNet>(); }
