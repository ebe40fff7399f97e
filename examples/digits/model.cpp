#include "digits/model.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <stdexcept>

const std::vector<ModelKind>& model_kinds() {
  static const std::vector<ModelKind> kinds = {
      {.name = "cnn", .make = make_cnn, .lr = 2e-3, .weight_decay = 0.01, .decay_all = true},
      {.name = "resnet", .make = make_resnet, .lr = 2e-3, .weight_decay = 0.05},
      {.name = "vit", .make = make_vit, .lr = 1e-3, .weight_decay = 0.05, .decay_growth = 10},
  };
  return kinds;
}

std::string model_names() {
  std::string names;
  const auto& kinds = model_kinds();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    names += (i == 0 ? "" : i + 1 < kinds.size() ? ", " : " or ") + kinds[i].name;
  }
  return names;
}

const ModelKind& model_kind(std::string_view name) {
  for (const ModelKind& kind : model_kinds()) {
    if (kind.name == name) return kind;
  }
  throw std::invalid_argument(fmt::format("--model: must be {}, got '{}'", model_names(), name));
}

Score evaluate(Classifier& model, const Digits& digits) {
  const torch::NoGradGuard no_grad;
  model.eval();  // batch norms use their statistics of the training
  const torch::Tensor odds = model.forward(digits.images);
  model.train();
  return {torch::cross_entropy_loss(odds, digits.labels).item<double>(),
          odds.argmax(1).eq(digits.labels).to(torch::kFloat64).mean().item<double>()};
}
