#!/usr/bin/env bash
# From LibTorch 2.12 on, a group whose weight decay is 0 gets the optimizer's, because 0 is the default of its type.
. "$(dirname "$0")/common.sh"

cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/optim/sgd.h>
#include <torch/types.h>
#include <cstdio>

using torch::optim::SGDOptions;

int main() {
  const auto group = [](double lr, double weight_decay) {
    return torch::optim::OptimizerParamGroup(
        {torch::zeros(1, torch::requires_grad())},
        std::make_unique<SGDOptions>(SGDOptions(lr).weight_decay(weight_decay)));
  };
  std::vector<torch::optim::OptimizerParamGroup> groups{group(0.1, 0), group(0.1, 1e-9)};
  torch::optim::SGD optimizer(groups, SGDOptions(0.1).weight_decay(5e-4));
  for (auto& made : optimizer.param_groups()) {
    std::printf(" %g", static_cast<SGDOptions&>(made.options()).weight_decay());
  }
}
END_OF_PROGRAM
seen="groups of 0 and 1e-09:"
for version in 2.11.0 2.12.0; do
  torch $version
  "${compile[@]}" program.cpp -o program -ltorch_cpu -lc10
  seen+=" in $version$(./program)"
done
finding "LibTorch of torch 2.11.0 and 2.12.0" "groups of 0 and 1e-09: in 2.11.0 0 1e-09 in 2.12.0 0 1e-09" \
  "groups of 0 and 1e-09: in 2.11.0 0 1e-09 in 2.12.0 0.0005 1e-09" "$seen"
