"""pytorch-ignite 0.5.5. The names in parentheses are those of schedulers of torch.optim, of torch 2.15."""

import math

from . import Library
from .say import (cosine, drops, exponential, inverse_time, late, linear, lines, points, polynomial,
                  repeat, sequence, skip, stairs, swing, take, warmup)

library = Library("pytorch-ignite")


def cyclical(ramp, start_value, end_value, cycle_size, cycle_mult, start_value_mult, end_value_mult,
             warmup_duration, run):
    """The length, the start and the end of each cycle are multiplied by a factor."""
    def cycle(start, end):
        rise = [linear(end, start * start_value_mult, warmup_duration)] if warmup_duration else []
        return sequence(ramp(start, end, cycle_size), *rise)

    if cycle_mult == start_value_mult == end_value_mult == 1:
        return repeat(cycle(start_value, end_value))
    parts, steps = [], 0
    while steps < run:
        parts.append(cycle(start_value, end_value))
        steps += cycle_size + warmup_duration
        start_value, end_value = start_value * start_value_mult, end_value * end_value_mult
        cycle_size = int(cycle_size * cycle_mult)
        warmup_duration = int(warmup_duration * cycle_mult)
    return sequence(*parts)


def there_and_back(start, end, steps):
    return lines([(0, start), (steps / 2, end), (steps, start)], steps)


@library.call("LinearCyclicalScheduler", "LinearCyclicalScheduler monotonic")
def linear_cyclical(start_value, end_value, cycle_size, cycle_mult=1, start_value_mult=1,
                    end_value_mult=1, warmup_duration=0, monotonic=False, run=None):
    return cyclical(linear if monotonic else there_and_back, start_value, end_value, cycle_size,
                    cycle_mult, start_value_mult, end_value_mult, warmup_duration, run)


@library.call("CosineAnnealingScheduler", "CosineAnnealingScheduler cycle_mult",
              "CosineAnnealingScheduler cycle_mult 1.5",
              "CosineAnnealingScheduler warmup_duration")
def cosine_annealing(start_value, end_value, cycle_size, cycle_mult=1, start_value_mult=1,
                     end_value_mult=1, warmup_duration=0, run=None):
    return cyclical(cosine, start_value, end_value, cycle_size, cycle_mult, start_value_mult,
                    end_value_mult, warmup_duration, run)


@library.call("PiecewiseLinear")
def piecewise_linear(milestones_values):
    steps, values = zip(*milestones_values)
    return points(steps, values)


def schedulers(run):
    return {
        "ExponentialLR(opt, g)": lambda lr, gamma, T: exponential(lr, gamma, run),
        "StepLR(opt, T, g)": lambda lr, gamma, T: stairs(lr, T, gamma, run),
        "MultiStepLR": lambda lr, gamma, T: drops(lr, [T, 2 * T], gamma),
        "CosineAnnealingLR(opt, T)": lambda lr, gamma, T: swing(lr, T),
        "PolynomialLR(opt, T, 2)": lambda lr, gamma, T: polynomial(lr, 0, T, 2),
    }


def warmed_up(kind):
    @library.call(f"create_lr_scheduler_with_warmup({kind})")
    def with_warmup(lr, gamma, T, warmup_start_value, warmup_duration, run):
        schedule = schedulers(run)[kind](lr, gamma, T)
        return warmup(schedule, warmup_duration - 1, warmup_start_value)


for kind in ["ExponentialLR(opt, g)", "StepLR(opt, T, g)", "CosineAnnealingLR(opt, T)",
             "PolynomialLR(opt, T, 2)"]:
    warmed_up(kind)


@library.call("create_lr_scheduler_with_warmup warmup_end_value")
def with_warmup_to(lr, gamma, warmup_start_value, warmup_duration, warmup_end_value, run):
    rise = linear(warmup_start_value, warmup_end_value, warmup_duration - 1)
    steps = warmup_duration if warmup_end_value != lr else warmup_duration - 1
    return sequence(take(rise, steps), exponential(lr, gamma, run))


# LRScheduler steps a torch scheduler before each update and not after it.


@library.call("LRScheduler(ExponentialLR(opt, g))")
def ahead_exponential(lr, gamma, T, run):
    return skip(exponential(lr, gamma, run + 1), 1)


@library.call("LRScheduler(StepLR(opt, T, g))")
def ahead_step(lr, gamma, T, run):
    return stairs(lr, T, gamma, run)


@library.call("LRScheduler(MultiStepLR)")
def ahead_multi_step(lr, gamma, T):
    return drops(lr, [T, 2 * T], gamma)


@library.call("LRScheduler(CosineAnnealingLR(opt, T))")
def ahead_cosine(lr, gamma, T):
    return late(2 * lr / (1 + math.cos(math.pi / T)), skip(swing(lr, T), 1))


library.unsayable["LRScheduler(LinearLR(opt, f, total_iters=T))"] = (
    "the recorded arguments leave out f; LRScheduler(LinearLR), with start_factor, is compared")


@library.call("LRScheduler(LinearLR)")
def ahead_linear(lr, start_factor, total_iters):
    """The factor is applied twice, and the full rate is never reached."""
    return linear(lr * start_factor**2, lr * start_factor, total_iters)


@library.call("LRScheduler(LambdaLR)")
def ahead_lambda(lr, gamma, T):
    return inverse_time(lr, 0.1)  # the lambda is 1 / (1 + 0.1 t)


@library.call("LRScheduler(PolynomialLR(opt, 60, 2))")
def ahead_polynomial(lr, gamma, T):
    return skip(polynomial(lr, 0, 60 + 1, 2), 1)
