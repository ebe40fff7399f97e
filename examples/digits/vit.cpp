// A small Vision Transformer: Dosovitskiy et al., "An Image is Worth 16x16 Words" (2020). All
// patches together give the digit, without a class token.
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/transformerlayer.h>

#include "digits/model.hpp"

namespace {

using torch::nn::Conv2d;
using torch::nn::Embedding;
using torch::nn::Linear;

constexpr std::int64_t patch = 4;    // the width of a patch in pixels
constexpr std::int64_t patches = 4;  // how many are in 8 x 8 pixels
constexpr std::int64_t width = 48;
constexpr std::int64_t heads = 2;

// There is no dropout, so that a resumed run does not need the state of a random-number generator.
torch::nn::TransformerEncoderLayer encoder_layer() {
  return torch::nn::TransformerEncoderLayer(torch::nn::TransformerEncoderLayerOptions(width, heads)
                                                .dim_feedforward(2 * width)
                                                .dropout(0)
                                                .activation(torch::kGELU));
}

struct ViT : Classifier {
  Conv2d patch_embedding = register_module(
      "patch_embedding", Conv2d(torch::nn::Conv2dOptions(1, width, patch).stride(patch)));
  Embedding position = register_module("position", Embedding(patches, width));
  torch::nn::Sequential encoder =
      register_module("encoder", torch::nn::Sequential(encoder_layer(), encoder_layer()));
  Linear digit = register_module("digit", Linear(patches* width, 10));

  torch::Tensor forward(const torch::Tensor& images) override {
    // The encoder needs patches x images x width.
    torch::Tensor x = patch_embedding(images).flatten(2).permute({2, 0, 1});
    x = encoder->forward(x + position->weight.unsqueeze(1));
    return digit(x.transpose(0, 1).flatten(1));
  }
};

}  // namespace

std::shared_ptr<Classifier> make_vit() { return std::make_shared<ViT>(); }
