#!/usr/bin/env bash
# Draws every kind of schedule small, for the README: ./examples/preview/gallery.sh PREVIEW [OUT_DIR]
# `gallery.sh --list` prints the notations, `gallery.sh --table` the README's tables of them.
set -euo pipefail

# The pictures are named after their kinds; a line `# title` begins a table.
notations() {
  cat << 'EOF'
# Decay
constant(base_lr=0.1)
step_decay(base_lr=0.1, step_size=200)
multi_step_decay(base_lr=0.1, milestones=[500, 800], drop=0.3)
exponential_decay(base_lr=0.1, decay=0.004)
cosine_decay(base_lr=0.1, steps=1000)
inverse_time_decay(base_lr=0.1, decay=0.01)
inverse_sqrt(base_lr=0.1, timescale=100)
noam(d_model=512, warmup_steps=200)
sigmoid_decay(base_lr=0.1, midpoint=500, rate=0.01)
# Ramps, from start to end
linear(start=0, end=0.1, steps=1000)
cosine(start=0, end=0.1, steps=1000)
exponential(start=0.001, end=0.1, steps=1000)
polynomial(start=0.1, end=0, steps=1000, power=2)
sqrt_cooldown(start=0.1, end=0, steps=1000)
piecewise_constant(boundaries=[300, 700], values=[0.05, 0.1, 0.02])
piecewise_linear(steps=[0, 100, 600, 999], values=[0, 0.1, 0.04, 0])
# Cycles
cyclical(base_lr=0.01, max_lr=0.1, step_size=125, cycle_scale=0.7)
cosine_restarts(base_lr=0.1, period=143, period_factor=2)
one_cycle(max_lr=0.1, steps=1000)
# Combinators, which make a schedule of schedules
warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)
sequence(take(constant(base_lr=0.1), steps=700), sqrt_cooldown(start=0.1, end=0, steps=300))
take(exponential_decay(base_lr=0.1, decay=0.004), steps=400)
scaled(cosine_decay(base_lr=0.1, steps=1000), factor=0.5)
clamped(exponential_decay(base_lr=0.1, decay=0.004), min=0.02, max=0.08)
product(cosine_decay(base_lr=0.1, steps=1000), step_decay(base_lr=1, step_size=250, drop=0.7))
repeat(polynomial(start=0.1, end=0.01, steps=250, power=2))
held(exponential_decay(base_lr=0.1, decay=0.3), every=100)
EOF
}

# Those of the README's first figure, schedules.svg.
first=(
  'step_decay(base_lr=0.1, step_size=250)'
  'warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)'
  'piecewise_linear(steps=[0, 100, 700, 999], values=[0, 0.08, 0.08, 0])'
  'one_cycle(max_lr=0.09, steps=1000)'
  'cosine_restarts(base_lr=0.06, period=143, period_factor=2)'
)

case "${1:-}" in
  --list) notations | grep -v '^#' ;;
  --table)
    notations | awk '
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
      END { flush() }' ;;
  "" | -*) sed -n '2,3s/^# //p' "$0" >&2; exit 1 ;;
  *)
    preview=$1
    out=${2:-$(dirname "$0")/gallery}
    mkdir -p "$out"
    "$preview" "${first[@]}" --svg "$out/schedules.svg" > /dev/null
    notations | grep -v '^#' | while read -r notation; do
      "$preview" "$notation" --steps 1000 --small --svg "$out/${notation%%(*}.svg" > /dev/null
    done
    # gnuplot defines shapes and opens groups that these pictures do not use.
    sed -i -z 's|<defs>.*</defs>\n||; s|<g [^>]*>\n</g>\n||g' "$out"/*.svg ;;
esac
