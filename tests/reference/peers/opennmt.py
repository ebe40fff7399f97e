"""OpenNMT-py 3.5.1, whose step is 1 at the first update."""

import math

from . import Library
from .say import constant, inverse_sqrt, noam, of, sequence, skip, stairs, take

library = Library("OpenNMT-py")


@library.call("noam")
def noam_(learning_rate=1.0, warmup_steps=4000, model_size=500):
    return noam(model_size, warmup_steps, learning_rate)


def dropping(lr, rate, decay_steps, start_step, run):
    """The first drop is at start_step itself."""
    fall = stairs(lr * rate, decay_steps, rate, run + decay_steps)
    if start_step < 1:
        return skip(fall, 1 - start_step)
    return sequence(take(constant(lr), start_step - 1), fall)


@library.call("noamwd")
def noam_with_drops(learning_rate=1.0, warmup_steps=4000, model_size=500, rate=0.5,
                    decay_steps=10000, start_step=50000, run=None):
    return of("product", noam(model_size, warmup_steps, learning_rate),
              dropping(1, rate, decay_steps, start_step, run))


@library.call("exponential (default)")
def exponential(learning_rate=1.0, rate=0.5, decay_steps=10000, start_step=50000, run=None):
    return dropping(learning_rate, rate, decay_steps, start_step, run)


@library.call("rsqrt")
def rsqrt(learning_rate=1.0, warmup_steps=4000):
    top = learning_rate / math.sqrt(max(1, warmup_steps))
    return sequence(take(constant(top), max(1, warmup_steps) - 1),
                    inverse_sqrt(top, max(1, warmup_steps)))
