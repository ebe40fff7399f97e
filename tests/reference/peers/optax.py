"""optax 0.2.8 and commit 2edbcbe2, in double precision."""

from itertools import accumulate, pairwise
from operator import mul

from . import Library
from .say import (at_least, at_most, constant, cosine, cosine_power, exponential, linear, points,
                  polynomial, sequence, stages, stairs, take, warmup)

library = Library("optax")


def delayed(value, begin, after):
    return sequence(take(constant(value), begin), after) if begin > 0 else after


@library.call()
def polynomial_schedule(init_value, end_value, power, transition_steps, transition_begin=0):
    if transition_steps <= 0:
        return constant(init_value)
    decay = polynomial(init_value, end_value, transition_steps, power)
    return delayed(init_value, transition_begin, decay)


@library.call()
def exponential_decay(init_value, transition_steps, decay_rate, transition_begin=0,
                      staircase=False, end_value=None, run=None):
    if transition_steps <= 0 or decay_rate == 0:
        return constant(init_value)
    decay = (stairs(init_value, transition_steps, decay_rate, run) if staircase
             else exponential(init_value, decay_rate, run, transition_steps))
    decay = delayed(init_value, transition_begin, decay)
    if end_value is None:
        return decay
    return at_least(decay, end_value) if decay_rate < 1 else at_most(decay, end_value)


@library.call()
def cosine_decay_schedule(init_value, decay_steps, alpha=0.0, exponent=1.0):
    return cosine_power(init_value, decay_steps, alpha * init_value, exponent)


@library.call()
def warmup_cosine_decay_schedule(init_value, peak_value, warmup_steps, decay_steps, end_value=0.0,
                                 exponent=1.0):
    decay = cosine_power(peak_value, decay_steps - warmup_steps, end_value, exponent)
    return warmup(decay, warmup_steps, init_value)


@library.call()
def warmup_exponential_decay_schedule(init_value, peak_value, warmup_steps, transition_steps,
                                      decay_rate, transition_begin=0, staircase=False,
                                      end_value=None, run=None):
    decay = exponential_decay(peak_value, transition_steps, decay_rate, transition_begin, staircase,
                              end_value, run)
    return sequence(linear(init_value, peak_value, warmup_steps), decay)


@library.call()
def warmup_constant_schedule(init_value, peak_value, warmup_steps):
    return linear_schedule(init_value, peak_value, warmup_steps)


@library.call("sgdr_schedule (differing cycles: one term a cycle)")
def sgdr_schedule(cosine_kwargs):
    cycles = [take(warmup_cosine_decay_schedule(**cycle), cycle["decay_steps"])
              for cycle in cosine_kwargs[:-1]]
    return sequence(*cycles, warmup_cosine_decay_schedule(**cosine_kwargs[-1]))


def levels(init_value, boundaries_and_scales):
    """The boundaries are keys, so JSON has turned them into text; optax sorts them."""
    scales = sorted((int(boundary), scale) for boundary, scale in boundaries_and_scales.items())
    values = accumulate([init_value, *(scale for _, scale in scales)], mul)
    return [boundary for boundary, _ in scales], list(values)


@library.call()
def piecewise_constant_schedule(init_value, boundaries_and_scales=None):
    return stages(*levels(init_value, boundaries_and_scales or {}))


@library.call()
def piecewise_interpolate_schedule(interpolate_type, init_value, boundaries_and_scales=None):
    boundaries, values = levels(init_value, boundaries_and_scales or {})
    if interpolate_type == "linear":
        return points([0, *boundaries], values)
    return sequence(*(cosine(start, end, b - a) for (a, b), (start, end)
                      in zip(pairwise([0, *boundaries]), pairwise(values))))


@library.call()
def linear_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, pct_final=0.85,
                             div_factor=25, final_div_factor=1e4):
    turns = [int(part * transition_steps) for part in (pct_start, pct_final)]
    low = peak_value / div_factor
    return points([0, *turns, transition_steps], [low, peak_value, low, low / final_div_factor])


@library.call()
def cosine_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, div_factor=25,
                             final_div_factor=1e4):
    peak, low = int(pct_start * transition_steps), peak_value / div_factor
    return sequence(cosine(low, peak_value, peak),
                    cosine(peak_value, low / final_div_factor, transition_steps - peak))


@library.call("join_schedules, the same boundary twice")
def join_schedules(join, boundaries, run):
    """A schedule runs from its boundary to the smallest of the later boundaries."""
    parts = [constant(float(part.split()[1])) if isinstance(part, str)
             else library.notation(part[0], run, *part[1:]) for part in join]
    said = []
    for part, begin, rest in zip(parts, [0, *boundaries], range(len(parts))):
        end = min(boundaries[rest:], default=None)
        if end is None:
            said.append(part)
        elif end > begin:
            said.append(take(part, end - begin))
    return sequence(*said)


@library.call()
def linear_schedule(init_value, end_value, transition_steps, transition_begin=0):
    return polynomial_schedule(init_value, end_value, 1, transition_steps, transition_begin)
