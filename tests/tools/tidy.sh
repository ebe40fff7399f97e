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
# ten. (It is not included, because the analyzer skips included files.) Files that define the same names are in different groups.
mkdir build/tidy/pasted
groups=""
group() {  # NAME OPTIONS PLACE...: the files in these places that are in no group yet
  local name=$1 options=$2
  shift 2
  tests/tools/paste.py build/tidy "build/tidy/pasted/$name.cpp" "$@" > "build/tidy/pasted/$name.options"
  tr ' ' '\n' <<< "$options" >> "build/tidy/pasted/$name.options"
  groups+="$name "
}
# clang 14 can compile LibTorch 1.13's headers only in C++17.
torch="-std=c++17 -Wno-c++20-extensions -Wno-sign-conversion"
group more_tests -std=c++20 tests/property tests/unit/checkpoint_{file,text}_test.cpp \
  tests/examples/{convex_bowl,data_parallel,digits,preview}_test.cpp tests/examples/program.cpp \
  tests/integrations/trainers
group tests -std=c++20 tests/fuzz/{fuzz_parse,replay}.cpp tests/reference tests/benchmark/core_benchmark.cpp tests/unit
group compose_tests -std=c++20 tests/fuzz/fuzz_compose.cpp
group state_tests -std=c++20 tests/fuzz/fuzz_state.cpp
group torch_tests "$torch" tests/integrations/torch tests/examples tests/benchmark/find_lr_benchmark.cpp
group convex_bowl "$torch" examples/convex_bowl tests/benchmark
group torch "$torch" integrations/torch examples/data_parallel
group digits "$torch" examples/digits/schedules.cpp examples/digits
group core -std=c++17 libsched
group preview -std=c++20 examples
tests/tools/paste.py build/tidy build/tidy/pasted/none

# The analyzer looks at this many states per function, an eighth of its default; otherwise notation.cpp takes ten minutes.
# The tests are read without it: it takes minutes for typed tests, and finds nothing in code without branches.
tidy() {  # NAME
  local options checks=""
  mapfile -t options < "build/tidy/pasted/$1.options"
  case $1 in *tests) checks=-clang-analyzer-* ;; esac
  clang-tidy --quiet --checks="$checks" "build/tidy/pasted/$1.cpp" -- "${options[@]}" \
    -Wno-shadow -Wno-return-type -Wreserved-identifier -Wreserved-macro-identifier \
    -Xclang -analyzer-config -Xclang max-nodes=30000 2> /dev/null
}
export -f tidy
xargs -n 1 -P "$(nproc)" bash -c 'tidy "$0"' <<< "$groups"

# Each example is a separate program, so two of them may define a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
