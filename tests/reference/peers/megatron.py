"""Megatron-Core 0.19.0, OptimizerParamScheduler with step(1) after each update."""

from . import Library
from .say import (constant, cosine, at_least, inverse_sqrt, linear, of, sequence, skip,
                  sqrt_cooldown, take)

library = Library("megatron-core")

STYLES = ["cosine None", "linear None", "constant None", "inverse-square-root None", "WSD linear",
          "WSD cosine", "WSD minus_sqrt", "WSD exponential"]


def halving(start, end, steps):
    """end + (start - end) (2 * 0.5^x - 1)."""
    reach = start - end
    fall = of("exponential", start=2 * reach, end=reach, steps=steps)
    return of("sum", of("difference", fall, constant(reach)), constant(end))


@library.call(*(f"OptimizerParamScheduler {style}" for style in STYLES))
def optimizer_param_scheduler(init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps,
                              lr_decay_style, wsd_decay_steps=None, lr_wsd_decay_style=None):
    """The warm-up ends at max_lr. After lr_decay_steps the rate is min_lr, unless the style is `constant`."""
    warm, steps = lr_warmup_steps, lr_decay_steps - lr_warmup_steps
    rise = linear(init_lr, max_lr, warm)
    if lr_decay_style == "constant":
        return sequence(rise, constant(max_lr))
    if lr_decay_style == "inverse-square-root":
        decay = inverse_sqrt(max_lr, warm) if warm else sequence(take(constant(max_lr), 1),
                                                                 inverse_sqrt(max_lr, 1))
        return sequence(rise, take(at_least(decay, min_lr), steps + 1), constant(min_lr))
    if lr_decay_style == "WSD":
        shape = {"linear": linear, "cosine": cosine, "minus_sqrt": sqrt_cooldown,
                 "exponential": halving}[lr_wsd_decay_style]
        before = steps - wsd_decay_steps
        decay = shape(max_lr, min_lr, wsd_decay_steps)
        if before < 0:  # the decay began within the warm-up
            return sequence(rise, take(constant(max_lr), 1), skip(decay, 1 - before))
        return sequence(rise, take(constant(max_lr), before), decay)
    shape = {"linear": linear, "cosine": cosine}[lr_decay_style]
    return sequence(rise, shape(max_lr, min_lr, steps))
