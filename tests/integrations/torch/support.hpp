#pragma once

#include <torch/optim/optimizer.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>

#include <initializer_list>
#include <limits>
#include <vector>

#include "libsched/decay.hpp"

namespace libsched {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline const StepDecay step_decay{.base_lr = 1, .step_size = 2, .drop = 0.1};

inline torch::Tensor parameter(double value = 1) {
  return torch::full({1}, value, torch::dtype(torch::kFloat64).requires_grad(true));
}

inline torch::optim::OptimizerParamGroup group_of(torch::Tensor p) {
  return torch::optim::OptimizerParamGroup({std::move(p)});
}

/// A param group of one parameter at this rate.
inline torch::optim::OptimizerParamGroup group_at(double lr, torch::Tensor p = parameter()) {
  return {{std::move(p)}, std::make_unique<torch::optim::SGDOptions>(lr)};
}

/// SGD with one group per rate.
inline torch::optim::SGD groups_at(std::initializer_list<double> rates) {
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (const double lr : rates) groups.push_back(group_at(lr));
  return torch::optim::SGD(std::move(groups), torch::optim::SGDOptions(7));
}

/// The rates in the optimizer's own options.
inline std::vector<double> rates_in(torch::optim::Optimizer& optimizer) {
  std::vector<double> rates;
  for (auto& group : optimizer.param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}

template <class Options>
Options& options_of(torch::optim::Optimizer& optimizer, std::size_t group = 0) {
  return static_cast<Options&>(optimizer.param_groups()[group].options());
}

/// Makes one update of every parameter p on the loss p, whose gradient is 1.
inline void update(torch::optim::Optimizer& optimizer) {
  const auto closure = [&] {
    optimizer.zero_grad();
    torch::Tensor loss = torch::zeros({}, torch::kFloat64);
    for (auto& group : optimizer.param_groups()) {
      for (auto& p : group.params()) loss = loss + p.sum();
    }
    loss.backward();
    return loss;
  };
  closure();
  optimizer.step(closure);
}

}  // namespace libsched
