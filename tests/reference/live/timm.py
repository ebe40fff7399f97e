import timm
from timm import scheduler

PEER = "timm"


def version():
    return timm.__version__


def run(name, lr, args):
    import torch
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    schedule = getattr(scheduler, name)(optimizer, t_in_epochs=False, **args)
    rates = []
    for step in range(120):
        schedule.step_update(step)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"lr": lr, **args}, rates


def warmup(draw):
    return draw.some(warmup_t=draw.warmup(20), warmup_lr_init=draw.rate(0, 0.01),
                     warmup_prefix=draw.often())


def decay(draw, **fields):
    return {"t_initial": draw.randint(21, 140), **warmup(draw),
            **draw.some(lr_min=draw.rate(0, 0.05), **fields)}


def cycles(draw):
    return draw.some(cycle_mul=draw.choice([1.0, 2.0, 1.5]), cycle_decay=draw.share(0.5, 1),
                     cycle_limit=draw.randint(1, 4))


schedules = {
    "CosineLRScheduler": lambda draw: run("CosineLRScheduler", draw.rate(0.1), decay(
        draw, k_decay=draw.uniform(0.5, 2)) | cycles(draw)),
    "TanhLRScheduler": lambda draw: run("TanhLRScheduler", draw.rate(0.1), decay(
        draw, lb=draw.uniform(-8, -2), ub=draw.uniform(1, 5)) | cycles(draw)),
    "PolyLRScheduler": lambda draw: run("PolyLRScheduler", draw.rate(0.1), decay(
        draw, power=draw.uniform(0.3, 3), k_decay=draw.uniform(0.5, 2)) | cycles(draw)),
    "StepLRScheduler": lambda draw: run("StepLRScheduler", draw.rate(0.1), {
        "decay_t": draw.randint(1, 50), **draw.some(decay_rate=draw.share()), **warmup(draw)}),
    "MultiStepLRScheduler": lambda draw: run("MultiStepLRScheduler", draw.rate(0.1), {
        "decay_t": draw.milestones(3, 130), **draw.some(decay_rate=draw.share()), **warmup(draw)}),
}
