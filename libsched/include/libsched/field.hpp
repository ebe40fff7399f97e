#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
namespace libsched {

/// Optimiser updates done so far; 0 before the first.
using Step = std::int64_t;

class Schedule;

/// The default of a number that has none: whoever forgets to set it is told so when it is
/// validated.
inline constexpr double unset = std::numeric_limits<double>::quiet_NaN();

/// What a field's value must satisfy, beyond being finite; in a list, what each entry must.
struct Rule {
  double min = -std::numeric_limits<double>::infinity();  ///< least value
  double max = std::numeric_limits<double>::infinity();   ///< greatest value
  bool above_min = false;                                 ///< more than min, not min itself
  bool increasing = false;  ///< a list: each entry is more than the one before
};

inline constexpr Rule any{};            ///< any finite value
inline constexpr Rule non_negative{0};  ///< at least 0
/// Above 0.
inline constexpr Rule positive{0, std::numeric_limits<double>::infinity(), true};
inline constexpr Rule at_least_one{1};  ///< at least 1
inline constexpr Rule fraction{0, 1};   ///< 0 to 1
/// A list of increasing entries, the first at least 0.
inline constexpr Rule increasing_from_zero{0, std::numeric_limits<double>::infinity(), false, true};
/// A list of increasing entries, the first at least 1.
inline constexpr Rule increasing_from_one{1, std::numeric_limits<double>::infinity(), false, true};

/// One entry of a schedule's field list: the only place that says a field's name and rule.
/// Values are double, Step, bool, std::optional<Step>, lists of double or Step, and enums with a
/// function words() that gives the word of each; schedules and lists of them have no name in the
/// notation.
template <class Owner, class Value>
struct Field {
  std::string_view name;            ///< in the notation
  Value Owner::*member;             ///< where the value is
  Rule rule;                        ///< what it must satisfy
  bool required = true;             ///< whether a notation must say it
  Value Owner::*same_as = nullptr;  ///< where left out, the value of this member

  /// May be left out of a notation; then it has its default member initialiser's value.
  constexpr Field optional() const { return {name, member, rule, false, nullptr}; }
  /// May be left out of a notation; then it has the value of another field.
  constexpr Field optional(Value Owner::*other) const { return {name, member, rule, false, other}; }
};

namespace detail {
template <class Value>
inline constexpr bool is_field_value =
    std::is_same_v<Value, double> || std::is_same_v<Value, Step> || std::is_same_v<Value, bool> ||
    std::is_enum_v<Value> || std::is_same_v<Value, std::optional<Step>> ||
    std::is_same_v<Value, std::vector<double>> || std::is_same_v<Value, std::vector<Step>> ||
    std::is_same_v<Value, Schedule> || std::is_same_v<Value, std::vector<Schedule>>;
}  // namespace detail

/// An entry of a field list: its name in the notation, the member that holds it, and its rule.
template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::*member, Rule rule = any) {
  static_assert(
      detail::is_field_value<Value>,
      "a field is a double, Step, bool, enum, Schedule, or a list of double, Step or Schedule");
  return {name, member, rule};
}

namespace detail {
struct Ignore {
  template <class... Fields>
  void operator()(const Fields&...) const {}
};
}  // namespace detail

/// Whether a type of schedule says its name and its fields.
template <class S, class = void>
inline constexpr bool has_fields = false;
/// A schedule with a `name` and a list of `fields` is validated, printed and compared by that
/// list.
template <class S>
inline constexpr bool
    has_fields<S, std::void_t<decltype(S::name), decltype(S::fields(detail::Ignore{}))>> = true;

namespace detail {

// Each throws std::invalid_argument, e.g. "step_decay: step_size must be at least 1, got 0".
void check(std::string_view schedule, std::string_view field, const Rule& rule, double value);
void check(std::string_view schedule, std::string_view field, const Rule& rule, Step value);
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           std::optional<Step> value);
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           const std::vector<double>& values);
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           const std::vector<Step>& values);
void check(std::string_view schedule, std::string_view field, const Rule& rule,
           const std::vector<Schedule>& parts);
inline void check(std::string_view, std::string_view, const Rule&, bool) {}
void check_word(std::string_view schedule, std::string_view field, const std::string_view* words,
                std::size_t count, std::size_t index);
template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
void check(std::string_view schedule, std::string_view field, const Rule&, Enum value) {
  const auto all = words(value);
  check_word(schedule, field, all.data(), all.size(), static_cast<std::size_t>(value));
}
inline void check(std::string_view, std::string_view, const Rule&, const Schedule&) {}
[[noreturn]] void refuse(std::string_view schedule, const std::string& complaint);

// Reads a number that is the whole text, in any locale to the same bits: invalid_argument where it
// is none, result_out_of_range where no double is near it.
std::errc read(std::string_view text, double& value);

// Each appends "field=value" behind a comma where one is due.
void print(std::string& out, std::string_view field, double value);
void print(std::string& out, std::string_view field, Step value);
void print(std::string& out, std::string_view field, std::optional<Step> value);
void print(std::string& out, std::string_view field, bool value);
void print(std::string& out, std::string_view field, std::string_view word);
template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
void print(std::string& out, std::string_view field, Enum value) {
  print(out, field, words(value)[static_cast<std::size_t>(value)]);
}
void print(std::string& out, std::string_view field, const std::vector<double>& values);
void print(std::string& out, std::string_view field, const std::vector<Step>& values);
void print(std::string& out, std::string_view field, const Schedule& schedule);
void print(std::string& out, std::string_view field, const std::vector<Schedule>& parts);

template <class S, class Visit>
void for_each_field(Visit visit) {
  S::fields([&](const auto&... fields) { (visit(fields), ...); });
}

template <class S, class = void>
inline constexpr bool has_complaint = false;
template <class S>
inline constexpr bool
    has_complaint<S, std::void_t<decltype(std::declval<const S&>().complaint())>> = true;

}  // namespace detail

/// Checks every field, then what the fields must satisfy together: a kind's complaint(), empty
/// where all is well. Throws std::invalid_argument that names schedule, field, rule and value.
template <class S>
std::enable_if_t<has_fields<S>> validate(const S& schedule) {
  detail::for_each_field<S>(
      [&](const auto& f) { detail::check(S::name, f.name, f.rule, schedule.*f.member); });
  if constexpr (detail::has_complaint<S>) {
    if (const std::string complaint = schedule.complaint(); !complaint.empty()) {
      detail::refuse(S::name, complaint);
    }
  }
}

/// `name(field=value, ...)` with every field.
template <class S>
std::enable_if_t<has_fields<S>, std::string> notation(const S& schedule) {
  std::string out(S::name);
  out += '(';
  detail::for_each_field<S>([&](const auto& f) { detail::print(out, f.name, schedule.*f.member); });
  out += ')';
  return out;
}

/// Whether every field is the same.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator==(const S& a, const S& b) {
  bool equal = true;
  detail::for_each_field<S>([&](const auto& f) { equal = equal && a.*f.member == b.*f.member; });
  return equal;
}

/// Whether a field differs.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator!=(const S& a, const S& b) {
  return !(a == b);
}

}  // namespace libsched
#ifdef __GNUC__
#pragma GCC visibility pop
#endif
