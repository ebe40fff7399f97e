#!/usr/bin/env bash
# MXNet says that learning_rate overwrites its scheduler's rate, but a cosine uses the scheduler's default of 0.01.
. "$(dirname "$0")/common.sh"
pypi mxnet==1.9.1 numpy==1.23.5

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM' | tail -1
from mxnet import autograd, gluon, init
from mxnet.lr_scheduler import CosineScheduler

weight = gluon.Parameter("weight", shape=(1,))
weight.initialize(init.Zero())
trainer = gluon.Trainer([weight], "sgd", {"learning_rate": 0.1, "lr_scheduler": CosineScheduler(10)})
moves = []
for _ in range(4):
    before = weight.data().asscalar()
    with autograd.record():
        loss = weight.data().sum()  # has a gradient of 1
    loss.backward()
    trainer.step(1)
    moves.append(f"{before - weight.data().asscalar():.5f}")
print(*moves)  # MXNet has printed before that the rate was overwritten
END_OF_PROGRAM
)
finding "mxnet 1.9.1" \
  "0.10000 0.09755 0.09045 0.07939" \
  "0.00976 0.00905 0.00794 0.00655" "$seen"
