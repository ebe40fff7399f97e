"""ESPnet 202511."""

import math

from . import Library
from .pytorch_optimizer import warmup_restarts
from .say import (constant, inverse_sqrt, late, linear, natural_decay, noam, of, points,
                  sequence, skip, stairs, take, warmup)

library = Library("espnet")


@library.call("CosineAnnealingWarmupRestarts", "CosineAnnealingWarmupRestarts gamma")
def restarts(first_cycle_steps, cycle_mult=1.0, max_lr=0.1, min_lr=0.001, warmup_steps=0, gamma=1.0,
             run=None):
    return warmup_restarts(first_cycle_steps, cycle_mult, max_lr, min_lr, warmup_steps, gamma, 0,
                           run)


@library.call("WarmupLR")
def warmup_lr(lr, warmup_steps=25000):
    return warmup(inverse_sqrt(lr, warmup_steps), warmup_steps - 1, lr / warmup_steps)


@library.call("NoamLR")
def noam_lr(lr, model_size=320, warmup_steps=25000):
    return noam(model_size, warmup_steps, lr)


@library.call("ExponentialDecayWarmup", "ExponentialDecayWarmup warm_from_zero")
def exponential_decay_warmup(max_lr, min_lr, total_steps, warmup_steps=0, warm_from_zero=False,
                             optimizer_lr=None):
    """Not from zero, all but the first update of the warm-up are at the optimizer's own rate."""
    steps = total_steps - warmup_steps
    decay = natural_decay(max_lr, math.log(max_lr / min_lr) / steps)
    if warmup_steps == 0:
        return late(0 if warm_from_zero else max_lr, skip(decay, 1))
    rise = (skip(linear(max_lr / warmup_steps, max_lr, warmup_steps - 1), 1) if warm_from_zero
            else constant(optimizer_lr))
    return late(0 if warm_from_zero else max_lr, sequence(take(rise, warmup_steps - 1), decay))


@library.call("TristageLR")
def tristage(lr, max_steps=25000, warmup_ratio=0.1, hold_ratio=0.4, decay_ratio=0.5,
             init_lr_scale=0.01, final_lr_scale=0.01):
    steps = int(max_steps)
    warm, hold = int(steps * warmup_ratio), int(steps * hold_ratio)
    decay = steps - warm - hold
    fall = (of("exponential", start=lr, end=final_lr_scale * lr, steps=decay) if decay
            else constant(lr))
    return skip(sequence(linear(init_lr_scale * lr, lr, warm), take(constant(lr), hold), fall), 1)


@library.call("PiecewiseLinearWarmupLR")
def piecewise_linear_warmup(lr, warmup_steps_list=(0, 25000), warmup_lr_list=(0.0, 0.001)):
    last = warmup_steps_list[-1]
    rise = points(warmup_steps_list, warmup_lr_list)
    return skip(sequence(take(rise, last + 1), skip(inverse_sqrt(lr, last), 1)), 1)


@library.call("WarmupStepLR")
def warmup_step(lr, warmup_steps=25000, steps_per_epoch=10000, step_size=1, gamma=0.1, run=None):
    """Drops are counted from the start of the epoch in which the warm-up ends."""
    begin = warmup_steps // steps_per_epoch * steps_per_epoch
    rise = linear(lr / warmup_steps, lr, warmup_steps - 1)
    decay = stairs(lr, step_size * steps_per_epoch, gamma, run)
    return sequence(take(rise, warmup_steps), skip(decay, warmup_steps + 1 - begin))
