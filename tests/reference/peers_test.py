"""Compares libsched with values that the peers' own schedule code gave, recorded in peers.jsonl.

    python3 peers_test.py EVALUATE        the program that evaluate.cpp makes

A function below has the name and the arguments of a peer's schedule, and returns its notation. A
call of peers.jsonl whose name or argument no function here knows is an error.
"""

import json
import math
import sys
from collections import Counter
from itertools import accumulate, pairwise
from operator import mul
from pathlib import Path

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from notation import evaluate, relative

TOLERANCE = 1e-12  # of the largest value of the call

schedules = {}  # of a peer and a name


def schedule(peer):
    def add(notation):
        schedules[peer, notation.__name__] = notation
        return notation
    return add


def sequence(*parts):
    return f"sequence({', '.join(parts)})"


def constant(lr):
    return f"constant(base_lr={lr})"


def from_to(kind, start, end, steps):
    return f"{kind}(start={start}, end={end}, steps={steps})"


def delayed(value, begin, after):
    return sequence(f"take({constant(value)}, steps={begin})", after) if begin else after


@schedule("optax")
def polynomial_schedule(init_value, end_value, power, transition_steps, transition_begin=0):
    decay = (f"polynomial(start={init_value}, end={end_value}, steps={transition_steps}, "
             f"power={power})")
    return delayed(init_value, transition_begin, decay)


@schedule("optax")
def exponential_decay(init_value, transition_steps, decay_rate, transition_begin=0,
                      staircase=False, end_value=None):
    decay = (f"step_decay(base_lr={init_value}, step_size={transition_steps}, drop={decay_rate})"
             if staircase else exponential(init_value, -math.log(decay_rate) / transition_steps))
    decay = delayed(init_value, transition_begin, decay)
    return decay if end_value is None else f"maximum({decay}, {constant(end_value)})"


def exponential(lr, decay):
    return f"exponential_decay(base_lr={lr}, decay={decay})"


def cosine_power(lr, steps, end, exponent=1, k_decay=1):
    return (f"cosine_power(base_lr={lr}, steps={steps}, min_lr={end}, exponent={exponent}, "
            f"k_decay={k_decay})")


def cosine_decay(lr, steps, end):
    return f"cosine_decay(base_lr={lr}, steps={steps}, min_lr={end})"


@schedule("optax")
def cosine_decay_schedule(init_value, decay_steps, alpha, exponent):
    return cosine_power(init_value, decay_steps, alpha * init_value, exponent)


@schedule("optax")
def warmup_cosine_decay_schedule(init_value, peak_value, warmup_steps, decay_steps, end_value,
                                 exponent):
    decay = cosine_power(peak_value, decay_steps - warmup_steps, end_value, exponent)
    return f"warmup({decay}, steps={warmup_steps}, start={init_value})"


def levels(init_value, boundaries_and_scales):
    boundaries = [int(boundary) for boundary in boundaries_and_scales]  # JSON made them text
    return boundaries, list(accumulate([init_value, *boundaries_and_scales.values()], mul))


@schedule("optax")
def piecewise_constant_schedule(init_value, boundaries_and_scales):
    boundaries, values = levels(init_value, boundaries_and_scales)
    return f"piecewise_constant(boundaries={boundaries}, values={values})"


@schedule("optax")
def piecewise_interpolate_schedule(interpolate_type, init_value, boundaries_and_scales):
    boundaries, values = levels(init_value, boundaries_and_scales)
    if interpolate_type == "linear":
        return f"piecewise_linear(steps={[0, *boundaries]}, values={values})"
    return sequence(*(from_to("cosine", start, end, b - a)
                      for (a, b), (start, end) in zip(pairwise([0, *boundaries]), pairwise(values))))


@schedule("optax")
def linear_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, pct_final=0.85,
                             div_factor=25, final_div_factor=1e4):
    turns = [int(part * transition_steps) for part in (pct_start, pct_final)]
    low = peak_value / div_factor
    return (f"piecewise_linear(steps={[0, *turns, transition_steps]}, "
            f"values={[low, peak_value, low, low / final_div_factor]})")


@schedule("optax")
def cosine_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, div_factor=25,
                             final_div_factor=1e4):
    peak, low = int(pct_start * transition_steps), peak_value / div_factor
    return sequence(from_to("cosine", low, peak_value, peak),
                    from_to("cosine", peak_value, low / final_div_factor, transition_steps - peak))


@schedule("keras")
def CosineDecay(initial_learning_rate, decay_steps, alpha, warmup_target, warmup_steps):
    decay = cosine_decay(warmup_target, decay_steps, alpha * warmup_target)
    return f"warmup({decay}, steps={warmup_steps}, start={initial_learning_rate})"


@schedule("keras")
def CosineDecayRestarts(initial_learning_rate, first_decay_steps, t_mul, m_mul, alpha):
    end = alpha * initial_learning_rate
    restarts = (f"cosine_restarts(base_lr={initial_learning_rate - end}, "
                f"period={first_decay_steps}, period_factor={t_mul}, peak_factor={m_mul})")
    return f"sum({restarts}, {constant(end)})"


@schedule("keras")
def InverseTimeDecay(initial_learning_rate, decay_steps, decay_rate, staircase):
    lr, decay = initial_learning_rate, decay_rate if staircase else decay_rate / decay_steps
    notation = f"inverse_time_decay(base_lr={lr}, decay={decay})"
    return f"held({notation}, every={decay_steps})" if staircase else notation


@schedule("keras")
def PiecewiseConstantDecay(boundaries, values):
    return f"piecewise_constant(boundaries={[b + 1 for b in boundaries]}, values={values})"


def timm(decay, lr, warmup_t, warmup_lr_init, warmup_prefix):
    if not warmup_t:
        return decay
    return sequence(from_to("linear", warmup_lr_init, lr, warmup_t),
                    decay if warmup_prefix else f"skip({decay}, steps={warmup_t})")


@schedule("timm")
def CosineLRScheduler(lr, t_initial, lr_min, warmup_t=0, warmup_lr_init=0, warmup_prefix=False,
                      k_decay=1):
    decay = cosine_power(lr, t_initial, lr_min, k_decay=k_decay)
    return timm(decay, lr, warmup_t, warmup_lr_init, warmup_prefix)


@schedule("timm")
def TanhLRScheduler(lr, t_initial, lb, ub, lr_min):
    return f"tanh(start={lr}, end={lr_min}, steps={t_initial}, lower={lb}, upper={ub})"


@schedule("timm")
def PolyLRScheduler(lr, t_initial, power, lr_min, warmup_t, warmup_lr_init):
    decay = f"polynomial(start={lr}, end={lr_min}, steps={t_initial}, power={power})"
    return timm(decay, lr, warmup_t, warmup_lr_init, warmup_prefix=False)


@schedule("timm")
def MultiStepLRScheduler(lr, decay_t, decay_rate):
    return f"multi_step_decay(base_lr={lr}, milestones={[b - 1 for b in decay_t]}, drop={decay_rate})"


@schedule("transformers")
def get_wsd_schedule(lr, num_warmup_steps, num_stable_steps, num_decay_steps, warmup_type,
                     decay_type, min_lr_ratio):
    low = min_lr_ratio * lr
    rise = (f"reversed({from_to('sqrt_cooldown', lr, low, num_warmup_steps)})"
            if warmup_type == "1-sqrt" else from_to(warmup_type, low, lr, num_warmup_steps))
    shape = "sqrt" if decay_type == "1-sqrt" else decay_type
    return sequence(rise, f"cooldown({constant(lr)}, after={num_stable_steps}, "
                          f"steps={num_decay_steps}, end={low}, shape={shape})")


@schedule("transformers")
def get_cosine_with_min_lr_schedule_with_warmup_lr_rate(lr, num_warmup_steps, num_training_steps,
                                                        min_lr_rate):
    decay = cosine_decay(lr, num_training_steps - num_warmup_steps, min_lr_rate * lr)
    return f"warmup({decay}, steps={num_warmup_steps - 1}, start={lr / num_warmup_steps})"


@schedule("transformers")
def get_cosine_with_hard_restarts_schedule_with_warmup(lr, num_warmup_steps, num_training_steps,
                                                       num_cycles):
    steps, rest = divmod(num_training_steps - num_warmup_steps, num_cycles)
    assert rest == 0, "a cycle that begins between two steps has no notation"
    cycles = f"repeat({cosine_decay(lr, steps, 0)}, times={num_cycles})"
    return f"warmup({cycles}, steps={num_warmup_steps})"


@schedule("transformers")
def get_inverse_sqrt_schedule(lr, num_warmup_steps, timescale):
    return f"warmup(inverse_sqrt(base_lr={lr}, timescale={timescale}), steps={num_warmup_steps})"


@schedule("deepspeed")
def WarmupLR(warmup_min_lr, warmup_max_lr, warmup_num_steps):
    return from_to("logarithmic", warmup_min_lr, warmup_max_lr, warmup_num_steps - 1)


@schedule("deepspeed")
def WarmupCosineLR(lr, total_num_steps, warmup_num_steps, cos_min_ratio, warmup_min_ratio,
                   warmup_type):
    kind = {"linear": "linear"}[warmup_type]
    decay = cosine_decay(lr, total_num_steps - warmup_num_steps, cos_min_ratio * lr)
    return sequence(from_to(kind, warmup_min_ratio * lr, lr, warmup_num_steps),
                    f"skip({decay}, steps=1)")


@schedule("deepspeed")
def OneCycle(cycle_min_lr, cycle_max_lr, cycle_first_step_size, cycle_second_step_size,
             decay_lr_rate, decay_step_size):
    assert decay_lr_rate == 0, decay_step_size
    turn, end = cycle_first_step_size, cycle_first_step_size + cycle_second_step_size
    return (f"skip(piecewise_linear(steps={[0, turn, end]}, "
            f"values={[cycle_min_lr, cycle_max_lr, cycle_min_lr]}), steps=1)")


def main(program):
    lines = (Path(__file__).parent / "peers.jsonl").read_text().splitlines()
    calls = [json.loads(line) for line in lines]
    assert len(calls) > 100, "peers.jsonl was cut off"
    failures, asked = [], []
    for call in calls:
        try:
            asked.append((call, schedules[call["peer"], call["name"]](**call["args"])))
        except (KeyError, TypeError, AssertionError) as error:
            failures.append(f"{call['peer']} {call['name']} {call['args']} has no notation: {error!r}")
    rows = evaluate(program, [(max(call["steps"]) + 1, notation) for call, notation in asked])
    worst, counts = Counter(), Counter()
    for (call, notation), ours in zip(asked, rows):
        row = call["peer"], call["commit"], call["name"]
        least = max(map(abs, call["values"]))
        difference, t, theirs = max((relative(ours[t], value, least), t, value)
                                    for t, value in zip(call["steps"], call["values"]))
        worst[row] = max(worst[row], difference)
        counts[row] += 1
        if not difference <= TOLERANCE:
            failures.append(f"{call['peer']} {call['name']} {call['args']}: {notation} at step {t}: "
                            f"libsched {ours[t]}, peer {theirs}, {difference:.1e} of the largest")
    unused = schedules.keys() - {(peer, name) for peer, _, name in counts}
    if unused:
        failures.append(f"peers.jsonl has no call of {unused}")

    print("| peer | commit | schedule | calls | largest difference |")
    print("|---|---|---|---|---|")
    for (peer, commit, name), difference in sorted(worst.items()):
        print(f"| {peer} | {commit} | {name} | {counts[peer, commit, name]} | {difference:.1e} |")
    print("\nRelative to the largest value of the call.\n")
    for failure in failures[:20]:
        print("FAILED", failure)
    print(f"{len(calls)} calls, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
