#pragma once

#include <string>
#include <vector>

#include "digits/run.hpp"

/// Of one number over several seeds. Where one is infinite, so is the mean.
struct Spread {
  double mean, lowest, highest;
};

/// The runs of one schedule.
struct Summary {
  std::string schedule;
  std::size_t seeds;
  std::vector<Spread> accuracy;  // after each epoch
  Spread updates;                // until the first epoch's end with 95 %; infinite where none has
};

/// The runs of a schedule follow one another.
std::vector<Summary> summarize(const std::vector<Run>& runs);
