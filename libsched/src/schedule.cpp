#include "libsched/schedule.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace libsched {

std::vector<double> sample(const Schedule& schedule, Step count) {
  if (count < 0) {
    throw std::invalid_argument(fmt::format("sample: count must be at least 0, got {}", count));
  }
  std::vector<double> values(static_cast<std::size_t>(count));
  schedule.model_->fill(values);
  return values;
}

std::string to_string(const Schedule& schedule) { return schedule.model_->notation(); }

void Schedule::throw_negative(Step t) const {
  throw std::invalid_argument(
      fmt::format("{}: step must be at least 0, got {}", model_->notation(), t));
}

namespace detail {
namespace {

template <class Value>
void check_rule(std::string_view schedule, std::string_view field, const Rule& rule, Value value) {
  const auto refuse = [&](const std::string& rule_text) {
    throw std::invalid_argument(
        fmt::format("{}: {} must be {}, got {}", schedule, field, rule_text, value));
  };
  const auto number = static_cast<double>(value);
  if (!std::isfinite(number)) refuse("finite");
  const bool in_range =
      (rule.above_min ? number > rule.min : number >= rule.min) && number <= rule.max;
  if (in_range) return;
  if (std::isfinite(rule.max)) refuse(fmt::format("between {} and {}", rule.min, rule.max));
  refuse(fmt::format("{} {}", rule.above_min ? "greater than" : "at least", rule.min));
}

}  // namespace

void check(std::string_view schedule, std::string_view field, const Rule& rule, double value) {
  check_rule(schedule, field, rule, value);
}
void check(std::string_view schedule, std::string_view field, const Rule& rule, Step value) {
  check_rule(schedule, field, rule, value);
}

void print(std::string& out, std::string_view field, double value) {
  fmt::format_to(std::back_inserter(out), "{}={}", field, value);
}
void print(std::string& out, std::string_view field, Step value) {
  fmt::format_to(std::back_inserter(out), "{}={}", field, value);
}

}  // namespace detail
}  // namespace libsched
