#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libsched/notation.hpp"

/// Parses the text that the user gave to an option. Unless it is an integer from 1 to `most`,
/// throws a std::invalid_argument that names the option.
libsched::Step parse_count(std::string_view option, const std::string& text, libsched::Step most);

/// Parses all notations. If one is wrong, throws a std::invalid_argument that says which and shows
/// the place of the mistake.
std::vector<libsched::Schedule> parse_schedules(const std::vector<std::string>& notations,
                                                const libsched::Units& units = {});
