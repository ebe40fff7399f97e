#include <torch/optim/sgd.h>

#include <libsched/libsched.hpp>
#include <libsched/torch.hpp>

int main() {
  torch::optim::SGD optimizer({torch::ones({1})}, torch::optim::SGDOptions(1));
  libsched::LRScheduler scheduler(optimizer, libsched::StepDecay{0.1, 30});
  scheduler.step_to(30);
  return scheduler.lr() == 0.05 ? 0 : 1;
}
