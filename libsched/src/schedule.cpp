#include "libsched/schedule.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace libsched {

std::string to_string(const Schedule& schedule) { return schedule.model_->notation(); }

std::vector<double> sample(const Schedule& schedule, Step count) {
  if (count < 0) {
    throw std::invalid_argument(fmt::format("sample: count must be at least 0, got {}", count));
  }
  return schedule.model_->sample(count);
}

void Schedule::throw_negative(Step t) const {
  throw std::invalid_argument(
      fmt::format("{}: step must be at least 0, got {}", model_->notation(), t));
}

}  // namespace libsched
