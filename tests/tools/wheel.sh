#!/usr/bin/env bash
# Builds and tests libsched with the LibTorch inside PyPI's torch, without a CUDA toolkit: ./tests/tools/wheel.sh [VERSION]
# (default: 2.15.0). The wheel and what it needs, 5 GB, stay in ${XDG_CACHE_HOME:-~/.cache}/libsched/torch-VERSION.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${1:-2.15.0}
environment=${XDG_CACHE_HOME:-$HOME/.cache}/libsched/torch-$version

if [ "${2:-}" != hidden ]; then
  .ci/packages g++ cmake ninja-build ccache libfmt-dev libcli11-dev gnuplot-nox libgtest-dev libgmock-dev clang patch \
    pkgconf python3 python3-venv python3-torch
  [ -e "$environment" ] || python3 -m venv "$environment"
  "$environment/bin/pip" install -q torch=="$version"
  if compgen -G '/usr/local/cuda*' > /dev/null; then
    # Mounts an empty folder over each toolkit; without root, in a namespace in which the user is root.
    exec unshare --mount $([ "$(id -u)" = 0 ] || echo --map-root-user) env -u CUDA_HOME -u CUDA_PATH -u LIBRARY_PATH \
      bash -c 'for toolkit in /usr/local/cuda*; do mount -t tmpfs none "$toolkit"; done; exec "$@"' \
      - "$0" "$version" hidden
  fi
fi
if nvcc --version 2> /dev/null; then
  echo "There is a CUDA toolkit at $(command -v nvcc): remove it from PATH" >&2
  exit 1
fi

build=build/wheel-$version
export CMAKE_CXX_COMPILER_LAUNCHER=ccache
cmake --preset dev -B "$build" \
  -DCMAKE_PREFIX_PATH="$("$environment/bin/python" -W ignore -c 'import torch; print(torch.utils.cmake_prefix_path)')"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --timeout 300 --label-exclude core --parallel $(($(nproc) + 1))
