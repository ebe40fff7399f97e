#!/usr/bin/env bash
# thinc's slanted triangle has rates below 0 within its own length, if its rise is not a whole number of steps.
. "$(dirname "$0")/common.sh"
pypi thinc==9.1.1

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
from thinc.api import slanted_triangular

schedule = slanted_triangular(1.0, num_steps=19)  # the rate rises for a tenth of them
rates = [schedule(step) for step in range(19)]
print(f"lowest {min(rates):.2f}, below 0 at {sum(rate < 0 for rate in rates)} of 19 steps")
END_OF_PROGRAM
)
finding "thinc 9.1.1" "lowest 0.03, below 0 at 0 of 19 steps" "lowest -0.94, below 0 at 9 of 19 steps" "$seen"
