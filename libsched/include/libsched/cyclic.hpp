#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/field.hpp"
#include "libsched/math.hpp"

namespace libsched {

/// A triangle wave between base_lr and max_lr whose height may shrink, without an end.
///
///     base_lr + (max_lr - base_lr) * height * cycle_scale^(cycle - 1) * gamma^t
///     whole = step_size + step_size_down
///     height = min((t % whole) / step_size, (whole - t % whole) / step_size_down)
///     cycle = 1 + floor(t / whole)
///
/// Same as PyTorch CyclicLR: by default "triangular", with cycle_scale = 0.5 "triangular2", with
/// gamma < 1 "exp_range". Smith, "Cyclical Learning Rates for Training Neural Networks" (2017).
///
///     Cyclical{.base_lr = 0.01, .max_lr = 0.1, .step_size = 100, .cycle_scale = 0.5}
///     // t = 0: 0.01, 50: 0.055, 100: 0.1, 200: 0.01, 300: 0.055, 400: 0.01
struct LIBSCHED_API Cyclical {
  double base_lr = unset;           ///< rate at the start of each cycle, at least 0
  double max_lr = unset;            ///< rate at the peak of cycle 1 if gamma is 1, at least 0
  Step step_size = 0;               ///< steps from base_lr to the peak, at least 1
  Step step_size_down = step_size;  ///< steps from the peak to base_lr, at least 1
  double cycle_scale = 1;           ///< factor of the height per cycle, 0 to 1
  double gamma = 1;                 ///< factor of the height per step, 0 to 1

  double operator()(Step t) const {
    // Unsigned, so that the longest two halves still add up.
    const auto up = static_cast<std::uint64_t>(step_size);
    const auto down = static_cast<std::uint64_t>(step_size_down);
    const auto done = static_cast<std::uint64_t>(t) / (up + down);
    const auto into = static_cast<std::uint64_t>(t) % (up + down);
    const double height = into < up
                              ? static_cast<double>(into) / static_cast<double>(up)
                              : static_cast<double>(up + down - into) / static_cast<double>(down);
    const double scale =
        math::pow_int(cycle_scale, static_cast<Step>(done)) * math::pow_int(gamma, t);
    return math::line_between(base_lr, max_lr, height * scale);
  }
  void sample(Step first, Step count, double* out) const;

  static constexpr std::string_view name = "cyclical";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("base_lr", &Cyclical::base_lr, rule::non_negative),
                 field("max_lr", &Cyclical::max_lr, rule::non_negative),
                 field("step_size", &Cyclical::step_size, rule::at_least_one),
                 field("step_size_down", &Cyclical::step_size_down, rule::at_least_one)
                     .optional(&Cyclical::step_size),
                 field("cycle_scale", &Cyclical::cycle_scale, rule::fraction).optional(),
                 field("gamma", &Cyclical::gamma, rule::fraction).optional());
  }
};

/// The rate falls from a peak to min_lr along half a cosine wave, again and again, without an end.
///
///     min_lr + (peak - min_lr) * (1 + cos(pi * x)) / 2
///     peak = max(base_lr * peak_factor^i, min_lr)
///     x = (t - start) / (period * period_factor^i)
///
/// Here i is the number of the cycle that t falls in, counted from 0, and `start` is the sum of the
/// lengths of the cycles before it. If period_factor is not a whole number, a cycle may start
/// between two steps. The first step of every cycle but the first is a restart: see
/// Schedule::next_restart().
///
/// Same as PyTorch CosineAnnealingWarmRestarts (T_0, T_mult), timm cosine (cycle_mul, cycle_decay)
/// and Keras CosineDecayRestarts. Loshchilov & Hutter, "SGDR" (2017).
///
///     CosineRestarts{.base_lr = 0.1, .period = 100, .period_factor = 2, .peak_factor = 0.5}
///     // t = 0: 0.1, 50: 0.05, 100: 0.05, 200: 0.025, 300: 0.025
struct LIBSCHED_API CosineRestarts {
  double base_lr = unset;    ///< peak of cycle 0, at least 0
  Step period = 0;           ///< steps of cycle 0, at least 1
  double period_factor = 1;  ///< factor of the length per cycle, at least 1, e.g. 1.5
  double min_lr = 0;         ///< lowest rate, at the end of a cycle, at least 0
  double peak_factor = 1;    ///< factor of the peak per cycle, 0 to 1

  /// One cycle of the wave.
  struct Cycle {
    Step index;     ///< its number, counted from 0
    Step start;     ///< the whole steps before it
    double part;    ///< the fraction of a step before it, beyond the whole ones
    double length;  ///< its length in steps; that of the last may exceed the range of Step
    Step next;      ///< first step of the next cycle; the largest Step if there is none
  };
  /// All cycles, which are few, if period_factor is a whole number above 1; otherwise nothing.
  std::vector<Cycle> whole_cycles() const;
  /// The cycle that step t falls in, from a closed form. Call it only if period_factor is not a
  /// whole number.
  Cycle fractional_cycle_at(Step t) const;
  /// The cycle that step t falls in; `known` are the whole_cycles().
  Cycle cycle_at(Step t, const std::vector<Cycle>& known) const {
    if (period_factor == 1) {
      const Step index = detail::quotient(t, period);
      const Step start = index * period;
      return {index, start, 0, static_cast<double>(period), detail::add(start, period)};
    }
    if (known.empty()) return fractional_cycle_at(t);
    // Most runs see only the first few cycles, so this search is faster than a binary search.
    const Cycle* cycle = known.data();
    while (cycle != &known.back() && cycle[1].start <= t) ++cycle;
    return *cycle;
  }
  /// The cycle that step t falls in.
  Cycle cycle_at(Step t) const { return cycle_at(t, whole_cycles()); }
  /// The value at step t of the cycle.
  double at(const Cycle& cycle, Step t) const {
    return math::cosine_between(peak(cycle.index), min_lr,
                                (static_cast<double>(t - cycle.start) - cycle.part) / cycle.length);
  }
  /// The value at the start of a cycle.
  double peak(Step index) const {
    return (std::max)(base_lr * math::pow_int(peak_factor, index), min_lr);
  }

  auto prepared() const {
    return [*this, known = whole_cycles()](Step t) { return at(cycle_at(t, known), t); };
  }
  double operator()(Step t) const { return prepared()(t); }
  void sample(Step first, Step count, double* out) const;
  std::optional<Step> next_restart(Step after) const;

  static constexpr std::string_view name = "cosine_restarts";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(
        field("base_lr", &CosineRestarts::base_lr, rule::non_negative),
        field("period", &CosineRestarts::period, rule::at_least_one),
        field("period_factor", &CosineRestarts::period_factor, rule::at_least_one).optional(),
        field("min_lr", &CosineRestarts::min_lr, rule::non_negative)
            .optional()
            .floor_of(&CosineRestarts::base_lr),
        field("peak_factor", &CosineRestarts::peak_factor, rule::fraction).optional());
  }
};

/// The curve between two rates of OneCycle.
enum class Anneal {
  cosine,  ///< half a wave
  linear   ///< a straight line
};
/// The enumerators' names in the notation, in order.
constexpr std::array<std::string_view, 2> words(Anneal) { return {"cosine", "linear"}; }

/// One rise to max_lr and one longer fall to a rate far below the first.
///
///     t <= peak:             anneal(first, max_lr, t / peak)
///     peak < t < steps - 1:  anneal(max_lr, last, (t - peak) / (steps - 1 - peak))
///     t >= steps - 1:        last
///     peak = warmup_fraction * steps - 1
///     first = max_lr / div_factor
///     last = first / final_div_factor
///
/// Here anneal(a, b, x) goes from a (x = 0) to b (x = 1) on the curve `anneal`. With three_phase
/// the fall reaches `first` at step 2 * peak, and a third phase leads on to `last`. If the rise
/// leaves no room for a fall (warmup_fraction = 1, or above 1/2 with three_phase), the run ends
/// before the rate reaches `last`, and the value of step steps - 1 stays.
///
/// Same as PyTorch OneCycleLR. Smith & Topin, "Super-Convergence" (2018).
///
///     OneCycle{.max_lr = 0.1, .steps = 100}  // t = 0: 0.004, 29: 0.1, 64: 0.05, 99: 4e-07
struct LIBSCHED_API OneCycle {
  double max_lr = unset;           ///< rate at the peak, at least 0
  Step steps = 0;                  ///< steps of the run, at least 1
  double warmup_fraction = 0.3;    ///< part of the steps in which the rate rises, 0 to 1
  double div_factor = 25;          ///< max_lr divided by the first rate, above 0
  double final_div_factor = 1e4;   ///< first rate divided by the last, above 0
  Anneal anneal = Anneal::cosine;  ///< curve of the rise and of the fall
  bool three_phase = false;  ///< whether it falls to the first rate before it falls to the last

  /// From rate `start` at step `from` to rate `end` at step `to`.
  struct Phase {
    double start;  ///< rate at its start
    double end;    ///< rate at its end
    double from;   ///< step of its start
    double to;     ///< step of its end
  };
  /// The phases in their order. As in PyTorch, the peak may lie between two steps.
  std::array<Phase, 3> phases() const {
    const double initial = max_lr / div_factor;
    const double final = initial / final_div_factor;
    const auto last = static_cast<double>(steps - 1);
    // If the processor fuses the product and the subtraction, a peak at step 0 would come just
    // after it.
    const double rise = warmup_fraction * static_cast<double>(steps);
    const double peak = rise == 1 ? 0 : rise - 1;
    const double turn = three_phase ? 2 * peak : last;
    return {{{initial, max_lr, 0, peak},
             {max_lr, three_phase ? initial : final, peak, turn},
             {initial, final, turn, last}}};
  }
  /// The value in a phase at step `t`, which may be past the end of the phase.
  double at(const Phase& p, double t) const {
    const double x = t < p.to ? (t - p.from) / (p.to - p.from) : 1;
    return anneal == Anneal::cosine ? math::cosine_between(p.start, p.end, x)
                                    : math::line_between(p.start, p.end, x);
  }

  auto prepared() const {
    return [*this, phases = phases()](Step t) {
      const double now = (std::min)(static_cast<double>(t), static_cast<double>(steps - 1));
      return at(phases[now <= phases[0].to ? 0 : now <= phases[1].to ? 1 : 2], now);
    };
  }
  double operator()(Step t) const { return prepared()(t); }
  void sample(Step first, Step count, double* out) const;
  Step length() const { return steps; }

  std::string complaint() const;

  static constexpr std::string_view name = "one_cycle";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("max_lr", &OneCycle::max_lr, rule::non_negative),
                 field("steps", &OneCycle::steps, rule::at_least_one).timed(Timing::end),
                 field("warmup_fraction", &OneCycle::warmup_fraction, rule::fraction).optional(),
                 field("div_factor", &OneCycle::div_factor, rule::positive).optional(),
                 field("final_div_factor", &OneCycle::final_div_factor, rule::positive).optional(),
                 field("anneal", &OneCycle::anneal).optional(),
                 field("three_phase", &OneCycle::three_phase).optional());
  }
};

}  // namespace libsched
