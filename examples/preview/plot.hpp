#pragma once

#include <string>

#include "overview.hpp"

/// How many columns a plot has room for.
inline constexpr libsched::Step plot_columns = 60;

/// A plot for the terminal, 0 to the peak over steps 0 .. steps - 1: solid up to the least value of
/// a column, shaded from there to the greatest, `!` above a value that is not finite.
std::string plot(const Overview& overview, libsched::Step steps);
