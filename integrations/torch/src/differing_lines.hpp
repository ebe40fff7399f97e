#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace libsched {

/// The first pair of lines, one of each list, that differ; "(nothing)" where a list has ended.
inline std::optional<std::pair<std::string, std::string>> first_differing_lines(
    const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto line = [](const std::vector<std::string>& lines, std::size_t i) {
    return i < lines.size() ? lines[i] : "(nothing)";
  };
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (line(a, i) != line(b, i)) return std::pair(line(a, i), line(b, i));
  }
  return std::nullopt;
}

}  // namespace libsched
