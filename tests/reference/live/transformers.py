import inspect

import transformers
from transformers import optimization

from . import torch_rates

PEER = "transformers"


def version():
    return transformers.__version__


def run(name, lr, args, steps):
    kind = getattr(optimization, name)
    return {"lr": lr, **args}, torch_rates(lambda optimizer: kind(optimizer, **args), lr, steps)


def drawn(name, past=1.2, **fields):
    """The rates of a run that lasts `past` times its planned length."""
    def of(draw):
        warm = draw.warmup(20)
        total = warm + draw.randint(2, 100)
        args = {"num_warmup_steps": warm}
        if "num_training_steps" in inspect.signature(getattr(optimization, name)).parameters:
            args["num_training_steps"] = total
        args |= {field: value(draw) for field, value in fields.items() if draw.often()}
        if name.startswith("get_cosine_with_min_lr"):
            args["min_lr_rate"] = draw.share(0, 0.9)
        return run(name, draw.rate(0.01), args, int(past * total) + 1)
    return of


def wsd(draw):
    args = {"num_warmup_steps": draw.warmup(20), "num_decay_steps": draw.warmup(30),
            "num_stable_steps": draw.warmup(30),
            **draw.some(warmup_type=draw.choice(["cosine", "1-sqrt"]), min_lr_ratio=draw.share(),
                        decay_type=draw.choice(["linear", "1-sqrt"]))}
    return run("get_wsd_schedule", draw.rate(), args, 90)


schedules = {
    "get_constant_schedule_with_warmup": drawn("get_constant_schedule_with_warmup"),
    "get_linear_schedule_with_warmup": drawn("get_linear_schedule_with_warmup"),
    "get_cosine_schedule_with_warmup": drawn(
        "get_cosine_schedule_with_warmup", num_cycles=lambda draw: draw.choice([0.5, 1, 0.7])),
    "get_cosine_with_hard_restarts_schedule_with_warmup": drawn(
        "get_cosine_with_hard_restarts_schedule_with_warmup",
        num_cycles=lambda draw: draw.randint(1, 5)),
    "get_polynomial_decay_schedule_with_warmup": drawn(
        "get_polynomial_decay_schedule_with_warmup", lr_end=lambda draw: draw.rate(0, 0.01),
        power=lambda draw: draw.uniform(0.3, 3)),
    "get_inverse_sqrt_schedule": drawn("get_inverse_sqrt_schedule",
                                       timescale=lambda draw: draw.randint(1, 100)),
    "get_cosine_with_min_lr_schedule_with_warmup": drawn(
        "get_cosine_with_min_lr_schedule_with_warmup"),
    "get_cosine_with_min_lr_schedule_with_warmup_lr_rate": drawn(
        "get_cosine_with_min_lr_schedule_with_warmup_lr_rate", past=0.9,
        warmup_lr_rate=lambda draw: draw.share()),
    "get_wsd_schedule": wsd,
}
