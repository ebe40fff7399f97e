#include "libsched/schedule.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "libsched/math.hpp"

namespace libsched {

detail::Model::Model(const VTable& its_vtable, const Kind* its_kind, std::optional<Step> its_length)
    : vtable(its_vtable), kind(its_kind), length(its_length) {
  if (!length || *length >= 0) return;
  refuse(kind == nullptr ? "Schedule" : kind->name,
         fmt::format("length() must be at least 0, got {}", *length));
}

Schedule::Schedule(const Schedule& other) noexcept : model_(other.model_) {
  model_->owners.fetch_add(1, std::memory_order_relaxed);
}

Schedule& Schedule::operator=(const Schedule& other) noexcept {
  Schedule copy(other);
  std::swap(model_, copy.model_);
  return *this;
}

Schedule::~Schedule() {
  if (model_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    model_->vtable.destroy(*model_);
  }
}

const detail::Model& detail::model_of(const Schedule& schedule) { return *schedule.model_; }

bool operator==(const Schedule& a, const Schedule& b) {
  if (a.model_ == b.model_) return true;
  const detail::Kind* kind = a.model_->kind;
  const detail::Kind* other = b.model_->kind;
  return kind != nullptr && other != nullptr &&
         detail::equal(*kind, a.model_->data, *other, b.model_->data);
}

std::string to_string(const Schedule& schedule) {
  const detail::Model& model = *schedule.model_;
  return model.kind == nullptr ? "custom" : detail::print(*model.kind, model.data);
}

void sample(const Schedule& schedule, Step first, Step count, double* out) {
  if (first < 0 || count < 0) {
    detail::refuse("sample", fmt::format("{} must be at least 0, got {}",
                                         first < 0 ? "first" : "count", std::min(first, count)));
  }
  if (count == 0) return;
  if (count - 1 > detail::last_step - first) {
    detail::refuse("sample", fmt::format("count must be at most {} from step {} on, got {}",
                                         detail::last_step - first + 1, first, count));
  }
  if (out == nullptr) {
    detail::refuse("sample", fmt::format("out must have room for {} values, got null", count));
  }
  schedule.model_->vtable.sample(*schedule.model_, first, count, out);
}

std::vector<double> sample(const Schedule& schedule, Step count) {
  std::vector<double> values(static_cast<std::size_t>(std::max<Step>(count, 0)));
  sample(schedule, 0, count, values.data());
  return values;
}

void Schedule::throw_negative(Step t) const {
  throw std::invalid_argument(
      fmt::format("{}: step must be at least 0, got {}", to_string(*this), t));
}

}  // namespace libsched
