import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

from . import STEPS

keras.config.set_floatx("float64")
PEER = "keras"


def version():
    return keras.__version__


def run(name, args):
    schedule = getattr(keras.optimizers.schedules, name)(**args)
    return args, [float(schedule(step)) for step in range(STEPS)]


def decay(draw, **fields):
    return {"initial_learning_rate": draw.rate(), "decay_steps": draw.randint(1, 60), **fields}


schedules = {
    "ExponentialDecay": lambda draw: run("ExponentialDecay", decay(
        draw, decay_rate=draw.share(0.3, 1.1), **draw.some(staircase=True))),
    "PolynomialDecay": lambda draw: run("PolynomialDecay", decay(draw, **draw.some(
        end_learning_rate=draw.rate(), power=draw.uniform(0.3, 3), cycle=True))),
    "InverseTimeDecay": lambda draw: run("InverseTimeDecay", decay(
        draw, decay_rate=draw.uniform(0.01, 3), **draw.some(staircase=True))),
    "CosineDecay": lambda draw: run("CosineDecay", decay(draw, **draw.some(
        alpha=draw.share(), warmup_target=draw.rate(), warmup_steps=draw.warmup(30)))),
    "CosineDecayRestarts": lambda draw: run("CosineDecayRestarts", {
        "initial_learning_rate": draw.rate(), "first_decay_steps": draw.randint(1, 30),
        **draw.some(t_mul=draw.choice([1.0, 1.5, 3.0]), m_mul=draw.share(), alpha=draw.share())}),
    "PiecewiseConstantDecay": lambda draw: run("PiecewiseConstantDecay", {
        "boundaries": draw.milestones(3, 80), "values": [draw.rate() for _ in range(4)]}),
}
