#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "libsched/schedule.hpp"

/// @file
/// fmt::format("{}", schedule) gives its notation, for a Schedule and for every built-in kind.
/// Takes the format specification of a string: "{:>80}".
/// @cond
template <class S>
struct fmt::formatter<
    S, char, std::enable_if_t<std::is_same_v<S, libsched::Schedule> || libsched::has_fields<S>>>
    : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const S& schedule, Context& context) const {
    std::string text;
    if constexpr (libsched::has_fields<S>) {
      text = libsched::notation(schedule);
    } else {
      text = to_string(schedule);
    }
    return fmt::formatter<std::string_view>::format(text, context);
  }
};
/// @endcond
