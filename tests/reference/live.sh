#!/usr/bin/env bash
# Runs the code of the peers' releases on random arguments, and compares the rates: ./tests/reference/live.sh [LIBRARY...]
# (default: all libraries of the table below). CI does not run it: it installs one library after the other from PyPI, and
# removes each again; only torch, 5 GB, stays in ${XDG_CACHE_HOME:-~/.cache}/libsched. You can set COUNT, the number of calls
# per schedule (30 by default), SEED to draw the same arguments again, KEEP to a folder for the calls, and EVALUATE to the
# program of evaluate.cpp; without it, the program is built first. Prints one line per library, and fails if one does not agree.
set -euo pipefail
cd "$(dirname "$0")/../.."
reference=$PWD/tests/reference
count=${COUNT:-30} seed=${SEED:-$RANDOM}

# What pip installs; a semicolon separates two calls of pip. `torch` is PyTorch 2.15.0, which all libraries share.
declare -A packages=(
  [pytorch]='torch'
  [optax]='optax==0.2.8'
  [keras]='torch keras==3.15.0'
  [timm]='torch timm==1.0.31'
  [transformers]='torch transformers==5.23.0'
  [deepspeed]='torch setuptools wheel numpy packaging psutil py-cpuinfo; deepspeed==0.19.0'
  [pytorch_ignite]='torch pytorch-ignite==0.5.5'
  [pytorch_optimizer]='torch pytorch-optimizer==4.1.0'
  [paddle]='paddlepaddle==3.3.1'
  [mxnet]='mxnet==1.9.1 numpy<1.24'
  [chainer]='numpy<1.24 setuptools<81 wheel six; chainer==7.8.0'
  [mlx]='mlx[cpu]==0.32.4'
  [thinc]='thinc==9.1.1'
)
libraries=("$@")
[ $# -gt 0 ] || mapfile -t libraries < <(printf '%s\n' "${!packages[@]}" | sort)
for library in "${libraries[@]}"; do
  [ -n "${packages[$library]:-}" ] || { echo "There is no library $library, only: ${!packages[*]}" >&2; exit 2; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${EVALUATE:-}" ]; then
  .ci/packages g++ cmake ninja-build libfmt-dev libgtest-dev libgmock-dev python3 python3-venv
  cmake -G Ninja -B build/live -DCMAKE_BUILD_TYPE=Release -DLIBSCHED_TORCH=OFF -DLIBSCHED_EXAMPLES=OFF > "$work/build" &&
    cmake --build build/live --target evaluate > "$work/build" || { cat "$work/build" >&2; exit 1; }
  EVALUATE=$PWD/build/live/tests/reference/evaluate
fi

torch=${XDG_CACHE_HOME:-$HOME/.cache}/libsched/torch-2.15.0
if [[ $(for library in "${libraries[@]}"; do echo "${packages[$library]}"; done) == *torch* ]]; then
  [ -e "$torch" ] || python3 -m venv "$torch"
  "$torch/bin/pip" install -q torch==2.15.0
fi

install() {  # NEEDS: makes a new environment with what a library needs
  local needs=$1 python=python3
  [[ $needs != torch* ]] || python=$torch/bin/python
  "$python" -m venv "$work/environment"
  if [[ $needs == torch* ]]; then
    local path='import sysconfig; print(sysconfig.get_path("purelib"))'
    "$torch/bin/python" -c "$path" > "$("$work/environment/bin/python" -c "$path")/torch.pth"
    needs=${needs#torch}
  fi
  local IFS=';' turn
  for turn in $needs; do
    IFS=' ' read -ra turn <<< "$turn"
    [ ${#turn[@]} = 0 ] || "$work/environment/bin/pip" install -q --no-build-isolation "${turn[@]}"
  done
}

failed=0
for library in "${libraries[@]}"; do
  calls=$work/$library.jsonl
  if install "${packages[$library]}" > "$work/log" 2>&1 &&
    (cd "$reference" && "$work/environment/bin/python" -B -m live "$library" "$count" "$seed") \
      > "$calls" 2>> "$work/log" &&
    python3 "$reference/peers_test.py" "$EVALUATE" "$calls" > "$work/table"; then
    echo "$library: $(tail -n 1 "$work/table")"
  else
    failed=1
    cat "$work/log" "$work/table" 2> /dev/null || true
    echo "$library: FAILED with seed $seed"
  fi
  [ -z "${KEEP:-}" ] || cp "$calls" "$KEEP"
  rm -rf "$work/environment" "$work/log" "$work/table"
done
exit $failed
