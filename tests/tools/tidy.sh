#!/usr/bin/env bash
# Runs clang-tidy and cppcheck, and fails if one of them finds anything. .clang-tidy says which checks are on, and why others
# are off.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/packages g++ cmake ninja-build clang-tidy cppcheck libtorch-dev libfmt-dev libcli11-dev libgtest-dev \
  libgmock-dev libgloo-dev libbenchmark-dev libdlib-dev libfann-dev libopencv-ml-dev libxgboost-dev

rm -rf build/tidy
cmake --preset dev -B build/tidy -DLIBSCHED_BENCHMARKS=ON > /dev/null
# CMake joins sources in a unity file that includes them, so that LibTorch's headers are read once. The analyzer skips included
# files, so their text is pasted into the unity file here. The core's tests are analyzed faster one by one, with the compile
# options of their unity file.
joined() { sed -n 's/^#include "\(.*\.cpp\)"$/\1/p' "$1"; }
for unity in $(find build/tidy -name 'unity_*.cxx' -not -path '*/core_tests.dir/*' -not -path '*/property_tests.dir/*'); do
  joined "$unity" | xargs -d '\n' cat > build/tidy/pasted
  mv build/tidy/pasted "$unity"
done
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
# clang 14 can compile LibTorch 1.13's headers only in C++17, which lacks what processes.cpp needs: only cppcheck reads it.
files 1 | grep -v -e /processes.cpp -e /torch_code.cpp |
  tidy --extra-arg=-std=c++17 --extra-arg=-Wno-c++20-extensions --extra-arg=-Wno-sign-conversion \
    "--extra-arg=-iquote$PWD/integrations/torch/src" "--extra-arg=-iquote$PWD/tests/integrations/torch"
files 0 | grep -v /core_code.cpp | one_by_one | tidy --extra-arg-before=-std=c++17

# Each example is a separate program, so two of them may define a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
