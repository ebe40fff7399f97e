#!/usr/bin/env bash
# Clones HEAD into minimal Debian systems, made afresh, and runs the README's two commands there, each twice.
# As root: ./tests/bare.sh [SUITE...]   (default: bookworm trixie)
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/packages debootstrap git

root=$(mktemp -d)
cleanup() {
  umount "$root"/*/proc 2> /dev/null || true
  rm -rf --one-file-system "$root"
}
trap cleanup EXIT

result=0
[ $# -gt 0 ] || set -- bookworm trixie
for suite in "$@"; do
  debootstrap --variant=minbase "$suite" "$root/$suite" > "$root/$suite.log" 2>&1 || { tail "$root/$suite.log"; exit 1; }
  git clone -q . "$root/$suite/root/libsched"
  mount -t proc proc "$root/$suite/proc"
  for command in ./examples/run.sh ./tests/run.sh ./examples/run.sh ./tests/run.sh; do
    start=$SECONDS
    verdict=pass
    chroot "$root/$suite" env -i PATH="$PATH" HOME=/root CI="${CI:-}" LC_ALL=C.UTF-8 \
      sh -c "cd /root/libsched && $command" > "$root/$suite.log" 2>&1 || verdict=FAIL
    printf '%-9s %-18s %s in %d s\n' "$suite" "$command" "$verdict" $((SECONDS - start))
    if [ "$verdict" = FAIL ]; then tail -n 40 "$root/$suite.log"; result=1; fi
  done
  umount "$root/$suite/proc"
  rm -rf --one-file-system "${root:?}/$suite"
done
exit $result
