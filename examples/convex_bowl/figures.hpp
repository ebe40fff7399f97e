#pragma once

#include <string>
#include <vector>

#include "common/gnuplot.hpp"
#include "libsched/schedule.hpp"

/// The loss below which a run counts as having found the minimum.
inline constexpr double solved = 1e-2;

/// The point of a run before the update of `step`, and the rate that this update uses.
struct State {
  libsched::Step step;
  double lr, x, y, loss;
};

struct Descent {
  std::string name;
  std::vector<State> states;
};

struct NamedFigure {
  std::string file;
  Figure figure;
};

/// The figures: the rate and the loss over the iterations, and the paths across the bowl.
std::vector<NamedFigure> figures(const std::vector<Descent>& runs);
