from importlib.metadata import version as version_of

from pytorch_optimizer import lr_scheduler

from . import torch_rates

PEER = "pytorch-optimizer"


def version():
    return version_of("pytorch-optimizer")


def run(kind, args, steps=90, hidden=(), lr=None, **renamed):
    given = {renamed.get(name, name): value for name, value in args.items() if name not in hidden}
    shown = args if lr is None else {"lr": lr, **args}
    return shown, torch_rates(lambda optimizer: kind(optimizer, **given), lr or 9.0, steps)


def warmed(draw):
    warm = draw.warmup(20)
    return {"t_max": warm + draw.randint(10, 60), "max_lr": draw.rate(0.1), "warmup_steps": warm,
            **draw.some(min_lr=draw.rate(0, 0.1), init_lr=draw.rate(0, 0.1))}


def own(kind):
    def of(draw):
        args = warmed(draw)
        return run(kind, args, args["t_max"])
    return of


def poly(draw):
    args = warmed(draw) | draw.some(poly_order=draw.uniform(0.3, 2))
    return run(lr_scheduler.PolyScheduler, args)


def restarts(draw):
    first = draw.randint(3, 20)
    return run(lr_scheduler.CosineAnnealingWarmupRestarts, {
        "first_cycle_steps": first, **draw.some(
            warmup_steps=draw.randint(0, first - 1), max_lr=draw.rate(0.1),
            min_lr=draw.rate(0, 0.1), gamma=draw.share(0.3, 1.1),
            cycle_mult=draw.choice([1.5, 2.0, 3.0]))})


schedules = {
    "LinearScheduler": own(lr_scheduler.LinearScheduler),
    "CosineScheduler": own(lr_scheduler.CosineScheduler),
    "PolyScheduler": poly,
    "REXScheduler": lambda draw: run(lr_scheduler.REXScheduler, {
        "t_max": draw.randint(2, 100),
        **draw.some(max_lr=draw.rate(0.1), min_lr=draw.rate(0, 0.1))},
        t_max="total_steps"),
    "get_wsd_schedule": lambda draw: run(lr_scheduler.get_wsd_schedule, {
        "num_warmup_steps": draw.warmup(20), "num_stable_steps": draw.warmup(20),
        "num_decay_steps": draw.randint(0, 40), **draw.some(
            min_lr_ratio=draw.share(),
            cooldown_type=draw.choice(["cosine", "linear", "1-square"]))}, lr=draw.rate()),
    "get_chebyshev_schedule": lambda draw: run(lr_scheduler.get_chebyshev_schedule, {
        "num_epochs": draw.randint(4, 40)}, 50, lr=draw.rate()),
    "CosineAnnealingWarmupRestarts": restarts,
}
