#!/usr/bin/env bash
# LibTorch files an optimizer's state under the addresses of its parameters in memory: equal optimizers make unequal files.
. "$(dirname "$0")/common.sh"
torch 2.15.0

cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/optim/adam.h>
#include <torch/serialize.h>
#include <torch/types.h>

int main() {
  auto weights = torch::zeros({2, 1}).unbind();
  for (int copy = 0; copy < 2; ++copy) {
    torch::Tensor weight = weights[static_cast<std::size_t>(copy)].detach().requires_grad_();
    torch::optim::Adam optimizer({weight}, 0.1);
    weight.sum().backward();
    optimizer.step();
    torch::save(optimizer, copy == 0 ? "first/optimizer.pt" : "second/optimizer.pt");
    static std::vector<torch::Tensor> kept;
    kept.push_back(weight);
  }
}
END_OF_PROGRAM
"${compile[@]}" program.cpp -o program -ltorch_cpu -lc10
mkdir first second
./program
seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
import torch

def state(folder):
    module = torch.jit.load(folder + "/optimizer.pt")
    return dict(module.state.named_children())

first, second = state("first"), state("second")
(name, a), (other, b) = *first.items(), *second.items()
equal = all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters()))
print(f"equal values: {equal}, equal names: {name == other}, a name above 1,000,000: {int(name) > 1_000_000}")
END_OF_PROGRAM
)
finding "torch 2.15.0" "equal values: True, equal names: True, a name above 1,000,000: False" \
  "equal values: True, equal names: False, a name above 1,000,000: True" "$seen"
