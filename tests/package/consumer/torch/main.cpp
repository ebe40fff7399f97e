#include <fmt/format.h>

#include <libsched/fmt.hpp>
#include <libsched/libsched.hpp>
#include <libsched/torch.hpp>
#include <memory>
#include <vector>

// A user-defined optimizer, because LibTorch's headers of its own take longer to compile than all
// of libsched's.
struct Options : torch::optim::OptimizerCloneableOptions<Options> {
  double lr = 1;
  double get_lr() const override { return lr; }
  void set_lr(const double value) override { lr = value; }
};
struct Optimizer : torch::optim::Optimizer {
  using torch::optim::Optimizer::Optimizer;
  torch::Tensor step(LossClosure) override { return {}; }
};

int main() {
  const torch::optim::OptimizerParamGroup group{std::vector<torch::Tensor>()};
  Optimizer optimizer({group}, std::make_unique<Options>());
  libsched::LRScheduler scheduler(optimizer, libsched::StepDecay{0.1, 30});
  scheduler.step_to(30);
  const bool prints = fmt::format("{} {}", scheduler.step_count(), scheduler.schedule(0)) ==
                      "30 step_decay(base_lr=0.1, step_size=30, drop=0.5)";
  return scheduler.lr() == 0.05 && prints ? 0 : 1;
}
