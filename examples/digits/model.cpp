#include "digits/model.hpp"

ClassifierImpl::ClassifierImpl()
    : conv1(register_module("conv1",
                            torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 16, 3).padding(1)))),
      conv2(register_module("conv2",
                            torch::nn::Conv2d(torch::nn::Conv2dOptions(16, 32, 3).padding(1)))),
      hidden(register_module("hidden", torch::nn::Linear(32 * 4 * 4, 64))),
      digit(register_module("digit", torch::nn::Linear(64, 10))) {}

torch::Tensor ClassifierImpl::forward(const torch::Tensor& images) {
  torch::Tensor x = torch::relu(conv1(images));
  x = torch::max_pool2d(torch::relu(conv2(x)), 2);
  x = torch::relu(hidden(x.flatten(1)));
  return digit(x);
}

Score evaluate(Classifier& model, const Digits& digits) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor odds = model->forward(digits.images);
  return {torch::cross_entropy_loss(odds, digits.labels).item<double>(),
          odds.argmax(1).eq(digits.labels).to(torch::kFloat64).mean().item<double>()};
}
