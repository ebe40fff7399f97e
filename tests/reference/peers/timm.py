"""timm 1.0.31 and commit aa4b5850, with t_in_epochs=False: the rate that step_update(t) sets."""

import math

from . import Library
from .say import (cosine_power, curve, drops, linear, of, polynomial, sequence, skip,
                  stairs, warmup)

library = Library("timm")


def cycles(schedule, share, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit, run):
    """A single cycle is a kind here. More cycles are a formula, because timm's may begin between steps."""
    if cycle_limit == 1 and cycle_mul == 1:
        return schedule

    def formula(t):
        i, length, since = t // t_initial, t_initial, t % t_initial
        if cycle_mul != 1:
            i = math.floor(math.log(1 - t / t_initial * (1 - cycle_mul), cycle_mul))
            length = cycle_mul**i * t_initial
            since = t - (1 - cycle_mul**i) / (1 - cycle_mul) * t_initial
        if i >= cycle_limit:
            return lr_min
        return lr_min + (lr * cycle_decay**i - lr_min) * share(since, length)
    return curve(formula, run)


def warmed_up(decay, lr, warmup_t, warmup_lr_init, warmup_prefix):
    """Without warmup_prefix the warm-up replaces the start of the decay."""
    if not warmup_t:
        return decay
    rest = decay if warmup_prefix else skip(decay, warmup_t)
    return sequence(linear(warmup_lr_init, lr, warmup_t), rest)


@library.call("CosineLRScheduler")
def cosine_scheduler(lr, t_initial, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1,
                     warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, k_decay=1.0, run=None):
    def share(since, length):
        return 0.5 * (1 + math.cos(math.pi * since**k_decay / length**k_decay))
    decay = cycles(cosine_power(lr, t_initial, lr_min, k_decay=k_decay), share, lr, t_initial,
                   lr_min, cycle_mul, cycle_decay, cycle_limit, run)
    return warmed_up(decay, lr, warmup_t, warmup_lr_init, warmup_prefix)


@library.call("TanhLRScheduler")
def tanh_scheduler(lr, t_initial, lb=-7.0, ub=3.0, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0,
                   cycle_limit=1, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, run=None):
    def share(since, length):
        return 0.5 * (1 - math.tanh(lb + (ub - lb) * since / length))
    single = of("tanh", start=lr, end=lr_min, steps=t_initial, lower=lb, upper=ub)
    decay = cycles(single, share, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit, run)
    if warmup_t and not warmup_prefix:
        return warmup(skip(decay, warmup_t), warmup_t, warmup_lr_init)
    return warmed_up(decay, lr, warmup_t, warmup_lr_init, True)


@library.call("PolyLRScheduler")
def poly_scheduler(lr, t_initial, power=0.5, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0,
                   cycle_limit=1, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, k_decay=1.0,
                   run=None):
    def share(since, length):
        return (1 - since**k_decay / length**k_decay) ** power
    single = polynomial(lr, lr_min, t_initial, power)
    if k_decay != 1:
        single = curve(lambda t: lr_min + (lr - lr_min) * share(min(t, t_initial), t_initial), run)
    decay = cycles(single, share, lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit, run)
    return warmed_up(decay, lr, warmup_t, warmup_lr_init, warmup_prefix)


@library.call("StepLRScheduler")
def step_scheduler(lr, decay_t, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=True,
                   run=None):
    decay = stairs(lr, decay_t, decay_rate, run)
    return warmed_up(decay, lr, warmup_t, warmup_lr_init, warmup_prefix)


@library.call("MultiStepLRScheduler")
def multi_step_scheduler(lr, decay_t, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0,
                         warmup_prefix=True):
    """A milestone b takes effect at b - 1."""
    decay = drops(lr, [milestone - 1 for milestone in decay_t], decay_rate)
    return warmed_up(decay, lr, warmup_t, warmup_lr_init, warmup_prefix)
