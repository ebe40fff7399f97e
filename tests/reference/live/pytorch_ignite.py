import ignite
import torch
from ignite import handlers
from torch.optim import lr_scheduler

PEER = "pytorch-ignite"
STEPS = 80


def version():
    return ignite.__version__


def rates(make, lr=0.1):
    """The rates that the updates used, with the handler at ITERATION_STARTED."""
    from ignite.engine import Engine, Events
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    used = []

    def update(engine, batch):
        used.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
    trainer = Engine(update)
    trainer.add_event_handler(Events.ITERATION_STARTED, make(optimizer))
    trainer.run(range(STEPS), max_epochs=1)
    return used


def cyclical(kind, fields):
    def of(draw):
        args = {"start_value": draw.rate(), "end_value": draw.rate(),
                "cycle_size": draw.randint(2, 30), **fields(draw)}
        return args, rates(lambda optimizer: kind(optimizer, "lr", **args))
    return of


def multipliers(draw):
    return draw.some(start_value_mult=draw.share(0.3, 1.2), end_value_mult=draw.share(0.3, 1.2),
                     cycle_mult=draw.choice([1.0, 1.3, 1.5, 2.0]))


def piecewise(draw):
    steps = sorted(draw.choices(range(70), k=draw.randint(1, 5)))
    pairs = [(step, draw.rate()) for step in steps]
    return {"milestones_values": pairs}, rates(
        lambda optimizer: handlers.PiecewiseLinear(optimizer, "lr", pairs))


TORCH = {
    "ExponentialLR(opt, g)": lambda opt, T, gamma: lr_scheduler.ExponentialLR(opt, gamma),
    "StepLR(opt, T, g)": lambda opt, T, gamma: lr_scheduler.StepLR(opt, T, gamma),
    "MultiStepLR": lambda opt, T, gamma: lr_scheduler.MultiStepLR(opt, [T, 2 * T], gamma),
    "CosineAnnealingLR(opt, T)": lambda opt, T, gamma: lr_scheduler.CosineAnnealingLR(opt, T),
    "PolynomialLR(opt, T, 2)": lambda opt, T, gamma: lr_scheduler.PolynomialLR(opt, T, 2),
    "PolynomialLR(opt, 60, 2)": lambda opt, T, gamma: lr_scheduler.PolynomialLR(opt, 60, 2),
    "LambdaLR": lambda opt, T, gamma: lr_scheduler.LambdaLR(opt, lambda t: 1 / (1 + 0.1 * t)),
}


def drawn(draw):
    return {"lr": draw.rate(), "gamma": draw.share(0.5, 1), "T": draw.randint(2, 60)}


def with_warmup(kind):
    def of(draw):
        args = drawn(draw) | {"warmup_start_value": draw.rate(),
                              "warmup_duration": draw.randint(2, 20)}
        return args, rates(lambda optimizer: handlers.create_lr_scheduler_with_warmup(
            TORCH[kind](optimizer, args["T"], args["gamma"]), args["warmup_start_value"],
            args["warmup_duration"]), args["lr"])
    return of


def with_warmup_to(draw):
    args = {"lr": draw.rate(), "gamma": draw.share(0.5, 1), "warmup_start_value": draw.rate(),
            "warmup_duration": draw.randint(2, 20), "warmup_end_value": draw.rate()}
    return args, rates(lambda optimizer: handlers.create_lr_scheduler_with_warmup(
        lr_scheduler.ExponentialLR(optimizer, args["gamma"]), args["warmup_start_value"],
        args["warmup_duration"], args["warmup_end_value"]), args["lr"])


def ahead(kind):
    def of(draw):
        args = drawn(draw)
        return args, rates(lambda optimizer: handlers.LRScheduler(
            TORCH[kind](optimizer, args["T"], args["gamma"])), args["lr"])
    return of


def ahead_linear(draw):
    args = {"lr": draw.rate(), "start_factor": draw.share(), "total_iters": draw.randint(1, 60)}
    return args, rates(lambda optimizer: handlers.LRScheduler(lr_scheduler.LinearLR(
        optimizer, args["start_factor"], total_iters=args["total_iters"])), args["lr"])


linear, cosine = handlers.LinearCyclicalScheduler, handlers.CosineAnnealingScheduler
schedules = {
    "LinearCyclicalScheduler": cyclical(linear, multipliers),
    "LinearCyclicalScheduler monotonic": cyclical(linear, lambda draw: {
        "monotonic": True, **multipliers(draw), **draw.some(warmup_duration=draw.randint(1, 10))}),
    "CosineAnnealingScheduler": cyclical(cosine, multipliers),
    "CosineAnnealingScheduler warmup_duration": cyclical(cosine, lambda draw: {
        "warmup_duration": draw.randint(1, 10), **multipliers(draw)}),
    "PiecewiseLinear": piecewise,
    **{f"create_lr_scheduler_with_warmup({kind})": with_warmup(kind)
       for kind in ["ExponentialLR(opt, g)", "StepLR(opt, T, g)", "CosineAnnealingLR(opt, T)",
                    "PolynomialLR(opt, T, 2)"]},
    "create_lr_scheduler_with_warmup warmup_end_value": with_warmup_to,
    **{f"LRScheduler({kind})": ahead(kind)
       for kind in ["ExponentialLR(opt, g)", "StepLR(opt, T, g)", "MultiStepLR",
                    "CosineAnnealingLR(opt, T)", "PolynomialLR(opt, 60, 2)", "LambdaLR"]},
    "LRScheduler(LinearLR)": ahead_linear,
}
