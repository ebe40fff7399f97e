"""Composer (mosaicml) 0.32.1, in its Trainer, in which each batch has the rate of the previous one.

The recorded calls have one set of arguments for all schedulers: alpha_f is the alpha of ConstantScheduler,
and t_warmup is the step_size, t_0 or t_max of a scheduler without a warm-up.
"""

from . import Library
from .say import (constant, cosine_decay, drops, exponential, late, linear, of, polynomial,
                  sequence, stages, stairs, warmup)

library = Library("composer (mosaicml), real Trainer")


def batches(time, max_duration, dataloader_len):
    if isinstance(time, int):
        return time
    for unit, size in {"ba": lambda: 1, "ep": lambda: dataloader_len,
                       "dur": lambda: batches(max_duration, None, dataloader_len)}.items():
        if time.endswith(unit):
            return int(float(time[:-len(unit)]) * size())
    raise ValueError(f"a time must be in ba, ep or dur, got {time!r}")


def of_times(*names, gentle):
    """Registers function(lr, steps, warmup, alpha, gamma, milestones, epoch, run)."""
    def register(function):
        @library.call(*names)
        def notation(lr, max_duration, t_warmup, alpha_f=0.0, gamma=0.1, milestones=None,
                     dataloader_len=None, run=None):
            def count(time):
                return batches(time, max_duration, dataloader_len)
            warm, steps = count(t_warmup), count(max_duration)
            # Recorded calls without milestones had these.
            places = [warm, 3 * warm] if milestones is None else [count(m) for m in milestones]
            schedule = function(lr=lr, steps=steps, warm=warm, alpha=alpha_f, gamma=gamma,
                                milestones=places, epoch=dataloader_len, run=run)
            return late(lr if not gentle or warm == 0 else 0, schedule)
        return function
    return register


@of_times("CosineAnnealingWithWarmupScheduler", gentle=True)
def cosine_warm(lr, steps, warm, alpha, **_):
    decay = cosine_decay(lr, steps - warm, alpha * lr) if steps > warm else constant(lr)
    return warmup(decay, warm)


@of_times("LinearWithWarmupScheduler", gentle=True)
def linear_warm(lr, steps, warm, alpha, **_):
    return warmup(linear(lr, alpha * lr, steps - warm) if steps > warm else constant(lr), warm)


@of_times("PolynomialWithWarmupScheduler", gentle=True)
def polynomial_warm(lr, steps, warm, alpha, **_):
    return warmup(polynomial(lr, alpha * lr, steps - warm, 2) if steps > warm else constant(lr),
                  warm)


@of_times("ConstantWithWarmupScheduler", gentle=True)
def constant_warm(lr, warm, **_):
    return warmup(constant(lr), warm)


@of_times("MultiStepWithWarmupScheduler", gentle=True)
def multi_step_warm(lr, warm, milestones, gamma, **_):
    schedule = drops(lr, [milestone - warm for milestone in milestones], gamma)
    return sequence(linear(0, lr, warm), schedule)


@of_times("CosineAnnealingScheduler", gentle=False)
def cosine_all(lr, steps, alpha, **_):
    return cosine_decay(lr, steps, alpha * lr)


@of_times("LinearScheduler", gentle=False)
def linear_all(lr, steps, alpha, **_):
    return linear(lr, alpha * lr, steps)


@of_times("PolynomialScheduler", gentle=False)
def polynomial_all(lr, steps, alpha, **_):
    return polynomial(lr, alpha * lr, steps, 2)


@of_times("MultiStepScheduler", gentle=False)
def multi_step(lr, milestones, gamma, **_):
    return drops(lr, milestones, gamma)


@of_times("StepScheduler", gentle=False)
def step(lr, warm, gamma, run, **_):
    return stairs(lr, warm, gamma, run)


@of_times("ExponentialScheduler", gentle=False)
def exponential_all(lr, gamma, epoch, run, **_):
    return exponential(lr, gamma, run, epoch)


@of_times("CosineAnnealingWarmRestartsScheduler", gentle=False)
def restarts(lr, warm, alpha, **_):
    return of("cosine_restarts", base_lr=lr, period=warm, period_factor=2, min_lr=alpha * lr)


@library.call("ConstantScheduler")
def constant_until(lr, max_duration, t_warmup, alpha_f=1.0, gamma=None, dataloader_len=None):
    until = batches(t_warmup, max_duration, dataloader_len)
    return late(alpha_f * lr if until > 0 else lr, stages([until], [alpha_f * lr, lr]))
