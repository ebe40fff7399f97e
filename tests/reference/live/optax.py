import jax
import optax

from . import STEPS

jax.config.update("jax_enable_x64", True)
PEER = "optax"


def version():
    return optax.__version__


def rates(schedule):
    return [schedule(step) for step in range(STEPS)]


def run(name, args, **given):
    return args, rates(getattr(optax, name)(**{**args, **given}))


def decay(draw):
    return {"transition_steps": draw.randint(0, 60), "decay_rate": draw.share(0.3, 1.1),
            **draw.some(transition_begin=draw.randint(0, 30), staircase=True,
                        end_value=draw.rate(0.1, 0.9))}


def warm_cosine(draw):
    warm = draw.warmup(20)
    return {"init_value": draw.rate(0, 0.1), "peak_value": draw.rate(0.1), "warmup_steps": warm,
            "decay_steps": warm + draw.randint(1, 60),
            **draw.some(end_value=draw.rate(0, 0.1), exponent=draw.uniform(0.5, 2))}


def levels(draw):
    return {"init_value": draw.rate(), "boundaries_and_scales": {
        step: draw.share(0.1, 1.5) for step in draw.sample(range(1, 80), 3)}}


def sgdr(draw):
    cycles = [warm_cosine(draw) for _ in range(3)]
    return {"cosine_kwargs": cycles}, rates(optax.sgdr_schedule(cycles))


def joined(draw):
    first, last, linear = draw.rate(), draw.rate(), (draw.rate(), draw.rate(), draw.randint(1, 30))
    boundaries = [draw.randint(1, 40), draw.randint(1, 40)]
    schedule = optax.join_schedules([optax.constant_schedule(first), optax.linear_schedule(*linear),
                                     optax.constant_schedule(last)], boundaries)
    return {"join": [f"constant {first}", ["linear_schedule", *linear], f"constant {last}"],
            "boundaries": boundaries}, rates(schedule)


def interpolated(draw):
    args = levels(draw) | {"interpolate_type": draw.choice(["linear", "cosine"])}
    return run("piecewise_interpolate_schedule", args)


schedules = {
    "polynomial_schedule": lambda draw: run("polynomial_schedule", {
        "init_value": draw.rate(), "end_value": draw.rate(), "power": draw.uniform(0.3, 3),
        "transition_steps": draw.randint(0, 80),
        **draw.some(transition_begin=draw.randint(0, 20))}),
    "linear_schedule": lambda draw: run("linear_schedule", {
        "init_value": draw.rate(), "end_value": draw.rate(),
        "transition_steps": draw.randint(0, 80),
        **draw.some(transition_begin=draw.randint(0, 20))}),
    "exponential_decay": lambda draw: run("exponential_decay", {
        "init_value": draw.rate(), **decay(draw)}),
    "cosine_decay_schedule": lambda draw: run("cosine_decay_schedule", {
        "init_value": draw.rate(), "decay_steps": draw.randint(1, 100),
        **draw.some(alpha=draw.share(), exponent=draw.uniform(0.5, 2))}),
    "warmup_cosine_decay_schedule": lambda draw: run("warmup_cosine_decay_schedule",
                                                     warm_cosine(draw)),
    "warmup_exponential_decay_schedule": lambda draw: run("warmup_exponential_decay_schedule", {
        "init_value": draw.rate(0, 0.1), "peak_value": draw.rate(0.1),
        "warmup_steps": draw.warmup(20), **decay(draw)}),
    "warmup_constant_schedule": lambda draw: run("warmup_constant_schedule", {
        "init_value": draw.rate(), "peak_value": draw.rate(), "warmup_steps": draw.warmup(80)}),
    "piecewise_constant_schedule": lambda draw: run("piecewise_constant_schedule", levels(draw)),
    "piecewise_interpolate_schedule": interpolated,
    "linear_onecycle_schedule": lambda draw: run("linear_onecycle_schedule", {
        "transition_steps": draw.randint(10, 100), "peak_value": draw.rate(0.1),
        **draw.some(pct_start=draw.share(0.1, 0.4), pct_final=draw.share(0.6, 0.9),
                    div_factor=draw.uniform(2, 30), final_div_factor=draw.uniform(2, 1e4))}),
    "cosine_onecycle_schedule": lambda draw: run("cosine_onecycle_schedule", {
        "transition_steps": draw.randint(10, 100), "peak_value": draw.rate(0.1),
        **draw.some(pct_start=draw.share(0.1, 0.9), div_factor=draw.uniform(2, 30),
                    final_div_factor=draw.uniform(2, 1e4))}),
    "sgdr_schedule (differing cycles: one term a cycle)": sgdr,
    "join_schedules, the same boundary twice": joined,
}
