#!/usr/bin/env bash
# LibTorch's StepLR makes each drop one update later than PyTorch's: its first stage is one update longer.
. "$(dirname "$0")/common.sh"
torch 2.15.0

cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/optim/schedulers/step_lr.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>
#include <cstdio>

int main() {
  torch::optim::SGD optimizer({torch::zeros(1, torch::requires_grad())}, torch::optim::SGDOptions(1));
  torch::optim::StepLR scheduler(optimizer, 3, 0.1);
  for (int update = 0; update < 8; ++update) {
    std::printf(" %g", optimizer.param_groups()[0].options().get_lr());
    optimizer.step();
    scheduler.step();
  }
}
END_OF_PROGRAM
"${compile[@]}" program.cpp -o program -ltorch_cpu -lc10
seen="Python$("$python" -W ignore - << 'END_OF_PROGRAM'
import torch

optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3, 0.1)
for _ in range(8):
    print(f" {optimizer.param_groups[0]['lr']:g}", end="")
    optimizer.step()
    scheduler.step()
END_OF_PROGRAM
) C++$(./program)"
finding "torch 2.15.0" "Python 1 1 1 0.1 0.1 0.1 0.01 0.01 C++ 1 1 1 0.1 0.1 0.1 0.01 0.01" \
  "Python 1 1 1 0.1 0.1 0.1 0.01 0.01 C++ 1 1 1 1 0.1 0.1 0.1 0.01" "$seen"
