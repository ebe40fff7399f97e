#pragma once

#include <string>
#include <vector>

#include "common/gnuplot.hpp"
#include "digits/run.hpp"
#include "libsched/find_lr.hpp"

struct NamedFigure {
  std::string file;
  Figure figure;
};

/// Draws the rate of every update, and the loss and the accuracy after every epoch.
std::vector<NamedFigure> figures(const std::vector<Run>& runs);

/// Draws the rate of every update, and the accuracy of each schedule: the mean of its seeds, and
/// their range as a band.
std::vector<NamedFigure> figures_of_seeds(const std::vector<Run>& runs, const std::string& model);

/// Draws the smoothed loss over the rate, with the suggested rate.
NamedFigure find_lr_figure(const libsched::FoundLR& found);
