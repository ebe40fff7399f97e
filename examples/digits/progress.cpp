#include "digits/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "common/files.hpp"

using libsched::Step;

namespace {

// The loss shown is the mean of the last batches, because that of a single batch fluctuates.
std::string line(const Run& run, std::size_t width, Step steps, double seconds_left) {
  const auto done = run.updates.size();
  const std::size_t latest = std::min<std::size_t>(done, 20);
  double loss = 0;
  for (auto update = run.updates.end() - static_cast<std::ptrdiff_t>(latest);
       update != run.updates.end(); ++update) {
    loss += update->loss / static_cast<double>(latest);
  }
  const std::string accuracy =
      run.epochs.empty() ? "-" : fmt::format("{:.2f} %", 100 * run.epochs.back().accuracy);
  const auto left = std::lround(seconds_left);
  return fmt::format("{:<{}} {:>5}/{}  lr {:<9.3g} loss {:<9.3g} accuracy {:<8}  {}:{:02} left",
                     run.name, width, done, steps, run.updates.back().lr(), printable(loss),
                     accuracy, left / 60, left % 60);
}

}  // namespace

Progress::Progress(Step steps, std::size_t width)
    : terminal_(isatty(STDOUT_FILENO) != 0), total_(steps), width_(width) {}

void Progress::step(const Run& run, Step steps_of_run) {
  ++done_;
  const bool run_ends = static_cast<Step>(run.updates.size()) == steps_of_run;
  const double now = stopwatch_.seconds();
  if (!run_ends && now - shown_ < (terminal_ ? 0.1 : 5)) return;
  shown_ = now;

  const double left = now * static_cast<double>(total_ - done_) / static_cast<double>(done_);
  const std::string text = line(run, width_, steps_of_run, left);
  // In a terminal: go to the start of the line and erase it.
  write_output(terminal_ ? fmt::format("\r\x1b[K{}{}", text, run_ends ? "\n" : "") : text + '\n');
  finish_output();
}
