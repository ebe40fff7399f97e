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
#include "libsched/protocol.hpp"

namespace libsched {

namespace detail {

struct Model;

// The functions of a type of schedule. This is a table written by hand, because classes with
// virtual functions make this part of the library three times as large.
struct VTable {
  double (*at)(const Model& model, Step t);
  void (*sample)(const Model& model, Step first, Step count, double* out);
  std::optional<Step> (*next_restart)(const Model& model, Step after);  // null if it has none
  void (*destroy)(const Model& model);
};

// What a Schedule and its copies share.
struct LIBSCHED_API Model {
  Model(const VTable& its_vtable, const Kind* kind, std::optional<Step> length);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const VTable& vtable;
  const Kind* const kind;            // null if it has no fields
  const void* data = nullptr;        // the fields' owner, of that kind
  const std::optional<Step> length;  // stored, because a length() may ask a whole tree of schedules

  mutable std::atomic<std::size_t> owners{1};  // how many schedules share it
};

template <class S>
const Model* make_model(S& schedule);

LIBSCHED_API const Model& model_of(const Schedule& schedule);

}  // namespace detail

/// Any schedule, held by value. It is immutable, is never empty, is cheap to copy, and may be
/// shared between threads.
class LIBSCHED_API Schedule {
 public:
  /// Takes a built-in schedule or any other const callable `double(Step)`; libsched/README.md lists
  /// the members that its type may have. Throws std::invalid_argument for a field that breaks its
  /// rule (the message names schedule, field, rule and value), for a length() below 0, and for an
  /// empty function.
  template <class S, class = std::enable_if_t<!std::is_same_v<S, Schedule> &&
                                              std::is_invocable_r_v<double, const S&, Step>>>
  Schedule(S schedule) : Schedule(detail::make_model(schedule)) {}
  /// @cond
  // Without this the compiler would only say that there is no conversion.
  template <class S,
            class = std::enable_if_t<!std::is_invocable_r_v<double, const S&, Step> &&
                                     std::is_invocable_r_v<double, S&, Step>>,
            class = void>
  Schedule(S) : Schedule(static_cast<const detail::Model*>(nullptr)) {
    static_assert(std::is_invocable_r_v<double, const S&, Step>,
                  "operator() of a schedule must be: double operator()(Step t) const; a lambda "
                  "must not be mutable");
  }
  /// @endcond

  /// Shares the schedule with `other`. There are no move operations, because a schedule that was
  /// moved from would be empty.
  Schedule(const Schedule& other) noexcept;
  /// Shares the schedule with `other`.
  Schedule& operator=(const Schedule& other) noexcept;
  ~Schedule();

  /// The value at step t. Throws std::invalid_argument for t < 0.
  double operator()(Step t) const {
    if (t < 0) throw_negative(t);
    return model_->vtable.at(*model_, t);
  }

  /// The number of steps after which the schedule has reached its end and no longer changes, or
  /// nullopt if it has no end.
  std::optional<Step> length() const { return model_->length; }

  /// The first step after `after` (at least -1) at which an upward jump is intended, or nullopt if
  /// there is none: the start of every cycle of CosineRestarts and of every round of repeat except
  /// the first. A combinator reports the restarts of the schedules inside it, in its own steps. The
  /// boundaries between the parts of a sequence are not restarts. A cyclical schedule has none; a
  /// user-defined one has those that its member next_restart() reports.
  std::optional<Step> next_restart(Step after) const {
    const auto next = model_->vtable.next_restart;
    return next == nullptr ? std::nullopt : next(*model_, after);
  }
  /// True if step t is a restart.
  bool restarts_at(Step t) const { return next_restart(t - 1) == t; }

  /// True if both are of the same kind (have the same `name`) and their fields are equal. A
  /// schedule without fields equals only its copies.
  friend LIBSCHED_API bool operator==(const Schedule& a, const Schedule& b);
  /// True if they are not equal.
  friend bool operator!=(const Schedule& a, const Schedule& b) { return !(a == b); }

  /// The notation with every field, such as `step_decay(base_lr=0.1, step_size=30, drop=0.5)`. Each
  /// number has the fewest digits that read back to the same double. A schedule without fields is
  /// `custom`.
  friend LIBSCHED_API std::string to_string(const Schedule& schedule);

  /// @cond
  friend const detail::Model& detail::model_of(const Schedule& schedule);
  /// @endcond

  /// Writes the values at steps first .. first + count - 1 to out[0] .. out[count - 1]. If one
  /// exp, cos, pow or division serves many steps, which is so for more than 1024, they may differ
  /// from those of single calls by at most 1e-14 of the largest value. Last bits may also differ
  /// on a processor that fuses a product with a sum, such as Arm. Throws std::invalid_argument
  /// for first < 0, for count < 0, if the last step exceeds the range of Step, and for a null `out`
  /// with count > 0.
  friend LIBSCHED_API void sample(const Schedule& schedule, Step first, Step count, double* out);
  /// The values at steps 0 .. count - 1. Throws std::invalid_argument for count < 0.
  friend LIBSCHED_API std::vector<double> sample(const Schedule& schedule, Step count);
  /// @cond
  [[deprecated(
      "sample(schedule, first, count, out), which writes count values from double* out on")]] void
  sample(Step first, Step count, std::vector<double>& values) const;
  /// @endcond

 private:
  explicit Schedule(const detail::Model* model) : model_(model) {}

  [[noreturn]] void throw_negative(Step t) const;

  const detail::Model* model_;
};

/// True if both are of the same kind and their fields are equal.
LIBSCHED_API bool operator==(const Schedule& a, const Schedule& b);
LIBSCHED_API std::string to_string(const Schedule& schedule);
LIBSCHED_API void sample(const Schedule& schedule, Step first, Step count, double* out);
/// Returns the values at steps 0 .. count - 1. Throws std::invalid_argument if count < 0.
LIBSCHED_API std::vector<double> sample(const Schedule& schedule, Step count);

/// @cond
inline void Schedule::sample(Step first, Step count, std::vector<double>& values) const {
  const std::size_t size = values.size();
  values.resize(size + static_cast<std::size_t>(count));
  libsched::sample(*this, first, count, values.data() + size);
}
/// @endcond

namespace detail {

// Computes the values. It calls the schedule itself or, if the schedule has prepared(), the
// callable that this returns, which may hold numbers that would be slow to compute at every step.
template <class S, class = void>
struct Evaluator {
  explicit Evaluator(S&& s) : schedule(std::move(s)) {}
  double operator()(Step t) const { return schedule(t); }
  S schedule;
};
template <class S>
struct Evaluator<S, std::void_t<PreparedCall<S>>> {
  explicit Evaluator(S&& s) : schedule(std::move(s)), prepared(schedule.prepared()) {}
  double operator()(Step t) const { return prepared(t); }
  S schedule;
  decltype(schedule.prepared()) prepared;
};

template <class S>
std::optional<Step> length_of([[maybe_unused]] const S& schedule) {
  if constexpr (has<LengthCall, S>) {
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
    if constexpr (has<SampleCall, S>) {
      value.schedule.sample(first, count, out);
    } else {
      for (Step i = 0; i < count; ++i) out[i] = value(first + i);
    }
  }

  static constexpr auto next_restart_of() -> std::optional<Step> (*)(const Model&, Step) {
    if constexpr (has<RestartCall, S>) {
      return [](const Model& model, Step after) -> std::optional<Step> {
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
                "a schedule returns a double: an integer would lose the fraction");
  check_members<S>();
  const Kind* kind = nullptr;
  if constexpr (has_fields<S>) {
    kind = &kind_of<S>();
    check(*kind, &schedule);
  } else if constexpr (has<ComplaintCall, S>) {
    if (const std::string complaint = schedule.complaint(); !complaint.empty()) {
      refuse("Schedule", complaint);
    }
  } else if constexpr (std::is_constructible_v<S, std::nullptr_t> &&
                       std::is_constructible_v<bool, const S&>) {
    if (!schedule) refuse("Schedule", "the function must not be empty");
  }
  return new ModelOf<S>(kind, schedule);
}

}  // namespace detail

}  // namespace libsched
