#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "libsched/plateau.hpp"

// For each line "MODE THRESHOLD_MODE FACTOR PATIENCE THRESHOLD COOLDOWN MIN_SCALE METRIC..." of
// standard input one line: the scale after each metric.
int main() {
  using namespace libsched;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string mode, threshold_mode, metric;
    ReduceOnPlateau plateau;
    words >> mode >> threshold_mode >> plateau.factor >> plateau.patience >> plateau.threshold >>
        plateau.cooldown >> plateau.min_scale;
    if (!words) {
      fmt::print(stderr, "bad line: {}\n", line);
      return 1;
    }
    plateau.mode = mode == "max" ? Mode::max : Mode::min;
    plateau.threshold_mode =
        threshold_mode == "abs" ? ThresholdMode::absolute : ThresholdMode::relative;
    validate(plateau);
    PlateauState state = plateau_start(plateau);
    std::vector<double> scales;
    // Not words >> double: that reads no "nan".
    while (words >> metric) {
      state = plateau_report(plateau, state, std::strtod(metric.c_str(), nullptr));
      scales.push_back(state.scale);
    }
    fmt::print("{}\n", fmt::join(scales, " "));
  }
}
