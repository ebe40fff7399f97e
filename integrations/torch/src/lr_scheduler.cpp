#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "libsched/torch.hpp"

namespace libsched {
namespace {

double rate_at(const Schedule& schedule, Step t) {
  const double rate = schedule(t);
  if (!(std::isfinite(rate) && rate >= 0)) {
    throw std::domain_error(fmt::format(
        "LRScheduler: a learning rate must be finite and at least 0, got {} at step {} of {}", rate,
        t, to_string(schedule)));
  }
  return rate;
}

}  // namespace

LRScheduler::LRScheduler(torch::optim::Optimizer& optimizer, Schedule schedule)
    : optimizer_(&optimizer), schedules_{std::move(schedule)}, one_for_all_(true), rates_(1) {
  step_to(0);
}

LRScheduler::LRScheduler(torch::optim::Optimizer& optimizer, std::vector<Schedule> schedules)
    : optimizer_(&optimizer),
      schedules_(std::move(schedules)),
      one_for_all_(false),
      rates_(schedules_.size()) {
  step_to(0);
}

void LRScheduler::step_to(Step t) {
  auto& groups = optimizer_->param_groups();
  if (!one_for_all_ && groups.size() != schedules_.size()) {
    throw std::invalid_argument(fmt::format("LRScheduler: {} schedules for {} param groups",
                                            schedules_.size(), groups.size()));
  }
  // Every rate is known to be good before the first is written: all groups change or none.
  for (std::size_t i = 0; i < schedules_.size(); ++i) rates_[i] = rate_at(schedules_[i], t);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].options().set_lr(rates_[one_for_all_ ? 0 : i]);
  }
  step_count_ = t;
}

double LRScheduler::lr(std::size_t group) const {
  const auto& groups = optimizer_->param_groups();
  if (group >= groups.size()) {
    throw std::out_of_range(
        fmt::format("LRScheduler: no param group {}, the optimizer has {}", group, groups.size()));
  }
  return groups[group].options().get_lr();
}

std::vector<double> LRScheduler::last_lr() const {
  std::vector<double> rates;
  for (const auto& group : optimizer_->param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}

}  // namespace libsched
