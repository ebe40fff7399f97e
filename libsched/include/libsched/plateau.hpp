#pragma once

#include <array>
#include <limits>
#include <string_view>

#include "libsched/field.hpp"

#pragma GCC visibility push(default)
namespace libsched {

/// Whether a lower or a higher metric is better.
enum class Mode { min, max };
constexpr std::array<std::string_view, 2> words(Mode) { return {"min", "max"}; }

/// Whether `threshold` is a share of the best metric or an amount.
enum class ThresholdMode { relative, absolute };
constexpr std::array<std::string_view, 2> words(ThresholdMode) { return {"relative", "absolute"}; }

/// Multiplies the rate by `factor`, but not below `min_scale` in all, when more than `patience`
/// reports in a row were no better than the best; the next `cooldown` reports then count for
/// nothing. Better than best b is (min) below b - threshold * b or b - threshold, (max) above b +
/// threshold * b or b + threshold. NaN is bad. Same as PyTorch ReduceLROnPlateau (eps = 0), but a
/// multiplier, so that it combines with any schedule.
struct ReduceOnPlateau {
  double factor = 0.1;
  Step patience = 10;
  double threshold = 1e-4;
  ThresholdMode threshold_mode = ThresholdMode::relative;
  Step cooldown = 0;
  double min_scale = 0;
  Mode mode = Mode::min;

  static constexpr std::string_view name = "reduce_on_plateau";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("factor", &ReduceOnPlateau::factor, fraction).optional(),
                 field("patience", &ReduceOnPlateau::patience, non_negative).optional(),
                 field("threshold", &ReduceOnPlateau::threshold, non_negative).optional(),
                 field("threshold_mode", &ReduceOnPlateau::threshold_mode).optional(),
                 field("cooldown", &ReduceOnPlateau::cooldown, non_negative).optional(),
                 field("min_scale", &ReduceOnPlateau::min_scale, fraction).optional(),
                 field("mode", &ReduceOnPlateau::mode).optional());
  }
};

/// What a ReduceOnPlateau remembers between reports.
struct PlateauState {
  double best;
  Step bad_reports = 0;
  Step cooldown_left = 0;
  double scale = 1;  // what the rate is multiplied by
};

/// Before the first report: any number is better.
PlateauState plateau_start(const ReduceOnPlateau& plateau);

/// The state after one more report.
PlateauState plateau_report(const ReduceOnPlateau& plateau, PlateauState state, double metric);

}  // namespace libsched
#pragma GCC visibility pop
