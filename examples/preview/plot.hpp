#pragma once

#include <string>

#include "overview.hpp"

/// The number of columns of a plot.
inline constexpr libsched::Step plot_columns = 60;

/// Draws a plot for the terminal, from 0 to the peak, over steps 0 .. steps - 1. A column is solid
/// up to its least value and shaded from there to its greatest; `!` marks one with a value that is
/// not finite.
std::string plot(const Overview& overview, libsched::Step steps);
