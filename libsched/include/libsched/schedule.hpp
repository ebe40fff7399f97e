#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsched/field.hpp"

namespace libsched {

/// Any schedule, held by value: immutable, never empty, cheap to copy, safe to share between
/// threads. Takes every built-in schedule, whose fields it validates (std::invalid_argument names
/// field, rule and value), and any other callable `double(Step)`.
class Schedule {
 public:
  template <class S, class = std::enable_if_t<!std::is_same_v<S, Schedule> &&
                                              std::is_invocable_r_v<double, const S&, Step>>>
  Schedule(S schedule) : model_(make_model(std::move(schedule))) {}

  // Copy only: moving would leave a schedule without a value behind.
  Schedule(const Schedule&) = default;
  Schedule& operator=(const Schedule&) = default;
  ~Schedule() = default;

  /// The value at step t. Throws std::invalid_argument for t < 0.
  double operator()(Step t) const {
    if (t < 0) throw_negative(t);
    return model_->at(t);
  }

  /// Steps until the schedule has reached its end, if it has one.
  std::optional<Step> length() const { return model_->length(); }

  /// Same kind and same fields; for a custom callable: copies of one Schedule.
  friend bool operator==(const Schedule& a, const Schedule& b) {
    return a.model_ == b.model_ || a.model_->equals(*b.model_);
  }
  friend bool operator!=(const Schedule& a, const Schedule& b) { return !(a == b); }

  /// The notation: `step_decay(base_lr=0.1, step_size=30, drop=0.5)`; a custom callable is
  /// `custom`. Every field, each number in the fewest digits that read back to the same double.
  friend std::string to_string(const Schedule& schedule);

  /// The values at steps 0 .. count - 1. Throws std::invalid_argument for count < 0.
  friend std::vector<double> sample(const Schedule& schedule, Step count);

 private:
  struct Model {
    virtual ~Model() = default;
    virtual double at(Step t) const = 0;
    virtual void fill(std::vector<double>& values) const = 0;
    virtual std::optional<Step> length() const = 0;
    virtual bool equals(const Model& other) const = 0;
    virtual std::string notation() const = 0;
  };

  template <class S>
  struct ModelOf;

  template <class S>
  static std::shared_ptr<const Model> make_model(S schedule) {
    if constexpr (has_fields<S>) validate(schedule);
    return std::make_shared<const ModelOf<S>>(std::move(schedule));
  }

  [[noreturn]] void throw_negative(Step t) const;

  std::shared_ptr<const Model> model_;
};

std::string to_string(const Schedule& schedule);
std::vector<double> sample(const Schedule& schedule, Step count);

template <class S>
struct Schedule::ModelOf final : Model {
  explicit ModelOf(S s) : schedule(std::move(s)) {}

  double at(Step t) const override { return schedule(t); }

  void fill(std::vector<double>& values) const override {
    Step t = 0;
    for (double& value : values) value = schedule(t++);
  }

  std::optional<Step> length() const override {
    if constexpr (has_length<S>) {
      return schedule.length();
    } else {
      return std::nullopt;
    }
  }

  bool equals([[maybe_unused]] const Model& other) const override {
    if constexpr (has_fields<S>) {
      const auto* same = dynamic_cast<const ModelOf*>(&other);
      return same != nullptr && same->schedule == schedule;
    } else {
      return false;
    }
  }

  std::string notation() const override {
    if constexpr (has_fields<S>) {
      return libsched::notation(schedule);
    } else {
      return "custom";
    }
  }

  S schedule;
};

}  // namespace libsched
