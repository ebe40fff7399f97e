#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include "../unit/limits.hpp"
#include "fields.hpp"
#include "libsched/libsched.hpp"

namespace libsched {

/// Makes valid schedules of every kind with random fields, and random trees of them. The same seed
/// gives the same schedules.
class RandomSchedules {
 public:
  explicit RandomSchedules(std::uint64_t seed) : random_(seed) {}

  /// From now on the fields of fields_of() include the limits of double and Step. Fields of nested
  /// schedules do not, so that products of them stay finite.
  RandomSchedules& with_extremes() {
    extremes_ = true;
    return *this;
  }

  Step step(Step first, Step last) {
    return std::uniform_int_distribution<Step>(first, last)(random_);
  }
  bool coin() { return step(0, 1) == 1; }
  /// A number from 1e-12 to 1e4 with a uniform exponent; sometimes 0 or -0.
  double rate() { return step(0, 9) != 0 ? positive() : coin() ? 0.0 : -0.0; }
  double positive() {
    using limits = std::numeric_limits<double>;
    constexpr std::array extremes{limits::max(), limits::max() / 2,   1e300, 1.0, 1e-300,
                                  limits::min(), limits::denorm_min()};
    if (extremes_ && coin()) return one_of(extremes);
    return std::pow(10.0, std::uniform_real_distribution(-12.0, 4.0)(random_));
  }
  double fraction() {
    constexpr std::array extremes{0.0, 1.0, std::numeric_limits<double>::denorm_min(), 0x1p-53,
                                  1 - 0x1p-53};
    if (extremes_ && coin()) return one_of(extremes);
    return std::uniform_real_distribution(0.0, 1.0)(random_);
  }
  Step count() {
    if (extremes_ && coin()) return coin() ? last_step - step(0, 2) : any_size();
    constexpr std::array<Step, 4> most{200, 200, 20'000, 1'000'000'000'000};
    return step(1, one_of(most));
  }
  /// A number from 1 to the last step with a uniform number of digits.
  Step any_size() { return std::max<Step>(1, step(0, last_step) >> step(0, 62)); }

  /// Steps to test: the first and the last, a power of two and the steps next to it, the length and
  /// the steps next to it, and `more` random ones, small, large, and of every size.
  std::vector<Step> steps_of(const Schedule& schedule, int more) {
    std::vector<Step> steps{0, 1, 2, last_step - 1, last_step};
    const Step power = Step{1} << step(1, 62);
    steps.insert(steps.end(), {power - 1, power, power + 1});
    if (const auto length = schedule.length()) {
      steps.push_back(*length);
      if (*length > 0) steps.push_back(*length - 1);
      if (*length < last_step) steps.push_back(*length + 1);
      steps.push_back(step(0, *length));
    }
    for (int i = 0; i < more; ++i) {
      steps.push_back(i % 3 == 0 ? step(0, 1000) : i % 3 == 1 ? any_size() : step(0, last_step));
    }
    return steps;
  }

  template <class S>
  S fields_of() {
    S schedule{};
    do {
      for (const detail::FieldData& field : fields_as_data(schedule)) {
        if (!field.info->required && coin()) continue;  // it keeps its default
        detail::visit(field, [&](auto* value, const auto&... choice) {
          set(value, choice..., field.info->rule);
        });
      }
      if constexpr (std::is_same_v<S, PiecewiseConstant>) {
        schedule.values.resize(schedule.boundaries.size() + 1, rate());
      } else if constexpr (std::is_same_v<S, PiecewiseLinear>) {
        schedule.values.resize(schedule.steps.size(), rate());
      } else if constexpr (std::is_same_v<S, Cyclical>) {
        if (schedule.step_size_down == 0) schedule.step_size_down = schedule.step_size;
      } else if constexpr (std::is_same_v<S, Clamped>) {
        if (schedule.min > schedule.max) std::swap(schedule.min, schedule.max);
      } else if constexpr (std::is_same_v<S, Sequence>) {
        for (Schedule& part : schedule.parts) part = take(part, count());
      } else if constexpr (std::is_same_v<S, Repeat> || std::is_same_v<S, Reversed>) {
        schedule.schedule = take(schedule.schedule, count());
      } else if constexpr (std::is_same_v<S, Difference>) {  // so that no value is below 0
        schedule.subtracted = minimum(schedule.schedule, schedule.subtracted);
      }
    } while (!valid(schedule));
    return schedule;
  }

  /// A random tree of at most this many levels.
  Schedule tree(int levels) {
    levels_ = levels;
    return any_kind(static_cast<Catalogue*>(nullptr));
  }

  template <class S>
  static bool nests_schedules() {
    const S schedule{};
    const auto fields = fields_as_data(schedule);
    return std::any_of(fields.begin(), fields.end(), holds_schedules);
  }

 private:
  template <class Value, std::size_t N>
  Value one_of(const std::array<Value, N>& values) {
    return values[static_cast<std::size_t>(step(0, N - 1))];
  }

  template <class S>
  static bool valid(const S& schedule) {
    if constexpr (std::is_same_v<S, OneCycle>) return schedule.complaint().empty();
    return true;
  }

  void set(double* value, const Rule& rule) {
    if (rule.max == 1) {
      *value = fraction();
    } else if (rule.min == 1) {
      *value = coin() ? static_cast<double>(step(1, 4)) : 1 + positive();
    } else {
      *value = rule.above_min ? positive() : rate();
      if (rule.min < 0 && coin()) *value = -*value;
    }
  }
  void set(Step* value, const Rule& rule) {
    *value = rule.min == 0 && step(0, 9) == 0 ? 0 : count();  // no phase
  }
  void set(void* value, const detail::Choice& choice, const Rule&) {
    choice.set(value, static_cast<std::size_t>(step(0, static_cast<Step>(choice.count) - 1)));
  }
  void set(std::optional<Step>* value, const Rule&) {
    *value = coin() ? std::optional(count()) : std::nullopt;
  }
  void set(NumberPerGroup* value, const Rule& rule) { set(value->list.data(), rule); }
  void set(std::vector<double>* values, const Rule&) {
    values->resize(static_cast<std::size_t>(step(1, 6)));
    for (double& value : *values) value = rate();
  }
  void set(std::vector<Step>* values, const Rule& rule) {
    values->assign(1, static_cast<Step>(rule.min) + step(0, 100));
    for (Step more = step(0, 5); more > 0; --more) {
      values->push_back(values->back() + step(1, 100));
    }
  }
  void set(Schedule* value, const Rule&) {
    const int levels = levels_;
    const bool extremes = std::exchange(extremes_, false);
    *value = tree(levels - 1);
    levels_ = levels;
    extremes_ = extremes;
  }
  void set(std::vector<Schedule>* parts, const Rule&) {
    parts->assign(static_cast<std::size_t>(step(1, 4)), Constant{1});
    for (Schedule& part : *parts) set(&part, rule::any);
  }

  template <class... S>
  Schedule any_kind(std::tuple<S...>*) {
    const std::array nests{nests_schedules<S>()...};
    std::size_t chosen = 0;
    do {
      chosen = static_cast<std::size_t>(step(0, sizeof...(S) - 1));
    } while (levels_ <= 1 && nests[chosen]);
    Schedule schedule = Constant{1};
    std::size_t i = 0;
    ((i++ == chosen ? void(schedule = fields_of<S>()) : void()), ...);
    return schedule;
  }

  std::mt19937_64 random_;
  int levels_ = 1;
  bool extremes_ = false;
};

}  // namespace libsched
