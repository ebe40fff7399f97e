#pragma once

#include <cstddef>

#include "digits/run.hpp"
#include "libsched/schedule.hpp"

/// Shows how far a program is: one line that is drawn anew in a terminal, a line every few seconds
/// and one at the end of each run elsewhere.
class Progress {
 public:
  /// `steps` of all runs together, whose names are so wide.
  explicit Progress(libsched::Step steps, std::size_t width = 20);

  /// These need not be done: an earlier process did them.
  void skip(libsched::Step steps) { total_ -= steps; }

  /// The run, which is to have this many, has made one more.
  void step(const Run& run, libsched::Step steps_of_run);

 private:
  bool terminal_;
  libsched::Step total_;
  std::size_t width_;
  libsched::Step done_ = 0;
  Stopwatch stopwatch_;
  double shown_ = 0;  // when, in seconds
};
