#!/usr/bin/env bash
# Installs what is missing, and builds and runs the convex-bowl example: ./examples/run.sh [OUT_DIR]
set -euo pipefail
out=${1:+$(realpath -m -- "$1")}
cd "$(dirname "$0")/.."

.ci/packages g++ cmake ninja-build libtorch-dev libfmt-dev libcli11-dev gnuplot-nox
cmake --preset release
cmake --build --preset release --target convex_bowl
build/release/examples/convex_bowl/convex_bowl --out "${out:-build/convex_bowl}"
