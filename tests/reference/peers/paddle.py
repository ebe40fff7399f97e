"""PaddlePaddle 3.3.1."""

import math
import re

from . import Library
from .say import (constant, cosine_decay, cycling_polynomial, drops, exponential, inverse_time,
                  late, linear, natural_decay, noam, of, polynomial, sequence, skip, stages, stairs,
                  swing, take)

library = Library("paddle")


@library.call("NoamDecay")
def noam_decay(d_model, warmup_steps, learning_rate=1.0):
    return late(0, noam(d_model, warmup_steps, learning_rate))


@library.call("PiecewiseDecay")
def piecewise_decay(boundaries, values):
    return stages(boundaries, values)


@library.call("NaturalExpDecay")
def natural_exp_decay(learning_rate, gamma):
    return natural_decay(learning_rate, gamma)


@library.call("InverseTimeDecay")
def inverse_time_decay(learning_rate, gamma):
    return inverse_time(learning_rate, gamma)


@library.call("ExponentialDecay")
def exponential_decay(learning_rate, gamma, run):
    return exponential(learning_rate, gamma, run)


@library.call("PolynomialDecay", "PolynomialDecay cycle=True (N terms for N cycles)")
def polynomial_decay(learning_rate, decay_steps, end_lr=0.0001, power=1.0, cycle=False, run=None):
    if cycle:
        return cycling_polynomial(learning_rate, end_lr, decay_steps, power, run)
    return polynomial(learning_rate, end_lr, decay_steps, power)


@library.call("StepDecay")
def step_decay(learning_rate, step_size, gamma=0.1, run=None):
    return stairs(learning_rate, step_size, gamma, run)


@library.call("MultiStepDecay")
def multi_step_decay(learning_rate, milestones, gamma=0.1):
    return drops(learning_rate, milestones, gamma)


@library.call("CosineAnnealingDecay", "CosineAnnealingDecay (to T_max)",
              "CosineAnnealingDecay (past T_max)")
def cosine_annealing_decay(learning_rate, T_max, eta_min=0, run=None):
    if run <= T_max + 1:
        return cosine_decay(learning_rate, T_max, eta_min)
    return swing(learning_rate, T_max, eta_min)


@library.call("CosineAnnealingWarmRestarts")
def warm_restarts(learning_rate, T_0, T_mult=1, eta_min=0):
    return of("cosine_restarts", base_lr=learning_rate, period=T_0, period_factor=T_mult,
              min_lr=eta_min)


def missed_restarts(T_0, T_mult, run):
    """Paddle misses restarts if it is given the step, as LinearWarmup does."""
    step, cycle = T_0, 1
    while T_mult > 1 and step < run:
        if int(math.log(step / T_0 * (T_mult - 1) + 1, T_mult)) < cycle:
            yield step
        step, cycle = step + T_0 * T_mult**cycle, cycle + 1


@library.call("LinearWarmup", "LinearWarmup (of a number)", "LinearWarmup(CosineAnnealingDecay)",
              "LinearWarmup(StepDecay)",
              "LinearWarmup(CosineAnnealingWarmRestarts), before 1000 steps")
def linear_warmup(learning_rate, warmup_steps, start_lr, end_lr, run):
    rise = linear(start_lr, end_lr, warmup_steps)
    if not isinstance(learning_rate, dict):
        return sequence(rise, constant(learning_rate))
    after = library.nested(learning_rate, run)
    (name, args), = learning_rate.items()
    if name == "CosineAnnealingWarmRestarts":
        _, T_0, T_mult, eta_min = [*args, *[1, 0][len(args) - 2:]]
        parts, begin = [], 0
        for step in missed_restarts(T_0, T_mult, run):
            parts += [take(skip(after, begin), step - begin), take(constant(eta_min), 1)]
            begin = step + 1
        after = sequence(*parts, skip(after, begin))
    return sequence(rise, after)


@library.call("MultiplicativeDecay (constant lambda)")
def multiplicative_decay(learning_rate, lr_lambda, run):
    factor = re.fullmatch(r"lambda \w+: ([-+.\de]+)", lr_lambda)
    if not factor:
        raise ValueError(f"lr_lambda {lr_lambda!r} is not a constant")
    return exponential(learning_rate, float(factor[1]), run)


@library.call("OneCycleLR (its total_steps updates)",
              "OneCycleLR (any phase_pct, its total_steps updates)")
def one_cycle(max_learning_rate, total_steps, divide_factor=25.0, end_learning_rate=0.0001,
              phase_pct=0.3, anneal_strategy="cos", three_phase=False):
    anneal = {"cos": "cosine", "linear": "linear"}[anneal_strategy]
    start = max_learning_rate / divide_factor
    return of("one_cycle", max_lr=max_learning_rate, steps=total_steps, warmup_fraction=phase_pct,
              div_factor=divide_factor, final_div_factor=start / (end_learning_rate or 1e-300),
              anneal=anneal, three_phase=three_phase)


@library.call("CyclicLR")
def cyclic(base_learning_rate, max_learning_rate, step_size_up, step_size_down=None,
           mode="triangular", exp_gamma=1.0):
    return of("cyclical", base_lr=base_learning_rate, max_lr=max_learning_rate,
              step_size=step_size_up, step_size_down=step_size_down or step_size_up,
              cycle_scale=0.5 if mode == "triangular2" else 1,
              gamma=exp_gamma if mode == "exp_range" else 1)


@library.call("LinearLR")
def linear_lr(learning_rate, total_steps, start_factor=1 / 3, end_factor=1.0):
    return linear(start_factor * learning_rate, end_factor * learning_rate, total_steps)
