"""thinc 9.1.1 (spaCy)."""

from . import Library
from .say import (at_least, at_most, constant, exponential, inverse_time, linear, lines, of,
                  sequence, skip, take)

library = Library("thinc")


@library.call("compounding")
def compounding(start, stop, compound, t=0.0, run=None):
    curve = exponential(start * compound**t, compound, run)
    return at_least(curve, stop) if start > stop else at_most(curve, stop)


@library.call("warmup_linear")
def warmup_linear(initial_rate, warmup_steps, total_steps):
    steps = max(0, total_steps - warmup_steps)
    return sequence(linear(0, initial_rate, warmup_steps), linear(initial_rate, 0, steps))


@library.call("decaying")
def decaying(base_rate, decay, t=0.0):
    there = 1 + decay * t
    return inverse_time(base_rate / there, decay / there)


@library.call("cyclic_triangular")
def cyclic_triangular(min_lr, max_lr, period):
    return skip(of("cyclical", base_lr=min_lr, max_lr=max_lr, step_size=period), 1)


@library.call("slanted_triangular (num_steps*cut_frac whole, to num_steps)",
              "slanted_triangular (any num_steps, to the first negative rate)")
def slanted_triangular(max_rate, num_steps, cut_frac=0.1, ratio=32, t=0.0, cut_to=None, run=None):
    """The rate continues to fall below 0; the recording was cut off at cut_to."""
    cut = int(num_steps * cut_frac)
    fall = cut * (1 / cut_frac - 1)
    corners = [(0, max_rate / ratio), (cut, max_rate), (cut + fall, max_rate / ratio)]
    return lines([(x - t - 1, value) for x, value in corners], run)


@library.call("constant_then(decaying)")
def constant_then(rate, steps, schedule, run):
    return sequence(take(constant(rate), steps), skip(library.nested(schedule, run), steps))
