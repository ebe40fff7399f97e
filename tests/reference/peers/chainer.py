"""Chainer 7.8.0: extensions that a trigger calls, or every update if no trigger is given."""

from . import Library
from .say import (at_least, at_most, drops, exponential, held, inverse_time, linear, points,
                  polynomial, stairs)

library = Library("chainer")


def triggered(schedule, trigger):
    count, unit = trigger
    if unit != "iteration":
        raise ValueError(f"trigger {trigger}: the number of updates in an epoch is not known")
    return held(schedule, count)


def extension(name, *others):
    """Registers function(run, **arguments), and does what all extensions have in common."""
    def register(function):
        @library.call(name, *others)
        def notation(attr, init=None, target=None, trigger=(1, "iteration"), run=None, **args):
            start = {} if init is None else {"init": init}
            schedule = function(run=run, **start, **args)
            if target is not None:
                rising = target > init
                schedule = at_most(schedule, target) if rising else at_least(schedule, target)
            return triggered(schedule, trigger)
        return function
    return register


@extension("LinearShift")
def linear_shift(value_range, time_range, run):
    (start, end), (begin, last) = value_range, time_range
    return points([0, begin, last] if begin else [0, last], [start] * (2 if begin else 1) + [end])


@extension("WarmupShift")
def warmup_shift(warmup_start, warmup_iter, init, run):
    return linear(warmup_start, init, warmup_iter)


@extension("ExponentialShift", "ExponentialShift target")
def exponential_shift(rate, init, run):
    return exponential(init, rate, run)


@extension("InverseShift")
def inverse_shift(gamma, power, init, run):
    return inverse_time(init, gamma, power)


@extension("MultistepShift")
def multistep_shift(gamma, step_value, init, run):
    return drops(init, step_value, gamma)


@extension("PolynomialShift")
def polynomial_shift(rate, max_count, init, run):
    return polynomial(init, 0, max_count, rate)


@extension("StepShift")
def step_shift(gamma, step, init, run):
    return stairs(init, step, gamma, run)
