"""MindSpore 2.10.0. The lists of nn.*_lr count epochs, the classes steps, in float32."""

from . import FLOAT32, Library
from .say import (cosine_decay, cycling_polynomial, exponential, held, inverse_time, linear,
                  natural_decay, polynomial, stages, stairs)

library = Library("mindspore")


@library.call("nn.cosine_decay_lr")
def cosine_decay_list(min_lr, max_lr, step_per_epoch, decay_epoch, total_step=None):
    return held(cosine_decay(max_lr, decay_epoch, min_lr), step_per_epoch)


@library.call("nn.warmup_lr")
def warmup_list(learning_rate, step_per_epoch, warmup_epoch, total_step=None):
    return held(linear(0, learning_rate, warmup_epoch), step_per_epoch)


@library.call("nn.polynomial_decay_lr")
def polynomial_list(learning_rate, end_learning_rate, step_per_epoch, decay_epoch, power,
                    update_decay_epoch=False, total_step=None, run=None):
    if update_decay_epoch:
        decay = cycling_polynomial(learning_rate, end_learning_rate, decay_epoch, power, run)
    else:
        decay = polynomial(learning_rate, end_learning_rate, decay_epoch, power)
    return held(decay, step_per_epoch)


@library.call("nn.exponential_decay_lr")
def exponential_list(learning_rate, decay_rate, step_per_epoch, decay_epoch, is_stair=False,
                     total_step=None, run=None):
    if is_stair:
        return stairs(learning_rate, step_per_epoch * decay_epoch, decay_rate, run)
    return held(exponential(learning_rate, decay_rate, run, decay_epoch), step_per_epoch)


@library.call("nn.natural_exp_decay_lr")
def natural_exp_list(learning_rate, decay_rate, step_per_epoch, decay_epoch, is_stair=False,
                     total_step=None):
    """decay_epoch has no effect unless is_stair."""
    if is_stair:
        decay = natural_decay(learning_rate, decay_rate * decay_epoch)
        return held(decay, step_per_epoch * decay_epoch)
    return held(natural_decay(learning_rate, decay_rate), step_per_epoch)


@library.call("nn.inverse_decay_lr")
def inverse_list(learning_rate, decay_rate, step_per_epoch, decay_epoch, is_stair=False,
                 total_step=None):
    if is_stair:
        return held(inverse_time(learning_rate, decay_rate), step_per_epoch * decay_epoch)
    return held(inverse_time(learning_rate, decay_rate / decay_epoch), step_per_epoch)


@library.call("nn.piecewise_constant_lr")
def piecewise_constant_list(milestone, learning_rates):
    """The list ends at the last milestone."""
    return stages(milestone[:-1], learning_rates)


@library.call("nn.CosineDecayLR", tolerance=FLOAT32)
def cosine_decay_class(min_lr, max_lr, decay_steps):
    return cosine_decay(max_lr, decay_steps, min_lr)


@library.call("nn.WarmUpLR", tolerance=FLOAT32)
def warmup_class(learning_rate, warmup_steps):
    return linear(0, learning_rate, warmup_steps)


@library.call("nn.PolynomialDecayLR", tolerance=FLOAT32)
def polynomial_class(learning_rate, end_learning_rate, decay_steps, power,
                     update_decay_steps=False, run=None):
    if update_decay_steps:
        return cycling_polynomial(learning_rate, end_learning_rate, decay_steps, power, run)
    return polynomial(learning_rate, end_learning_rate, decay_steps, power)


@library.call("nn.ExponentialDecayLR", tolerance=FLOAT32)
def exponential_class(learning_rate, decay_rate, decay_steps, is_stair=False, run=None):
    if is_stair:
        return stairs(learning_rate, decay_steps, decay_rate, run)
    return exponential(learning_rate, decay_rate, run, decay_steps)


@library.call("nn.NaturalExpDecayLR", tolerance=FLOAT32)
def natural_exp_class(learning_rate, decay_rate, decay_steps, is_stair=False):
    """decay_steps has no effect unless is_stair."""
    if is_stair:
        return held(natural_decay(learning_rate, decay_rate * decay_steps), decay_steps)
    return natural_decay(learning_rate, decay_rate)


@library.call("nn.InverseDecayLR", tolerance=FLOAT32)
def inverse_class(learning_rate, decay_rate, decay_steps, is_stair=False):
    if is_stair:
        return held(inverse_time(learning_rate, decay_rate), decay_steps)
    return inverse_time(learning_rate, decay_rate / decay_steps)
