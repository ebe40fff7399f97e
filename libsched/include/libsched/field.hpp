#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsched/export.hpp"

namespace libsched {

/// Optimiser updates done so far; 0 before the first.
using Step = std::int64_t;

class Schedule;

/// One number for all param groups, or one per group, as in 0.1 or {0.1, 0.01}.
struct NumberPerGroup {
  /// For all groups.
  NumberPerGroup(double value) : list{value}, per_group(false) {}
  /// One per group.
  NumberPerGroup(std::initializer_list<double> values) : list(values), per_group(true) {}
  /// One per group.
  NumberPerGroup(std::vector<double> values) : list(std::move(values)), per_group(true) {}

  std::vector<double> list;  ///< the numbers
  bool per_group;            ///< whether `list` has one per group; if not, it has one for all

  /// That of a group.
  double of(std::size_t group) const { return list[per_group ? group : 0]; }
};
/// The same numbers for the same groups.
inline bool operator==(const NumberPerGroup& a, const NumberPerGroup& b) {
  return a.per_group == b.per_group && a.list == b.list;
}
/// The opposite of ==.
inline bool operator!=(const NumberPerGroup& a, const NumberPerGroup& b) { return !(a == b); }

/// The default of a number that has none: whoever forgets to set it is told so at validation.
inline constexpr double unset = std::numeric_limits<double>::quiet_NaN();

/// What a field's value must satisfy, beyond being finite; in a list, what each entry must.
struct Rule {
  double min = -std::numeric_limits<double>::infinity();  ///< least value
  double max = std::numeric_limits<double>::infinity();   ///< greatest value
  bool above_min = false;                                 ///< more than min, not min itself
  bool increasing = false;  ///< a list: each entry is more than the one before
};

/// Ready-made rules.
namespace rule {
inline constexpr Rule any{};                                             ///< any finite value
inline constexpr Rule non_negative{0};                                   ///< at least 0
inline constexpr Rule positive{0, Rule{}.max, true};                     ///< above 0
inline constexpr Rule at_least_one{1};                                   ///< at least 1
inline constexpr Rule fraction{0, 1};                                    ///< 0 to 1
inline constexpr Rule increasing_from_zero{0, Rule{}.max, false, true};  ///< a list, from 0 on
inline constexpr Rule increasing_from_one{1, Rule{}.max, false, true};   ///< a list, from 1 on
}  // namespace rule
/// @cond
[[deprecated("rule::non_negative")]] inline constexpr Rule non_negative = rule::non_negative;
[[deprecated("rule::positive")]] inline constexpr Rule positive = rule::positive;
[[deprecated("rule::at_least_one")]] inline constexpr Rule at_least_one = rule::at_least_one;
[[deprecated("rule::fraction")]] inline constexpr Rule fraction = rule::fraction;
/// @endcond

/// What the whole numbers of a field say about time. By this a notation's shares of the run and
/// epochs are rounded: those that follow each other are rounded where they begin and end, counted
/// from the start of the run, so that they leave no gap and do not overlap.
enum class Timing {
  apart,    ///< so many steps, wherever they lie, e.g. a period: rounded alone
  none,     ///< a number that does not count steps: no share of the run says it
  place,    ///< steps of the schedule's own time, counted from where it begins
  turn,     ///< the same, and the field whose Timing is `end` counts from it
  end,      ///< the steps after which the schedule has reached its end
  before,   ///< the steps before the nested schedule begins
  skipped,  ///< the first steps of the nested schedule, which are left out
  unit,     ///< the steps that the nested schedule counts as one
  rounds,   ///< how often the nested schedule runs; does not count steps
  in_turn   ///< nested schedules, each of which begins where the one before it ends
};

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
  Timing timing = Timing::apart;    ///< what its whole numbers say about time

  /// May be left out of a notation; then it has its default member initialiser's value.
  constexpr Field optional() const { return {name, member, rule, false, nullptr, timing}; }
  /// May be left out of a notation; then it has the value of another field.
  constexpr Field optional(Value Owner::*other) const {
    return {name, member, rule, false, other, timing};
  }
  /// Has this timing.
  constexpr Field timed(Timing its_timing) const {
    return {name, member, rule, required, same_as, its_timing};
  }
};

/// An entry of a field list: its name in the notation, the member that holds it, and its rule.
template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::*member,
                                    Rule rule = rule::any) {
  return {name, member, rule};
}

namespace detail {

// Of an overload that takes what is no Step, to delete it.
template <class Real>
using if_real = std::enable_if_t<std::is_floating_point_v<Real>>;

struct Ignore {
  template <class... Fields>
  void operator()(const Fields&...) const {}
};

}  // namespace detail

/// Whether a type of schedule has a `name` and a list of `fields`, by which it is validated,
/// printed and compared.
template <class S, class = void>
inline constexpr bool has_fields = false;
template <class S>
inline constexpr bool
    has_fields<S, std::void_t<decltype(S::name), decltype(S::fields(detail::Ignore{}))>> = true;

namespace detail {

constexpr std::array<std::string_view, 2> words(bool) { return {"false", "true"}; }

// The words of an enum or a bool, and its value as the number of one of them.
struct Choice {
  const std::string_view* words;
  std::size_t count;
  std::size_t (*get)(const void* value);
  void (*set)(void* value, std::size_t index);
};

enum class Type {
  number,
  number_per_group,
  step,
  optional_step,
  choice,
  numbers,
  steps,
  schedule,
  schedules
};

struct FieldData;

// A field of a kind of schedule as data.
struct FieldInfo {
  std::string_view name;
  Rule rule;
  bool required;
  Type type;
  Timing timing;
  const Choice* choice;  // null for all other types
};

// A kind of schedule as data.
struct Kind {
  std::string_view name;
  const FieldInfo* fields;
  std::size_t count;
  void (*find)(void* schedule, FieldData* fields);  // where the values are
  std::string (*complaint)(const void* schedule);   // null where it has none
};

// A field of one schedule: what the functions below work on, one code for all kinds.
struct FieldData {
  const FieldInfo* info;
  void* value;
  const void* same_as;  // where left out, the same as this value of its type; else null
};

// Calls f(pointer to the value), of a choice f(value, choice).
template <class F>
auto visit(const FieldData& field, const F& f) {
  switch (field.info->type) {
    case Type::number:
      return f(static_cast<double*>(field.value));
    case Type::number_per_group:
      return f(static_cast<NumberPerGroup*>(field.value));
    case Type::step:
      return f(static_cast<Step*>(field.value));
    case Type::optional_step:
      return f(static_cast<std::optional<Step>*>(field.value));
    case Type::numbers:
      return f(static_cast<std::vector<double>*>(field.value));
    case Type::steps:
      return f(static_cast<std::vector<Step>*>(field.value));
    case Type::schedule:
      return f(static_cast<Schedule*>(field.value));
    case Type::schedules:
      return f(static_cast<std::vector<Schedule>*>(field.value));
    case Type::choice:
      break;
  }
  return f(field.value, *field.info->choice);
}

template <class Value>
constexpr Type type_of() {
  if constexpr (std::is_same_v<Value, double>) return Type::number;
  if constexpr (std::is_same_v<Value, NumberPerGroup>) return Type::number_per_group;
  if constexpr (std::is_same_v<Value, Step>) return Type::step;
  if constexpr (std::is_same_v<Value, std::optional<Step>>) return Type::optional_step;
  if constexpr (std::is_same_v<Value, std::vector<double>>) return Type::numbers;
  if constexpr (std::is_same_v<Value, std::vector<Step>>) return Type::steps;
  if constexpr (std::is_same_v<Value, Schedule>) return Type::schedule;
  if constexpr (std::is_same_v<Value, std::vector<Schedule>>) return Type::schedules;
  return Type::choice;
}

template <class Value>
inline constexpr auto words_of = words(Value{});
template <class Value>
inline constexpr Choice choice_of{
    words_of<Value>.data(), words_of<Value>.size(),
    [](const void* value) { return std::size_t(*static_cast<const Value*>(value)); },
    [](void* value, std::size_t index) { *static_cast<Value*>(value) = Value(index); }};

template <class Owner, class Value>
constexpr FieldInfo info_of(const Field<Owner, Value>& f) {
  constexpr Type type = type_of<Value>();
  if constexpr (type != Type::choice) {
    return {f.name, f.rule, f.required, type, f.timing, nullptr};
  } else {
    static_assert(
        std::is_enum_v<Value> || std::is_same_v<Value, bool>,
        "a field is a double, Step, bool, enum, Schedule, or a list of double, Step or Schedule");
    return {f.name, f.rule, f.required, type, f.timing, &choice_of<Value>};
  }
}

template <class S>
inline constexpr auto infos_of = S::fields([](const auto&... f) {
  return std::array<FieldInfo, sizeof...(f)>{info_of(f)...};
});

template <class S, class = void>
inline constexpr bool has_complaint = false;
template <class S>
inline constexpr bool
    has_complaint<S, std::void_t<decltype(std::declval<const S&>().complaint())>> = true;

template <class S>
void find_fields(void* schedule, FieldData* out) {
  S& s = *static_cast<S*>(schedule);
  S::fields([&](const auto&... f) {
    ((out->value = &(s.*f.member), out->same_as = f.same_as == nullptr ? nullptr : &(s.*f.same_as),
      ++out),
     ...);
  });
}

template <class S>
constexpr auto complaint_of() -> std::string (*)(const void*) {
  if constexpr (has_complaint<S>) {
    return [](const void* schedule) { return static_cast<const S*>(schedule)->complaint(); };
  } else {
    return nullptr;
  }
}

template <class S>
const Kind& kind_of() {
  static constexpr Kind kind{S::name, infos_of<S>.data(), infos_of<S>.size(), find_fields<S>,
                             complaint_of<S>()};
  return kind;
}

// Whoever writes through them has a schedule that is not const.
LIBSCHED_API std::vector<FieldData> fields_of(const Kind& kind, const void* schedule);

// Each throws std::invalid_argument, e.g. "step_decay: step_size must be at least 1, got 0".
LIBSCHED_API void check(const Kind& kind, const void* schedule);
[[noreturn]] LIBSCHED_API void refuse(std::string_view schedule, const std::string& complaint);

LIBSCHED_API std::string print(const Kind& kind, const void* schedule);
LIBSCHED_API bool equal(const Kind& kind, const void* schedule, const Kind& other_kind,
                        const void* other);

}  // namespace detail

/// Checks every field, then what the fields must satisfy together: a kind's complaint(), empty
/// where all is well. Throws std::invalid_argument that names schedule, field, rule and value.
template <class S>
std::enable_if_t<has_fields<S>> validate(const S& schedule) {
  detail::check(detail::kind_of<S>(), &schedule);
}

/// `name(field=value, ...)` with every field.
template <class S>
std::enable_if_t<has_fields<S>, std::string> notation(const S& schedule) {
  return detail::print(detail::kind_of<S>(), &schedule);
}

/// Whether every field is the same.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator==(const S& a, const S& b) {
  return detail::equal(detail::kind_of<S>(), &a, detail::kind_of<S>(), &b);
}
/// Whether a field differs.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator!=(const S& a, const S& b) {
  return !(a == b);
}

}  // namespace libsched
