#!/usr/bin/env bash
# On 64-bit Arm, g++ gives a linear schedule other last bits with -O2 than with -O1; clang++ gives these with -O0 too.
. "$(dirname "$0")/common.sh"
installed g++-12-aarch64-linux-gnu 12.2.0-14cross1
installed clang-14 1:14.0.6-12
command -v qemu-aarch64 > /dev/null || stop "This finding needs qemu-aarch64: apt-get install qemu-user"

cat > linear.cpp << 'END_OF_PROGRAM'
#include <cstdio>
#include <cstdlib>

int main(int, char** arguments) {
  const int steps = std::atoi(arguments[1]);
  const double start = std::atof(arguments[2]);
  const double end = std::atof(arguments[3]);
  for (int t = 0; t < steps; ++t) {
    const double progress = static_cast<double>(t) / steps;
    std::printf("%a\n", start + (end - start) * progress);
  }
}
END_OF_PROGRAM

rates() {  # COMPILER...: prints the rates of 1,000 steps
  "$@" -static linear.cpp -o linear 2> log
  qemu-aarch64 ./linear 1000 0.1 0.001
}
rates aarch64-linux-gnu-g++-12 -O1 > first
seen=""
for compiler in "aarch64-linux-gnu-g++-12 -O2" "clang++-14 --target=aarch64-linux-gnu -O0" "clang++-14 --target=aarch64-linux-gnu -O0 -ffp-contract=off"; do
  read -ra words <<< "$compiler"
  rates "${words[@]}" > second
  seen+="${compiler/--target=aarch64-linux-gnu /}: $(paste first second | awk '$1 != $2' | wc -l) of 1000; "
done
finding "g++ 12.2.0, clang++ 14.0.6, for aarch64" \
  "no rate differs from that of g++ -O1" \
  "aarch64-linux-gnu-g++-12 -O2: 323 of 1000; clang++-14 -O0: 323 of 1000; clang++-14 -O0 -ffp-contract=off: 0 of 1000; " "$seen"
