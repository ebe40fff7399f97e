"""torchrec 1.9.2: the stages of WarmupOptimizer. After the last one the rate is lr."""

from . import Library
from .say import (constant, cosine_decay, inverse_sqrt, linear, polynomial, repeat, sequence, skip,
                  stairs, take)

library = Library("torchrec")


def stage(policy, lr, begin, run, max_iters=1, value=1.0, lr_scale=1.0, decay_iters=-1,
          sgdr_period=1):
    """A stage counts from the run's start, lasts to max_iters and has its own rate there too."""
    lr *= lr_scale
    if decay_iters <= 0:
        decay_iters = 1 if policy == "step" else max_iters
    if policy == "inv_sqrt":
        schedule = inverse_sqrt(lr / begin**0.5, begin)
    else:
        schedule = skip({
            "linear": lambda: linear(value * lr, lr, max_iters),
            "constant": lambda: constant(value * lr),
            "poly": lambda: polynomial(lr, 0, decay_iters, value),
            "step": lambda: stairs(lr, decay_iters, value, run),
            "cosine": lambda: repeat(cosine_decay(lr, sgdr_period, value * lr)),
        }[policy](), begin)
    return take(schedule, max_iters + 1 - begin)


def stages(lr, run, *policies):
    parts, begin = [], 0
    for policy, fields in policies:
        parts.append(stage(policy, lr, begin, run, **fields))
        begin = fields.get("max_iters", 1) + 1
    return sequence(*parts, constant(lr))


@library.call("WarmupOptimizer [LINEAR(max_iters=M, value=v)]")
def one(lr, linear, run):
    return stages(lr, run, ("linear", linear))


@library.call("WarmupOptimizer [CONSTANT(M, v)]")
def flat(lr, linear, run):
    return stages(lr, run, ("constant", linear))  # it was recorded under the other's name


@library.call("WarmupOptimizer [LINEAR(M, v), POLY(M2, p)]")
def with_poly(lr, linear, poly, run):
    return stages(lr, run, ("linear", linear), ("poly", poly))


@library.call("WarmupOptimizer [LINEAR, STEP(M2, g, decay_iters=D)]")
def with_step(lr, linear, step, run):
    return stages(lr, run, ("linear", linear), ("step", step))


@library.call("WarmupOptimizer [LINEAR, COSINE_ANNEALING_WARM_RESTARTS(M2, v, sgdr_period=P)]")
def with_cosine(lr, linear, cosine, run):
    return stages(lr, run, ("linear", linear), ("cosine", cosine))


@library.call("WarmupOptimizer [LINEAR, INVSQRT]")
def with_inv_sqrt(lr, linear, inv_sqrt, run):
    return stages(lr, run, ("linear", linear), ("inv_sqrt", inv_sqrt))
