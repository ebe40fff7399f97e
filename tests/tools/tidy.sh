#!/usr/bin/env bash
# Runs clang-tidy and cppcheck, and fails if one of them finds anything. .clang-tidy says which checks are on, and why others
# are off.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/packages g++ cmake ninja-build clang-tidy cppcheck libtorch-dev libfmt-dev libcli11-dev libgtest-dev \
  libgmock-dev libgloo-dev libbenchmark-dev libdlib-dev libfann-dev libopencv-ml-dev libxgboost-dev

rm -rf build/tidy
cmake --preset dev -B build/tidy -DLIBSCHED_BENCHMARKS=ON > /dev/null
joined() { sed -n 's/^#include "\(.*\.cpp\)"$/\1/p' "$1"; }
one_by_one() {
  while read -r file; do
    case $file in */unity_*) joined "$file" ;; *) echo "$file" ;; esac
  done
}

# The analyzer looks at this many states per function, an eighth of its default; otherwise notation.cpp takes ten minutes.
options=(-Xclang -analyzer-config -Xclang max-nodes=30000 -Wreserved-identifier -Wreserved-macro-identifier)
tidy() {  # OPTION...: runs clang-tidy on the files that standard input names
  xargs -P "$(nproc)" -n 1 clang-tidy -p build/tidy --quiet "${options[@]/#/--extra-arg=}" "$@" 2> /dev/null
}
# Prints the compiled files, with LibTorch (1) or without it (0). Those with LibTorch take longest and come first.
files() {
  awk -F '"' -v torch="$1" '/"command"/ {uses = /\/torch\/csrc\/api\//} /"file"/ && uses == torch {print $4}' \
    build/tidy/compile_commands.json | sort -u
}
# clang 14 can compile LibTorch 1.13's headers only in C++17.
torch=$(files 1 | grep -v -e /torch_code.cpp | one_by_one)
# clang-tidy takes longer for LibTorch's headers than for our files, so the text of most of these is pasted into two: the digits
# example, and the rest. (The analyzer skips included files.) A program that defines the same names as another stays apart.
paste_into() {  # UNITY: the text of the files that standard input names
  xargs -d '\n' cat > build/tidy/pasted
  mv build/tidy/pasted "$1"
}
apart=(-e /convex_bowl/ -e /torch_benchmark.cpp -e /find_lr_benchmark.cpp)
digits=$PWD/build/tidy/examples/digits/CMakeFiles/digits.dir/Unity/unity_0_cxx.cxx
rest=$PWD/build/tidy/tests/integrations/torch/CMakeFiles/torch_tests.dir/Unity/unity_0_cxx.cxx
grep /examples/digits/ <<< "$torch" | paste_into "$digits"
grep -v -e /examples/digits/ "${apart[@]}" <<< "$torch" | paste_into "$rest"
sed -i '1i #define DIGITS_CSV "digits.csv"' "$rest" # of the files that come from the examples
include=()
for folder in integrations/torch/src tests/integrations/torch examples examples/data_parallel; do
  include+=("--extra-arg=-iquote$PWD/$folder")
done
{ printf '%s\n' "$rest" "$digits"; grep "${apart[@]}" <<< "$torch"; } |
  tidy --extra-arg=-std=c++17 --extra-arg=-Wno-c++20-extensions --extra-arg=-Wno-sign-conversion "${include[@]}"
files 0 | grep -v -e /core_code.cpp -e /comments.cpp | one_by_one | sort -u | tidy --extra-arg-before=-std=c++17

# Each example is a separate program, so two of them may define a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
