#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/gnuplot.hpp"

/// The beginning of a figure in the look that the examples share, with a legend of the names at the
/// bottom, which makes it taller than `height` where it has more than one row. Its script defines
/// for curve i of 0 .. last: `colour(i)`, `dash(i)`, `label(i)`, and the macro `@line` to draw it;
/// `per_row` of the legend; `below(n)`, where n pixels from the bottom are without further rows.
Figure begin_figure(const std::vector<std::string>& names, int width, int height);

struct Point {
  double x, y;  // where y is not finite the curve has a gap
};

struct Curve {
  std::string name;
  std::vector<Point> points;
};

/// A small one is for a page of many: the curves and the numbers at the axes, nothing else.
enum class FigureSize { full, small };

/// Learning rates over `x_label`, from 0. Throws std::runtime_error where no rate is finite.
Figure learning_rate_figure(const std::vector<Curve>& curves, std::string_view x_label,
                            FigureSize size = FigureSize::full);
