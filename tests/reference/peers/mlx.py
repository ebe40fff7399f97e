"""MLX 0.32.4, which computes in float32."""

from . import FLOAT32, Library
from .say import constant, cosine_decay, exponential, linear, sequence, stairs, take

library = Library("mlx")


@library.call("linear_schedule", tolerance=FLOAT32)
def linear_schedule(init, end, steps):
    return linear(init, end, steps)


@library.call("cosine_decay", tolerance=FLOAT32)
def cosine(init, decay_steps, end=0.0):
    return cosine_decay(init, decay_steps, end)


@library.call("step_decay", tolerance=FLOAT32)
def step_decay(init, decay_rate, step_size, run):
    return stairs(init, step_size, decay_rate, run)


@library.call("exponential_decay", tolerance=FLOAT32)
def exponential_decay(init, decay_rate, run):
    return exponential(init, decay_rate, run)


def part(name, args, run):
    if name == "constant (linear p p)":  # a linear_schedule from a rate to itself
        return constant(args[0])
    return library.notation(name, run, *args)


@library.call("join_schedules of three", tolerance=FLOAT32)
def join_schedules(join, boundaries, run):
    parts = [part(name, args, run) for name, *args in join]
    lengths = [end - begin for begin, end in zip([0, *boundaries], boundaries)]
    return sequence(*map(take, parts, lengths), parts[-1])
