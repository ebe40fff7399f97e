#!/usr/bin/env bash
# LibTorch's torch::load says that a checkpoint of Python's optimizer is corrupted, but torch::pickle_load reads all of it.
. "$(dirname "$0")/common.sh"
torch 2.15.0

"$python" -W ignore - << 'END_OF_PROGRAM'
import torch

weight = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.AdamW([weight], lr=0.25)
weight.sum().backward()
optimizer.step()
torch.save(optimizer.state_dict(), "optimizer.pt")
END_OF_PROGRAM
cat > program.cpp << 'END_OF_PROGRAM'
#include <torch/csrc/api/include/torch/serialize.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <cstdio>
#include <fstream>
#include <iterator>

int main() {
  torch::optim::AdamW optimizer({torch::zeros(1, torch::requires_grad())}, 0.5);
  try {
    torch::load(optimizer, "optimizer.pt");
    std::printf("load: read");
  } catch (const std::exception& error) {
    const bool corrupted = std::string(error.what()).find("corrupted") != std::string::npos;
    std::printf("load: %s", corrupted ? "corrupted" : "another error");
  }
  std::ifstream file("optimizer.pt", std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
  const auto state = torch::pickle_load(bytes).toGenericDict();
  const auto group = state.at("param_groups").toListRef()[0].toGenericDict();
  const auto of_weight = state.at("state").toGenericDict().at(0).toGenericDict();
  std::printf("; pickle_load: lr %g, step %g", group.at("lr").toDouble(), of_weight.at("step").toTensor().item<double>());
}
END_OF_PROGRAM
"${compile[@]}" program.cpp -o program -ltorch_cpu -lc10
finding "torch 2.15.0" "load: read; pickle_load: lr 0.25, step 1" "load: corrupted; pickle_load: lr 0.25, step 1" \
  "$(./program)"
