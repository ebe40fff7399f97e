#include "libsched/field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "field.hpp"
#include "libsched/schedule.hpp"

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

void check(const Kind& kind, const void* schedule) {
  for (const FieldData& field : kind.fields(schedule)) check(kind.name, field);
  if (const std::string complaint = kind.complaint(schedule); !complaint.empty()) {
    refuse(kind.name, complaint);
  }
}

void refuse(std::string_view schedule, const std::string& complaint) {
  throw std::invalid_argument(fmt::format("{}: {}", schedule, complaint));
}

std::string print(const Kind& kind, const void* schedule) {
  std::string out(kind.name);
  out += '(';
  for (const FieldData& field : kind.fields(schedule))
    std::visit(Print{out, field.name}, field.value);
  out += ')';
  return out;
}

bool equal(const Kind& kind, const void* schedule, const Kind& other_kind, const void* other) {
  const std::vector<FieldData> a = kind.fields(schedule);
  const std::vector<FieldData> b = other_kind.fields(other);
  return kind.name == other_kind.name &&
         std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
           return x.name == y.name && std::visit(Equal{}, x.value, y.value);
         });
}

}  // namespace libsched::detail
