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

/// The number of optimizer updates done so far; 0 before the first.
using Step = std::int64_t;

class Schedule;

/// One number for all param groups, or one per group, as in 0.1 or {0.1, 0.01}.
struct NumberPerGroup {
  /// One number for all groups.
  NumberPerGroup(double value) : list{value}, per_group(false) {}
  /// One number per group.
  NumberPerGroup(std::initializer_list<double> values) : list(values), per_group(true) {}
  /// One number per group.
  NumberPerGroup(std::vector<double> values) : list(std::move(values)), per_group(true) {}

  std::vector<double> list;  ///< the numbers
  bool per_group;            ///< whether `list` has one per group; if not, it has one for all

  /// The number for a group.
  double of(std::size_t group) const { return list[per_group ? group : 0]; }
};
/// True if both have the same numbers for the same groups.
inline bool operator==(const NumberPerGroup& a, const NumberPerGroup& b) {
  return a.per_group == b.per_group && a.list == b.list;
}
/// True if they differ.
inline bool operator!=(const NumberPerGroup& a, const NumberPerGroup& b) { return !(a == b); }

/// The default value of a number that must be set: validation refuses it and asks whether it was
/// left out.
inline constexpr double unset = std::numeric_limits<double>::quiet_NaN();

/// What a field's value, or each entry of a list, must satisfy. Every number must also be finite.
struct Rule {
  double min = -std::numeric_limits<double>::infinity();  ///< lowest value
  double max = std::numeric_limits<double>::infinity();   ///< highest value
  bool above_min = false;                                 ///< the value must be greater than min
  bool increasing = false;  ///< in a list, each entry must be greater than the one before it
};

/// Ready-made rules.
namespace rule {
inline constexpr Rule any{};                          ///< any finite value
inline constexpr Rule non_negative{0};                ///< at least 0
inline constexpr Rule positive{0, Rule{}.max, true};  ///< above 0
inline constexpr Rule at_least_one{1};                ///< at least 1
inline constexpr Rule fraction{0, 1};                 ///< 0 to 1
inline constexpr Rule increasing_from_zero{0, Rule{}.max, false,
                                           true};  ///< a list that increases, at least 0
inline constexpr Rule increasing_from_one{1, Rule{}.max, false,
                                          true};  ///< a list that increases, at least 1
}  // namespace rule
/// @cond
[[deprecated("rule::non_negative")]] inline constexpr Rule non_negative = rule::non_negative;
[[deprecated("rule::positive")]] inline constexpr Rule positive = rule::positive;
[[deprecated("rule::at_least_one")]] inline constexpr Rule at_least_one = rule::at_least_one;
[[deprecated("rule::fraction")]] inline constexpr Rule fraction = rule::fraction;
/// @endcond

/// What the whole numbers of a field mean on the time axis. parse() needs this to turn shares of
/// the run and epochs into steps: it rounds the boundaries of consecutive phases, counted from the
/// start of the run, so that there is neither a gap nor an overlap between the phases.
enum class Timing {
  apart,    ///< a number of steps without a place in time, e.g. a period: it is rounded by itself
  none,     ///< not a number of steps, e.g. a count of reports: it cannot be a share or epochs
  place,    ///< a step of the schedule, counted from its start
  turn,     ///< like `place`; the field whose Timing is `end` then counts from this step
  end,      ///< the number of steps after which the schedule has reached its end
  before,   ///< the number of steps before the nested schedule begins
  skipped,  ///< the number of steps of the nested schedule that are left out at its start
  unit,     ///< the number of steps that the nested schedule counts as one
  rounds,   ///< how often the nested schedule runs; not a number of steps
  in_turn   ///< a list of schedules, each of which begins when the one before it ends
};

/// One entry of a schedule's field list. Only this entry states the field's name, its rule and what
/// else the library must know about it. A value is a double, Step, bool, std::optional<Step>, a
/// list of double or Step, or an enum with a function words() that gives the word of each
/// enumerator; or it is a Schedule or a list of schedules, which have no name in the notation.
template <class Owner, class Value>
struct Field {
  std::string_view name;                ///< its name in the notation
  Value Owner::*member;                 ///< the member that holds the value
  Rule rule;                            ///< what the value must satisfy
  bool required = true;                 ///< false: a notation may leave it out
  Value Owner::*same_as = nullptr;      ///< the member that gives its value if it is left out
  Timing timing = Timing::apart;        ///< what its whole numbers mean on the time axis
  Value Owner::*floor_under = nullptr;  ///< the member that this one must not exceed, see floor_of

  /// Returns a field that a notation may leave out; it then has its default value.
  constexpr Field optional() const { return optional(nullptr); }
  /// Returns a field that a notation may leave out; it then has the value of another field.
  constexpr Field optional(Value Owner::*other) const {
    Field changed = *this;
    changed.required = false;
    changed.same_as = other;
    return changed;
  }
  /// Returns a field whose whole numbers have this meaning on the time axis.
  constexpr Field timed(Timing its_timing) const {
    Field changed = *this;
    changed.timing = its_timing;
    return changed;
  }
  /// Returns a field that is the lowest value of a schedule which begins at the value of another
  /// field. review() reports a schedule whose lowest value is above the first.
  constexpr Field floor_of(Value Owner::*other) const {
    Field changed = *this;
    changed.floor_under = other;
    return changed;
  }
};

/// Makes an entry of a field list from a name in the notation, the member that holds the value, and
/// its rule.
template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view name, Value Owner::*member,
                                    Rule rule = rule::any) {
  return {name, member, rule};
}

namespace detail {

// Enables a deleted overload that takes a floating-point number of steps.
template <class Real>
using if_real = std::enable_if_t<std::is_floating_point_v<Real>>;

struct Ignore {
  template <class... Fields>
  void operator()(const Fields&...) const {}
};

}  // namespace detail

/// Whether a type has a `name` and a list of `fields`, by which its schedules are validated,
/// printed and compared. libsched/README.md lists all members that a schedule type may have.
template <class S, class = void>
inline constexpr bool has_fields = false;
template <class S>
inline constexpr bool
    has_fields<S, std::void_t<decltype(S::name), decltype(S::fields(detail::Ignore{}))>> = true;

namespace detail {

constexpr std::array<std::string_view, 2> words(bool) { return {"false", "true"}; }

// The words of an enum or a bool. A value is the index of one of them.
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

// A field of a kind of schedule, as data.
struct FieldInfo {
  std::string_view name;
  Rule rule;
  bool required;
  Type type;
  Timing timing;
  const Choice* choice;  // null for all other types
};

// A kind of schedule, as data.
struct Kind {
  std::string_view name;
  const FieldInfo* fields;
  std::size_t count;
  void (*find)(void* schedule, FieldData* fields);  // fills in where the values are
  std::string (*complaint)(const void* schedule);   // null if it has none
};

// A field of one schedule. The functions below work on these, so that their code exists once and
// not once per kind.
struct FieldData {
  const FieldInfo* info;
  void* value;
  const void* same_as;      // the value that it takes if it is left out, of the same type; or null
  const void* floor_under;  // the value that it must not exceed, of the same type; or null
};

// Calls f(pointer to the value), or f(value, choice) for a choice.
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
      out->floor_under = f.floor_under == nullptr ? nullptr : &(s.*f.floor_under), ++out),
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

// Both the parser, which writes the values, and the printer, which reads them, use this. So the
// values are not const, but they may be written only if the schedule itself is not const.
LIBSCHED_API std::vector<FieldData> fields_of(const Kind& kind, const void* schedule);

// Both throw std::invalid_argument, e.g. "step_decay: step_size must be at least 1, got 0".
LIBSCHED_API void check(const Kind& kind, const void* schedule);
[[noreturn]] LIBSCHED_API void refuse(std::string_view schedule, const std::string& complaint);

LIBSCHED_API std::string print(const Kind& kind, const void* schedule);
// Compares kinds by their names, so a program must not give one name to two types.
LIBSCHED_API bool equal(const Kind& kind, const void* schedule, const Kind& other_kind,
                        const void* other);

}  // namespace detail

/// Checks every field by its rule. Then it calls the type's complaint(), if there is one, which
/// says what is wrong with the fields together. Throws std::invalid_argument, which names schedule,
/// field, rule and value.
template <class S>
std::enable_if_t<has_fields<S>> validate(const S& schedule) {
  detail::check(detail::kind_of<S>(), &schedule);
}

/// Prints `name(field=value, ...)` with every field.
template <class S>
std::enable_if_t<has_fields<S>, std::string> notation(const S& schedule) {
  return detail::print(detail::kind_of<S>(), &schedule);
}

/// True if all fields are the same.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator==(const S& a, const S& b) {
  return detail::equal(detail::kind_of<S>(), &a, detail::kind_of<S>(), &b);
}
/// True if a field differs.
template <class S>
std::enable_if_t<has_fields<S>, bool> operator!=(const S& a, const S& b) {
  return !(a == b);
}

}  // namespace libsched
