#include "libsched/plateau.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace libsched {
namespace {

// Returns the bound for a value that is above it by rounding only: 0.1 * 0.1 is above 0.01, and
// would need one more reduction to reach it. NaN stays NaN.
double not_below(double bound, double value) {
  return value <= bound * (1 + 1e-12) ? bound : value;
}

// The limit that a metric must pass to be better than the best. If neither is below 0, this is
// exactly PyTorch's arithmetic, so that both decide alike in the last bit. For a best below 0,
// PyTorch's threshold * best has the wrong sign, so that a constant metric counts as better at each
// report.
double limit_of_better(const ReduceOnPlateau& plateau, double best, double metric) {
  const bool is_min = plateau.mode == Mode::min;
  if (plateau.threshold_mode == ThresholdMode::absolute) {
    return is_min ? best - plateau.threshold : best + plateau.threshold;
  }
  const bool is_first = std::isinf(best);
  if (is_first && metric < 0) return best;  // at a threshold of 1, 0 * infinity would be NaN
  const double threshold = best < 0 && !is_first ? -plateau.threshold : plateau.threshold;
  return is_min ? best * (1 - threshold) : best * (threshold + 1);
}

}  // namespace

PlateauState plateau_start(const ReduceOnPlateau& plateau) {
  constexpr double worst = std::numeric_limits<double>::infinity();
  return {plateau.mode == Mode::min ? worst : -worst};
}

PlateauState plateau_report(const ReduceOnPlateau& plateau, PlateauState state, double metric) {
  const double limit = limit_of_better(plateau, state.best, metric);
  // A comparison with NaN is false, so a metric of NaN is bad.
  if (plateau.mode == Mode::min ? metric < limit : metric > limit) {
    state.best = metric;
    state.bad_reports = 0;
  } else {
    ++state.bad_reports;
  }
  if (state.cooldown_left > 0) {
    --state.cooldown_left;
    state.bad_reports = 0;
  }
  if (state.bad_reports > plateau.patience) {
    state.scale = plateau_reduced(plateau, state.scale);
    state.cooldown_left = plateau.cooldown;
    state.bad_reports = 0;
  }
  return state;
}

double plateau_reduced(const ReduceOnPlateau& plateau, double scale) {
  return not_below(plateau.min_scale, scale * plateau.factor);
}

double plateau_rate(const ReduceOnPlateau& plateau, double scale, double rate, std::size_t group) {
  return not_below(std::min(plateau.min_lr.of(group), rate), scale * rate);
}

}  // namespace libsched
