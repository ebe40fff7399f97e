#!/usr/bin/env bash
# The examples' core paths under valgrind, leaks included: ./tests/valgrind.sh [PREVIEW, else it is built]
set -euo pipefail
preview=${1:+$(realpath -- "$1")}
cd "$(dirname "$0")/.."

.ci/packages valgrind gnuplot-nox
if [ -z "$preview" ]; then
  .ci/packages g++ cmake ninja-build libtorch-dev libfmt-dev libcli11-dev libgtest-dev libgmock-dev libgloo-dev
  cmake --preset dev
  cmake --build --preset dev --target preview
  preview=$PWD/build/dev/examples/preview/preview
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# check STATUS ARGUMENT...: preview ends with this status, and valgrind finds nothing.
check() {
  local expected=$1 status=0
  shift
  valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible \
    --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 \
    "$preview" "$@" > "$scratch/out" 2> "$scratch/err" || status=$?
  if [ "$status" -ne "$expected" ]; then
    cat "$scratch/err"
    echo "valgrind: preview ended with $status, not $expected (99: see above): $*" >&2
    exit 1
  fi
}

# Every kind, from the fuzzer's corpus.
kinds=()
for file in tests/fuzz/corpus/parse/*; do
  [[ $file == */refused_* ]] || kinds+=("$(cat "$file")")
done

check 0 "${kinds[@]}" --steps 200 --review
check 0 "${kinds[@]}" --steps 200 --csv
check 0 "${kinds[@]}" --steps 200 --svg "$scratch/figure.svg"
for mistake in unknown_kind unknown_field unclosed_list not_increasing sizes_differ no_end too_deep; do
  check 1 "$(cat tests/fuzz/corpus/parse/refused_$mistake)"
done
check 1 "${kinds[0]}" --svg "$scratch/no/such/folder/figure.svg"
check 1 "${kinds[0]}" --steps 0
echo "valgrind: no errors and no leaks in preview on ${#kinds[@]} notations and 9 mistakes"
