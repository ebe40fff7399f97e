#!/usr/bin/env bash
# Runs all findings, or those that are named, and prints one line for each: findings/run.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- $(ls ./*.sh | sed -E 's|^\./(.*)\.sh$|\1|' | grep -vx 'common\|run')
result=0
for name in "$@"; do
  status=0
  output=$("./$name.sh" 2>&1) || status=$?
  case $status in
    0) echo "as recorded  $name: $(sed -n '2s/^# //p' "$name.sh")" ;;
    1) echo "CHANGED      $name" ;;
    *) echo "not run      $name" ;;
  esac
  [ $status -eq 0 ] || { result=1; sed 's/^/    /' <<< "$output"; }
done
exit $result
