#!/usr/bin/env bash
# Fuzzes parsing, composition and the text of checkpoints, all at the same time:
# ./tests/fuzz/run.sh [SECONDS of processor time, 60 by default; two cores need half of that]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
if ! [ "$seconds" -ge 3 ] 2> /dev/null; then
  echo "tests/fuzz/run.sh: SECONDS must be a whole number of at least 3, got $seconds" >&2
  exit 1
fi

.ci/packages clang libclang-rt-dev cmake ninja-build libfmt-dev libgtest-dev libgmock-dev
cmake --preset fuzz
cmake --build --preset fuzz

# The dictionary has the words of the catalogue and one notation per kind.
mkdir -p build/fuzz/kinds
build/fuzz/tests/fuzz/dictionary > build/fuzz/parse.dict
examples/preview/gallery.sh --list | while read -r notation; do
  printf %s "$notation" > "build/fuzz/kinds/${notation%%(*}"
done

# Short allocation stacks and a small quarantine: the defaults would try a third fewer inputs in the same time.
export ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=16
cores=$(nproc)
each=$((seconds / (cores < 3 ? cores : 3)))
fuzz() {  # NAME
  local name=$1 fuzzer=build/fuzz/tests/fuzz/fuzz_$1 crash
  local found=build/fuzz/found/$name # new inputs, which are kept for the next run
  mkdir -p "$found" build/fuzz/crashes
  local options=(-max_total_time="$each" -max_len=256 -timeout=10 -entropic=0 -verbosity=1)
  local seeds=("tests/fuzz/corpus/$name")
  if [ "$name" = parse ]; then
    options+=(-dict=build/fuzz/parse.dict)
    seeds+=(build/fuzz/kinds)
  fi
  if [ "$name" = state ]; then options+=(-dict=tests/fuzz/state.dict -max_len=1024); fi
  if ! "$fuzzer" "${options[@]}" -print_final_stats=1 -artifact_prefix="build/fuzz/crashes/$name-" \
    "$found" "${seeds[@]}" > "build/fuzz/$name.log" 2>&1; then
    grep -v -E 'NEW|REDUCE|pulse|RELOAD' "build/fuzz/$name.log" | tail -40
    crash=$(find build/fuzz/crashes -name "$name-*" -newer "$fuzzer" -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2)
    echo "fuzz_$name failed. To reproduce it, run: $fuzzer $crash"
    echo "To make it a test, run: cp $crash tests/fuzz/corpus/$name/WHAT_WAS_WRONG"
    return 1
  fi
  echo "fuzz_$name: $(grep -E 'DONE' "build/fuzz/$name.log" | tr -s ' \t')"
  grep -E '^Done' "build/fuzz/$name.log"
}

running=()
for name in parse compose state; do
  fuzz "$name" &
  running+=($!)
done
result=0
for process in "${running[@]}"; do wait "$process" || result=1; done
exit $result
