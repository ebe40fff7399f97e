#include "libsched/field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "field.hpp"
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

struct Check {
  std::string_view schedule;
  const FieldData& field;

  template <class Number>
  void number(Number value, std::string_view name) const {
    const Rule& rule = field.rule;
    const auto real = static_cast<double>(value);
    if (!std::isfinite(real)) {
      refuse(schedule, fmt::format("{} must be finite, got {}", name, value));
    }
    const bool above = rule.above_min ? real > rule.min : real >= rule.min;
    if (above && real <= rule.max) return;
    refuse(schedule, fmt::format("{} must be {}, got {}", name, text(rule), value));
  }

  template <class Value>
  void not_empty(const std::vector<Value>& values) const {
    if (values.empty()) refuse(schedule, fmt::format("{} must not be empty", field.name));
  }

  void operator()(const double* value) const { number(*value, field.name); }
  void operator()(const Step* value) const { number(*value, field.name); }
  void operator()(const std::optional<Step>* value) const {
    if (*value) number(**value, field.name);
  }
  void operator()(const Choice& choice) const {
    const std::size_t index = choice.get(choice.value);
    if (index < choice.count) return;
    refuse(schedule, fmt::format("{} must be {}, got {}", field.name, alternatives(choice), index));
  }
  template <class Value>
  void operator()(const std::vector<Value>* list) const {
    const std::vector<Value>& values = *list;
    not_empty(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      number(values[i], fmt::format("{}[{}]", field.name, i));
      if (field.rule.increasing && i > 0 && values[i] <= values[i - 1]) {
        refuse(schedule, fmt::format("{} must increase, got {} after {}", field.name, values[i],
                                     values[i - 1]));
      }
    }
  }
  void operator()(const Schedule*) const {}
  void operator()(const std::vector<Schedule>* parts) const { not_empty(*parts); }
};

// Appends "field=value" behind a comma where one is due.
struct Print {
  std::string& out;
  std::string_view field;

  void append(const std::string& text) const {
    if (out.back() != '(') out += ", ";
    out += text;
  }
  template <class Value>
  void operator()(const Value* value) const {
    append(fmt::format("{}={}", field, *value));
  }
  void operator()(const std::optional<Step>* value) const {
    if (*value) (*this)(&**value);
  }
  void operator()(const Choice& choice) const { (*this)(&choice.words[choice.get(choice.value)]); }
  template <class Value>
  void operator()(const std::vector<Value>* values) const {
    append(fmt::format("{}=[{}]", field, joined(values->begin(), values->end())));
  }
  void operator()(const Schedule* schedule) const { append(to_string(*schedule)); }
  void operator()(const std::vector<Schedule>* parts) const {
    for (const Schedule& part : *parts) (*this)(&part);
  }
};

struct Equal {
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
  template <class Value>
  bool operator()(Value* const& a, Value* const& b) const {
    return *a == *b;
  }
  bool operator()(const Choice& a, const Choice& b) const {
    return a.get(a.value) == b.get(b.value);
  }
};

}  // namespace

std::string alternatives(const Choice& choice) {
  const std::string_view* last = choice.words + choice.count - 1;
  return fmt::format("{} or {}", joined(choice.words, last), *last);
}

void check(std::string_view schedule, const FieldData& field) {
  std::visit(Check{schedule, field}, field.value);
}

void refuse(std::string_view schedule, const std::string& complaint) {
  throw std::invalid_argument(fmt::format("{}: {}", schedule, complaint));
}

std::string print(std::string_view schedule, const std::vector<FieldData>& fields) {
  std::string out(schedule);
  out += '(';
  for (const FieldData& field : fields) std::visit(Print{out, field.name}, field.value);
  out += ')';
  return out;
}

bool equal(const std::vector<FieldData>& a, const std::vector<FieldData>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.name == y.name && std::visit(Equal{}, x.value, y.value);
  });
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

}  // namespace libsched::detail
