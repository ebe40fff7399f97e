#pragma once

#include <fstream>
#include <string>
#include <vector>

/// The notations of examples/preview/kinds.txt, one of each kind.
inline std::vector<std::string> examples() {
  std::ifstream file(KINDS_TXT);
  std::vector<std::string> notations;
  for (std::string line; std::getline(file, line);) {
    if (line.substr(0, 1) != "#") notations.push_back(line);
  }
  return notations;
}

inline std::string kind_of(const std::string& notation) {
  return notation.substr(0, notation.find('('));
}
