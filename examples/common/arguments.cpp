#include "common/arguments.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <system_error>

using libsched::Schedule;
using libsched::Step;

// Parsed here, because CLI11 reads 010 as the octal 8.
Step parse_count(std::string_view option, const std::string& text, Step most) {
  Step steps = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
  if (error != std::errc() || end != text.data() + text.size() || steps < 1 || steps > most) {
    throw std::invalid_argument(
        fmt::format("{}: must be an integer from 1 to {}, got '{}'", option, most, text));
  }
  return steps;
}

std::vector<Schedule> parse_schedules(const std::vector<std::string>& notations,
                                      const libsched::Units& units) {
  std::vector<Schedule> schedules;
  for (const std::string& notation : notations) {
    try {
      schedules.push_back(libsched::parse(notation, units));
    } catch (const libsched::ParseError& error) {
      throw std::invalid_argument(
          fmt::format("schedule {}: {}", schedules.size() + 1, error.what()));
    }
  }
  return schedules;
}
