#!/usr/bin/env bash
# LibTorch files an optimizer's state under its parameters' addresses in memory, so equal optimizers make different files.
. "$(dirname "$0")/common.sh"
torch 2.15.0

cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/optim/adam.h>
#include <torch/serialize.h>
#include <torch/types.h>

int main() {
  const std::vector<torch::Tensor> weights{torch::zeros(1, torch::requires_grad()),
                                           torch::zeros(1, torch::requires_grad())};
  for (int run = 0; run < 2; ++run) {
    const torch::Tensor& weight = weights[static_cast<std::size_t>(run)];
    torch::optim::Adam optimizer({weight}, 0.1);
    weight.sum().backward();
    optimizer.step();
    torch::save(optimizer, run == 0 ? "first.pt" : "second.pt");
  }
}
END_OF_PROGRAM
"${compile[@]}" program.cpp -o program -ltorch_cpu -lc10
./program
seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
import torch

def state(path):
    return next(torch.jit.load(path).state.named_children())

(name, first), (other, second) = state("first.pt"), state("second.pt")
print("averages", first.exp_avg.item() == second.exp_avg.item(), "steps", first.step == second.step, "names", name == other)
END_OF_PROGRAM
)
finding "torch 2.15.0" "averages True steps True names True" "averages True steps True names False" "$seen"
