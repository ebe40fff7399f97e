#!/usr/bin/env bash
# LibTorch 1.13 loads an optimizer without its rate, so that the new one keeps its own; LibTorch 2.15 loads the rate too.
. "$(dirname "$0")/common.sh"
installed libtorch-dev 1.13.1+dfsg-4
torch 2.15.0

cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/optim/sgd.h>
#include <torch/serialize.h>
#include <torch/types.h>
#include <cstdio>

int main() {
  using torch::optim::SGD;
  SGD trained({torch::zeros(1, torch::requires_grad())}, torch::optim::SGDOptions(0.5));
  trained.param_groups()[0].options().set_lr(0.05);  // what a schedule does
  torch::save(trained, "optimizer.pt");
  SGD resumed({torch::zeros(1, torch::requires_grad())}, torch::optim::SGDOptions(0.5));
  torch::load(resumed, "optimizer.pt");
  std::printf("%g", resumed.param_groups()[0].options().get_lr());
}
END_OF_PROGRAM
g++ -std=c++17 -isystem /usr/include/torch/csrc/api/include program.cpp -o debian -ltorch -ltorch_cpu -lc10
"${compile[@]}" program.cpp -o wheel -ltorch_cpu -lc10
finding "libtorch-dev 1.13.1+dfsg-4 (Debian 12), LibTorch of torch 2.15.0" \
  "0.05 loaded: 1.13.1 0.05, 2.15.0 0.05" "0.05 loaded: 1.13.1 0.5, 2.15.0 0.05" \
  "0.05 loaded: 1.13.1 $(./debian), 2.15.0 $(./wheel)"
