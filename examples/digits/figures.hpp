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

/// The rate of every update, and the loss and the accuracy after every epoch.
std::vector<NamedFigure> figures(const std::vector<Run>& runs);

/// The same rates, and the accuracy of each schedule: the mean of its seeds, and all of them as a
/// band.
std::vector<NamedFigure> figures_of_seeds(const std::vector<Run>& runs, const std::string& model);

/// The smoothed loss over the rate, with the suggestion.
NamedFigure find_lr_figure(const libsched::FoundLR& found);
