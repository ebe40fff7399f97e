#pragma once

#include <string>
#include <vector>

#include "libsched/schedule.hpp"

/// What the user gave to --steps. Throws std::invalid_argument unless it is an integer from 1 to
/// `most`.
libsched::Step parse_steps(const std::string& text, libsched::Step most);

/// All of them, or std::invalid_argument that says which one is wrong and shows where.
std::vector<libsched::Schedule> parse_schedules(const std::vector<std::string>& notations);
