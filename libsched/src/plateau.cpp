#include "libsched/plateau.hpp"

#include <algorithm>
#include <limits>

namespace libsched {
namespace {

// 0.1 * 0.1 is above 0.01, and would need one more reduction to get there.
// NaN stays what it is.
double not_below(double bound, double value) {
  return value <= bound * (1 + 1e-12) ? bound : value;
}

}  // namespace

PlateauState plateau_start(const ReduceOnPlateau& plateau) {
  constexpr double worst = std::numeric_limits<double>::infinity();
  return {plateau.mode == Mode::min ? worst : -worst};
}

PlateauState plateau_report(const ReduceOnPlateau& plateau, PlateauState state, double metric) {
  const bool relative = plateau.threshold_mode == ThresholdMode::relative;
  // PyTorch's arithmetic to the letter, so that both decide alike on the last bit.
  const double limit =
      plateau.mode == Mode::min
          ? (relative ? state.best * (1 - plateau.threshold) : state.best - plateau.threshold)
          : (relative ? state.best * (plateau.threshold + 1) : state.best + plateau.threshold);
  // Comparing with NaN is false, so that NaN is bad.
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
