#!/usr/bin/env bash
# Measures what <libsched/torch.hpp> costs a user's compiler beside LibTorch's own header: ./tests/benchmark/compile.sh [ROUNDS]
# (default: 7). Medians of the compiler's user time, the headers in turn. Needs a LibTorch that the compiler finds: set
# LIBTORCH to its folder if it is not installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-7}
headers=(torch/optim/optimizer.h libsched/torch.hpp libsched/find_lr.hpp)

.ci/packages g++ libfmt-dev
if [ -n "${LIBTORCH:-}" ]; then
  includes=(-isystem "$LIBTORCH/include" -isystem "$LIBTORCH/include/torch/csrc/api/include")
else
  .ci/packages libtorch-dev
  includes=(-isystem /usr/include/torch/csrc/api/include)
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for ((round = 0; round < rounds; ++round)); do
  for header in "${headers[@]}"; do
    echo "#include <$header>" > "$folder/one.cpp"
    TIMEFORMAT=%U
    { time "${CXX:-g++}" -std=c++17 -O2 -DFMT_HEADER_ONLY=1 "${includes[@]}" \
      -Ilibsched/include -Iintegrations/torch/include -c "$folder/one.cpp" -o "$folder/one.o" 2>&3; } 3>&2 2>> "$folder/${header//\//_}"
  done
done

median() { sort -n "$folder/${1//\//_}" | sed -n "$(((rounds + 1) / 2))p"; }
base=$(median "${headers[0]}")
echo "| to include | compile time | more than LibTorch's |"
echo "|---|---:|---:|"
for header in "${headers[@]}"; do
  awk -v name="$header" -v time="$(median "$header")" -v base="$base" \
    'BEGIN { printf "| `<%s>` | %.2f s | %+.2f s |\n", name, time, time - base }'
done
