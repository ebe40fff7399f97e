#pragma once

#include <torch/optim/optimizer.h>

#include <cstddef>
#include <vector>

#include "libsched/schedule.hpp"

namespace libsched {

/// Drives the learning rates of a torch::optim optimiser, which it refers to and must not outlive.
/// Built, the optimiser has the rates of step 0; call step() after each optimizer.step().
/// A rate that is negative or not finite is never written: std::domain_error names schedule and
/// step, and the optimiser and the step count stay as they were.
class LRScheduler {
 public:
  /// One schedule for every param group, also for groups that are added later.
  LRScheduler(torch::optim::Optimizer& optimizer, Schedule schedule);
  /// One schedule a param group. Throws std::invalid_argument where their numbers differ.
  LRScheduler(torch::optim::Optimizer& optimizer, std::vector<Schedule> schedules);

  /// One more update is done: sets the rates for the next.
  void step() { step_to(step_count_ + 1); }
  /// As if `t` updates were done, e.g. to resume. Throws std::invalid_argument for t < 0.
  void step_to(Step t);
  /// Updates done so far.
  Step step_count() const { return step_count_; }

  /// The rate that the next optimizer.step() uses for this param group; log it before that call.
  double lr(std::size_t group = 0) const;
  /// The same for every param group.
  std::vector<double> last_lr() const;

 private:
  torch::optim::Optimizer* optimizer_;
  std::vector<Schedule> schedules_;
  bool one_for_all_;
  std::vector<double> rates_;
  Step step_count_ = 0;
};

}  // namespace libsched
