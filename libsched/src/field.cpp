#include "libsched/field.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <stdexcept>

#include "libsched/schedule.hpp"

#ifdef LIBSCHED_FAST_FLOAT  // where the standard library cannot read a double
#include <fast_float/fast_float.h>
using fast_float::from_chars;
#else
using std::from_chars;
#endif

namespace libsched::detail {
namespace {

std::string text(const Rule& rule) {
  const bool has_min = std::isfinite(rule.min);
  const bool has_max = std::isfinite(rule.max);
  if (has_min && has_max && !rule.above_min) {
    return fmt::format("between {} and {}", rule.min, rule.max);
  }
  std::string text;
  if (has_min) text = fmt::format("{} {}", rule.above_min ? "greater than" : "at least", rule.min);
  if (has_min && has_max) text += " and ";
  if (has_max) text += fmt::format("at most {}", rule.max);
  return text;
}

template <class Value>
void check_number(std::string_view schedule, std::string_view field, const Rule& rule,
                  Value value) {
  const auto number = static_cast<double>(value);
  if (!std::isfinite(number))
    refuse(schedule, fmt::format("{} must be finite, got {}", field, value));
  const bool above = rule.above_min ? number > rule.min : number >= rule.min;
  if (above && number <= rule.max) return;
  refuse(schedule, fmt::format("{} must be {}, got {}", field, text(rule), value));
}

template <class Value>
void check_list(std::string_view schedule, std::string_view field, const Rule& rule,
                const std::vector<Value>& values) {
  if (values.empty()) refuse(schedule, fmt::format("{} must not be empty", field));
  for (std::size_t i = 0; i < values.size(); ++i) {
    check_number(schedule, fmt::format("{}[{}]", field, i), rule, values[i]);
    if (rule.increasing && i > 0 && values[i] <= values[i - 1]) {
      refuse(schedule,
             fmt::format("{} must increase, got {} after {}", field, values[i], values[i - 1]));
    }
  }
}

// Where the value of a field is due: behind "name(" or a comma.
auto append(std::string& out) {
  if (out.back() != '(') out += ", ";
  return std::back_inserter(out);
}

}  // namespace

void check(std::string_view schedule, std::string_view field, const Rule& rule, double value) {
  check_number(schedule, field, rule, value);
}
void check(std::string_view schedule, std::string_view field, const Rule& rule, Step value) {
  check_number(schedule, field, rule, value);
}
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           std::optional<Step> value) {
  if (value) check_number(schedule, field, rule, *value);
}
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           const std::vector<double>& values) {
  check_list(schedule, field, rule, values);
}
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           const std::vector<Step>& values) {
  check_list(schedule, field, rule, values);
}
void check(std::string_view schedule, std::string_view field, const Rule&,
           const std::vector<Schedule>& parts) {
  if (parts.empty()) refuse(schedule, fmt::format("{} must not be empty", field));
}

void check_word(std::string_view schedule, std::string_view field, const std::string_view* words,
                std::size_t count, std::size_t index) {
  if (index < count) return;
  refuse(schedule, fmt::format("{} must be {}, got {}", field,
                               fmt::join(words, words + count, " or "), index));
}

void refuse(std::string_view schedule, const std::string& complaint) {
  throw std::invalid_argument(fmt::format("{}: {}", schedule, complaint));
}

std::errc read(std::string_view text, double& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = from_chars(text.data(), end, value);
  if (stop != end) return std::errc::invalid_argument;
  // fast_float before 5 takes what is too large or too small for infinity or 0.
  const std::string_view digits = text.substr(0, text.find_first_of("eE"));
  const bool is_zero = digits.find_first_of("123456789") == std::string_view::npos;
  const bool is_word = digits.find_first_of("0123456789") == std::string_view::npos;
  if (error == std::errc() && ((value == 0 && !is_zero) || (std::isinf(value) && !is_word))) {
    return std::errc::result_out_of_range;
  }
  return error;
}

void print(std::string& out, std::string_view field, double value) {
  fmt::format_to(append(out), "{}={}", field, value);
}
void print(std::string& out, std::string_view field, Step value) {
  fmt::format_to(append(out), "{}={}", field, value);
}
void print(std::string& out, std::string_view field, std::optional<Step> value) {
  if (value) print(out, field, *value);
}
void print(std::string& out, std::string_view field, bool value) {
  fmt::format_to(append(out), "{}={}", field, value);
}
void print(std::string& out, std::string_view field, std::string_view word) {
  fmt::format_to(append(out), "{}={}", field, word);
}
void print(std::string& out, std::string_view field, const std::vector<double>& values) {
  fmt::format_to(append(out), "{}=[{}]", field, fmt::join(values, ", "));
}
void print(std::string& out, std::string_view field, const std::vector<Step>& values) {
  fmt::format_to(append(out), "{}=[{}]", field, fmt::join(values, ", "));
}
void print(std::string& out, std::string_view, const Schedule& schedule) {
  fmt::format_to(append(out), "{}", to_string(schedule));
}
void print(std::string& out, std::string_view field, const std::vector<Schedule>& parts) {
  for (const Schedule& part : parts) print(out, field, part);
}

}  // namespace libsched::detail
