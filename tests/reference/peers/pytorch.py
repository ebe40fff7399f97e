"""PyTorch 2.15.0, torch.optim.lr_scheduler."""

from . import Library
from .say import (constant, cosine_decay, drops, exponential, linear, of, polynomial, stages, stairs,
                  swing)

library = Library("pytorch")


@library.call("StepLR")
def step_lr(lr, step_size, gamma=0.1, run=None):
    return stairs(lr, step_size, gamma, run)


@library.call("MultiStepLR")
def multi_step_lr(lr, milestones, gamma=0.1):
    return drops(lr, milestones, gamma)


@library.call("ConstantLR")
def constant_lr(lr, factor=1 / 3, total_iters=5):
    """With total_iters 0 the factor stays for ever."""
    if total_iters == 0:
        return constant(lr * factor)
    return stages([total_iters], [lr * factor, lr])


@library.call("LinearLR")
def linear_lr(lr, start_factor=1 / 3, end_factor=1.0, total_iters=5):
    return linear(lr * start_factor, lr * end_factor, total_iters)


@library.call("ExponentialLR")
def exponential_lr(lr, gamma, run):
    return exponential(lr, gamma, run)


@library.call("PolynomialLR")
def polynomial_lr(lr, total_iters=5, power=1.0):
    return polynomial(lr, 0, total_iters, power)


@library.call("CosineAnnealingLR")
def cosine_annealing_lr(lr, T_max, eta_min=0.0, run=None):
    """The rate rises again after T_max."""
    return cosine_decay(lr, T_max, eta_min) if run <= T_max + 1 else swing(lr, T_max, eta_min)


@library.call("CosineAnnealingWarmRestarts")
def warm_restarts(lr, T_0, T_mult=1, eta_min=0.0):
    return of("cosine_restarts", base_lr=lr, period=T_0, period_factor=T_mult, min_lr=eta_min)


@library.call("OneCycleLR")
def one_cycle_lr(max_lr, total_steps, pct_start=0.3, anneal_strategy="cos", div_factor=25.0,
                 final_div_factor=1e4, three_phase=False):
    return of("one_cycle", max_lr=max_lr, steps=total_steps, warmup_fraction=pct_start,
              div_factor=div_factor, final_div_factor=final_div_factor, three_phase=three_phase,
              anneal={"cos": "cosine", "linear": "linear"}[anneal_strategy])


@library.call("CyclicLR")
def cyclic_lr(base_lr, max_lr, step_size_up=2000, step_size_down=None, mode="triangular",
              gamma=1.0):
    return of("cyclical", base_lr=base_lr, max_lr=max_lr, step_size=step_size_up,
              step_size_down=step_size_down or step_size_up,
              cycle_scale=0.5 if mode == "triangular2" else 1,
              gamma=gamma if mode == "exp_range" else 1)
