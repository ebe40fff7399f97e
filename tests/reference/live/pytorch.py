import torch
from torch.optim import lr_scheduler

from . import STEPS, torch_rates

PEER = "pytorch"


def version():
    return torch.__version__.split("+")[0]


def run(name, lr, args, steps=STEPS):
    kind = getattr(lr_scheduler, name)
    shown = args if name in ("OneCycleLR", "CyclicLR") else {"lr": lr, **args}
    more = {"cycle_momentum": False} if name in ("OneCycleLR", "CyclicLR") else {}
    return shown, torch_rates(lambda optimizer: kind(optimizer, **args, **more), lr, steps)


def one_cycle(draw):
    steps = draw.randint(5, 120)
    args = {"max_lr": draw.rate(), "total_steps": steps,
            **draw.some(pct_start=draw.share(0.25, 0.45), div_factor=draw.uniform(2, 30),
                        final_div_factor=draw.uniform(2, 1e4), three_phase=True,
                        anneal_strategy="linear")}
    return run("OneCycleLR", 0.1, args, steps - 1)


def cyclic(draw):
    args = {"base_lr": draw.rate(0, 0.1), "max_lr": draw.rate(0.1, 1),
            "step_size_up": draw.randint(1, 30),
            **draw.some(step_size_down=draw.randint(1, 30), gamma=draw.share(0.9, 1),
                        mode=draw.choice(["triangular2", "exp_range"]))}
    return run("CyclicLR", args["base_lr"], args)


schedules = {
    "StepLR": lambda draw: run("StepLR", draw.rate(), {
        "step_size": draw.randint(1, 40), **draw.some(gamma=draw.share())}),
    "MultiStepLR": lambda draw: run("MultiStepLR", draw.rate(), {
        "milestones": draw.milestones(3, 100), **draw.some(gamma=draw.share())}),
    "ConstantLR": lambda draw: run("ConstantLR", draw.rate(), draw.some(
        factor=draw.share(), total_iters=draw.randint(0, 100))),
    "LinearLR": lambda draw: run("LinearLR", draw.rate(), draw.some(
        start_factor=draw.share(), end_factor=draw.share(), total_iters=draw.randint(1, 120))),
    "ExponentialLR": lambda draw: run("ExponentialLR", draw.rate(), {
        "gamma": draw.share(0.5, 1.05)}),
    "PolynomialLR": lambda draw: run("PolynomialLR", draw.rate(), draw.some(
        total_iters=draw.randint(1, 120), power=draw.uniform(0.3, 3))),
    "CosineAnnealingLR": lambda draw: run("CosineAnnealingLR", draw.rate(0.1), {
        "T_max": draw.randint(2, 120), **draw.some(eta_min=draw.rate(0, 0.1))}),
    "CosineAnnealingWarmRestarts": lambda draw: run("CosineAnnealingWarmRestarts", draw.rate(0.1), {
        "T_0": draw.randint(1, 40),
        **draw.some(T_mult=draw.randint(1, 3), eta_min=draw.rate(0, 0.1))}),
    "OneCycleLR": one_cycle,
    "CyclicLR": cyclic,
}
