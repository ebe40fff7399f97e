"""DeepSpeed 0.19.0 and commit 38327e07f: the rate that step(t) sets."""

from . import Library
from .say import (cosine_decay, held, inverse_time, linear, of, points, sequence, skip, take)

library = Library("deepspeed")


def rise(warmup_type, start, end, steps):
    """The default reaches its end a step early; a warm-up has at least 2 steps."""
    if warmup_type == "linear":
        return linear(start, end, steps)
    return of("logarithmic", start=start, end=end, steps=steps - 1)


@library.call("WarmupLR")
def warmup_lr(warmup_min_lr=0.0, warmup_max_lr=None, warmup_num_steps=1000, warmup_type="log",
              lr=None):
    end = lr if warmup_max_lr is None else warmup_max_lr
    return rise(warmup_type, warmup_min_lr, end, max(2, warmup_num_steps))


@library.call("WarmupDecayLR")
def warmup_decay_lr(total_num_steps, warmup_min_lr=0.0, warmup_max_lr=0.001, warmup_num_steps=1000,
                    warmup_type="log", lr=None):
    """The rate falls to warmup_min_lr."""
    warm = max(2, warmup_num_steps)
    end = lr if warmup_max_lr is None else warmup_max_lr
    return sequence(take(rise(warmup_type, warmup_min_lr, end, warm), warm),
                    linear(end, warmup_min_lr, max(0, total_num_steps - warm)))


@library.call("WarmupCosineLR")
def warmup_cosine_lr(lr, total_num_steps, warmup_min_ratio=0.0, warmup_num_steps=1000,
                     cos_min_ratio=0.0001, warmup_type="log"):
    """The first step of the cosine is left out. Its last step is repeated for ever, or the rate would rise."""
    warm = max(2, warmup_num_steps)
    decay = cosine_decay(lr, total_num_steps - warm, cos_min_ratio * lr)
    return sequence(take(rise(warmup_type, warmup_min_ratio * lr, lr, warm), warm), skip(decay, 1))


@library.call("OneCycle")
def one_cycle(cycle_min_lr, cycle_max_lr, decay_lr_rate=0.0, cycle_first_step_size=2000,
              cycle_second_step_size=None, decay_step_size=0):
    turn = cycle_first_step_size
    end = turn + (turn if cycle_second_step_size is None else cycle_second_step_size)
    cycle = skip(points([0, turn, end], [cycle_min_lr, cycle_max_lr, cycle_min_lr]), 1)
    if decay_lr_rate == 0 or decay_step_size == 0:
        return cycle
    decay = inverse_time(cycle_min_lr, decay_lr_rate / decay_step_size)
    return sequence(take(cycle, end), skip(decay, 1))


@library.call("LRRangeTest")
def lr_range_test(lr_range_test_min_lr=1e-3, lr_range_test_step_size=2000,
                  lr_range_test_step_rate=1.0, lr_range_test_staircase=False, run=None):
    """The rate rises without end, so the notation covers the run's steps."""
    low, size, rate = lr_range_test_min_lr, lr_range_test_step_size, lr_range_test_step_rate
    steps = run + 1
    if lr_range_test_staircase:
        return skip(held(linear(low, low * (1 + rate * steps), steps), size), 1)
    return skip(linear(low, low * (1 + rate * steps / size), steps), 1)
