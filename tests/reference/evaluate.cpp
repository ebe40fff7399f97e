#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <tuple>

#include "libsched/libsched.hpp"

namespace {

template <class... Kind>
void print_names(std::tuple<Kind...>*) {
  (fmt::print("{}\n", Kind::name), ...);
}

}  // namespace

// `evaluate --kinds` prints the name of every kind of the catalogue. Without it, the program prints
// one line per line "COUNT NOTATION" of standard input: the schedule's values at steps 0 .. COUNT
// - 1.
int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--kinds") {
    print_names(static_cast<libsched::Catalogue*>(nullptr));
    return 0;
  }
  try {
    libsched::Step count = 0;
    for (std::string notation; std::cin >> count && std::getline(std::cin, notation);) {
      fmt::print("{}\n", fmt::join(libsched::sample(libsched::parse(notation), count), ","));
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
