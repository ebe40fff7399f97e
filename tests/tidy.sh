#!/usr/bin/env bash
# clang-tidy and cppcheck: no finding may stand. .clang-tidy says what is looked for, and what not and why.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/packages g++ cmake ninja-build clang-tidy cppcheck git libtorch-dev libfmt-dev libcli11-dev libgtest-dev \
  libgmock-dev libbenchmark-dev

cmake --preset dev -B build/tidy -DLIBSCHED_BENCHMARKS=ON > /dev/null

# Of a function the analyzer looks at this many states, an eighth of its default: notation.cpp else takes ten minutes.
states=(-Xclang -analyzer-config -Xclang max-nodes=30000)

tidy() {  # OPTION...: clang-tidy of the files that standard input names
  xargs -P "$(nproc)" -n 1 clang-tidy -p build/tidy --quiet "${states[@]/#/--extra-arg=}" "$@" 2> /dev/null
}
uses_torch='^(examples/(convex_bowl|data_parallel|digits)|tests/torch|tests/benchmark/torch|tests/package/consumer/torch)'
git ls-files '*.cpp' | grep -vE "$uses_torch" | tidy --extra-arg-before=-std=c++17
# clang 14 compiles LibTorch 1.13's headers in C++17 only, which lacks what processes.cpp needs: cppcheck's alone.
git ls-files '*.cpp' | grep -E "$uses_torch" | grep -vx examples/data_parallel/processes.cpp |
  tidy --extra-arg=-std=c++17 --extra-arg=-Wno-c++20-extensions --extra-arg=-Wno-sign-conversion

# Each example is a program of its own, so that two may have a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
