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
/// Of the notation.
constexpr std::array<std::string_view, 2> words(Mode) { return {"min", "max"}; }

/// Whether `threshold` is a share of the best metric or an amount.
enum class ThresholdMode {
  relative,  ///< a share of the best metric, whatever its sign
  absolute   ///< in the unit of the metric
};
/// Of the notation.
constexpr std::array<std::string_view, 2> words(ThresholdMode) { return {"relative", "absolute"}; }

/// Multiplies the rate by `factor`, but not below `min_scale` in all, when more than `patience`
/// reports in a row were no better than the best; the next `cooldown` reports then count for
/// nothing. Better than best b is (min) below b - threshold * |b| or b - threshold, (max) above b +
/// threshold * |b| or b + threshold. NaN is bad. Same as PyTorch ReduceLROnPlateau (eps = 0), but a
/// multiplier, so that it combines with any schedule; a bound that is missed by rounding alone
/// (1e-12 of it) counts as reached; and PyTorch has b in place of |b|, so that it never lowers the
/// rate for a metric that stays the same below 0.
struct ReduceOnPlateau {
  double factor = 0.1;      ///< of a reduction, 0 to 1
  Step patience = 10;       ///< bad reports in a row that are borne, at least 0
  double threshold = 1e-4;  ///< least gain that counts, at least 0
  ThresholdMode threshold_mode = ThresholdMode::relative;  ///< what threshold is a share of
  Step cooldown = 0;          ///< reports without effect after a reduction, at least 0
  double min_scale = 0;       ///< least product of all reductions, 0 to 1
  Mode mode = Mode::min;      ///< which metric is better
  NumberPerGroup min_lr = 0;  ///< rate that no reduction goes below, at least 0
  Step from_step = 0;         ///< of the driver: reports before it count for nothing, at least 0

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
  double best;             ///< metric so far
  Step bad_reports = 0;    ///< in a row
  Step cooldown_left = 0;  ///< reports
  double scale = 1;        ///< what the rate is multiplied by
};

/// Before the first report: any number is better.
LIBSCHED_API PlateauState plateau_start(const ReduceOnPlateau& plateau);

/// The state after one more report.
LIBSCHED_API PlateauState plateau_report(const ReduceOnPlateau& plateau, PlateauState state,
                                         double metric);

/// The scale after one more reduction.
LIBSCHED_API double plateau_reduced(const ReduceOnPlateau& plateau, double scale);

/// scale * rate of a param group, but not below its min_lr; a rate that is itself below it stays as
/// it is.
LIBSCHED_API double plateau_rate(const ReduceOnPlateau& plateau, double scale, double rate,
                                 std::size_t group = 0);

}  // namespace libsched
