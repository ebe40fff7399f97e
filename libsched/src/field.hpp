#pragma once

#include <fmt/format.h>

#include <string>

#include "libsched/field.hpp"

namespace libsched::detail {

// Throws what check() of all throws.
void check(std::string_view schedule, const FieldData& field);

// "min or max"; "linear, cosine or sqrt"
std::string alternatives(const Choice& choice);

// The values, separated. Not fmt::join, which would put half of fmt into this library.
template <class Iterator>
std::string joined(Iterator first, Iterator last, std::string_view separator = ", ") {
  std::string text;
  for (; first != last; ++first) text += fmt::format("{}{}", text.empty() ? "" : separator, *first);
  return text;
}

}  // namespace libsched::detail
