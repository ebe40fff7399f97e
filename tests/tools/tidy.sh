#!/usr/bin/env bash
# clang-tidy and cppcheck: no finding may stand. .clang-tidy says what is looked for, and what not and why.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/packages g++ cmake ninja-build clang-tidy cppcheck libtorch-dev libfmt-dev libcli11-dev libgtest-dev \
  libgmock-dev libgloo-dev libbenchmark-dev libdlib-dev libfann-dev libopencv-ml-dev libxgboost-dev

rm -rf build/tidy
cmake --preset dev -B build/tidy -DLIBSCHED_BENCHMARKS=ON > /dev/null
# What CMake joins, to read LibTorch's headers once, is pasted here: of an included file the analyzer sees nothing.
# The core's tests are quicker one by one, with the options of what they are joined in.
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

# Of a function the analyzer looks at this many states, an eighth of its default: notation.cpp else takes ten minutes.
options=(-Xclang -analyzer-config -Xclang max-nodes=30000 -Wreserved-identifier -Wreserved-macro-identifier)
tidy() {  # OPTION...: clang-tidy of the files that standard input names
  xargs -P "$(nproc)" -n 1 clang-tidy -p build/tidy --quiet "${options[@]/#/--extra-arg=}" "$@" 2> /dev/null
}
# Every file that is compiled, those with LibTorch first: they take longest.
files() {
  awk -F '"' -v torch="$1" '/"command"/ {uses = /\/torch\/csrc\/api\//} /"file"/ && uses == torch {print $4}' \
    build/tidy/compile_commands.json | sort -u
}
# clang 14 compiles LibTorch 1.13's headers in C++17 only, which lacks what processes.cpp needs: cppcheck's alone.
files 1 | grep -v -e /processes.cpp -e /torch_code.cpp |
  tidy --extra-arg=-std=c++17 --extra-arg=-Wno-c++20-extensions --extra-arg=-Wno-sign-conversion \
    "--extra-arg=-iquote$PWD/integrations/torch/src" "--extra-arg=-iquote$PWD/tests/integrations/torch"
files 0 | grep -v /core_code.cpp | one_by_one | tidy --extra-arg-before=-std=c++17

# Each example is a program of its own, so that two may have a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
