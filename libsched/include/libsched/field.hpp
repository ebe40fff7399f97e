#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
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

/// An entry of a field list: its name in the notation, the member that holds it, and its rule.
template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::*member, Rule rule = any) {
  return {name, member, rule};
}

namespace detail {

// An enum or a bool by the number of its word.
struct Choice {
  void* value;
  const std::string_view* words;
  std::size_t count;
  std::size_t (*get)(const void* value);
  void (*set)(void* value, std::size_t index);
};
constexpr std::array<std::string_view, 2> words(bool) { return {"false", "true"}; }

// A field of one schedule as data: what the functions below work on, one code for all kinds.
struct FieldData {
  using Value = std::variant<double*, Step*, std::optional<Step>*, Choice, std::vector<double>*,
                             std::vector<Step>*, Schedule*, std::vector<Schedule>*>;
  std::string_view name;
  Rule rule;
  bool required;
  Value value;
  const void* same_as;  // where left out, the same as this value of its type; else null
};

template <class Value>
FieldData::Value pointer_to(Value& value) {
  if constexpr (std::is_enum_v<Value> || std::is_same_v<Value, bool>) {
    static const auto all = words(value);
    return Choice{&value, all.data(), all.size(),
                [](const void* v) { return std::size_t(*static_cast<const Value*>(v)); },
                [](void* v, std::size_t index) { *static_cast<Value*>(v) = Value(index); }};
  } else {
    static_assert(
        std::is_constructible_v<FieldData::Value, Value*>,
        "a field is a double, Step, bool, enum, Schedule, or a list of double, Step or Schedule");
    return &value;
  }
}

// Whoever writes through them has a schedule that is not const.
template <class S>
std::vector<FieldData> fields_of(const S& schedule) {
  auto& s = const_cast<S&>(schedule);
  return S::fields([&](const auto&... f) {
    return std::vector<FieldData>{{f.name, f.rule, f.required, pointer_to(s.*f.member),
                                   f.same_as == nullptr ? nullptr : &(s.*f.same_as)}...};
  });
}

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

template <class S, class = void>
inline constexpr bool has_complaint = false;
template <class S>
inline constexpr bool
    has_complaint<S, std::void_t<decltype(std::declval<const S&>().complaint())>> = true;

// Each throws std::invalid_argument, e.g. "step_decay: step_size must be at least 1, got 0".
void check(std::string_view schedule, const FieldData& field);
[[noreturn]] void refuse(std::string_view schedule, const std::string& complaint);

std::string print(std::string_view schedule, const std::vector<FieldData>& fields);
bool equal(const std::vector<FieldData>& a, const std::vector<FieldData>& b);

// Reads a number that is the whole text, in any locale to the same bits: invalid_argument where it
// is none, result_out_of_range where no double is near it.
std::errc read(std::string_view text, double& value);

}  // namespace detail

/// Checks every field, then what the fields must satisfy together: a kind's complaint(), empty
/// where all is well. Throws std::invalid_argument that names schedule, field, rule and value.
template <class S>
std::enable_if_t<has_fields<S>> validate(const S& schedule) {
  for (const auto& field : detail::fields_of(schedule)) detail::check(S::name, field);
  if constexpr (detail::has_complaint<S>) {
    if (const std::string complaint = schedule.complaint(); !complaint.empty()) {
      detail::refuse(S::name, complaint);
    }
  }
}

/// `name(field=value, ...)` with every field.
template <class S>
std::enable_if_t<has_fields<S>, std::string> notation(const S& schedule) {
  return detail::print(S::name, detail::fields_of(schedule));
}

/// Whether every field is the same.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator==(const S& a, const S& b) {
  return detail::equal(detail::fields_of(a), detail::fields_of(b));
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
