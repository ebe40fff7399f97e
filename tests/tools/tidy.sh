#!/usr/bin/env bash
# Runs clang-tidy and cppcheck, and fails if one of them finds anything. .clang-tidy says which checks are on, and why others
# are off.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/packages g++ cmake ninja-build python3 clang-tidy cppcheck libtorch-dev libfmt-dev libcli11-dev libgtest-dev \
  libgmock-dev libgloo-dev libbenchmark-dev libdlib-dev libfann-dev libopencv-ml-dev libxgboost-dev

rm -rf build/tidy
cmake --preset dev -B build/tidy -DLIBSCHED_BENCHMARKS=ON > /dev/null

# clang-tidy takes longer for the headers of GoogleTest and LibTorch than for our files, so the text of our files is pasted into
# nine files. (It is not included, because the analyzer skips included files.) Two files that define the same name are pasted into
# different ones.
# clang 14 can compile LibTorch 1.13's headers only in C++17.
tests/tools/paste.py build/tidy build/tidy/pasted << END
more_tests -std=c++20 tests/property tests/unit/checkpoint_file_test.cpp tests/unit/checkpoint_text_test.cpp \
  tests/examples/convex_bowl_test.cpp tests/examples/data_parallel_test.cpp tests/examples/digits_test.cpp \
  tests/examples/preview_test.cpp tests/examples/program.cpp tests/integrations/trainers
tests -std=c++20 tests/fuzz/fuzz_parse.cpp tests/fuzz/replay.cpp tests/reference tests/benchmark/core_benchmark.cpp tests/unit
compose_tests -std=c++20 tests/fuzz/fuzz_compose.cpp
state_tests -std=c++20 tests/fuzz/fuzz_state.cpp
torch_tests -std=c++17 tests/integrations/torch tests/examples tests/benchmark/find_lr_benchmark.cpp
torch -std=c++17 integrations/torch examples/convex_bowl examples/data_parallel tests/benchmark
digits -std=c++17 examples/digits/schedules.cpp examples/digits
core -std=c++17 libsched
preview -std=c++20 examples
END

# The analyzer looks at this many states per function, an eighth of its default; otherwise notation.cpp takes ten minutes.
# The tests are read without it: it takes minutes for typed tests, and finds nothing in code without branches.
tidy() {  # FILE.options
  local options checks=""
  mapfile -t options < "$1"
  case $1 in *tests.options) checks=-clang-analyzer-* ;; esac
  clang-tidy --quiet --checks="$checks" "${1%options}cpp" -- "${options[@]}" \
    -Wno-shadow -Wno-return-type -Wno-c++20-extensions -Wno-sign-conversion -Wreserved-identifier -Wreserved-macro-identifier \
    -Xclang -analyzer-config -Xclang max-nodes=30000 2> /dev/null
}
export -f tidy
printf '%s\n' build/tidy/pasted/*.options | xargs -n 1 -P "$(nproc)" bash -c 'tidy "$0"'

cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
