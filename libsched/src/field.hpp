#pragma once

#include <fmt/format.h>

#include <string>

#include "libsched/field.hpp"

namespace libsched::detail {

// "min or max"; "linear, cosine or sqrt"
std::string alternatives(const Choice& choice);

// The values behind commas. Not fmt::join, which would put half of fmt into this library.
template <class Iterator>
std::string joined(Iterator first, Iterator last) {
  std::string text;
  for (; first != last; ++first) text += fmt::format("{}{}", text.empty() ? "" : ", ", *first);
  return text;
}

}  // namespace libsched::detail
