import numpy

for name in ("bool", "int", "float", "object"):  # Chainer uses names that NumPy no longer has
    if not hasattr(numpy, name):
        setattr(numpy, name, getattr(__builtins__, name, None) or __builtins__[name])
import chainer
from chainer.training import extensions

PEER = "chainer"


def version():
    return chainer.__version__


def run(name, args, count=1):
    """The extension runs after each count-th update, so the first update uses the optimizer's own rate."""
    optimizer = chainer.optimizers.SGD(lr=args.get("init", args.get("warmup_start", 0.5)))
    given = {field: value for field, value in args.items() if field != "init"}
    if "init" in args or name == "WarmupShift":
        given["init"] = args["init"]
    extension = getattr(extensions, name)(**given, optimizer=optimizer)
    extension.initialize(None)
    rates = []
    for update in range(1, 91):
        rates.append(float(optimizer.lr))
        if update % count == 0:
            extension(None)
    return args | ({"trigger": [count, "iteration"]} if count > 1 else {}), rates


def triggered(name, fields):
    def of(draw):
        args = {"attr": "lr", "init": draw.rate(0.1), **fields(draw)}
        return run(name, args, draw.choice([1, 1, 2, 5]))
    return of


def linear_shift(draw):
    return run("LinearShift", {"attr": "lr", "value_range": [draw.rate(), draw.rate()],
                               "time_range": draw.milestones(2, 80, 0)})


def polynomial(draw):
    """If there is a target, Chainer divides by the rate, and so by 0 at the end."""
    args = {"rate": draw.uniform(0.3, 3), "max_count": draw.randint(1, 60)}
    return args if draw.often() else args | {"max_count": draw.randint(91, 200), **target(draw)}


def target(draw):
    return draw.some(target=draw.rate(1e-4, 0.05))


schedules = {
    "LinearShift": linear_shift,
    "WarmupShift": lambda draw: run("WarmupShift", {
        "attr": "lr", "warmup_start": draw.rate(0, 0.1), "warmup_iter": draw.randint(1, 60),
        "init": draw.rate(0.1)}),
    "ExponentialShift": triggered("ExponentialShift", lambda draw: {
        "rate": draw.share(0.3), **target(draw)}),
    "InverseShift": triggered("InverseShift", lambda draw: {
        "gamma": draw.share(), "power": draw.uniform(0.3, 2), **target(draw)}),
    "MultistepShift": triggered("MultistepShift", lambda draw: {
        "gamma": draw.share(), "step_value": draw.milestones(3, 60)}),
    "PolynomialShift": triggered("PolynomialShift", polynomial),
    "StepShift": triggered("StepShift", lambda draw: {
        "gamma": draw.share(), "step": draw.randint(1, 30), **target(draw)}),
}
