"""Keras 3.15.0 and commit 3422977, outside jit."""

from . import FLOAT32, Library
from .say import (constant, cosine_decay, cycling_polynomial, exponential, held,
                  inverse_time, of, polynomial, stages, stairs, warmup)

library = Library("keras")


@library.call("ExponentialDecay")
def exponential_decay(initial_learning_rate, decay_steps, decay_rate, staircase=False, run=None):
    if staircase:
        return stairs(initial_learning_rate, decay_steps, decay_rate, run)
    return exponential(initial_learning_rate, decay_rate, run, decay_steps)


@library.call("PolynomialDecay", "PolynomialDecay cycle=True (N terms for N cycles)")
def polynomial_decay(initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0,
                     cycle=False, run=None):
    if cycle:
        return cycling_polynomial(initial_learning_rate, end_learning_rate, decay_steps, power, run)
    return polynomial(initial_learning_rate, end_learning_rate, decay_steps, power)


@library.call("InverseTimeDecay", "InverseTimeDecay staircase")
def inverse_time_decay(initial_learning_rate, decay_steps, decay_rate, staircase=False):
    if staircase:
        return held(inverse_time(initial_learning_rate, decay_rate), decay_steps)
    return inverse_time(initial_learning_rate, decay_rate / decay_steps)


def cosine(initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0):
    """Without warmup_target there is no warm-up."""
    top = initial_learning_rate if warmup_target is None else warmup_target
    decay = cosine_decay(top, decay_steps, alpha * top)
    if warmup_target is None:
        return decay
    return warmup(decay, warmup_steps, initial_learning_rate)


library.call("CosineDecay")(cosine)
library.call("CosineDecay warmup", tolerance=FLOAT32)(cosine)


@library.call("CosineDecayRestarts")
def cosine_decay_restarts(initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0,
                          alpha=0.0):
    end = alpha * initial_learning_rate
    restarts = of("cosine_restarts", base_lr=initial_learning_rate - end, period=first_decay_steps,
                  period_factor=t_mul, peak_factor=m_mul)
    return of("sum", restarts, constant(end))


@library.call("PiecewiseConstantDecay")
def piecewise_constant_decay(boundaries, values):
    return stages([boundary + 1 for boundary in boundaries], values)
