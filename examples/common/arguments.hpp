#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libsched/notation.hpp"

/// What the user gave to the option. Throws std::invalid_argument that names it unless it is an
/// integer from 1 to `most`.
libsched::Step parse_count(std::string_view option, const std::string& text, libsched::Step most);

/// All of them, or std::invalid_argument that says which one is wrong and shows where.
std::vector<libsched::Schedule> parse_schedules(const std::vector<std::string>& notations,
                                                const libsched::Units& units = {});
