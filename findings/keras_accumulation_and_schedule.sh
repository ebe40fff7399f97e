#!/usr/bin/env bash
# With gradient accumulation Keras counts a schedule's steps in micro-batches, not in updates: a cosine of 10 updates ends in 2.
. "$(dirname "$0")/common.sh"
pypi keras==3.15.0 jax==0.10.2

seen=$(KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$python" - 2> log << 'END_OF_PROGRAM'
import keras
import numpy

cosine = keras.optimizers.schedules.CosineDecay(1.0, decay_steps=10)
optimizer = keras.optimizers.SGD(cosine, gradient_accumulation_steps=5)
weight = keras.Variable(numpy.zeros(1))
rates = []
for _ in range(4):  # each update is five micro-batches with a gradient of 1
    before = float(weight.numpy()[0])
    for _ in range(5):
        optimizer.apply([numpy.ones(1)], [weight])
    rates.append(f"{before - float(weight.numpy()[0]):.4f}")
print(*rates, "after", int(optimizer.iterations), "iterations")
END_OF_PROGRAM
)
finding "keras 3.15.0, jax 0.10.2" \
  "1.0000 0.9755 0.9045 0.7939 after 4 iterations" \
  "0.6545 0.0245 0.0000 0.0000 after 4 iterations" "$seen"
