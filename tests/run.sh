#!/usr/bin/env bash
# Sets up, builds and passes every test: ./tests/run.sh [ctest options]
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/packages g++ cmake ninja-build libtorch-dev libfmt-dev libcli11-dev gnuplot-nox libgtest-dev \
  libgmock-dev libgloo-dev iproute2 clang patch pkgconf python3 python3-torch
cmake --preset dev
cmake --build --preset dev
ctest --preset dev --parallel "$(nproc)" "$@"
