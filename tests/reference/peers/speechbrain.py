"""SpeechBrain 1.1.2. Its schedulers are called after an update, so the first update has another rate."""

import math

from . import FLOAT32, Library
from .say import (constant, exponential, inverse_sqrt, inverse_time, late, linear, noam,
                  of, sequence, skip, stairs, swing, take, warmup)

library = Library("speechbrain")


@library.call("NoamScheduler after update")
def noam_scheduler(lr_initial, n_warmup_steps, model_size=None):
    if model_size is not None:
        return late(lr_initial, noam(model_size, n_warmup_steps, lr_initial))
    decay = inverse_sqrt(lr_initial, n_warmup_steps)
    return late(lr_initial, warmup(decay, n_warmup_steps - 1, lr_initial / n_warmup_steps))


@library.call("LinearWarmupScheduler")
def linear_warmup(initial_value, num_warmup_steps, num_training_steps):
    decay = linear(initial_value, 0, max(0, num_training_steps - num_warmup_steps))
    schedule = sequence(linear(0, initial_value, num_warmup_steps), decay)
    return late(initial_value, skip(schedule, 1))


@library.call("LinearNoamScheduler")
def linear_noam(lr_initial, n_warmup_steps, n_keep_steps):
    schedule = sequence(linear(0, lr_initial, n_warmup_steps),
                        take(constant(lr_initial), n_keep_steps),
                        inverse_time(lr_initial, 1 / n_warmup_steps))
    return late(lr_initial, skip(schedule, 1))


@library.call("InverseSquareRootScheduler")
def inverse_square_root(warmup_steps, lr):
    """lr is the optimizer's, which the scheduler ignores."""
    top = 1 / math.sqrt(max(1, warmup_steps))
    flat = take(constant(top), max(1, warmup_steps) - 1)
    return late(lr, sequence(flat, inverse_sqrt(top, max(1, warmup_steps))))


@library.call("CyclicCosineScheduler")
def cyclic_cosine(n_warmup_steps, lr_initial, total_steps=100000):
    turns = swing(lr_initial, total_steps)
    return late(lr_initial, skip(turns, (1 - n_warmup_steps) % (2 * total_steps)))


@library.call("WarmAndExpDecayLRSchedule")
def warm_and_exponential(lr, n_warmup_steps, total_steps, decay_factor=0.1, run=None):
    decay = exponential(lr, min(1, decay_factor), run, total_steps - n_warmup_steps)
    return late(lr, warmup(decay, n_warmup_steps))


@library.call("CyclicLRScheduler")
def cyclic(base_lr=0.001, max_lr=0.006, step_size=2000.0, mode="triangular", gamma=1.0):
    assert step_size == int(step_size), f"step_size {step_size} has no notation"
    return of("cyclical", base_lr=base_lr, max_lr=max_lr, step_size=int(step_size),
              cycle_scale=0.5 if mode == "triangular2" else 1,
              gamma=gamma if mode == "exp_range" else 1)


def steps_of(decay_factor, decay_drop, half_life):
    if half_life:
        return math.exp(-math.log(2) / half_life), 1
    return decay_factor or 0.5, decay_drop or 2


@library.call("StepScheduler old")
def step_old(initial_value, decay_factor=None, decay_drop=None, half_life=None, run=None):
    factor, drop = steps_of(decay_factor, decay_drop, half_life)
    return stairs(initial_value, drop, factor, run)


@library.call("StepScheduler")
def step_new(initial_value, decay_factor=None, decay_drop=None, half_life=None, run=None):
    factor, drop = steps_of(decay_factor, decay_drop, half_life)
    return late(initial_value, skip(stairs(initial_value, drop, factor, run + 2), 2))


@library.call("LinearScheduler", tolerance=FLOAT32)
def linear_scheduler(initial_value, final_value, epoch_count):
    if epoch_count == 1:
        return constant(initial_value)
    return linear(initial_value, final_value, epoch_count - 1)


@library.call("TriStageLRSchedule")
def tri_stage(lr, warmup_steps, hold_steps, decay_steps, total_steps=None, init_lr_scale=0.01,
              final_lr_scale=0.05, run=None):
    """It ignores total_steps: after decay_steps the rate continues to fall."""
    decay = exponential(lr, final_lr_scale, run, decay_steps)
    schedule = sequence(linear(init_lr_scale * lr, lr, warmup_steps),
                        take(constant(lr), hold_steps), decay)
    return late(lr, skip(schedule, 1))
