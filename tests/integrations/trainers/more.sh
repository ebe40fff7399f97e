#!/usr/bin/env bash
# Drives trainers that Debian 12 does not have, from PyPI and newer Debian releases, and tests that each update uses the
# driver's rate: tests/integrations/trainers/more.sh [NAME...]   (default: lightgbm ensmallen mlpack ggml; on x86-64)
set -euo pipefail
cd "$(dirname "$0")/../../.."
[ $# -gt 0 ] || set -- lightgbm ensmallen mlpack ggml
.ci/packages g++ cmake ninja-build ccache libfmt-dev libgtest-dev libgmock-dev libgomp1 liblapack-dev python3 \
  python3-venv debian-archive-keyring

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=true
result=0

pypi() {  # NAME VERSION wheel|source: unpacks it into $work/NAME.wheel or $work/NAME.source
  local here=$work/$1.$3 options=(--no-binary "$1")
  [ "$3" = source ] || options=(--only-binary :all: --platform manylinux_2_28_x86_64 --python-version 3.11)
  [ -e "$work/python" ] || python3 -m venv "$work/python"
  mkdir -p "$here/file"
  "$work/python/bin/pip" download -q --disable-pip-version-check --no-deps "${options[@]}" -d "$here/file" "$1==$2"
  case $3 in
    wheel) python3 -m zipfile -e "$here"/file/* "$here" ;;
    source) tar -xzf "$here"/file/* -C "$here" --strip-components=1 ;;
  esac
}

debian() {  # SUITE PACKAGE[=VERSION]...: unpacks the packages into $work/SUITE
  local here=$work/$1 apt=$work/$1/apt
  [ ! -e "$here" ] || return 0
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" > "$apt/list"
  cat > "$apt/config" << END
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/list";
Dir::Etc::sourceparts "-";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "$(id -un)";
END
  APT_CONFIG=$apt/config apt-get update -qq
  (cd "$apt" && APT_CONFIG=$apt/config apt-get download -qq "${@:2}")
  for package in "$apt"/*.deb; do dpkg-deb -x "$package" "$here"; done
}

check() {  # NAME VERSION COMPILER_OPTION...: builds and runs more_NAME.cpp, which prints one line per test
  local log=$work/log
  if ! g++ -std=c++20 -Wall -Wextra -Wconversion -Wshadow -Werror -Ilibsched/include "tests/integrations/trainers/more_$1.cpp" \
    -o "$work/program" "${@:3}" "$work/core/libsched/libsched.a" -lfmt -lgtest_main -lgmock -lgtest &> "$log" ||
    ! "$work/program" --gtest_print_time=0 &> "$log"; then
    cat "$log"
    result=1
  fi
  sed -nE "s/^\[ +(OK|FAILED) +\] (\w+)\.(\w+)$/\1 \2 $2: \3/p" "$log" | sort -u
}

lightgbm() {
  pypi lightgbm 4.7.0 wheel
  pypi lightgbm 4.7.0 source # for its header
  local library=$work/lightgbm.wheel/lightgbm/lib
  check lightgbm 4.7.0 -isystem "$work/lightgbm.source/include" "$library/lib_lightgbm.so" "-Wl,-rpath,$library"
}

# ensmallen and mlpack consist of headers only.
armadillo=(-isystem "$work/trixie/usr/include" -DARMA_DONT_USE_WRAPPER -DARMA_DONT_USE_SUPERLU -llapack -lblas)
get_ensmallen() {
  debian trixie libensmallen-dev=2.22.1-2 libarmadillo-dev libcereal-dev rapidjson-dev
  debian sid libensmallen-dev=3.11.1-2
}
ensmallen() {
  get_ensmallen
  check ensmallen 2.22.1 "${armadillo[@]}"
  check ensmallen 3.11.1 -isystem "$work/sid/usr/include" "${armadillo[@]}"
}
mlpack() {
  get_ensmallen
  pypi mlpack 4.8.0 wheel
  check mlpack 4.8.0 -isystem "$work/mlpack.wheel/mlpack/include" -isystem "$work/sid/usr/include" "${armadillo[@]}"
}

ggml() {
  pypi llama-cpp-python 0.3.36 source # has ggml 0.25.3
  local source=$work/llama-cpp-python.source/vendor/llama.cpp build=$work/ggml
  cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF \
    -DGGML_OPENMP=OFF -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF \
    -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF > "$work/log" 2>&1 || { cat "$work/log"; return 1; }
  cmake --build "$build" --target ggml > "$work/log" || { cat "$work/log"; return 1; }
  check ggml 0.25.3 -isystem "$source/ggml/include" "$build/ggml/src/libggml.a" "$build/ggml/src/libggml-cpu.a" \
    "$build/ggml/src/libggml-base.a" -pthread -ldl
}

for name in "$@"; do
  [ -e "tests/integrations/trainers/more_$name.cpp" ] || { echo "There is no trainer $name here" >&2; exit 2; }
done
cmake -B "$work/core" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLIBSCHED_TORCH=OFF -DLIBSCHED_EXAMPLES=OFF \
  -DLIBSCHED_TESTS=OFF -DLIBSCHED_INSTALL=OFF -DBUILD_SHARED_LIBS=OFF > /dev/null
cmake --build "$work/core" > /dev/null
for name in "$@"; do "$name"; done
exit $result
