"""NeMo 3.0.0. lr is the optimizer's; a warm-up of W steps starts at lr / (W + 1)."""

from . import Library
from .say import (at_least, constant, cosine_decay, cycling_polynomial, inverse_sqrt, inverse_time,
                  late, linear, noam, polynomial, sequence, skip, sqrt_cooldown, take, warmup)

library = Library("NeMo")


def count(steps, ratio, max_steps):
    return steps if steps is not None else int(ratio * max_steps) if ratio is not None else 0


def annealed(lr, warm, max_steps, min_lr, decay):
    """The decay counts from the last step of the warm-up, although the rate there is lr."""
    steps = max(0, max_steps + 1 - warm)
    if warm == 0:
        return sequence(take(decay, steps), constant(min_lr))
    rise = take(linear(lr / (warm + 1), lr, warm), warm + 1)
    return sequence(rise, take(skip(decay, 1), max(0, steps - 1)), constant(min_lr))


def gentle(decay, lr, warm):
    return warmup(decay, warm, lr / (warm + 1))


@library.call("CosineAnnealing", "CosineAnnealing constant_steps")
def cosine_annealing(lr, max_steps, min_lr=0, warmup_steps=None, warmup_ratio=None,
                     constant_steps=None, constant_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    flat = count(constant_steps, constant_ratio, max_steps)
    decay = cosine_decay(lr, max_steps - warm - flat, min_lr)
    return warmup(decay, warm) if flat else gentle(decay, lr, warm)


@library.call("SquareAnnealing")
def square(lr, max_steps, min_lr=1e-5, warmup_steps=None, warmup_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    decay = at_least(polynomial(lr, 0, max_steps - warm, 2), min_lr)
    return annealed(lr, warm, max_steps, min_lr, decay)


@library.call("SquareRootAnnealing")
def square_root(lr, max_steps, min_lr=0, warmup_steps=None, warmup_ratio=None):
    """The decay counts from step 0."""
    warm = count(warmup_steps, warmup_ratio, max_steps)
    decay = skip(at_least(polynomial(lr, 0, max_steps, 0.5), min_lr), warm)
    return annealed(lr, warm, max_steps, min_lr, decay)


@library.call("WarmupAnnealing")
def warmup_annealing(lr, max_steps, min_lr=0.0, warmup_steps=None, warmup_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    return gentle(linear(lr, min_lr, max_steps - warm), lr, warm)


@library.call("InverseSquareRootAnnealing")
def inverse_square_root(lr, max_steps, min_lr=0.0, warmup_steps=None, warmup_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    return annealed(lr, warm, max_steps, min_lr, inverse_sqrt(lr, warm + 1))


@library.call("PolynomialDecayAnnealing")
def polynomial_decay(lr, max_steps, min_lr=0.0, power=1.0, cycle=False, warmup_steps=None,
                     warmup_ratio=None):
    """The second cycle would begin after max_steps."""
    warm = count(warmup_steps, warmup_ratio, max_steps)
    return gentle(polynomial(lr, min_lr, max_steps - warm, power), lr, warm)


@library.call("PolynomialHoldDecayAnnealing")
def polynomial_hold(lr, max_steps, min_lr=0.0, power=1.0, cycle=False, warmup_steps=None,
                    warmup_ratio=None, hold_steps=None, hold_ratio=None):
    """Without a hold the decay, of max_steps - W steps, counts from step 0."""
    warm = count(warmup_steps, warmup_ratio, max_steps)
    if hold_steps is None and hold_ratio is None:
        steps = max_steps - warm
        decay = (cycling_polynomial(lr, min_lr, steps, power, max_steps + 1) if cycle
                 else polynomial(lr, min_lr, steps, power))
        return annealed(lr, warm, max_steps, min_lr, skip(decay, warm))
    hold = count(hold_steps, hold_ratio, max_steps)
    decay = polynomial(lr, min_lr, max_steps - warm - hold, power)
    return gentle(sequence(take(constant(lr), hold), decay), lr, warm)


@library.call("NoamAnnealing")
def noam_annealing(lr, d_model, warmup_steps=None, warmup_ratio=None, max_steps=None, min_lr=0.0):
    """The first value is used twice; min_lr is the lower bound after the warm-up."""
    warm = count(warmup_steps, warmup_ratio, max_steps)
    if warm == 0:
        decay = inverse_sqrt(lr * d_model**-0.5, 1)
        return at_least(late(lr * d_model**-0.5, decay), min_lr)
    curve = late(lr * d_model**-0.5 * warm**-1.5, noam(d_model, warm, lr))
    return sequence(take(curve, warm + 1), at_least(skip(curve, warm + 1), min_lr))


@library.call("NoamHoldAnnealing")
def noam_hold(lr, max_steps, decay_rate=0.5, min_lr=0.0, warmup_steps=None, warmup_ratio=None,
              hold_steps=None, hold_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    hold = count(hold_steps, hold_ratio, max_steps)
    decay = at_least(inverse_time(lr, 1 / warm, decay_rate), min_lr)
    return annealed(lr, warm, max_steps, min_lr, sequence(take(constant(lr), hold), decay))


def held_then(shape, lr, max_steps, min_lr, warm, hold_steps, hold_ratio):
    """Without a hold the decay counts from step 0."""
    if hold_steps is None and hold_ratio is None:
        return skip(shape(max_steps), warm)
    hold = count(hold_steps, hold_ratio, max_steps)
    return sequence(take(constant(lr), hold), shape(max_steps - warm - hold))


@library.call("WarmupHoldAnnealOneMinusSquareRoot")
def one_minus_square_root(lr, max_steps, min_lr=0.0, warmup_steps=None, warmup_ratio=None,
                          hold_steps=None, hold_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    decay = held_then(lambda steps: at_least(sqrt_cooldown(lr, 0, steps), min_lr), lr, max_steps,
                      min_lr, warm, hold_steps, hold_ratio)
    return annealed(lr, warm, max_steps, min_lr, decay)


@library.call("WarmupHoldAnnealLinear", "WarmupHoldAnnealLinear no hold")
def hold_linear(lr, max_steps, min_lr=0.0, warmup_steps=None, warmup_ratio=None, hold_steps=None,
                hold_ratio=None):
    warm = count(warmup_steps, warmup_ratio, max_steps)
    decay = held_then(lambda steps: linear(lr, min_lr, steps), lr, max_steps, min_lr, warm,
                      hold_steps, hold_ratio)
    return annealed(lr, warm, max_steps, min_lr, decay)
