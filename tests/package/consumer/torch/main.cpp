#include <fmt/format.h>
#include <torch/optim/sgd.h>

#include <libsched/fmt.hpp>
#include <libsched/libsched.hpp>
#include <libsched/torch.hpp>

int main() {
  torch::optim::SGD optimizer({torch::ones({1})}, torch::optim::SGDOptions(1));
  libsched::LRScheduler scheduler(optimizer, libsched::StepDecay{0.1, 30});
  scheduler.step_to(30);
  const bool prints = fmt::format("{} {}", scheduler.step_count(), scheduler.schedule(0)) ==
                      "30 step_decay(base_lr=0.1, step_size=30, drop=0.5)";
  return scheduler.lr() == 0.05 && prints ? 0 : 1;
}
