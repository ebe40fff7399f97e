#include "plot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

using libsched::Step;

namespace {

// The axis goes from 0 to ticks * tick, with a tick every rows / ticks rows. It needs long double,
// because a double may not reach the top of the axis or may not have the digits for its ticks.
struct Axis {
  long double tick;
  int ticks;
  int rows() const { return ticks == 5 ? 10 : 12; }
};

// The lowest axis with round ticks that includes the value.
Axis axis_up_to(double value) {
  if (value <= 0) value = 1;
  const long double unit = std::pow(10.0L, std::floor(std::log10(static_cast<long double>(value))));
  Axis best{2.5L * unit, 4};
  for (const int ticks : {4, 3, 6, 5}) {
    for (const long double tick : {0.2L, 0.25L, 0.5L, 1.0L, 2.0L, 2.5L}) {
      const long double top = tick * unit * ticks;
      if (top >= value * (1 - 1e-12L) && top < best.tick * best.ticks * (1 - 1e-12L)) {
        best = {tick * unit, ticks};
      }
    }
  }
  return best;
}

// The height in eighths of a row. A value above 0 has at least one, so that it is visible.
int height(double value, const Axis& axis) {
  if (value <= 0) return 0;
  const int full = 8 * axis.rows();
  const long double eighths = value / (axis.tick * axis.ticks) * full;
  return std::clamp(static_cast<int>(std::lround(eighths)), 1, full);
}

std::string_view cell(int low, int high, int row) {
  constexpr std::array<std::string_view, 9> lower = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const int bottom = 8 * row;
  // If the range ends within this row, the cell is solid up to the nearer end.
  if (high <= bottom + 8) return lower[static_cast<std::size_t>(std::max(high - bottom, 0))];
  if (low >= bottom + 4) return lower.back();
  return "░";
}

// The smallest of 1, 2, 5, 10, 20, ... that gives at most `most` ticks in `steps`.
Step tick_between_steps(Step steps, Step most) {
  Step tick = 1;
  for (int i = 0; (steps - 1) / tick >= most; ++i) tick = i % 3 == 1 ? tick / 2 * 5 : tick * 2;
  return tick;
}

}  // namespace

std::string plot(const Overview& overview, Step steps) {
  double highest = 0;
  for (const Column& column : overview.columns) highest = std::max(highest, column.high.value);
  const Axis axis = axis_up_to(highest);
  const auto column_at = [&](Step c) -> const Column& {
    const auto columns = static_cast<Step>(overview.columns.size());
    return overview.columns[static_cast<std::size_t>(share(columns, c, plot_columns))];
  };

  std::string text;
  const int rows = axis.rows();
  for (int row = rows - 1; row >= 0; --row) {
    const int rows_up = row + 1;
    if (rows_up * axis.ticks % rows == 0) {
      const int ticks_up = rows_up * axis.ticks / rows;
      text += fmt::format("{:>8.6g} ┤", axis.tick * ticks_up);
    } else {
      text += fmt::format("{:>8} │", "");
    }
    for (Step c = 0; c < plot_columns; ++c) {
      const Column& column = column_at(c);
      if (!column.all_finite && row == rows - 1) {
        text += '!';
      } else if (column.empty()) {
        text += ' ';
      } else {
        text += cell(height(column.low.value, axis), height(column.high.value, axis), row);
      }
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }

  const auto label_width = static_cast<Step>(std::to_string(steps - 1).size());
  const Step tick = tick_between_steps(steps, std::min<Step>(6, plot_columns / (label_width + 3)));
  std::vector<std::string_view> line(plot_columns, "─");
  std::string labels(plot_columns, ' ');
  for (Step t = 0;; t += tick) {
    // The tick is in the middle of the step's bar.
    const auto place = static_cast<std::size_t>((static_cast<double>(t) + 0.5) * plot_columns /
                                                static_cast<double>(steps));
    const std::string label = std::to_string(t);
    const std::size_t left = place - std::min(place, label.size() / 2);
    line[place] = "┬";
    labels.replace(std::min(left, labels.size() - label.size()), label.size(), label);
    if (tick > steps - 1 - t) break;
  }
  text += fmt::format("{:>8} └{}\n{:>10}{} step\n", 0, fmt::join(line, ""), "", labels);
  return text;
}
