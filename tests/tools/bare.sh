#!/usr/bin/env bash
# Clones HEAD into newly made minimal Debian systems, and runs the README's two commands there, each twice, with g++.
# As root: ./tests/tools/bare.sh [SUITE...]   (default: bookworm trixie sid)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tools/bare_system.sh

result=0
[ $# -gt 0 ] || set -- bookworm trixie sid
for suite in "$@"; do
  make_system "$suite" "$suite"
  for command in ./examples/run.sh "CXX=g++ ./tests/run.sh" ./examples/run.sh "CXX=g++ ./tests/run.sh"; do
    run "$suite" "$command" "$command" || result=1
  done
  remove_system "$root/$suite"
done
exit $result
