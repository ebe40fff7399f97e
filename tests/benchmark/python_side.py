"""What Python's peers of libsched take, in nanoseconds a name, as JSON: numpy for a million values at once,
PyTorch for one scheduler.step(): python_side.py CORE_BENCHMARK"""
import json
import platform
import statistics
import subprocess
import sys
import time
import warnings

import numpy
import torch

REPETITIONS = 15


def nanoseconds(function, calls):
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time_ns()
        for _ in range(calls):
            function()
        times.append((time.process_time_ns() - start) / calls)
    return statistics.median(times)


COUNT = 1_000_000


# Each kind's formula as numpy's users write it, after its notation, which is Python: of its fields the function that
# takes an array of steps. Those past an end are written only where an example goes there.
def constant(base_lr):
    def formula(t):
        return numpy.full(len(t), base_lr)
    formula.whole = lambda: numpy.full(COUNT, base_lr)
    return formula


def step_decay(base_lr, step_size, drop=0.5):
    return lambda t: base_lr * drop ** (t // step_size)


def multi_step_decay(base_lr, milestones, drop=0.1):
    return lambda t: base_lr * drop ** numpy.searchsorted(milestones, t, side="right")


def exponential_decay(base_lr, decay):
    return lambda t: base_lr * numpy.exp(-decay * t)


def cosine_decay(base_lr, steps, min_lr=0):
    def formula(t):
        return min_lr + 0.5 * (base_lr - min_lr) * (1 + numpy.cos(numpy.pi * t / steps))
    formula.steps = steps
    return formula


def inverse_time_decay(base_lr, decay, power=1):
    return lambda t: base_lr / (1 + decay * t) ** power


def inverse_sqrt(base_lr, timescale):
    return lambda t: base_lr * numpy.sqrt(timescale / (timescale + t))


def noam(d_model, warmup_steps, factor=1):
    return lambda t: factor * d_model ** -0.5 * numpy.minimum((t + 1) ** -0.5, (t + 1) * warmup_steps ** -1.5)


def sigmoid_decay(base_lr, midpoint, rate):
    return lambda t: base_lr / (1 + numpy.exp(rate * (t - midpoint)))


def cosine_power(base_lr, steps, min_lr=0, exponent=1, k_decay=1):
    return lambda t: (min_lr + (base_lr - min_lr)
                      * (0.5 * (1 + numpy.cos(numpy.pi * (t / steps) ** k_decay))) ** exponent)


def linear(start, end, steps):
    return lambda t: start + (end - start) * numpy.minimum(t, steps) / steps


def cosine(start, end, steps):
    return lambda t: start + (end - start) * 0.5 * (1 - numpy.cos(numpy.pi * t / steps))


def exponential(start, end, steps):
    return lambda t: start * (end / start) ** (t / steps)


def polynomial(start, end, steps, power=1):
    def formula(t):
        return end + (start - end) * (1 - t / steps) ** power
    formula.steps = steps
    return formula


def sqrt_cooldown(start, end, steps):
    return lambda t: end + (start - end) * (1 - numpy.sqrt(t / steps))


def tanh(start, end, steps, lower=-7, upper=3):
    return lambda t: end + (start - end) * 0.5 * (1 - numpy.tanh(lower + (upper - lower) * t / steps))


def rex(start, end, steps):
    def formula(t):
        x = t / steps
        return end + (start - end) * (1 - x) / (1 - x / 2)
    return formula


def logarithmic(start, end, steps):
    return lambda t: start + (end - start) * numpy.log1p(t) / numpy.log1p(steps)


def piecewise_constant(boundaries, values):
    return lambda t: numpy.array(values)[numpy.searchsorted(boundaries, t, side="right")]


def piecewise_linear(steps, values):
    return lambda t: numpy.interp(t, steps, values)


def cyclical(base_lr, max_lr, step_size, cycle_scale=1):
    def formula(t):
        cycle = numpy.floor(1 + t / (2 * step_size))
        x = numpy.abs(t / step_size - 2 * cycle + 1)
        return base_lr + (max_lr - base_lr) * numpy.maximum(0, 1 - x) * cycle_scale ** (cycle - 1)
    return formula


def cosine_restarts(base_lr, period, period_factor=1, min_lr=0, peak_factor=1):
    def equal(t):
        peak = base_lr * peak_factor ** (t // period)
        return min_lr + 0.5 * (peak - min_lr) * (1 + numpy.cos(numpy.pi * (t % period) / period))

    def formula(t):
        cycle = numpy.floor(numpy.log(1 + t / period * (period_factor - 1)) / numpy.log(period_factor))
        start = period * (period_factor ** cycle - 1) / (period_factor - 1)
        length = period * period_factor ** cycle
        return min_lr + 0.5 * (base_lr - min_lr) * (1 + numpy.cos(numpy.pi * (t - start) / length))
    return equal if period_factor == 1 else formula


def one_cycle(max_lr, steps, warmup_fraction=0.3, div_factor=25, final_div_factor=1e4):
    def formula(t):
        peak = warmup_fraction * steps - 1
        up, down = numpy.split(t, [int(peak) + 1])
        first = max_lr / div_factor
        return numpy.concatenate([cosine(first, max_lr, peak)(up),
                                  cosine(max_lr, first / final_div_factor, steps - 1 - peak)(down - peak)])
    return formula


def warmup(schedule, steps, start=0):
    def formula(t):
        before, after = numpy.split(t, [steps])
        return numpy.concatenate([start + (schedule(t[:1]) - start) * before / steps, schedule(after - steps)])
    return formula


def sequence(first, second):
    def formula(t):
        before, after = numpy.split(t, [first.steps])
        return numpy.concatenate([first(before), second(after - first.steps)])
    return formula


def take(schedule, steps):
    def formula(t):
        return schedule(numpy.minimum(t, steps))
    formula.steps = steps
    return formula


def skip(schedule, steps):
    return lambda t: schedule(numpy.minimum(t + steps, schedule.steps))


def reversed(schedule):
    return lambda t: schedule(schedule.steps - t)


def cooldown(schedule, after, steps, end=0):
    def formula(t):
        before, falling = numpy.split(t, [after])
        start = schedule(falling[:1])
        return numpy.concatenate([schedule(before), start + (end - start) * (falling - after) / steps])
    return formula


def scaled(schedule, factor):
    return lambda t: factor * schedule(t)


def clamped(schedule, min, max):
    return lambda t: numpy.clip(schedule(t), min, max)


def product(first, second):
    return lambda t: first(t) * second(t)


def sum(first, second):
    return lambda t: first(t) + second(t)


def difference(first, second):
    return lambda t: first(t) - second(t)


def minimum(first, second):
    return lambda t: numpy.minimum(first(t), second(t))


def maximum(first, second):
    return lambda t: numpy.maximum(first(t), second(t))


def repeat(schedule):
    return lambda t: schedule(t % schedule.steps)


def held(schedule, every):
    return lambda t: schedule(t // every)


def samples(core_benchmark):
    """Of each kind numpy's function for a million values, which begins without an array of steps, as sample() does."""
    functions = {}
    lines = subprocess.run([core_benchmark, "--notations"], check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in lines.splitlines():
        total, notation = line.split(" ", 1)
        kind = notation.split("(")[0]
        if kind not in globals():
            sys.exit(f"python_side.py: the kind {kind} has no formula: write {kind}(...) into {__file__}")
        formula = eval(notation)
        function = getattr(formula, "whole", lambda formula=formula: formula(numpy.arange(COUNT)))
        if not numpy.isclose(function().sum(), float(total), rtol=1e-9):
            sys.exit(f"python_side.py: the sum of a million values of {notation} is {function().sum()}, not {total}")
        functions[kind] = function
    return functions


def scheduler_of(make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    return make(optimizer, torch.optim.lr_scheduler)


SCHEDULERS = {
    "StepLR": lambda optimizer, peers: peers.StepLR(optimizer, 1_000_000, gamma=0.1),
    "CosineAnnealingLR": lambda optimizer, peers: peers.CosineAnnealingLR(optimizer, 100_000_000),
    "OneCycleLR": lambda optimizer, peers: peers.OneCycleLR(optimizer, 0.1, total_steps=100_000_000, cycle_momentum=False),
    "SequentialLR": lambda optimizer, peers: peers.SequentialLR(
        optimizer, [peers.LinearLR(optimizer, 0.1, total_iters=1000), peers.CosineAnnealingLR(optimizer, 100_000_000)],
        milestones=[1000]),
}

warnings.simplefilter("ignore")  # of a scheduler that is stepped without its optimizer
torch.set_num_threads(1)
print(json.dumps({
    "versions": f"Python {platform.python_version()}, numpy {numpy.__version__}, PyTorch {torch.__version__}",
    "nanoseconds":
        {f"sample/{name}/numpy": nanoseconds(formula, 3) for name, formula in samples(sys.argv[1]).items()} |
        {f"python/{name}/PyTorch": nanoseconds(scheduler_of(make).step, 2000) for name, make in SCHEDULERS.items()},
}))
