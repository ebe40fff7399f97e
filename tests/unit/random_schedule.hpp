#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>
#include <vector>

#include "libsched/libsched.hpp"

namespace libsched {

/// Valid schedules of every kind with random fields, and random trees of them; the same for the
/// same seed.
class RandomSchedules {
 public:
  explicit RandomSchedules(std::uint64_t seed) : random_(seed) {}

  Step step(Step first, Step last) {
    return std::uniform_int_distribution<Step>(first, last)(random_);
  }
  bool coin() { return step(0, 1) == 1; }
  /// From 1e-12 to 1e4, even in the exponent; sometimes 0.
  double rate() { return step(0, 9) == 0 ? 0 : positive(); }
  double positive() { return std::pow(10.0, std::uniform_real_distribution(-12.0, 4.0)(random_)); }
  double fraction() { return std::uniform_real_distribution(0.0, 1.0)(random_); }
  Step count() { return step(0, 3) == 0 ? step(1, 1'000'000'000'000) : step(1, 200); }

  template <class S>
  S fields_of() {
    S schedule{};
    do {
      detail::for_each_field<S>([&](const auto& f) { set(schedule.*f.member, f.rule); });
      if constexpr (std::is_same_v<S, PiecewiseConstant>) {
        schedule.values.resize(schedule.boundaries.size() + 1, rate());
      } else if constexpr (std::is_same_v<S, PiecewiseLinear>) {
        schedule.values.resize(schedule.steps.size(), rate());
      } else if constexpr (std::is_same_v<S, Clamped>) {
        if (schedule.min > schedule.max) std::swap(schedule.min, schedule.max);
      } else if constexpr (std::is_same_v<S, Sequence>) {
        for (Schedule& part : schedule.parts) part = take(part, count());
      } else if constexpr (std::is_same_v<S, Repeat>) {
        schedule.schedule = take(schedule.schedule, count());
      }
    } while (!valid(schedule));
    return schedule;
  }

  /// A tree of at most this many levels.
  Schedule tree(int levels) {
    levels_ = levels;
    return any_kind(static_cast<Catalogue*>(nullptr));
  }

 private:
  template <class S>
  static bool valid(const S& schedule) {
    if constexpr (std::is_same_v<S, OneCycle>) return schedule.complaint().empty();
    return true;
  }

  void set(double& value, const Rule& rule) {
    if (rule.max == 1) {
      value = fraction();
    } else {
      value = rule.above_min ? positive() : rate();
      if (rule.min < 0 && coin()) value = -value;
    }
  }
  void set(Step& value, const Rule&) { value = count(); }
  void set(bool& value, const Rule&) { value = coin(); }
  void set(Anneal& value, const Rule&) { value = coin() ? Anneal::cosine : Anneal::linear; }
  void set(std::optional<Step>& value, const Rule&) {
    value = coin() ? std::optional(count()) : std::nullopt;
  }
  void set(std::vector<double>& values, const Rule&) {
    values.resize(static_cast<std::size_t>(step(1, 6)));
    for (double& value : values) value = rate();
  }
  void set(std::vector<Step>& values, const Rule& rule) {
    values.assign(1, static_cast<Step>(rule.min) + step(0, 100));
    for (Step more = step(0, 5); more > 0; --more) values.push_back(values.back() + step(1, 100));
  }
  void set(Schedule& value, const Rule&) {
    const int levels = levels_;
    value = tree(levels - 1);
    levels_ = levels;
  }
  void set(std::vector<Schedule>& parts, const Rule&) {
    parts.assign(static_cast<std::size_t>(step(1, 4)), Constant{1});
    for (Schedule& part : parts) set(part, any);
  }

  template <class... S>
  Schedule any_kind(std::tuple<S...>*) {
    constexpr Step combinators = 8;
    const Step kinds = sizeof...(S) - (levels_ > 1 ? 0 : combinators);
    const Step chosen = step(0, kinds - 1);
    Schedule schedule = Constant{1};
    Step i = 0;
    ((i++ == chosen ? void(schedule = fields_of<S>()) : void()), ...);
    return schedule;
  }

  std::mt19937_64 random_;
  int levels_ = 1;
};

}  // namespace libsched
