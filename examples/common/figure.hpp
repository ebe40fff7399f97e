#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/gnuplot.hpp"

/// Begins a figure in the style that the examples share, with a legend of the names at the bottom.
/// If the legend has more than one row, the figure is taller than `height`. The script defines, for
/// the curves i = 0 .. last, `colour(i)`, `dash(i)`, `label(i)` and the macro `@line`, which draws
/// one; `per_row`, the names in a row of the legend; and `below(n)`, the position n pixels above
/// the bottom, not counting further rows of the legend.
Figure begin_figure(const std::vector<std::string>& names, int width, int height);

struct Point {
  double x, y;  // if y is not finite, the curve has a gap
};

struct Curve {
  std::string name;
  std::vector<Point> points;
};

/// The size of a figure. A small one has only the curves and the numbers at the axes, for a page of
/// many figures.
enum class FigureSize { full, small };

/// Draws learning rates over `x_label`; both axes begin at 0. Throws std::runtime_error if no rate
/// is finite.
Figure learning_rate_figure(const std::vector<Curve>& curves, std::string_view x_label,
                            FigureSize size = FigureSize::full);
