#!/usr/bin/env bash
# Runs preview and convex_bowl under valgrind, which also looks for leaks: ./tests/tools/valgrind.sh [BUILD_FOLDER]
# Without BUILD_FOLDER they are built in build/dev.
set -euo pipefail
build=${1:+$(realpath -- "$1")}
cd "$(dirname "$0")/../.."

.ci/packages valgrind gnuplot-nox # valgrind 3.19 cannot read the DWARF 5 of clang 14, so the preset dev writes DWARF 4
if [ -z "$build" ]; then
  .ci/packages g++ cmake ninja-build libtorch-dev libfmt-dev libcli11-dev libgtest-dev libgmock-dev libgloo-dev
  cmake --preset dev
  cmake --build --preset dev --target preview convex_bowl
  build=$PWD/build/dev
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# check STATUS EXAMPLE ARGUMENT...: fails unless the example ends with this status and valgrind finds nothing.
check() {
  local expected=$1 example=$2 status=0
  shift 2
  valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect,possible \
    --suppressions=tests/tools/valgrind.supp --error-exitcode=99 \
    "$build/examples/$example/$example" "$@" > /dev/null 2> "$scratch/$example.err" || status=$?
  if [ "$status" -ne "$expected" ]; then
    cat "$scratch/$example.err" >&2
    echo "valgrind: $example ended with $status, not $expected (99: see above): $*" >&2
    exit 1
  fi
}

# Runs at the same time as the others; is left out if the build has no LibTorch.
bowl=""
if [ -x "$build/examples/convex_bowl/convex_bowl" ]; then
  check 0 convex_bowl --steps 20 --out "$scratch" &
  bowl=$!
fi

# The corpus of the fuzzer has every kind.
kinds=()
for file in tests/fuzz/corpus/parse/*; do
  [[ $file == */refused_* ]] || kinds+=("$(cat "$file")")
done

check 0 preview "${kinds[@]}" --steps 200 --epoch 20 --review
check 0 preview "${kinds[@]}" --steps 200 --epoch 20 --csv
check 0 preview "${kinds[@]}" --steps 200 --epoch 20 --svg "$scratch/figure.svg"
mistakes=(unknown_kind unknown_field unclosed_list not_increasing sizes_differ no_end too_deep)
for mistake in "${mistakes[@]}"; do
  check 1 preview "$(cat "tests/fuzz/corpus/parse/refused_$mistake")"
done
check 1 preview "${kinds[0]}" --svg "$scratch/no/such/folder/figure.svg"
check 1 preview "${kinds[0]}" --steps 0
echo "valgrind: no errors, no leaks: preview on ${#kinds[@]} notations and $((${#mistakes[@]} + 2)) mistakes"

if [ -n "$bowl" ]; then
  wait "$bowl"
  echo "valgrind: no errors, no leaks: convex_bowl"
fi
