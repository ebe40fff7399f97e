"""Hugging Face transformers 5.23.0 and commit 005edacb. lr is the optimizer's."""

import math

from . import Library
from .say import (constant, cooldown, cosine, cosine_decay, curve, inverse_sqrt, linear, of,
                  polynomial, reversed_, sequence, skip, sqrt_cooldown, swing, take, warmup)

library = Library("transformers")


def turning(lr, steps, num_cycles, end, run):
    """num_cycles whole waves within the steps, and more after them."""
    if num_cycles == 0.5 and run <= steps + 1:
        return cosine_decay(lr, steps, end)
    half = max(1, steps) / (2 * num_cycles)
    if half == int(half):
        return swing(lr, int(half), end)
    return curve(lambda t: max(0, end + (lr - end) * 0.5 * (1 + math.cos(math.pi * t / half))), run)


@library.call("get_constant_schedule_with_warmup")
def constant_with_warmup(lr, num_warmup_steps):
    return warmup(constant(lr), num_warmup_steps)


@library.call("get_linear_schedule_with_warmup")
def linear_with_warmup(lr, num_warmup_steps, num_training_steps):
    decay = linear(lr, 0, max(0, num_training_steps - num_warmup_steps))
    return sequence(linear(0, lr, num_warmup_steps), decay)


@library.call("get_cosine_schedule_with_warmup")
def cosine_with_warmup(lr, num_warmup_steps, num_training_steps, num_cycles=0.5, run=None):
    steps = num_training_steps - num_warmup_steps
    return warmup(turning(lr, steps, num_cycles, 0, run - num_warmup_steps), num_warmup_steps)


@library.call("get_cosine_with_hard_restarts_schedule_with_warmup")
def hard_restarts(lr, num_warmup_steps, num_training_steps, num_cycles=1, run=None):
    """Cycles that begin between two steps, or late because of rounding, are written point by point."""
    steps = max(1, num_training_steps - num_warmup_steps)
    starts = [t * num_cycles for t in range(steps) if t * num_cycles % steps == 0]
    rounded = any(num_cycles * (start // num_cycles / steps) % 1 for start in starts)
    if steps % num_cycles == 0 and not rounded:
        cycle = cosine_decay(lr, steps // num_cycles)
        return warmup(of("repeat", cycle, times=num_cycles), num_warmup_steps)

    def formula(t):
        progress = t / steps
        if progress >= 1:
            return 0
        return lr * 0.5 * (1 + math.cos(math.pi * (num_cycles * progress % 1)))
    return warmup(curve(formula, max(1, run - num_warmup_steps)), num_warmup_steps)


@library.call("get_polynomial_decay_schedule_with_warmup")
def polynomial_with_warmup(lr, num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0):
    decay = polynomial(lr, lr_end, num_training_steps - num_warmup_steps, power)
    return warmup(decay, num_warmup_steps)


@library.call("get_inverse_sqrt_schedule")
def inverse_sqrt_with_warmup(lr, num_warmup_steps, timescale=None):
    return warmup(inverse_sqrt(lr, timescale or num_warmup_steps or 10_000), num_warmup_steps)


@library.call("get_cosine_with_min_lr_schedule_with_warmup")
def cosine_with_min_lr(lr, num_warmup_steps, num_training_steps, num_cycles=0.5, min_lr=None,
                       min_lr_rate=None, run=None):
    end = min_lr if min_lr is not None else min_lr_rate * lr
    steps = num_training_steps - num_warmup_steps
    return warmup(turning(lr, steps, num_cycles, end, run - num_warmup_steps), num_warmup_steps)


@library.call("get_cosine_with_min_lr_schedule_with_warmup_lr_rate")
def cosine_with_min_lr_late(lr, num_warmup_steps, num_training_steps, num_cycles=0.5, min_lr=None,
                            min_lr_rate=None, warmup_lr_rate=None, run=None):
    """The warm-up's last step is at lr, and the cosine's first step is left out.

    The rate would rise again after the cosine's last step, so that step is repeated.
    """
    warm = num_warmup_steps
    end = min_lr if min_lr is not None else min_lr_rate * lr
    steps = num_training_steps - warm
    decay = skip(turning(lr, steps, num_cycles, end, min(run - warm, steps) + 1), 1)
    if warm == 0:
        return decay
    start = lr / warm if warmup_lr_rate is None else warmup_lr_rate * lr
    return sequence(take(linear(start, lr, warm - 1) if warm > 1 else constant(start), warm), decay)


@library.call("get_wsd_schedule")
def wsd(lr, num_warmup_steps, num_decay_steps, num_training_steps=None, num_stable_steps=None,
        warmup_type="linear", decay_type="cosine", min_lr_ratio=0, num_cycles=0.5, run=None):
    low, warm = min_lr_ratio * lr, num_warmup_steps
    stable = (num_training_steps - warm - num_decay_steps if num_stable_steps is None
              else num_stable_steps)
    rise = {
        "linear": lambda: linear(low, lr, warm),
        "cosine": lambda: cosine(low, lr, warm),
        "1-sqrt": lambda: reversed_(sqrt_cooldown(lr, low, warm)),
    }[warmup_type]()
    if decay_type == "cosine" and num_cycles != 0.5:
        fall = turning(lr, num_decay_steps, num_cycles, low, run)
        rest = sequence(take(constant(lr), stable), take(fall, num_decay_steps), constant(low))
    else:
        shape = "sqrt" if decay_type == "1-sqrt" else decay_type
        rest = cooldown(constant(lr), stable, num_decay_steps, low, shape)
    return sequence(rise, rest) if warm else rest
