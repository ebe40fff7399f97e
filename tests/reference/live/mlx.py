from importlib.metadata import version as version_of

import mlx.core as mx
from mlx import optimizers

from . import STEPS

PEER = "mlx"


def version():
    return version_of("mlx")


def rates(schedule):
    return [schedule(mx.array(step)).item() for step in range(STEPS)]


def run(name, args):
    return args, rates(getattr(optimizers, name)(**args))


def joined(draw):
    top = draw.rate(0.1)
    warm, flat = draw.randint(1, 20), draw.randint(1, 20)
    parts = [["linear_schedule", 0, top, warm], ["constant (linear p p)", top, top, flat],
             ["cosine_decay", top, draw.randint(1, 40), draw.rate(0, 0.1)]]
    kinds = [optimizers.linear_schedule, optimizers.linear_schedule, optimizers.cosine_decay]
    boundaries = [warm, warm + flat]
    schedule = optimizers.join_schedules(
        [kind(*args) for kind, (_, *args) in zip(kinds, parts)], boundaries)
    return {"join": parts, "boundaries": boundaries}, rates(schedule)


schedules = {
    "linear_schedule": lambda draw: run("linear_schedule", {
        "init": draw.rate(), "end": draw.rate(), "steps": draw.randint(1, 100)}),
    "cosine_decay": lambda draw: run("cosine_decay", {
        "init": draw.rate(), "decay_steps": draw.randint(1, 100), **draw.some(end=draw.rate())}),
    "step_decay": lambda draw: run("step_decay", {
        "init": draw.rate(), "decay_rate": draw.share(0.3), "step_size": draw.randint(1, 40)}),
    "exponential_decay": lambda draw: run("exponential_decay", {
        "init": draw.rate(), "decay_rate": draw.share(0.3)}),
    "join_schedules of three": joined,
}
