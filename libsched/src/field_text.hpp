#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "libsched/field.hpp"

namespace libsched::detail {

// Throws what check() of all throws.
void check(std::string_view schedule, const FieldData& field);

// "patience, from_step": the fields whose values differ.
std::string differing(const Kind& kind, const void* a, const void* b);

// "min or max"; "linear, cosine or sqrt"
std::string alternatives(const Choice& choice);

// "1 step"; "2 steps"
template <class Count>
std::string counted(Count n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

// The values, separated. Not fmt::join, which would put half of fmt into this library.
template <class Iterator>
std::string joined(Iterator first, Iterator last, std::string_view separator = ", ") {
  std::string text;
  for (; first != last; ++first) text += fmt::format("{}{}", text.empty() ? "" : separator, *first);
  return text;
}

}  // namespace libsched::detail
