#pragma once

#include <optional>
#include <string>

/// A gnuplot script and the size of its figure, `width` x `height` pixels.
struct Figure {
  std::string script;
  int width, height;
};

/// Runs the script and returns the SVG that it draws, or nothing if gnuplot is not installed. The
/// script must not set a terminal: it is an SVG of 14 pt sans-serif on white. If gnuplot fails,
/// throws a std::runtime_error with gnuplot's message.
std::optional<std::string> gnuplot_svg(const Figure& figure);
