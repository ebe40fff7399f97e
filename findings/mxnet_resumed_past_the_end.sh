#!/usr/bin/env bash
# An MXNet cosine that has ended gives its last rate, but a new one, as in a resumed run, gives its peak at the same update.
. "$(dirname "$0")/common.sh"
pypi mxnet==1.9.1 numpy==1.23.5

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
from mxnet.lr_scheduler import CosineScheduler

make = lambda: CosineScheduler(max_update=10, base_lr=1, final_lr=0.1)
running, resumed = make(), make()
for update in range(20):
    running(update)
print("running", round(running(20), 6), "resumed", round(resumed(20), 6))
END_OF_PROGRAM
)
finding "mxnet 1.9.1" "running 0.1 resumed 0.1" "running 0.1 resumed 1" "$seen"
