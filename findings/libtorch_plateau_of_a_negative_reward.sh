#!/usr/bin/env bash
# LibTorch's plateau in mode max never counts a reward below 0 as an improvement: its first best is the smallest positive float.
. "$(dirname "$0")/common.sh"
torch 2.15.0

cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/optim/schedulers/reduce_on_plateau_scheduler.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>
#include <cstdio>

int main() {
  using Plateau = torch::optim::ReduceLROnPlateauScheduler;
  torch::optim::SGD optimizer({torch::zeros(1, torch::requires_grad())}, torch::optim::SGDOptions(1));
  Plateau plateau(optimizer, Plateau::max, /*factor=*/0.5F, /*patience=*/1, /*threshold=*/1e-4);
  for (const float metric : {-100.F, -50.F, -20.F, -10.F, -5.F, -1.F}) {
    plateau.step(metric);
    std::printf("%g ", optimizer.param_groups()[0].options().get_lr());
  }
}
END_OF_PROGRAM
"${compile[@]}" program.cpp -o program -ltorch_cpu -lc10
seen=$(./program)
finding "LibTorch of torch 2.15.0" "1 1 1 1 1 1" "1 0.5 0.5 0.25 0.25 0.125" "${seen% }"
