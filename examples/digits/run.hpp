#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// One update: the values that it used, the rate first, and the loss of its batch before it.
struct Update {
  std::vector<std::pair<std::string, double>> driven;  // LRScheduler::values()
  float loss;

  double lr() const { return driven.front().second; }
};

/// The scores after an epoch.
struct Epoch {
  double loss, accuracy;
};

/// What a training has been so far.
struct Run {
  std::string name;        // of its files, and where it is shown
  std::string schedule{};  // the same, or shared with the runs of other seeds
  std::uint64_t seed = 0;
  std::vector<Update> updates{};
  std::vector<Epoch> epochs{};
  double seconds = 0;
};

/// The time since it was made, on top of the seconds before.
class Stopwatch {
 public:
  explicit Stopwatch(double before = 0) : before_(before) {}
  double seconds() const {
    return before_ +
           std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  double before_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};
