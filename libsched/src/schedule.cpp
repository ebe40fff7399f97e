#include "libsched/schedule.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace libsched {

Schedule::Schedule(std::unique_ptr<const Model> model) : model_(std::move(model)) {
  const std::optional<Step> length = model_->length;
  if (!length || *length >= 0) return;
  detail::refuse(model_->kind == nullptr ? "Schedule" : model_->kind->name,
                 fmt::format("length() must be at least 0, got {}", *length));
}

bool operator==(const Schedule& a, const Schedule& b) {
  if (a.model_ == b.model_) return true;
  const detail::Kind* kind = a.model_->kind;
  const detail::Kind* other = b.model_->kind;
  return kind != nullptr && other != nullptr &&
         detail::equal(*kind, a.model_->data(), *other, b.model_->data());
}

std::string to_string(const Schedule& schedule) {
  const Schedule::Model& model = *schedule.model_;
  return model.kind == nullptr ? "custom" : detail::print(*model.kind, model.data());
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
