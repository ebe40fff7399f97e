#!/usr/bin/env bash
# Draws a small picture of every kind of schedule, for the README: ./examples/preview/gallery.sh PREVIEW [OUT_DIR]
# `gallery.sh --list` prints the notations, and `gallery.sh --table` the README's tables of them.
set -euo pipefail

# The file has one notation per kind, and the picture is named after the kind; a line `# title` begins a table.
kinds=$(dirname "$0")/kinds.txt
notations() { grep -v '^#' "$kinds"; }

# The schedules of the README's first figure, schedules.svg.
first=(
  'step_decay(base_lr=0.1, step_size=250)'
  'warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)'
  'piecewise_linear(steps=[0, 100, 700, 999], values=[0, 0.08, 0.08, 0])'
  'one_cycle(max_lr=0.09, steps=1000)'
  'cosine_restarts(base_lr=0.06, period=143, period_factor=2)'
)

case "${1:-}" in
  --list) notations ;;
  --table)
    awk '
      function flush() { if (n) { while (n++ < 3) row = row " |"; print row } n = 0; row = "|" }
      /^# / {
        flush()
        if (NR > 1) print ""
        print "**" substr($0, 3) "**\n\n| | | |\n|---|---|---|"
        next
      }
      {
        if (n == 3) flush()
        kind = substr($0, 1, index($0, "(") - 1)
        row = row " ![" kind "](examples/preview/gallery/" kind ".svg)<br>`" $0 "` |"
        n++
      }
      END { flush() }' "$kinds" ;;
  "" | -*) sed -n '2,3s/^# //p' "$0" >&2; exit 1 ;;
  *)
    preview=$1
    out=${2:-$(dirname "$0")/gallery}
    mkdir -p "$out"
    "$preview" "${first[@]}" --svg "$out/schedules.svg" > /dev/null
    notations | while read -r notation; do
      "$preview" "$notation" --steps 1000 --small --svg "$out/${notation%%(*}.svg" > /dev/null
    done
    # gnuplot defines shapes and opens groups that these pictures do not use.
    sed -i -z 's|<defs>.*</defs>\n||; s|<g [^>]*>\n</g>\n||g' "$out"/*.svg ;;
esac
