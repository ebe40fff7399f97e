#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test: ./tests/run.sh [ctest options]
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/packages g++ cmake ninja-build ccache libtorch-dev libopenblas0-serial libfmt-dev libcli11-dev gnuplot-nox \
  libgtest-dev libgmock-dev libgloo-dev iproute2 clang lld patch pkgconf python3 python3-torch \
  libdlib-dev libfann-dev libopencv-ml-dev libxgboost-dev
# clang++ compiles the tests in half of g++'s time. In CI they are compiled with g++ too.
export CXX=${CXX:-clang++}
# Some tests build libsched and its users as a stranger does, from the beginning each time.
export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true CCACHE_DEPEND=true
LDFLAGS=-fuse-ld=lld cmake --preset dev # links in a sixth of GNU ld's time
cmake --build --preset dev --parallel "$(nproc)" # ninja's default, two more than the cores, takes longer
ctest --preset dev --parallel $(($(nproc) + 1)) "$@" # one more than the cores, because some tests wait for a time limit
