import paddle
from paddle.optimizer import lr

PEER = "paddle"


def version():
    return paddle.__version__


def rates(schedule, steps=90):
    found = []
    for _ in range(steps):
        found.append(schedule())
        schedule.step()
    return found


def run(name, args):
    return args, rates(getattr(lr, name)(**args))


def decay(draw, **fields):
    return {"learning_rate": draw.rate(), **fields}


def polynomial(draw):
    return decay(draw, decay_steps=draw.randint(1, 60), **draw.some(
        end_lr=draw.rate(), power=draw.uniform(0.3, 3), cycle=True))


def one_cycle(draw):
    steps = draw.randint(5, 100)
    args = {"max_learning_rate": draw.rate(0.1), "total_steps": steps, **draw.some(
        divide_factor=draw.uniform(2, 30), end_learning_rate=draw.rate(1e-5, 0.01),
        phase_pct=draw.share(0.25, 0.45), anneal_strategy="linear", three_phase=True)}
    return args, rates(lr.OneCycleLR(**args), steps)


def warmup(draw):
    kind, args = draw.choice([
        ("CosineAnnealingDecay", [draw.rate(), draw.randint(1, 60)]),
        ("StepDecay", [draw.rate(), draw.randint(1, 30), draw.share()]),
        ("PolynomialDecay", [draw.rate(), draw.randint(1, 60)]),
        ("CosineAnnealingWarmRestarts", [draw.rate(0.1), draw.randint(1, 10), draw.randint(1, 3)]),
        (None, draw.rate())])
    warm = {"warmup_steps": draw.randint(1, 30), "start_lr": draw.rate(0, 0.1),
            "end_lr": draw.rate(0.1)}
    inner = args if kind is None else getattr(lr, kind)(*args)
    values = rates(lr.LinearWarmup(inner, **warm), 300)
    return {"learning_rate": args if kind is None else {kind: args}, **warm}, values


schedules = {
    "NoamDecay": lambda draw: run("NoamDecay", {
        "d_model": draw.randint(1, 512), "warmup_steps": draw.randint(1, 40),
        **draw.some(learning_rate=draw.rate())}),
    "PiecewiseDecay": lambda draw: run("PiecewiseDecay", {
        "boundaries": draw.milestones(3, 80, 0), "values": [draw.rate() for _ in range(4)]}),
    "NaturalExpDecay": lambda draw: run("NaturalExpDecay", decay(draw, gamma=draw.share(0, 1))),
    "InverseTimeDecay": lambda draw: run("InverseTimeDecay", decay(draw, gamma=draw.share(0, 1))),
    "ExponentialDecay": lambda draw: run("ExponentialDecay", decay(draw, gamma=draw.share(0.3))),
    "PolynomialDecay": lambda draw: run("PolynomialDecay", polynomial(draw)),
    "StepDecay": lambda draw: run("StepDecay", decay(
        draw, step_size=draw.randint(1, 40), **draw.some(gamma=draw.share()))),
    "MultiStepDecay": lambda draw: run("MultiStepDecay", decay(
        draw, milestones=draw.milestones(3, 80, 0), **draw.some(gamma=draw.share()))),
    "CosineAnnealingDecay": lambda draw: run("CosineAnnealingDecay", decay(
        draw, T_max=draw.randint(2, 100), **draw.some(eta_min=draw.rate()))),
    "CosineAnnealingWarmRestarts": lambda draw: run("CosineAnnealingWarmRestarts", {
        "learning_rate": draw.rate(0.1), "T_0": draw.randint(1, 30),
        **draw.some(T_mult=draw.randint(1, 3), eta_min=draw.rate(0, 0.1))}),
    "LinearWarmup": warmup,
    "OneCycleLR (any phase_pct, its total_steps updates)": one_cycle,
    "CyclicLR": lambda draw: run("CyclicLR", {
        "base_learning_rate": draw.rate(0, 0.1), "max_learning_rate": draw.rate(0.1),
        "step_size_up": draw.randint(1, 30), **draw.some(
            step_size_down=draw.randint(1, 30), exp_gamma=draw.share(0.9, 1),
            mode=draw.choice(["triangular2", "exp_range"]))}),
    "LinearLR": lambda draw: run("LinearLR", decay(
        draw, total_steps=draw.randint(1, 100),
        **draw.some(start_factor=draw.share(), end_factor=draw.share()))),
}
