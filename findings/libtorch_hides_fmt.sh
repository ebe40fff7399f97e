#!/usr/bin/env bash
# The LibTorch of a wheel hides the system's fmt: its include folder has newer headers of fmt, but not the library.
. "$(dirname "$0")/common.sh"
installed libfmt-dev 9.1.0+ds1-2
torch 2.15.0

cat > program.cpp << 'END_OF_PROGRAM'
#include <fmt/format.h>

int main(int count, char**) { fmt::print("rate {}\n", 0.1 * count); }
END_OF_PROGRAM
try() {
  "$@" program.cpp -o program -lfmt 2> log && echo links && return
  grep -o 'undefined reference to `fmt::v[0-9]*' log | sort -u
}
seen="alone: $(try g++ -std=c++20); with LibTorch: $(try "${compile[@]}")"
finding "libfmt-dev 9.1.0+ds1-2 (Debian 12), torch 2.15.0" "alone: links; with LibTorch: links" \
  "alone: links; with LibTorch: undefined reference to \`fmt::v12" "$seen"
