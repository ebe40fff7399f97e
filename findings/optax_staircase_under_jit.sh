#!/usr/bin/env bash
# The same optax staircase drops one update later under jax.jit, because XLA multiplies by a rounded reciprocal.
. "$(dirname "$0")/common.sh"
pypi optax==0.2.8 jax==0.10.2

# 235 updates are an epoch of 60,000 samples in batches of 256.
seen=$(JAX_PLATFORMS=cpu "$python" - << 'END_OF_PROGRAM'
import jax
import optax

schedule = optax.exponential_decay(1.0, transition_steps=235, decay_rate=0.5, staircase=True)

def drops(rate):
    return [t for t in range(1, 1000) if rate(t) < rate(t - 1)]

print("plain", *drops(schedule), "jit", *drops(jax.jit(schedule)))
END_OF_PROGRAM
)
finding "optax 0.2.8, jax 0.10.2" \
  "plain 235 470 705 940 jit 235 470 705 940" \
  "plain 235 470 705 940 jit 236 471 705 941" "$seen"
