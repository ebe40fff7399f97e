"""MXNet 1.9.1. Its optimizer counts an update before it asks for the rate, so the first asks for that of 1."""

from . import Library
from .say import (at_least, constant, cosine_decay, drops, linear, polynomial, sequence, skip,
                  stairs, take)

library = Library("mxnet")


def warmed_up(decay, base_lr, warmup_steps, warmup_begin_lr, warmup_mode):
    """A warm-up of W steps takes W - 1 updates."""
    if warmup_steps == 0:
        return decay
    rise = (skip(linear(warmup_begin_lr, base_lr, warmup_steps), 1) if warmup_mode == "linear"
            else constant(warmup_begin_lr))
    return sequence(take(rise, warmup_steps - 1), decay)


@library.call("FactorScheduler", "FactorScheduler stop_factor_lr", "FactorScheduler warmup")
def factor_scheduler(step, factor=1, stop_factor_lr=1e-8, base_lr=0.01, warmup_steps=0,
                     warmup_begin_lr=0, warmup_mode="linear", run=None):
    """The steps to the next drop are also counted during the warm-up."""
    decay = at_least(stairs(base_lr, step, factor, run), stop_factor_lr)
    if base_lr < stop_factor_lr:  # it is not checked before the first drop
        decay = sequence(take(constant(base_lr), step), constant(stop_factor_lr))
    return warmed_up(skip(decay, max(0, warmup_steps - 1)), base_lr, warmup_steps, warmup_begin_lr,
                     warmup_mode)


@library.call("MultiFactorScheduler", "MultiFactorScheduler warmup")
def multi_factor_scheduler(step, factor=1, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0,
                           warmup_mode="linear"):
    decay = skip(drops(base_lr, step, factor), max(0, warmup_steps - 1))
    return warmed_up(decay, base_lr, warmup_steps, warmup_begin_lr, warmup_mode)


@library.call("CosineScheduler")
def cosine_scheduler(max_update, base_lr=0.01, final_lr=0, warmup_steps=0, warmup_begin_lr=0,
                     warmup_mode="linear"):
    decay = skip(cosine_decay(base_lr, max_update - warmup_steps, final_lr), int(warmup_steps == 0))
    return warmed_up(decay, base_lr, warmup_steps, warmup_begin_lr, warmup_mode)


@library.call("PolyScheduler", "PolyScheduler warmup constant")
def poly_scheduler(max_update, base_lr=0.01, pwr=2, final_lr=0, warmup_steps=0, warmup_begin_lr=0,
                   warmup_mode="linear"):
    decay = skip(polynomial(base_lr, final_lr, max_update - warmup_steps, pwr),
                 int(warmup_steps == 0))
    return warmed_up(decay, base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
