// Two 4096x4096 layers with AdamW: a hundred training steps, or the same in find_lr(). Prints
// seconds of wall time and of processor time, and the peak of memory in bytes: find_lr_benchmark
// train|find_lr STEPS_BEFORE
#include <sys/resource.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>
#include <torch/utils.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "libsched/find_lr.hpp"

namespace {

double processor_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

long long peak_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "VmHWM:") {
  }
  long long kibibytes = 0;
  status >> kibibytes;
  return kibibytes * 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const bool searched = std::string(argv[1]) == "find_lr";

  torch::manual_seed(1);
  torch::nn::Linear first(4096, 4096), last(4096, 4096);
  std::vector<torch::Tensor> parameters = first->parameters();
  for (const torch::Tensor& p : last->parameters()) parameters.push_back(p);
  torch::optim::AdamW optimizer(parameters, torch::optim::AdamWOptions(1e-3));
  const torch::Tensor x = torch::randn({64, 4096}), y = torch::randn({64, 4096});
  const auto step = [&] {
    optimizer.zero_grad();
    const torch::Tensor loss = torch::nn::functional::mse_loss(last(torch::relu(first(x))), y);
    loss.backward();
    optimizer.step();
    return loss.item<double>();
  };
  for (int i = 0; i < std::stoi(argv[2]); ++i) step();

  libsched::FindLROptions options;
  options.max_lr = 1e-3;  // at a greater rate the loss diverges, and the test ends early
  options.divergence = 1e300;
  forget_peak();
  const auto begin = std::chrono::steady_clock::now();
  const double processor_begin = processor_seconds();
  if (searched) {
    if (find_lr(optimizer, step, options).curve.size() != 100) return 1;
  } else {
    for (int i = 0; i < 100; ++i) step();
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  std::cout << wall.count() << ' ' << processor_seconds() - processor_begin << ' ' << peak_bytes()
            << '\n';
}
