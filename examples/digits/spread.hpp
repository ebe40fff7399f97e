#pragma once

#include <string>
#include <vector>

#include "digits/run.hpp"

/// The mean and the range of one number over several seeds. If one is infinite, so is the mean.
struct Spread {
  double mean, lowest, highest;
};

/// The results of one schedule over its seeds.
struct Summary {
  std::string schedule;
  std::size_t seeds;
  std::vector<Spread> accuracy;  // after each epoch
  Spread updates;                // until an epoch ends with 95 % accuracy; infinite if none does
};

/// Summarizes runs, in which the seeds of a schedule must follow one another.
std::vector<Summary> summarize(const std::vector<Run>& runs);
