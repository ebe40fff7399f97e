#!/usr/bin/env bash
# Builds the core and what tests it in build/core, without LibTorch, and runs the tests, or those that a filter of
# GoogleTest names: ./tests/tools/core.sh [FILTER]
set -euo pipefail
cd "$(dirname "$0")/../.."

.ci/packages clang cmake ninja-build ccache libfmt-dev libgtest-dev libgmock-dev python3 python3-torch
export CXX=${CXX:-clang++}
export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true CCACHE_DEPEND=true
[ -e build/core/build.ninja ] || cmake --preset core
cmake --build build/core
if [ $# -gt 0 ]; then
  for program in unit/core_tests unit/checkpoint_tests property/property_tests; do
    "build/core/tests/$program" --gtest_brief=1 --gtest_filter="$1"
  done
else
  ctest --preset core --parallel "$(nproc)"
fi
