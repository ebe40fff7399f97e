#!/usr/bin/env bash
# Builds the benchmarks, runs libsched and its peers, and prints the tables of README.md here: ./tests/benchmark/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

.ci/packages g++ binutils cmake ninja-build libtorch-dev libfmt-dev libcli11-dev libbenchmark-dev \
  python3 python3-numpy python3-torch
{
  cmake --preset benchmark
  cmake --build --preset benchmark
  cmake -G Ninja -B build/benchmark-shared -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON \
    -DLIBSCHED_TORCH=OFF -DLIBSCHED_EXAMPLES=OFF -DLIBSCHED_TESTS=OFF
  cmake --build build/benchmark-shared
} >&2
/usr/bin/python3 tests/benchmark/report.py build/benchmark build/benchmark-shared
