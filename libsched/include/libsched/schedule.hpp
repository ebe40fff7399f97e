#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/field.hpp"

namespace libsched {

namespace detail {

struct Model;

// What a type of schedule does. Not virtual functions: a table takes a third of their room.
struct VTable {
  double (*at)(const Model& model, Step t);
  void (*sample)(const Model& model, Step first, Step count, double* out);
  std::optional<Step> (*next_restart)(const Model& model, Step after);  // null: it has none
  void (*destroy)(const Model& model);
};

// What a Schedule shares with its copies.
struct LIBSCHED_API Model {
  Model(const VTable& its_vtable, const Kind* kind, std::optional<Step> length);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const VTable& vtable;
  const Kind* const kind;            // null where it has no fields
  const void* data = nullptr;        // the schedule, of the kind
  const std::optional<Step> length;  // found once: each level of a deep tree asks the one below

  mutable std::atomic<std::size_t> owners{1};  // how many schedules share it
};

template <class S>
const Model* make_model(S& schedule);

LIBSCHED_API const Model& model_of(const Schedule& schedule);

}  // namespace detail

/// Any schedule, held by value: immutable, never empty, cheap to copy, safe to share between
/// threads. Takes every built-in schedule, whose fields it validates (std::invalid_argument names
/// field, rule and value), and any other callable `double(Step)`.
class LIBSCHED_API Schedule {
 public:
  /// Takes any callable `double(Step)`. Throws std::invalid_argument for a built-in with a bad
  /// field, for a length() below 0, and for an empty function.
  template <class S, class = std::enable_if_t<!std::is_same_v<S, Schedule> &&
                                              std::is_invocable_r_v<double, const S&, Step>>>
  Schedule(S schedule) : Schedule(detail::make_model(schedule)) {}

  /// Copy only: moving would leave a schedule without a value behind.
  Schedule(const Schedule& other) noexcept;
  /// The same.
  Schedule& operator=(const Schedule& other) noexcept;
  ~Schedule();

  /// The value at step t. Throws std::invalid_argument for t < 0.
  double operator()(Step t) const {
    if (t < 0) throw_negative(t);
    return model_->vtable.at(*model_, t);
  }

  /// Steps until the schedule has reached its end, if it has one.
  std::optional<Step> length() const { return model_->length; }

  /// The first step after `after`, at least -1, at which the schedule means to jump up, if any:
  /// each cycle of cosine_restarts and each round of repeat but the first, at its step in the
  /// whole. The seams of a sequence are none, nor is what a cyclical or a custom schedule does.
  std::optional<Step> next_restart(Step after) const {
    const auto next = model_->vtable.next_restart;
    return next == nullptr ? std::nullopt : next(*model_, after);
  }
  /// Whether that is step t.
  bool restarts_at(Step t) const { return next_restart(t - 1) == t; }

  /// Same kind and same fields; for a custom callable: copies of one Schedule.
  LIBSCHED_API friend LIBSCHED_API bool operator==(const Schedule& a, const Schedule& b);
  /// The opposite of ==.
  friend bool operator!=(const Schedule& a, const Schedule& b) { return !(a == b); }

  /// The notation: `step_decay(base_lr=0.1, step_size=30, drop=0.5)`; a custom callable is
  /// `custom`. Every field, each number in the fewest digits that read back to the same double.
  LIBSCHED_API friend LIBSCHED_API std::string to_string(const Schedule& schedule);

  /// @cond
  friend const detail::Model& detail::model_of(const Schedule& schedule);
  /// @endcond

  /// Writes the values at steps first .. first + count - 1 to out[0] .. out[count - 1]. Where one
  /// exp, cos or division serves many steps, they may differ from single calls, by at most 1e-14 of
  /// the largest. Throws std::invalid_argument for first < 0, for count < 0, for a step that a Step
  /// cannot hold, and for a null `out` with count > 0.
  LIBSCHED_API friend LIBSCHED_API void sample(const Schedule& schedule, Step first, Step count,
                                               double* out);
  /// The values at steps 0 .. count - 1. Throws std::invalid_argument for count < 0.
  LIBSCHED_API friend LIBSCHED_API std::vector<double> sample(const Schedule& schedule, Step count);
  /// @cond
  [[deprecated("sample(schedule, first, count, out)")]] void sample(
      Step first, Step count, std::vector<double>& values) const;
  /// @endcond

 private:
  explicit Schedule(const detail::Model* model) : model_(model) {}

  [[noreturn]] void throw_negative(Step t) const;

  const detail::Model* model_;
};

/// Same kind and same fields; for a custom callable: copies of one Schedule.
LIBSCHED_API bool operator==(const Schedule& a, const Schedule& b);
LIBSCHED_API std::string to_string(const Schedule& schedule);
LIBSCHED_API void sample(const Schedule& schedule, Step first, Step count, double* out);
LIBSCHED_API std::vector<double> sample(const Schedule& schedule, Step count);

namespace detail {

template <class S, class = void>
inline constexpr bool has_length = false;
template <class S>
inline constexpr bool has_length<S, std::void_t<decltype(std::declval<const S&>().length())>> =
    true;

template <class S, class = void>
inline constexpr bool has_restarts = false;
template <class S>
inline constexpr bool
    has_restarts<S, std::void_t<decltype(std::declval<const S&>().next_restart(Step{}))>> = true;

template <class S, class = void>
inline constexpr bool has_sample = false;
template <class S>
inline constexpr bool has_sample<S, std::void_t<decltype(std::declval<const S&>().sample(
                                        Step{}, Step{}, std::declval<double*>()))>> = true;

// What computes the values: the schedule itself or, where it has one, the result of its prepared(),
// which may hold what would be slow to find out at every step.
template <class S, class = void>
struct Evaluator {
  explicit Evaluator(S&& s) : schedule(std::move(s)) {}
  double operator()(Step t) const { return schedule(t); }
  S schedule;
};
template <class S>
struct Evaluator<S, std::void_t<decltype(std::declval<const S&>().prepared())>> {
  explicit Evaluator(S&& s) : schedule(std::move(s)), prepared(schedule.prepared()) {}
  double operator()(Step t) const { return prepared(t); }
  S schedule;
  decltype(schedule.prepared()) prepared;
};

template <class S>
std::optional<Step> length_of([[maybe_unused]] const S& schedule) {
  if constexpr (has_length<S>) {
    return schedule.length();
  } else {
    return std::nullopt;
  }
}

template <class S>
struct ModelOf : Model {
  ModelOf(const Kind* its_kind, S& schedule)
      : Model(vtable_of(), its_kind, length_of(schedule)), value(std::move(schedule)) {
    data = &value.schedule;
  }

  static const ModelOf& of(const Model& model) { return static_cast<const ModelOf&>(model); }

  static double at(const Model& model, Step t) { return of(model).value(t); }

  static void sample(const Model& model, Step first, Step count, double* out) {
    const Evaluator<S>& value = of(model).value;
    if constexpr (has_sample<S>) {
      value.schedule.sample(first, count, out);
    } else {
      for (Step i = 0; i < count; ++i) out[i] = value(first + i);
    }
  }

  static constexpr auto next_restart_of() -> std::optional<Step> (*)(const Model&, Step) {
    if constexpr (has_restarts<S>) {
      return [](const Model& model, Step after) {
        return of(model).value.schedule.next_restart(after);
      };
    } else {
      return nullptr;
    }
  }

  static void destroy(const Model& model) { delete &of(model); }

  static const VTable& vtable_of() {
    static constexpr VTable all{at, sample, next_restart_of(), destroy};
    return all;
  }

  Evaluator<S> value;
};

template <class S>
const Model* make_model(S& schedule) {
  static_assert(std::is_floating_point_v<std::invoke_result_t<const S&, Step>>,
                "a schedule returns a double: an integer would lose what is behind the point");
  const Kind* kind = nullptr;
  if constexpr (has_fields<S>) {
    kind = &kind_of<S>();
    check(*kind, &schedule);
  } else if constexpr (std::is_constructible_v<S, std::nullptr_t> &&
                       std::is_constructible_v<bool, const S&>) {
    if (!schedule) refuse("Schedule", "the function must not be empty");
  }
  return new ModelOf<S>(kind, schedule);
}

}  // namespace detail

}  // namespace libsched
