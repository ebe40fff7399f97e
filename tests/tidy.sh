#!/usr/bin/env bash
# clang-tidy and cppcheck: no finding may stand. .clang-tidy says what is looked for, and what not and why.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/packages g++ cmake ninja-build clang-tidy cppcheck git libtorch-dev libfmt-dev libcli11-dev libgtest-dev libgmock-dev

cmake --preset dev > /dev/null

# clang 14 cannot compile LibTorch 1.13's headers in C++20, so that its examples and tests are cppcheck's alone.
git ls-files 'libsched/*.cpp' 'integrations/*.cpp' 'examples/common/*.cpp' 'examples/preview/*.cpp' 'tests/unit/*.cpp' \
    'tests/property/*.cpp' 'tests/reference/*.cpp' 'tests/plateau/*.cpp' |
  xargs -P "$(nproc)" -n 1 clang-tidy -p build/dev --quiet --extra-arg-before=-std=c++17 2> /dev/null

# Each example is a program of its own, so that two may have a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
