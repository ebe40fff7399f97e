#include "libsched/schedule.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace libsched {

Schedule::Schedule(std::unique_ptr<const Model> model) : model_(std::move(model)) {
  const std::optional<Step> length = model_->length;
  if (!length || *length >= 0) return;
  detail::refuse(model_->name.empty() ? "Schedule" : model_->name,
                 fmt::format("length() must be at least 0, got {}", *length));
}

bool operator==(const Schedule& a, const Schedule& b) {
  if (a.model_ == b.model_) return true;
  return !a.model_->name.empty() && a.model_->name == b.model_->name &&
         detail::equal(a.model_->fields(), b.model_->fields());
}

std::string to_string(const Schedule& schedule) {
  const Schedule::Model& model = *schedule.model_;
  return model.name.empty() ? "custom" : detail::print(model.name, model.fields());
}

std::vector<double> sample(const Schedule& schedule, Step count) {
  if (count < 0) {
    throw std::invalid_argument(fmt::format("sample: count must be at least 0, got {}", count));
  }
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(count));
  schedule.sample(0, count, values);
  return values;
}

void Schedule::throw_negative(Step t) const {
  throw std::invalid_argument(
      fmt::format("{}: step must be at least 0, got {}", to_string(*this), t));
}

}  // namespace libsched
