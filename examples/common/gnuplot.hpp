#pragma once

#include <optional>
#include <string>

/// A gnuplot script that draws `width` x `height` pixels.
struct Figure {
  std::string script;
  int width, height;
};

/// Runs the script and gives the SVG that it draws; nothing where gnuplot is not installed.
/// The terminal is set: 14 pt sans-serif on white.
/// Throws std::runtime_error with gnuplot's own words where it fails.
std::optional<std::string> gnuplot_svg(const Figure& figure);
