"""pytorch-optimizer 4.1.0. With its own schedulers the first update is at min_lr."""

import math

from . import Library
from .say import (constant, cosine, cosine_decay, late, linear, of, polynomial, repeat,
                  reversed_, sequence, skip, sqrt_cooldown, stages, take, warmup)

library = Library("pytorch-optimizer")


@library.call("LinearScheduler")
def linear_scheduler(t_max, max_lr, min_lr=0.0, init_lr=0.0, warmup_steps=0):
    decay = linear(max_lr, min_lr, t_max - warmup_steps)
    return late(min_lr, warmup(decay, warmup_steps, init_lr))


@library.call("CosineScheduler")
def cosine_scheduler(t_max, max_lr, min_lr=0.0, init_lr=0.0, warmup_steps=0):
    decay = cosine_decay(max_lr, t_max - warmup_steps, min_lr)
    return late(min_lr, warmup(decay, warmup_steps, init_lr))


@library.call("REXScheduler")
def rex(t_max, max_lr=1.0, min_lr=0.0, init_lr=None, warmup_steps=None):
    """It has no warm-up. The last two arguments are recorded for all schedulers, and unused here."""
    return late(min_lr, skip(of("rex", start=max_lr, end=min_lr, steps=t_max), 1))


@library.call("PolyScheduler")
def poly(t_max, max_lr, min_lr=0.0, init_lr=0.0, warmup_steps=0, poly_order=0.5, run=None):
    """The rate rises without end, so the notation covers the run's steps."""
    top = min_lr + (max_lr - min_lr) * run**poly_order
    rise = reversed_(polynomial(top, min_lr, run, poly_order))
    return late(min_lr, sequence(linear(init_lr, max_lr, warmup_steps),
                                 take(constant(max_lr), 1), skip(rise, 1)))


@library.call("get_wsd_schedule", "get_wsd_schedule min_lr_ratio", "get_wsd_schedule 1-square")
def wsd(lr, num_warmup_steps, num_stable_steps, num_decay_steps, min_lr_ratio=0.0, num_cycles=0.5,
        cooldown_type="1-sqrt"):
    """Only the cosine falls to min_lr_ratio; the others fall to 0 and then jump up to it."""
    low, steps = min_lr_ratio * lr, num_decay_steps
    assert num_cycles == 0.5, f"num_cycles {num_cycles} has no notation"
    decay = {
        "cosine": lambda: cosine_decay(lr, steps, low),
        "linear": lambda: linear(lr, 0, steps),
        "1-sqrt": lambda: sqrt_cooldown(lr, 0, steps),
        "1-square": lambda: of("product", linear(lr, 2 * lr, steps), linear(1, 0, steps)),
    }[cooldown_type]()
    return sequence(linear(0, lr, num_warmup_steps), take(constant(lr), num_stable_steps),
                    take(decay, steps), constant(low))


@library.call("get_chebyshev_schedule")
def chebyshev(lr, num_epochs, is_warmup=False, run=None):
    """The notation has each value: the rates are an ordered list, not a curve."""
    if is_warmup:
        return constant(lr)
    count = 2 ** (int(math.log2(num_epochs - 1)) + 1) if num_epochs > 1 else 1
    order = [0]
    while len(order) < count - 2:
        order = [i for low in order for i in (low, 2 * len(order) - 1 - low)]
    order = [i for i in order if i < count]
    low, high = 0.05, 1.0
    rates = [lr / ((high + low) / 2 - (high - low) / 2 * math.cos((i + 0.5) * math.pi / count))
             for i in order]
    values = [rates[min(max(t - 2, 0), len(rates) - 1)] for t in range(run)]
    return stages(list(range(1, run)), values)


def warmup_restarts(first_cycle_steps, cycle_mult, max_lr, min_lr, warmup_steps, gamma, least, run):
    """ESPnet has the same schedule. The length of the warm-ups stays, and the rest of a cycle grows."""
    rest = first_cycle_steps - warmup_steps
    if cycle_mult == 1 and gamma == 1:
        cycle = warmup(cosine_decay(max_lr, rest, min_lr), warmup_steps, min_lr)
        schedule = repeat(cycle)
    elif cycle_mult == 1 and gamma < 1:
        peaks = repeat(warmup(cosine_decay(max_lr, rest), warmup_steps), gamma)
        lows = repeat(sequence(linear(min_lr, 0, warmup_steps), cosine(0, min_lr, rest)))
        schedule = of("sum", peaks, lows)
    else:
        parts, steps = [], 0
        while steps < run:
            parts += [linear(min_lr, max_lr, warmup_steps), cosine(max_lr, min_lr, rest)]
            steps += warmup_steps + rest
            max_lr, rest = max_lr * gamma, max(least, int(rest * cycle_mult))
        schedule = sequence(*parts)
    return schedule if warmup_steps else late(min_lr, skip(schedule, 1))


@library.call("CosineAnnealingWarmupRestarts", "CosineAnnealingWarmupRestarts gamma",
              "CosineAnnealingWarmupRestarts cycle_mult")
def restarts(first_cycle_steps, cycle_mult=1.0, max_lr=1e-4, min_lr=1e-6, warmup_steps=0, gamma=0.9,
             run=None):
    return warmup_restarts(first_cycle_steps, cycle_mult, max_lr, min_lr, warmup_steps, gamma, 1,
                           run)
