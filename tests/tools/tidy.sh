#!/usr/bin/env bash
# Runs clang-tidy and cppcheck, and fails if one of them finds anything. .clang-tidy says which checks are on, and why others
# are off.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/packages g++ cmake ninja-build clang-tidy cppcheck libtorch-dev libfmt-dev libcli11-dev libgtest-dev \
  libgmock-dev libgloo-dev libbenchmark-dev libdlib-dev libfann-dev libopencv-ml-dev libxgboost-dev

# clang-tidy takes longer for the headers of LibTorch, GoogleTest and fmt than for our files. So the text of all files of a program,
# and of several programs, is pasted into one. (The analyzer skips included files.)
rm -rf build/tidy
cmake --preset dev -B build/tidy -DLIBSCHED_BENCHMARKS=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 > /dev/null
units=$(awk -F '"' '/"file"/ {print $4}' build/tidy/compile_commands.json | sort -u | grep /Unity/ |
  grep -v -e /tests/docs/ -e /concurrency_tests.dir/ -e /replay_[cs])  # state.cpp is also in state_text
# Pastes the programs whose names match PATTERN into the first that matches its first alternative, and prints the arguments for
# clang-tidy. clang 14 can compile LibTorch 1.13's headers only in C++17, which lacks what processes.cpp needs: only cppcheck reads it.
paste_units() {  # PATTERN
  local into files file
  into=$(grep -m 1 -E "/(${1%%|*}).dir/" <<< "$units")
  files=$(grep -E "/($1).dir/" <<< "$units" | xargs sed -n 's/^#include "\(.*\.cpp\)"$/\1/p' | grep -v /processes.cpp)
  for file in $files; do
    sed "s|^int main(|int main_of_$(basename "$(dirname "$file")")_$(basename "$file" .cpp)(|" "$file"
  done > build/tidy/pasted
  mv build/tidy/pasted "$into"
  echo "$into" $(xargs -n 1 dirname <<< "$files" | sort -u | sed 's/^/--extra-arg=-iquote/') "--extra-arg=-iquote$PWD/examples"
}

# The analyzer looks at this many states per function, an eighth of its default; otherwise notation.cpp takes ten minutes.
# A pasted main() has no return, and the names of one file may hide those of another: the compilers look at each program for that.
options=(-Xclang -analyzer-config -Xclang max-nodes=30000 -Wreserved-identifier -Wreserved-macro-identifier -Wno-return-type -Wno-shadow)
tidy() {  # OPTION...: runs clang-tidy with the arguments that each line of standard input has
  xargs -P "$(nproc)" -L 1 clang-tidy -p build/tidy --quiet "${options[@]/#/--extra-arg=}" "$@" 2> /dev/null
}
# Programs that define the same names stay apart. Those with LibTorch take longest and come first.
torch=(
  "torch_tests|libsched_torch|convex_bowl|model_tests|allocation_tests|find_lr_benchmark"
  "digits|example_digits"
  "torch_benchmark|data_parallel")
core=(
  libsched
  core_tests
  "kinds_test|property_tests"
  "opencv_test|dlib_test|fann_test|xgboost_test"
  "preview|example_common|evaluate|plateau_report|replay_parse")
for unit in "${torch[@]}"; do paste_units "$unit"; done |
  tidy --extra-arg=-std=c++17 --extra-arg=-Wno-c++20-extensions --extra-arg=-Wno-sign-conversion
pasted=$(IFS='|'; echo "${torch[*]}|${core[*]}")
alone=$(grep -v -E "/($pasted).dir/" <<< "$units" | sed 's|.*/\(.*\)\.dir/.*|\1|' | sort -u)
for unit in "${core[@]}" $alone; do paste_units "$unit"; done | tidy --extra-arg-before=-std=c++17

# Each example is a separate program, so two of them may define a Run.
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++20 --enable=warning,performance,portability \
  --suppress=ctuOneDefinitionRuleViolation "-DTYPED_TEST(suite, name)=template <class TypeParam> void suite##name()" \
  -I libsched/include -I integrations/torch/include -I examples libsched integrations examples tests
