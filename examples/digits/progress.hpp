#pragma once

#include <cstddef>

#include "digits/run.hpp"
#include "libsched/schedule.hpp"

/// Shows the progress of a program. In a terminal it is one line that is redrawn; elsewhere it is a
/// line every few seconds and one at the end of each run.
class Progress {
 public:
  /// `steps` is the sum over all runs, `width` the number of characters of their longest name.
  explicit Progress(libsched::Step steps, std::size_t width = 20);

  /// Leaves out steps that an earlier process has done.
  void skip(libsched::Step steps) { total_ -= steps; }

  /// Counts one more step of `run`, which will have `steps_of_run` in all.
  void step(const Run& run, libsched::Step steps_of_run);

 private:
  bool terminal_;
  libsched::Step total_;
  std::size_t width_;
  libsched::Step done_ = 0;
  Stopwatch stopwatch_;
  double shown_ = 0;  // the time of the last output, in seconds
};
