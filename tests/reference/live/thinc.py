import thinc.schedules
from thinc.about import __version__

PEER = "thinc"


def version():
    return __version__


def rates(schedule):
    return [schedule(step) for step in range(60)]


def run(name, args):
    return args, rates(getattr(thinc.schedules, name)(**args))


def constant_then(draw):
    rate, steps, inner = draw.rate(), draw.warmup(30), [draw.rate(), draw.share()]
    schedule = thinc.schedules.constant_then(rate, steps, thinc.schedules.decaying(*inner))
    return {"rate": rate, "steps": steps, "schedule": {"decaying": inner}}, rates(schedule)


schedules = {
    "compounding": lambda draw: run("compounding", {
        "start": draw.rate(0.01), "stop": draw.rate(0.01), "compound": draw.uniform(0.7, 1.4),
        **draw.some(t=draw.uniform(0, 5))}),
    "warmup_linear": lambda draw: run("warmup_linear", {
        "initial_rate": draw.rate(), "warmup_steps": draw.warmup(20),
        "total_steps": draw.randint(10, 80)}),
    "decaying": lambda draw: run("decaying", {
        "base_rate": draw.rate(), "decay": draw.share(), **draw.some(t=draw.uniform(0, 9))}),
    "cyclic_triangular": lambda draw: run("cyclic_triangular", {
        "min_lr": draw.rate(0, 0.1), "max_lr": draw.rate(0.1), "period": draw.randint(1, 30)}),
    "slanted_triangular (any num_steps, to the first negative rate)": lambda draw: run(
        "slanted_triangular", {"max_rate": draw.rate(), "num_steps": draw.randint(20, 80),
                               **draw.some(cut_frac=draw.share(0.1, 0.8), ratio=draw.randint(2, 64),
                                           t=float(draw.randint(0, 10)))}),
    "constant_then(decaying)": constant_then,
}
