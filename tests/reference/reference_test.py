"""Compares every kind of schedule with its peers, over random parameters: PyTorch itself, and the
formulas of optax, Keras, Hugging Face, timm, fairseq, DeepSpeed, Megatron-LM, darknet and Caffe
written out below.

    python3 reference_test.py EVALUATE        the program that evaluate.cpp makes

Each row is one function, which draws parameters and returns a notation and the peer's values for it.
The formulas follow the sources of optax (006cebd), Keras (2534b64), transformers (005edac), timm
(16664ea, tanh 0d4c04f), fairseq (2519cd4, cosine 1ab54f9), DeepSpeed (22779f2), Megatron-LM
(00caa53), darknet (004c8b6) and BVLC/caffe (e86b9cb).
"""

import math
import os
import random
import sys
import warnings
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Callable, NamedTuple

sys.dont_write_bytecode = True  # no __pycache__ next to the sources
from notation import evaluate, lines_of, relative

try:
    import torch
except ImportError as error:
    print(f"The oracle is missing: {error}. On Debian: apt-get install python3-torch")
    sys.exit(1 if os.environ.get("CI") else 77)
from torch.optim.lr_scheduler import (
    ChainedScheduler, ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR,
    ExponentialLR, LinearLR, MultiStepLR, OneCycleLR, PolynomialLR, SequentialLR, StepLR)
from torch.optim.swa_utils import SWALR

warnings.simplefilter("ignore")  # step(epoch) is deprecated, but it is the only way to the closed forms

SETS, STEPS = 50, 500
PYTORCH = "PyTorch " + torch.__version__.split("+")[0]

# A sum keeps the rounding error of its largest term (1e-16 of it), however small the sum is:
# 1 + cos(x) near x = pi, or (start - end) * x + end near a small end. So if either side adds,
# a value below a thousandth of the schedule's largest has its difference taken relative to that
# thousandth: 1e-12 then allows 1e-15 of the largest value. Kinds that only multiply get no floor.
SUM = 1e-3


class Row(NamedTuple):
    kind: str
    peer: str
    note: str
    floor: float  # differences are relative to the value, or to this part of the largest one
    tolerance: float
    draw: Callable  # random -> notation, the peer's values, and perhaps those of its closed form


rows = []


def row(kind, peer, note="", floor=0.0, tolerance=1e-12):
    def add(draw):
        rows.append(Row(kind, peer, note, floor, tolerance, draw))
        return draw
    return add


class Random(random.Random):
    def rate(self):
        return 10 ** self.uniform(-5, 0)

    def fraction(self):
        return self.uniform(0.01, 1)

    def steps(self, low=1, high=700):
        return self.randint(low, high)

    def increasing(self, low=1):
        return sorted(self.sample(range(low, STEPS), self.randint(1, 8)))


def scheduler_of(lr, make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr)
    scheduler = make(optimizer)
    optimizer.step()  # PyTorch expects one before the scheduler's; it does not change a rate
    return scheduler, lambda: optimizer.param_groups[0]["lr"]


def recurrence(lr, make, steps=STEPS):
    """The rates that a training loop gets: PyTorch calculates most rates from the previous one."""
    scheduler, rate = scheduler_of(lr, make)
    rates = [rate()]
    while len(rates) < steps:
        scheduler.step()
        rates.append(rate())
    return rates


def closed_form(lr, make, steps=STEPS):
    """The same rates from PyTorch's closed forms, each independent of the others."""
    scheduler, rate = scheduler_of(lr, make)
    return [(scheduler.step(t), rate())[1] for t in range(steps)]


def both_forms(lr, make, steps=STEPS):
    return recurrence(lr, make, steps), closed_form(lr, make, steps)


def formula(value):
    return [value(t) for t in range(STEPS)]


@row("constant", "PyTorch ConstantLR", "compared before total_iters, at which ConstantLR jumps")
def _(r):
    lr, factor = r.rate(), r.fraction()
    return (f"constant(base_lr={lr * factor})",
            *both_forms(lr, lambda o: ConstantLR(o, factor, STEPS)))


@row("step_decay", "PyTorch StepLR")
def _(r):
    lr, size, drop = r.rate(), r.steps(1, 100), r.uniform(0.3, 1)
    return (f"step_decay(base_lr={lr}, step_size={size}, drop={drop})",
            *both_forms(lr, lambda o: StepLR(o, size, drop)))


@row("multi_step_decay", "PyTorch MultiStepLR")
def _(r):
    lr, milestones, drop = r.rate(), r.increasing(), r.fraction()
    return (f"multi_step_decay(base_lr={lr}, milestones={milestones}, drop={drop})",
            *both_forms(lr, lambda o: MultiStepLR(o, milestones, drop)))


@row("exponential_decay", "PyTorch ExponentialLR", "gamma = e^-decay")
def _(r):
    lr, decay = r.rate(), r.rate()
    return (f"exponential_decay(base_lr={lr}, decay={decay})",
            *both_forms(lr, lambda o: ExponentialLR(o, math.exp(-decay))))


@row("cosine_decay", "PyTorch CosineAnnealingLR",
     "compared up to T_max, after which PyTorch rises again and libsched holds min_lr", SUM)
def _(r):
    lr, steps, low = r.rate(), r.steps(), r.choice([0, r.rate()])
    return (f"cosine_decay(base_lr={lr}, steps={steps}, min_lr={low})",
            *both_forms(lr, lambda o: CosineAnnealingLR(o, steps, low), min(steps + 1, STEPS)))


@row("cosine_decay", "optax cosine_decay_schedule", "alpha = min_lr / base_lr", SUM)
def _(r):
    lr, steps, alpha = r.rate(), r.steps(), r.choice([0, r.random()])
    def decayed(t):
        cosine = 0.5 * (1 + math.cos(math.pi * min(t, steps) / steps))
        return lr * ((1 - alpha) * cosine + alpha)
    return f"cosine_decay(base_lr={lr}, steps={steps}, min_lr={alpha * lr})", formula(decayed)


@row("cosine_power", "optax cosine_decay_schedule, exponent", "alpha = min_lr / base_lr", SUM)
def _(r):
    lr, steps, alpha, power = r.rate(), r.steps(), r.choice([0, r.random()]), r.uniform(0.3, 4)
    def decayed(t):
        cosine = 0.5 * (1 + math.cos(math.pi * min(t, steps) / steps))
        return lr * ((1 - alpha) * cosine ** power + alpha)
    return (f"cosine_power(base_lr={lr}, steps={steps}, min_lr={alpha * lr}, exponent={power})",
            formula(decayed))


@row("cosine_power", "timm CosineLRScheduler, k_decay", floor=SUM)
def _(r):
    lr, steps, low, k = r.rate(), r.steps(), r.choice([0, r.rate()]), r.uniform(0.3, 4)
    def decayed(t):
        return low + 0.5 * (lr - low) * (1 + math.cos(math.pi * t ** k / steps ** k))
    return (f"cosine_power(base_lr={lr}, steps={steps}, min_lr={low}, k_decay={k})",
            formula(lambda t: decayed(t) if t < steps else low))


@row("inverse_time_decay", "Keras InverseTimeDecay", "decay = decay_rate / decay_steps")
def _(r):
    lr, rate, steps = r.rate(), r.rate(), r.steps()
    return f"inverse_time_decay(base_lr={lr}, decay={rate / steps})", formula(
        lambda t: lr / (1 + rate * (t / steps)))


@row("inverse_time_decay", 'Caffe "inv"', "decay = gamma")
def _(r):
    lr, gamma, power = r.rate(), r.rate(), r.uniform(0, 3)
    return f"inverse_time_decay(base_lr={lr}, decay={gamma}, power={power})", formula(
        lambda t: lr * (1 + gamma * t) ** -power)


@row("inverse_sqrt", "fairseq inverse_sqrt", "compared after the warm-up; timescale = warmup_updates")
def _(r):
    lr, warmup = r.rate(), r.steps(1, 5000)
    return f"inverse_sqrt(base_lr={lr}, timescale={warmup})", formula(
        lambda t: lr * warmup ** 0.5 * (warmup + t) ** -0.5)


@row("noam", "the paper's equation 3",
     "it counts from 1; The Annotated Transformer uses its first value twice")
def _(r):
    d_model, warmup, factor = r.steps(1, 4096), r.steps(1, 1000), r.fraction()
    return f"noam(d_model={d_model}, warmup_steps={warmup}, factor={factor})", formula(
        lambda t: factor * d_model ** -0.5 * min((t + 1) ** -0.5, (t + 1) * warmup ** -1.5))


@row("sigmoid_decay", 'Caffe "sigmoid"',
     "rate = -gamma; Caffe's only rises, libsched's falls if rate > 0")
def _(r):
    lr, stepsize, gamma = r.rate(), r.steps(1, STEPS), r.choice([-1, 1]) * r.rate()
    return f"sigmoid_decay(base_lr={lr}, midpoint={stepsize}, rate={-gamma})", formula(
        lambda t: lr * (1 / (1 + math.exp(-gamma * (t - stepsize)))))


@row("linear", "PyTorch LinearLR", "PyTorch's factors are at most 1")
def _(r):
    lr, start, end, steps = r.rate(), r.fraction(), r.fraction(), r.steps()
    return (f"linear(start={start * lr}, end={end * lr}, steps={steps})",
            *both_forms(lr, lambda o: LinearLR(o, start, end, steps)))


@row("linear", "PyTorch SWALR, linear", floor=SUM)
def _(r):
    lr, end, steps = r.rate(), r.rate(), r.steps()
    return (f"linear(start={lr}, end={end}, steps={steps})",
            recurrence(lr, lambda o: SWALR(o, end, steps, "linear")))


@row("linear", "optax linear_schedule", "also with a start or an end of 0", SUM)
def _(r):
    start, end, steps = r.choice([0, r.rate()]), r.choice([0, r.rate()]), r.steps()
    return f"linear(start={start}, end={end}, steps={steps})", formula(
        lambda t: (start - end) * (1 - min(t, steps) / steps) + end)


@row("cosine", "PyTorch SWALR, cos", floor=SUM)
def _(r):
    lr, end, steps = r.rate(), r.rate(), r.steps()
    return (f"cosine(start={lr}, end={end}, steps={steps})",
            recurrence(lr, lambda o: SWALR(o, end, steps, "cos")))


@row("exponential", "optax exponential_decay", "decay_rate = end_value / init_value")
def _(r):
    start, end, steps = r.rate(), r.rate(), r.steps()
    stop = max if end < start else min
    return f"exponential(start={start}, end={end}, steps={steps})", formula(
        lambda t: stop(start * (end / start) ** (t / steps), end))


@row("exponential", "fairseq tri_stage", "compared in its decay stage")
def _(r):
    peak, scale, steps = r.rate(), r.rate(), r.steps()
    return f"exponential(start={peak}, end={peak * scale}, steps={steps})", formula(
        lambda t: peak * (math.exp(math.log(scale) / steps * t) if t <= steps else scale))


@row("polynomial", "PyTorch PolynomialLR", "end = 0")
def _(r):
    lr, steps, power = r.rate(), r.steps(), r.uniform(0.3, 4)
    return (f"polynomial(start={lr}, end=0, steps={steps}, power={power})",
            *both_forms(lr, lambda o: PolynomialLR(o, steps, power)))


@row("polynomial", "optax polynomial_schedule", "Keras PolynomialDecay is the same", SUM)
def _(r):
    start, end, steps, power = r.rate(), r.rate(), r.steps(), r.uniform(0.3, 4)
    return f"polynomial(start={start}, end={end}, steps={steps}, power={power})", formula(
        lambda t: (start - end) * (1 - min(t, steps) / steps) ** power + end)


@row("sqrt_cooldown", "Hägele et al. (2024), 1-sqrt", "their formula is for end = 0", SUM)
def _(r):
    start, end, steps = r.rate(), r.choice([0, r.rate()]), r.steps()
    return f"sqrt_cooldown(start={start}, end={end}, steps={steps})", formula(
        lambda t: end + (start - end) * (1 - math.sqrt(min(t, steps) / steps)))


@row("tanh", "timm TanhLRScheduler", floor=SUM)
def _(r):
    lr, end, steps = r.rate(), r.choice([0, r.rate()]), r.steps()
    lower, upper = r.uniform(-9, 0), r.uniform(0, 6)
    def decayed(t):
        x = t / steps
        return end + 0.5 * (lr - end) * (1 - math.tanh(lower * (1 - x) + upper * x))
    return (f"tanh(start={lr}, end={end}, steps={steps}, lower={lower}, upper={upper})",
            formula(lambda t: decayed(t) if t < steps else end))


@row("rex", "Chen et al. (2022), REX", "their formula is for end = 0", SUM)
def _(r):
    lr, end, steps = r.rate(), r.choice([0, r.rate()]), r.steps()
    def left(t):
        z = min(t, steps) / steps
        return (1 - z) / (1 / 2 + 1 / 2 * (1 - z))
    return (f"rex(start={lr}, end={end}, steps={steps})",
            formula(lambda t: end + (lr - end) * left(t)))


@row("logarithmic", "DeepSpeed WarmupLR", "steps = warmup_num_steps - 1", SUM)
def _(r):
    low, high, warmup = r.choice([0, r.rate()]), r.rate(), r.steps(2)
    def gamma(t):
        return 1 / math.log(warmup) * math.log(t + 1) if t < warmup else 1
    return (f"logarithmic(start={low}, end={high}, steps={warmup - 1})",
            formula(lambda t: low + (high - low) * gamma(t)))


@row("piecewise_constant", "optax piecewise_constant_schedule",
     "values = running product of the scales")
def _(r):
    boundaries = r.increasing()
    scales = [r.rate()] + [r.uniform(0.1, 3) for _ in boundaries]
    values = list(accumulate(scales, lambda a, b: a * b))
    return f"piecewise_constant(boundaries={boundaries}, values={values})", formula(
        lambda t: math.prod(scales[:1] + [s for b, s in zip(boundaries, scales[1:]) if t >= b]))


@row("piecewise_constant", "Keras PiecewiseConstantDecay",
     "Keras switches one step after its boundary: its b is b + 1 in libsched")
def _(r):
    boundaries = r.increasing()
    values = [r.rate() for _ in range(len(boundaries) + 1)]
    later = [b + 1 for b in boundaries]
    return f"piecewise_constant(boundaries={later}, values={values})", formula(
        lambda t: next((v for b, v in zip(boundaries, values) if t <= b), values[-1]))


@row("piecewise_linear", "optax piecewise_interpolate_schedule", "linear; steps[0] = 0", SUM)
def _(r):
    steps = [0] + r.increasing()
    values = [r.rate() for _ in steps]
    lines = list(zip(pairwise(steps), pairwise(values)))
    return f"piecewise_linear(steps={steps}, values={values})", formula(
        lambda t: next(((v1 - v0) * ((t - t0) / (t1 - t0)) + v0
                        for (t0, t1), (v0, v1) in lines if t0 <= t < t1), values[-1]))


def cyclical(mode, note):
    @row("cyclical", f"PyTorch CyclicLR, {mode}", note, SUM, tolerance=1e-10)
    def _(r):
        low, high, up = r.rate(), r.rate(), r.steps(1, 300)
        down = r.choice([None, r.steps(1, 300)])
        gamma = r.uniform(0.97, 1)
        fields = {"step_size_down": down, "cycle_scale": 0.5 if mode == "triangular2" else None,
                  "gamma": gamma if mode == "exp_range" else None}
        given = "".join(f", {name}={value}" for name, value in fields.items() if value is not None)
        return (f"cyclical(base_lr={low}, max_lr={high}, step_size={up}{given})",
                recurrence(low, lambda o: CyclicLR(o, low, high, up, down, mode, gamma,
                                                   cycle_momentum=False)))


lossy = "must agree to 1e-10, because PyTorch's 1 + t / size - cycle loses digits"
cyclical("triangular", lossy)
cyclical("triangular2", "cycle_scale = 0.5; " + lossy)
cyclical("exp_range", lossy)


def cosine_restarts(factor, note):
    @row("cosine_restarts", f"PyTorch CosineAnnealingWarmRestarts, T_mult = {factor}", note, SUM)
    def _(r):
        lr, period = r.rate(), r.steps(1, 200)
        low = r.choice([0, lr * r.random()])
        forms = both_forms(lr, lambda o: CosineAnnealingWarmRestarts(o, period, factor, low))
        return (f"cosine_restarts(base_lr={lr}, period={period}, period_factor={factor}, "
                f"min_lr={low})", *(forms if factor < 3 else forms[:1]))


cosine_restarts(1, "")
cosine_restarts(2, "")
cosine_restarts(3, "step(epoch) misses restarts, see below")


def cycles(period, factor):
    """The cycle of each step and the share of it that is done, both exact."""
    number, start, length = 0, Fraction(0), Fraction(period)
    for t in range(STEPS):
        if t >= start + length:  # the next cycle is not shorter, so no step passes two
            number, start, length = number + 1, start + length, length * Fraction(factor)
        yield number, float((t - start) / length)


def restarts(peer, note, factor):
    @row("cosine_restarts", peer, note, SUM)
    def _(r):
        lr, period, mul, decay = r.rate(), r.steps(1, 200), factor(r), r.fraction()
        low = lr * r.choice([0, r.random()])
        def value(number, x):
            peak = max(lr * decay ** number, low)
            return low + 0.5 * (peak - low) * (1 + math.cos(math.pi * x))
        return (f"cosine_restarts(base_lr={lr}, period={period}, period_factor={mul}, "
                f"min_lr={low}, peak_factor={decay})",
                [value(number, x) for number, x in cycles(period, mul)])


# timm's floor(log()) misses the same restarts as PyTorch's. Here a peak below lr_min is lr_min.
restarts("timm CosineLRScheduler, cycle_mul = 1, 2 or 3",
         "cycles computed exactly; libsched raises a peak below lr_min to lr_min", lambda r: r.randint(1, 3))
restarts("timm CosineLRScheduler, cycle_mul = 1.5 and others",
         "cycles computed exactly; libsched raises a peak below lr_min to lr_min",
         lambda r: r.choice([1.25, 1.5, 2.5, r.uniform(1.01, 3)]))


@row("cosine_restarts", "Keras CosineDecayRestarts, t_mul = 1.5", "alpha = 0; cycles computed exactly", SUM)
def _(r):
    lr, period, decay = r.rate(), r.steps(1, 200), r.fraction()
    return (f"cosine_restarts(base_lr={lr}, period={period}, period_factor=1.5, "
            f"peak_factor={decay})",
            [lr * decay ** number * 0.5 * (1 + math.cos(math.pi * x))
             for number, x in cycles(period, 1.5)])


def one_cycle(anneal, three_phase):
    @row("one_cycle", f"PyTorch OneCycleLR, {anneal}" + three_phase * ", three_phase",
         "compared up to the last step, after which PyTorch bounces and libsched holds", SUM)
    def _(r):
        high, steps, fraction = r.rate(), r.steps(2), r.random()
        div, final = r.uniform(1, 50), 10 ** r.uniform(0, 5)
        make = lambda o: OneCycleLR(
            o, high, steps, pct_start=fraction, anneal_strategy=anneal.replace("cosine", "cos"),
            cycle_momentum=False, div_factor=div, final_div_factor=final, three_phase=three_phase)
        return (f"one_cycle(max_lr={high}, steps={steps}, warmup_fraction={fraction}, "
                f"div_factor={div}, final_div_factor={final}, anneal={anneal}, "
                f"three_phase={str(three_phase).lower()})",
                recurrence(high, make, min(steps, STEPS)))


for anneal in "cosine", "linear":
    for three_phase in False, True:
        one_cycle(anneal, three_phase)


def factor_part(r, lr):
    """A schedule from lr whose PyTorch recurrence only multiplies, so that it can be combined with others."""
    n, x, power = r.steps(1, 200), r.uniform(0.7, 1), r.uniform(0.3, 4)
    return r.choice([
        (f"step_decay(base_lr={lr}, step_size={n}, drop={x})",
         lambda o: StepLR(o, n, x)),
        (f"exponential_decay(base_lr={lr}, decay={x / n})",
         lambda o: ExponentialLR(o, math.exp(-x / n))),
        (f"polynomial(start={lr}, end=0, steps={n}, power={power})",
         lambda o: PolynomialLR(o, n, power)),
        (f"cosine_decay(base_lr={lr}, steps={STEPS + n})",
         lambda o: CosineAnnealingLR(o, STEPS + n))])


def part(r, lr):
    """Any schedule that starts at lr, and its PyTorch scheduler."""
    n, low = r.steps(1, 200), lr * r.random()
    return r.choice([
        factor_part(r, lr),
        (f"cosine_decay(base_lr={lr}, steps={STEPS + n}, min_lr={low})",
         lambda o: CosineAnnealingLR(o, STEPS + n, low)),
        (f"cosine_restarts(base_lr={lr}, period={n}, period_factor=2, min_lr={low})",
         lambda o: CosineAnnealingWarmRestarts(o, n, 2, low))])


def joined(makes, milestones):
    return lambda o: SequentialLR(o, [make(o) for make in makes], milestones)


@row("sequence", "PyTorch SequentialLR", "a SequentialLR inside another raises an error or, in 1.13, starts at a wrong rate", SUM)
def _(r):
    lr, milestones = r.rate(), r.increasing()
    lengths = [b - a for a, b in pairwise([0] + milestones)]
    parts, makes = zip(*(part(r, lr) for _ in range(len(lengths) + 1)))
    taken = [f"take({p}, steps={n})" for p, n in zip(parts, lengths)]
    return (f"sequence({', '.join(taken)}, {parts[-1]})",
            recurrence(lr, joined(makes, milestones)))


@row("sequence", "optax join_schedules", "warm-up, stable, 1-sqrt decay (WSD)")
def _(r):
    lr, up, flat, down = r.rate(), r.steps(), r.steps(), r.steps()
    def join(t):
        if t < up: return lr * t / up
        if t < up + flat: return lr
        return lr * (1 - math.sqrt(min(1, (t - up - flat) / down)))
    return (f"sequence(linear(start=0, end={lr}, steps={up}), "
            f"take(constant(base_lr={lr}), steps={flat}), "
            f"sqrt_cooldown(start={lr}, end=0, steps={down}))", formula(join))


@row("warmup", "PyTorch SequentialLR of LinearLR and another", floor=SUM)
def _(r):
    lr, steps, start = r.rate(), r.steps(1, 300), r.fraction()
    rest, make = part(r, lr)
    return (f"warmup({rest}, steps={steps}, start={start * lr})",
            recurrence(lr, joined([lambda o: LinearLR(o, start, 1, steps), make], [steps])))


def hugging_face(name, notation, decay, note="", floor=0.0):
    """A line from 0 to lr, then lr * decay(steps since, steps that it takes, power, end / lr)."""
    @row("warmup", f"Hugging Face get_{name}", "the first value is 0" + note, floor)
    def _(r):
        lr, warmup = r.rate(), r.steps(1, 300)
        left, power, end = r.steps(), r.uniform(0.3, 4), r.random()
        schedule = notation.format(lr=lr, left=left, power=power, end=end * lr)
        return f"warmup({schedule}, steps={warmup})", formula(
            lambda t: lr * (t / warmup if t < warmup else decay(t - warmup, left, power, end)))


hugging_face("constant_schedule_with_warmup", "constant(base_lr={lr})",
             lambda t, left, power, end: 1)
hugging_face("linear_schedule_with_warmup", "linear(start={lr}, end=0, steps={left})",
             lambda t, left, power, end: max(0, (left - t) / left))
hugging_face("cosine_schedule_with_warmup", "cosine_decay(base_lr={lr}, steps={left})",
             lambda t, left, power, end: 0.5 * (1 + math.cos(math.pi * min(t, left) / left)),
             "; after its end Hugging Face rises again", SUM)
hugging_face("polynomial_decay_schedule_with_warmup",
             "polynomial(start={lr}, end={end}, steps={left}, power={power})",
             lambda t, left, power, end: (1 - end) * (1 - min(t, left) / left) ** power + end)
hugging_face("inverse_sqrt_schedule", "inverse_sqrt(base_lr={lr}, timescale={left})",
             lambda t, left, power, end: 1 / math.sqrt((t + left) / left))


@row("take", "PyTorch, no scheduler.step() after that", floor=SUM)
def _(r):
    lr, steps = r.rate(), r.steps(1, STEPS)
    inner, make = part(r, lr)
    return f"take({inner}, steps={steps})", recurrence(lr, make, min(steps + 1, STEPS))


@row("scaled", "PyTorch ChainedScheduler of ConstantLR and another", floor=SUM)
def _(r):
    lr, factor = r.rate(), r.fraction()
    inner, make = factor_part(r, lr)
    return f"scaled({inner}, factor={factor})", recurrence(
        lr, lambda o: ChainedScheduler([ConstantLR(o, factor, STEPS), make(o)]))


@row("clamped", "optax exponential_decay with end_value", "end_value is min; jnp.minimum with max is applied to it")
def _(r):
    lr, rate, steps = r.rate(), r.fraction(), r.steps(1, 200)
    end, most = sorted([lr * r.random(), lr * r.random()])
    inner = f"exponential_decay(base_lr={lr}, decay={-math.log(rate) / steps})"
    return f"clamped({inner}, min={end}, max={most})", formula(
        lambda t: min(max(lr * rate ** (t / steps), end), most))


@row("product", "PyTorch ChainedScheduler", floor=SUM)
def _(r):
    lr, start, end, steps = r.rate(), r.fraction(), r.fraction(), r.steps()
    parts, makes = zip(factor_part(r, lr), factor_part(r, 1), (
        f"linear(start={start}, end={end}, steps={steps})",
        lambda o: LinearLR(o, start, end, steps)))
    return f"product({', '.join(parts)})", recurrence(
        lr, lambda o: ChainedScheduler([make(o) for make in makes]))


@row("repeat", "PyTorch CosineAnnealingWarmRestarts", floor=SUM)
def _(r):
    lr, period, low = r.rate(), r.steps(1, 200), r.rate()
    return (f"repeat(cosine_decay(base_lr={lr}, steps={period}, min_lr={low}))",
            *both_forms(lr, lambda o: CosineAnnealingWarmRestarts(o, period, 1, low)))


@row("repeat", "PyTorch SequentialLR of equal LinearLRs", "times=")
def _(r):
    lr, start, end = r.rate(), r.fraction(), r.fraction()
    steps, times = r.steps(1, 100), r.steps(1, 8)
    makes = [lambda o: LinearLR(o, start, end, steps)] * times
    return (f"repeat(linear(start={start * lr}, end={end * lr}, steps={steps}), times={times})",
            recurrence(lr, joined(makes, [steps * i for i in range(1, times)])))


@row("repeat", "Keras CosineDecayRestarts, t_mul = 1", "factor = m_mul; alpha = 0", SUM)
def _(r):
    lr, period, decay = r.rate(), r.steps(1, 200), r.fraction()
    return (f"repeat(cosine_decay(base_lr={lr}, steps={period}), factor={decay})",
            formula(lambda t: lr * decay ** (t // period) * 0.5
                              * (1 + math.cos(math.pi * (t % period / period)))))


@row("repeat", "fairseq cosine, t_mult = 1", "factor = lr_shrink, which also multiplies its min_lr", SUM)
def _(r):
    high, low, period, shrink = r.rate(), r.rate(), r.steps(1, 200), r.fraction()
    def shrunk(t):
        least, most = low * shrink ** (t // period), high * shrink ** (t // period)
        return least + 0.5 * (most - least) * (1 + math.cos(math.pi * (t % period) / period))
    return (f"repeat(cosine_decay(base_lr={high}, steps={period}, min_lr={low}), factor={shrink})",
            formula(shrunk))


@row("skip", "timm CosineLRScheduler, warmup_t", "with timm's default, warmup_prefix=False", SUM)
def _(r):
    lr, warmup, init, low = r.rate(), r.steps(1, 200), r.rate(), r.choice([0, r.rate()])
    steps = warmup + r.steps()
    def value(t):
        if t < warmup: return init + t * ((lr - init) / warmup)
        if t < steps: return low + 0.5 * (lr - low) * (1 + math.cos(math.pi * t / steps))
        return low
    decay = f"cosine_decay(base_lr={lr}, steps={steps}, min_lr={low})"
    return (f"sequence(linear(start={init}, end={lr}, steps={warmup}), "
            f"skip({decay}, steps={warmup}))", formula(value))


@row("reversed", "darknet burn_in", "t = its batch_num, which is 1 at the first update")
def _(r):
    lr, burn_in, power = r.rate(), r.steps(), r.choice([4, r.uniform(0.3, 4)])
    rise = f"reversed(polynomial(start={lr}, end=0, steps={burn_in}, power={power}))"
    return (f"sequence({rise}, constant(base_lr={lr}))",
            formula(lambda t: lr * (t / burn_in) ** power if t < burn_in else lr))


@row("cooldown", "Hugging Face get_wsd_schedule", "linear, cosine and 1-sqrt", SUM)
def _(r):
    lr, stable, steps, ratio = r.rate(), r.steps(0, 300), r.steps(1, 300), r.choice([0, r.random()])
    shape, left = r.choice([("linear", lambda x: 1 - x), ("sqrt", lambda x: 1 - math.sqrt(x)),
                            ("cosine", lambda x: 0.5 * (1 + math.cos(math.pi * x)))])
    def factor(t):
        if t < stable: return 1
        if t < stable + steps: return left((t - stable) / steps) * (1 - ratio) + ratio
        return ratio
    return (f"cooldown(constant(base_lr={lr}), after={stable}, steps={steps}, end={ratio * lr}, "
            f"shape={shape})", formula(lambda t: lr * factor(t)))


@row("sum", "Keras CosineDecayRestarts, alpha and m_mul", "cycles computed exactly", SUM)
def _(r):
    lr, period, mul = r.rate(), r.steps(1, 200), r.choice([1, 1.5, 2])
    decay, alpha = r.fraction(), r.random()
    def value(number, x):
        cosine = 0.5 * decay ** number * (1 + math.cos(math.pi * x))
        return lr * ((1 - alpha) * cosine + alpha)
    return (f"sum(cosine_restarts(base_lr={(1 - alpha) * lr}, period={period}, "
            f"period_factor={mul}, peak_factor={decay}), constant(base_lr={alpha * lr}))",
            [value(number, x) for number, x in cycles(period, mul)])


@row("difference", "Hugging Face Adafactor", "Adafactor's beta2, 1 - n^-0.8 with n = t + 1", SUM)
def _(r):
    power = r.choice([0.8, r.fraction()])
    return (f"difference(constant(base_lr=1), inverse_time_decay(base_lr=1, decay=1, power={power}))",
            formula(lambda t: 1 - (t + 1) ** -power))


@row("difference", "Megatron-LM WSD, exponential decay", "2 * 0.5 ** x - 1, from max_lr to min_lr", SUM)
def _(r):
    high, stable, steps = r.rate(), r.steps(0, 300), r.steps(1, 300)
    low = high * r.random()
    def value(t):
        if t < stable: return high
        if t >= stable + steps: return low
        return low + (2 * 0.5 ** ((t - stable) / steps) - 1) * (high - low)
    decay = f"exponential(start=2, end=1, steps={steps})"
    part = f"difference(sequence(take(constant(base_lr=2), steps={stable}), {decay}), constant(base_lr=1))"
    return f"sum(scaled({part}, factor={high - low}), constant(base_lr={low}))", formula(value)


@row("minimum", "the paper's equation 3", "its two parts are the terms of the minimum in Noam's formula")
def _(r):
    d_model, warmup = r.steps(1, 4096), r.steps(1, 1000)
    scale, slope = d_model ** -0.5, d_model ** -0.5 * warmup ** -1.5
    rise = f"linear(start={slope}, end={slope * (STEPS + 1)}, steps={STEPS})"
    fall = f"inverse_time_decay(base_lr={scale}, decay=1, power=0.5)"
    return (f"minimum({rise}, {fall})",
            formula(lambda t: d_model ** -0.5 * min((t + 1) ** -0.5, (t + 1) * warmup ** -1.5)))


@row("maximum", "Megatron-LM inverse-square-root", "compared before lr_decay_steps, at which Megatron-LM jumps to min_lr")
def _(r):
    high, warmup = r.rate(), r.steps(1, 300)
    low = high * r.random()
    def value(t):
        if t <= warmup: return high * t / warmup
        return max(low, high * warmup ** 0.5 / t ** 0.5)
    fall = f"maximum(inverse_sqrt(base_lr={high}, timescale={warmup}), constant(base_lr={low}))"
    return f"warmup({fall}, steps={warmup})", formula(value)


@row("held", "PyTorch, scheduler.step() once per epoch", floor=SUM)
def _(r):
    lr, every = r.rate(), r.steps(1, 50)
    inner, make = part(r, lr)
    epochs = recurrence(lr, make, -(-STEPS // every))
    return f"held({inner}, every={every})", [lr for lr in epochs for _ in range(every)][:STEPS]


# Cases in which PyTorch is wrong: what it does, a schedule, a step, the true rate, PyTorch's rates.
peer_faults = [
    ("CosineAnnealingLR rises again after T_max",
     "cosine_decay(base_lr=0.1, steps=100)", 200, 0,
     lambda: recurrence(0.1, lambda o: CosineAnnealingLR(o, 100), 201)),
    ("OneCycleLR bounces after its last step",
     "one_cycle(max_lr=0.1, steps=100)", 100, 0.1 / 25 / 1e4,
     lambda: recurrence(0.1, lambda o: OneCycleLR(o, 0.1, 100, cycle_momentum=False), 101)),
    ("OneCycleLR falls below 0 after its last step",
     "one_cycle(max_lr=0.1, steps=100, anneal=linear)", 100, 0.1 / 25 / 1e4,
     lambda: recurrence(0.1, lambda o: OneCycleLR(
         o, 0.1, 100, anneal_strategy="linear", cycle_momentum=False), 101)),
    ("CosineAnnealingWarmRestarts.step(epoch) misses the restart at 121 T_0",
     "cosine_restarts(base_lr=0.1, period=10, period_factor=3)", 1210, 0.1,
     lambda: closed_form(0.1, lambda o: CosineAnnealingWarmRestarts(o, 10, 3), 1211))]


def main(program):
    passed, failures = 0, []

    def check(good, message):
        nonlocal passed
        passed += bool(good)
        if not good:
            failures.append(message())

    kinds = lines_of(program, "--kinds")
    for kind in kinds:
        check(any(row.kind == kind for row in rows), lambda: f"{kind} has no row")

    drawn = [(row, *row.draw(Random(f"{row.peer} {i}"))) for row in rows for i in range(SETS)]
    asked = [(STEPS, notation) for _, notation, *_ in drawn]
    asked += [(step + 1, notation) for _, notation, step, *_ in peer_faults]
    values = evaluate(program, asked)

    form_names = "step()", "step(epoch)"
    worst = {}
    for (row, notation, *forms), ours in zip(drawn, values):
        for form, theirs in zip(form_names, forms):
            theirs += theirs[-1:] * (STEPS - len(theirs))  # after a peer's end, libsched holds its final value
            least = row.floor * max(theirs)
            difference, t = max((relative(ours[t], theirs[t], least), t) for t in range(STEPS))
            worst[row, form] = max(difference, worst.get((row, form), 0))
            check(difference <= row.tolerance, lambda: (
                f"{row.kind} against {row.peer}, {form}: {notation} at step {t}: "
                f"libsched {ours[t]}, peer {theirs[t]}, relative difference {difference:.1e}"))

    print("| kind | peer | compared with | sets | steps | largest relative difference | difference from step(epoch) | note |")
    print("|---|---|---|---|---|---|---|---|")
    for row in sorted(rows, key=lambda row: kinds.index(row.kind)):
        found = [f"{worst[row, f]:.1e}" if (row, f) in worst else "" for f in form_names]
        peer = row.peer.replace("PyTorch", PYTORCH)
        by = "its own code" if row.peer.startswith("PyTorch") else "its formula"
        print("|", " | ".join([row.kind, peer, by, str(SETS), str(STEPS), *found, row.note]), "|")

    print("\nDifferences are relative to the value; if either formula contains a sum, to at least a "
          "thousandth of the schedule's largest value.")

    print(f"\n| where {PYTORCH} is wrong | schedule | step | PyTorch | libsched |")
    print("|---|---|---|---|---|")
    for (fault, notation, step, truth, peer), ours in zip(peer_faults, values[len(drawn):]):
        check(relative(ours[step], truth, 0) <= 1e-12, lambda: (
            f"{notation} at step {step}: libsched {ours[step]}, expected {truth}"))
        print(f"| {fault} | {notation} | {step} | {peer()[step]:.3g} | {ours[step]:.3g} |")

    print()
    for failure in failures[:20]:
        print("FAILED", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
