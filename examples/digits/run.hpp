#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// One update: the values that it used, the learning rate first, and the loss of its batch before
/// it.
struct Update {
  std::vector<std::pair<std::string, double>> driven;  // LRScheduler::values()
  float loss;

  double lr() const { return driven.front().second; }
};

/// The scores after an epoch.
struct Epoch {
  double loss, accuracy;
};

/// The record of a training so far.
struct Run {
  std::string name;        // the name in files and output
  std::string schedule{};  // the same name for all seeds of a schedule
  std::uint64_t seed = 0;
  std::vector<Update> updates{};
  std::vector<Epoch> epochs{};
  double seconds = 0;
};

/// Measures the time since its construction, and adds `before` seconds.
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
