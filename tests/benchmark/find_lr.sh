#!/usr/bin/env bash
# Measures find_lr beside PyTorch Lightning's lr_find, both with the LibTorch of PyPI's torch: ./tests/benchmark/find_lr.sh [ROUNDS]
# (default: 3, of which it prints medians). The wheel and what it needs, 5 GB, stay in ${XDG_CACHE_HOME:-~/.cache}/libsched, as those of tests/tools/wheel.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
torch=${XDG_CACHE_HOME:-$HOME/.cache}/libsched/torch-2.15.0
packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT

.ci/packages g++ cmake ninja-build libfmt-dev libbenchmark-dev python3 python3-venv
{
  [ -e "$torch" ] || python3 -m venv "$torch"
  "$torch/bin/pip" install -q torch==2.15.0
  "$torch/bin/pip" install -q --target "$packages" --no-deps pytorch-lightning lightning-utilities torchmetrics numpy packaging \
    pyyaml tqdm
  cmake -G Ninja -B build/find_lr -DCMAKE_BUILD_TYPE=Release -DLIBSCHED_BENCHMARKS=ON -DLIBSCHED_TESTS=OFF \
    -DLIBSCHED_EXAMPLES=OFF \
    -DCMAKE_PREFIX_PATH="$("$torch/bin/python" -W ignore -c 'import torch; print(torch.utils.cmake_prefix_path)')"
  cmake --build build/find_lr --target find_lr_benchmark
} >&2
PYTHONPATH=$packages "$torch/bin/python" tests/benchmark/find_lr.py build/find_lr/tests/benchmark/find_lr_benchmark "${1:-3}"
