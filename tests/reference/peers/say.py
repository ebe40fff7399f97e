"""Makes notations as text. A phase of 0 steps is left out, and a decay of 0 steps is its end value."""

import math


def of(kind, *schedules, **fields):
    parts = [*schedules, *(f"{name}={text(value)}" for name, value in fields.items())]
    return f"{kind}({', '.join(parts)})"


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def constant(lr):
    return of("constant", base_lr=lr)


def linear(start, end, steps):
    return of("linear", start=start, end=end, steps=steps)


def cosine(start, end, steps):
    return of("cosine", start=start, end=end, steps=steps)


def sqrt_cooldown(start, end, steps):
    return of("sqrt_cooldown", start=start, end=end, steps=steps)


def polynomial(start, end, steps, power=1):
    if power == 0:  # 0^0 is 1
        return sequence(take(constant(start), steps + 1), constant(end)) if steps else constant(end)
    return of("polynomial", start=start, end=end, steps=steps, power=power)


def cosine_decay(lr, steps, end=0):
    return of("cosine_decay", base_lr=lr, steps=steps, min_lr=end) if steps > 0 else constant(end)


def cosine_power(lr, steps, end, exponent=1, k_decay=1):
    if exponent == k_decay == 1 or steps <= 0:
        return cosine_decay(lr, steps, end)
    return of("cosine_power", base_lr=lr, steps=steps, min_lr=end, exponent=exponent,
              k_decay=k_decay)


def swing(lr, steps, end=0):
    """A cosine that after its end rises and falls again, for ever."""
    return repeat(sequence(cosine_decay(lr, steps, end), cosine(end, lr, steps)))


def inverse_time(lr, decay, power=1):
    return of("inverse_time_decay", base_lr=lr, decay=decay, power=power)


def inverse_sqrt(lr, timescale):
    return of("inverse_sqrt", base_lr=lr, timescale=timescale)


def noam(d_model, warmup_steps, factor=1):
    return of("noam", d_model=d_model, warmup_steps=warmup_steps, factor=factor)


def natural_decay(lr, decay):
    return of("exponential_decay", base_lr=lr, decay=decay)


def exponential(lr, factor, run, steps=1):
    """lr * factor^(t / steps)."""
    if factor == 0:
        return of("piecewise_constant", boundaries=[1], values=[lr, 0])
    if factor <= 1:
        return natural_decay(lr, -math.log(factor) / steps)
    return of("exponential", start=lr, end=lr * factor ** (run / steps), steps=run)


def stairs(lr, size, factor, run):
    """lr * factor^floor(t / size)."""
    if factor <= 1:
        return of("step_decay", base_lr=lr, step_size=size, drop=factor)
    return held(exponential(lr, factor, run), size)


def drops(lr, milestones, factor):
    """lr * factor^(number of milestones up to t)."""
    milestones = sorted(milestones)
    if factor <= 1 and milestones and milestones[0] > 0 and len(set(milestones)) == len(milestones):
        return of("multi_step_decay", base_lr=lr, milestones=milestones, drop=factor)
    return stages(milestones, [lr * factor**i for i in range(len(milestones) + 1)])


def stages(boundaries, values):
    """values[number of boundaries up to t]. Boundaries may be equal or 0."""
    kept = [i for i, b in enumerate(boundaries) if b > 0 and b not in boundaries[i + 1:]]
    if not kept:
        return constant(values[-1])
    first = sum(boundary <= 0 for boundary in boundaries)
    return of("piecewise_constant", boundaries=[boundaries[i] for i in kept],
              values=[values[first], *(values[i + 1] for i in kept)])


def points(steps, values):
    """Straight lines through points. Two points may have the same step, and values may be below 0."""
    if steps[0] > 0:
        steps, values = [0, *steps], [values[0], *values]
    for i in range(1, len(steps)):
        if steps[i] == steps[i - 1]:
            before = points(steps[:i], values[:i])
            after = points([step - steps[i] for step in steps[i:]], values[i:])
            return sequence(before, after) if steps[i] > 0 else after
    below = -min(0, *values)
    lines = of("piecewise_linear", steps=list(steps), values=[value + below for value in values])
    return of("difference", lines, constant(below)) if below else lines


def lines(corners, run):
    """Straight lines through (x, value). x may be between two steps, and the last line continues."""
    found = {}
    for i, ((x, left), (end, right)) in enumerate(zip(corners, corners[1:]), start=2):
        last = math.floor(end) if i < len(corners) else max(math.floor(end), run)
        for step in (max(0, math.ceil(x)), last):
            if max(0, x) <= step <= last:
                found[step] = left + (right - left) * (step - x) / (end - x)
    return points(list(found), list(found.values()))


def curve(formula, run):
    """A formula that no kind has, point by point."""
    return points(range(run), [formula(t) for t in range(run)])


def cycling_polynomial(start, end, steps, power, run):
    """TensorFlow's cycle=True: each cycle is the end of a decay that began at step 0."""
    cycles = range(1, max(2, math.ceil(run / steps) + 1))
    parts = [polynomial(start, end, k * steps, power) for k in cycles]
    rest = [take(skip(part, (k - 1) * steps + 1), steps) for k, part in zip(cycles, parts)]
    return sequence(take(parts[0], steps + 1), *rest[1:])


def sequence(*parts):
    return parts[0] if len(parts) == 1 else of("sequence", *parts)


def take(schedule, steps):
    return of("take", schedule, steps=steps)


def skip(schedule, steps):
    return of("skip", schedule, steps=steps) if steps else schedule


def late(first, schedule):
    """A first step at another rate."""
    return sequence(take(constant(first), 1), schedule)


def warmup(schedule, steps, start=0):
    return of("warmup", schedule, steps=steps, start=start)


def cooldown(schedule, after, steps, end=0, shape="linear"):
    return of("cooldown", schedule, after=after, steps=steps, end=end, shape=shape)


def repeat(schedule, factor=1):
    return of("repeat", schedule, factor=factor) if factor != 1 else of("repeat", schedule)


def held(schedule, every):
    return of("held", schedule, every=every) if every != 1 else schedule


def reversed_(schedule):
    return of("reversed", schedule)


def at_least(schedule, floor):
    return of("maximum", schedule, constant(floor)) if floor > 0 else schedule


def at_most(schedule, ceiling):
    return of("minimum", schedule, constant(ceiling))
