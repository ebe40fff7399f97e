#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "libsched/plateau.hpp"

// Prints one line per line "MODE THRESHOLD_MODE FACTOR PATIENCE THRESHOLD COOLDOWN MIN_SCALE LR
// MIN_LR METRIC..." of standard input: the rate after each metric, if LR is the scheduled rate.
int main() {
  using namespace libsched;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string mode, threshold_mode, metric;
    ReduceOnPlateau plateau;
    double lr = 0;
    words >> mode >> threshold_mode >> plateau.factor >> plateau.patience >> plateau.threshold >>
        plateau.cooldown >> plateau.min_scale >> lr >> plateau.min_lr.list[0];
    if (!words) {
      fmt::print(stderr, "bad line: {}\n", line);
      return 1;
    }
    plateau.mode = mode == "max" ? Mode::max : Mode::min;
    plateau.threshold_mode =
        threshold_mode == "abs" ? ThresholdMode::absolute : ThresholdMode::relative;
    validate(plateau);
    PlateauState state = plateau_start(plateau);
    std::vector<double> rates;
    // words >> double cannot read "nan".
    while (words >> metric) {
      state = plateau_report(plateau, state, std::strtod(metric.c_str(), nullptr));
      rates.push_back(plateau_rate(plateau, state.scale, lr));
    }
    fmt::print("{}\n", fmt::join(rates, " "));
  }
}
