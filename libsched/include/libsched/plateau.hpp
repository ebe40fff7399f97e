#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "libsched/export.hpp"
#include "libsched/field.hpp"

namespace libsched {

/// Whether a lower or a higher metric is better.
enum class Mode {
  min,  ///< lower, e.g. a loss
  max   ///< higher, e.g. an accuracy
};
/// The enumerators' names in the notation, in order.
constexpr std::array<std::string_view, 2> words(Mode) { return {"min", "max"}; }

/// Whether `threshold` is a share of the best metric or an amount.
enum class ThresholdMode {
  relative,  ///< a share of the best metric, whatever its sign
  absolute   ///< in the unit of the metric
};
/// The enumerators' names in the notation, in order.
constexpr std::array<std::string_view, 2> words(ThresholdMode) { return {"relative", "absolute"}; }

/// A rule of a driver: it multiplies the rate by `factor` when the metric no longer improves.
///
/// A report is good if it is better than the best metric so far, b, by more than the threshold.
/// Otherwise, or if it is NaN, it is bad. More than `patience` bad reports in a row make one
/// reduction.
///
///     relative:  metric < b - threshold * |b|  (min), metric > b + threshold * |b|  (max)
///     absolute:  metric < b - threshold        (min), metric > b + threshold        (max)
///
/// Same as PyTorch ReduceLROnPlateau with eps = 0, except for three points. This rule is a
/// multiplier, so that it combines with any schedule. A value that exceeds min_scale or min_lr only
/// by rounding (1e-12 of it) counts as equal to it. PyTorch has b instead of |b|, so that it never
/// lowers the rate for a constant metric below 0.
///
///     ReduceOnPlateau{.factor = 0.5, .patience = 1}
///     // reports 1, 0.8, 0.8, 0.8: scale 1, 1, 1, 0.5
struct ReduceOnPlateau {
  double factor = 0.1;      ///< factor of one reduction, 0 to 1
  Step patience = 10;       ///< bad reports in a row that are tolerated, at least 0
  double threshold = 1e-4;  ///< least improvement that counts, at least 0
  ThresholdMode threshold_mode = ThresholdMode::relative;  ///< share of b or amount
  Step cooldown = 0;          ///< reports after a reduction that do not count as bad, at least 0
  double min_scale = 0;       ///< lowest product of all reductions, 0 to 1
  Mode mode = Mode::min;      ///< whether a lower or a higher metric is better
  NumberPerGroup min_lr = 0;  ///< no reduction lowers a rate below this, at least 0
  Step from_step = 0;         ///< step of the driver before which reports are ignored, at least 0

  static constexpr std::string_view name = "reduce_on_plateau";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("factor", &ReduceOnPlateau::factor, rule::fraction).optional(),
                 field("patience", &ReduceOnPlateau::patience, rule::non_negative)
                     .timed(Timing::none)
                     .optional(),
                 field("threshold", &ReduceOnPlateau::threshold, rule::non_negative).optional(),
                 field("threshold_mode", &ReduceOnPlateau::threshold_mode).optional(),
                 field("cooldown", &ReduceOnPlateau::cooldown, rule::non_negative)
                     .timed(Timing::none)
                     .optional(),
                 field("min_scale", &ReduceOnPlateau::min_scale, rule::fraction).optional(),
                 field("mode", &ReduceOnPlateau::mode).optional(),
                 field("min_lr", &ReduceOnPlateau::min_lr, rule::non_negative).optional(),
                 field("from_step", &ReduceOnPlateau::from_step, rule::non_negative).optional());
  }
};

/// What a ReduceOnPlateau remembers between reports.
struct PlateauState {
  double best;             ///< best metric so far
  Step bad_reports = 0;    ///< bad reports in a row
  Step cooldown_left = 0;  ///< remaining reports that do not count as bad
  double scale = 1;        ///< what the rate is multiplied by
};

/// Returns the state before the first report. Its best metric is such that any number is better.
LIBSCHED_API PlateauState plateau_start(const ReduceOnPlateau& plateau);

/// Returns the state after one more report.
LIBSCHED_API PlateauState plateau_report(const ReduceOnPlateau& plateau, PlateauState state,
                                         double metric);

/// Returns the scale after one more reduction.
LIBSCHED_API double plateau_reduced(const ReduceOnPlateau& plateau, double scale);

/// Returns scale * rate for a param group, but at least the group's min_lr. A rate that is below
/// min_lr before the scale is applied stays as it is.
LIBSCHED_API double plateau_rate(const ReduceOnPlateau& plateau, double scale, double rate,
                                 std::size_t group = 0);

}  // namespace libsched
