#!/usr/bin/env bash
# A plateau inside Paddle's LinearWarmup takes the step number for its metric, and so halves the rate.
. "$(dirname "$0")/common.sh"
pypi paddlepaddle==3.3.1

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
from paddle.optimizer.lr import LinearWarmup, ReduceOnPlateau

schedule = LinearWarmup(ReduceOnPlateau(0.5, factor=0.5, patience=2), warmup_steps=3, start_lr=0, end_lr=0.5)
rates = []
for _ in range(11):  # no metric is ever given
    rates.append(f"{schedule():.3f}")
    schedule.step()
print(*rates)
END_OF_PROGRAM
)
finding "paddlepaddle 3.3.1" \
  "0.000 0.167 0.333 0.500 0.500 0.500 0.500 0.500 0.500 0.500 0.500" \
  "0.000 0.167 0.333 0.500 0.500 0.500 0.250 0.250 0.250 0.125 0.125" "$seen"
