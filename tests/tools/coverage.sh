#!/usr/bin/env bash
# Shows which lines of the core and of the LibTorch driver the tests run: ./tests/tools/coverage.sh; fails below 98 %.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/packages g++ cmake ninja-build gcovr libtorch-dev libfmt-dev libcli11-dev gnuplot-nox libgtest-dev libgmock-dev \
  libgloo-dev

cmake -G Ninja -B build/coverage -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS="--coverage -fprofile-update=atomic" -DLIBSCHED_INSTALL=OFF
cmake --build build/coverage --target core_tests property_tests torch_tests data_parallel_tests
find build/coverage -name '*.gcda' -delete
build/coverage/tests/unit/core_tests --gtest_brief=1
build/coverage/tests/property/property_tests --gtest_brief=1
build/coverage/tests/integrations/torch/torch_tests --gtest_brief=1
build/coverage/tests/examples/data_parallel_tests --gtest_brief=1 --gtest_filter="DataParallel.*"  # the distributed code
gcovr --root . --filter libsched/ --filter integrations/ --exclude-throw-branches --fail-under-line 98 build/coverage
