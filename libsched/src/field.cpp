#include "libsched/field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "field_text.hpp"
#include "foreign_names.hpp"
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
  void number(Number value, std::string_view name, bool is_entry = false) const {
    const Rule& rule = field.info->rule;
    const auto real = static_cast<double>(value);
    if (!std::isfinite(real)) {
      const bool is_unset = std::isnan(real) && !is_entry;  // no entry of a list can be left out
      refuse(schedule, fmt::format("{} must be finite, got {}{}", name, value,
                                   is_unset ? "; was it left out?" : ""));
    }
    const bool above = rule.above_min ? real > rule.min : real >= rule.min;
    if (above && real <= rule.max) return;
    refuse(schedule,
           fmt::format("{} must be {}, got {}{}", name, text(rule), value, way(real, name)));
  }

  // A hint at what a value that breaks its rule may have meant.
  std::string_view way(double value, std::string_view name) const {
    const Rule& rule = field.info->rule;
    if (std::isfinite(rule.max) && value <= rule.max) return {};
    if (field.info->timing == Timing::end && field.info->type == Type::step && value < 0) {
      return "; is the warm-up before it longer than the run?";
    }
    return hint(schedule, name);
  }

  template <class Value>
  void not_empty(const std::vector<Value>& values) const {
    if (values.empty()) refuse(schedule, fmt::format("{} must not be empty", field.info->name));
  }

  void operator()(const double* value) const { number(*value, field.info->name); }
  void operator()(const NumberPerGroup* value) const {
    value->per_group ? (*this)(&value->list) : number(value->list[0], field.info->name);
  }
  void operator()(const Step* value) const { number(*value, field.info->name); }
  void operator()(const std::optional<Step>* value) const {
    if (*value) number(**value, field.info->name);
  }
  void operator()(const void* value, const Choice& choice) const {
    const std::size_t index = choice.get(value);
    if (index < choice.count) return;
    refuse(schedule,
           fmt::format("{} must be {}, got {}", field.info->name, alternatives(choice), index));
  }
  template <class Value>
  void operator()(const std::vector<Value>* list) const {
    const std::vector<Value>& values = *list;
    not_empty(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      number(values[i], fmt::format("{}[{}]", field.info->name, i), true);
      if (field.info->rule.increasing && i > 0 && values[i] <= values[i - 1]) {
        const bool is_twice = values[i] == values[i - 1];
        refuse(schedule,
               fmt::format("{} must increase, got {} after {}{}", field.info->name, values[i],
                           values[i - 1], is_twice ? hint(schedule, field.info->name) : ""));
      }
    }
  }
  void operator()(const Schedule*) const {}
  void operator()(const std::vector<Schedule>* parts) const { not_empty(*parts); }
};

// Appends "field=value", after a comma if it is not the first.
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
  void operator()(const void* value, const Choice& choice) const {
    (*this)(&choice.words[choice.get(value)]);
  }
  void operator()(const NumberPerGroup* value) const {
    value->per_group ? (*this)(&value->list) : (*this)(value->list.data());
  }
  template <class Value>
  void operator()(const std::vector<Value>* values) const {
    append(fmt::format("{}=[{}]", field, joined(values->begin(), values->end())));
  }
  void operator()(const Schedule* schedule) const { append(to_string(*schedule)); }
  void operator()(const std::vector<Schedule>* parts) const {
    for (const Schedule& part : *parts) (*this)(&part);
  }
};

// Whether a value is that of another field of the same type.
struct Equal {
  const void* other;

  template <class Value>
  bool operator()(const Value* value) const {
    return *value == *static_cast<const Value*>(other);
  }
  bool operator()(const void* value, const Choice& choice) const {
    return choice.get(value) == choice.get(other);
  }
};

}  // namespace

std::string alternatives(const Choice& choice) {
  const std::string_view* last = choice.words + choice.count - 1;
  return fmt::format("{} or {}", joined(choice.words, last), *last);
}

std::vector<FieldData> fields_of(const Kind& kind, const void* schedule) {
  std::vector<FieldData> fields(kind.count);
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i].info = kind.fields + i;
  kind.find(const_cast<void*>(schedule), fields.data());
  return fields;
}

void check(std::string_view schedule, const FieldData& field) {
  visit(field, Check{schedule, field});
}

void check(const Kind& kind, const void* schedule) {
  for (const FieldData& field : fields_of(kind, schedule)) check(kind.name, field);
  if (kind.complaint == nullptr) return;
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
  for (const FieldData& field : fields_of(kind, schedule)) {
    visit(field, Print{out, field.info->name});
  }
  out += ')';
  return out;
}

std::string differing(const Kind& kind, const void* a, const void* b) {
  const std::vector<FieldData> fields = fields_of(kind, a);
  const std::vector<FieldData> others = fields_of(kind, b);
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!visit(fields[i], Equal{others[i].value})) names.push_back(fields[i].info->name);
  }
  return joined(names.begin(), names.end());
}

bool equal(const Kind& kind, const void* schedule, const Kind& other_kind, const void* other) {
  const std::vector<FieldData> a = fields_of(kind, schedule);
  const std::vector<FieldData> b = fields_of(other_kind, other);
  return kind.name == other_kind.name &&
         std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
           return x.info->name == y.info->name && x.info->type == y.info->type &&
                  visit(x, Equal{y.value});
         });
}

}  // namespace libsched::detail
