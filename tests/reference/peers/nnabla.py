"""nnabla 1.39.0."""

from . import Library
from .say import cosine_decay, drops, linear, of, polynomial, stairs, swing

library = Library("nnabla")


@library.call("CosineScheduler", "CosineScheduler (to max_iter)")
def cosine_scheduler(init_lr, max_iter, run):
    return cosine_decay(init_lr, max_iter) if run <= max_iter + 1 else swing(init_lr, max_iter)


@library.call("PolynomialScheduler", "PolynomialScheduler (to max_iter)")
def polynomial_scheduler(init_lr, max_iter, power, run):
    if run > max_iter + 1:
        raise ValueError(f"after max_iter, {max_iter}, the rates may be complex numbers")
    return polynomial(init_lr, 0, max_iter, power)


@library.call("ExponentialScheduler")
def exponential_scheduler(init_lr, gamma, iter_interval=1, run=None):
    return stairs(init_lr, iter_interval, gamma, run)


@library.call("StepScheduler")
def step_scheduler(init_lr, gamma, iter_steps):
    return drops(init_lr, iter_steps, gamma)


@library.call("LinearWarmupScheduler(CosineScheduler)",
              "LinearWarmupScheduler(PolynomialScheduler)")
def linear_warmup(scheduler, warmup_iter, run):
    """A factor on the running schedule, which neither begins at 0 nor reaches the full rate."""
    decay = library.nested(scheduler, run)
    if warmup_iter < 1:
        return decay
    return of("product", linear(1 / warmup_iter, 1, warmup_iter - 1), decay)
