"""Compares ReduceOnPlateau with PyTorch's ReduceLROnPlateau over random metrics. From the rate 1, at which PyTorch's
rate is the scale, they must agree bit for bit. From any other rate their decisions must agree, because PyTorch
multiplies the rate, and not the scale, by the factor. If the best is below 0, PyTorch's relative margin is wrong
(the last check shows it), so PyTorch is run with the margin threshold * |best| there.

    python3 plateau_reference_test.py REPORT        the program that report.cpp makes
"""

import collections
import math
import os
import random
import subprocess
import sys
import warnings

try:
    import torch
except ImportError as error:
    print(f"The oracle is missing: {error}. On Debian: apt-get install python3-torch")
    sys.exit(1 if os.environ.get("CI") else 77)
from torch.optim.lr_scheduler import ReduceLROnPlateau

warnings.simplefilter("ignore")

SEQUENCES, REPORTS = 400, 120


def metrics(rng):
    """A random walk downward or upward that levels off, on either side of 0, with an occasional NaN."""
    sign, offset = rng.choice([1, -1]), rng.choice([0, 0, 3, -3])
    noise, speed = 10 ** rng.uniform(-6, 0), rng.uniform(0, 0.2)
    coarse, nans = rng.random() < 0.3, rng.choice([0, 0, 0.1])
    for t in range(REPORTS):
        value = sign * (1 / (1 + speed * t) + noise * rng.gauss(0, 1)) + offset
        if coarse:
            value = round(value, 2)  # so that equal metrics occur
        yield float("nan") if rng.random() < nans else value


def draw(rng, i):
    floor = 10 ** rng.uniform(-6, -0.1)
    lr = rng.choice([1.0, 10 ** rng.uniform(-4, 1)])
    return dict(
        lr=lr,
        mode=["min", "max"][i % 2],
        threshold_mode=["rel", "abs"][i // 2 % 2],
        factor=rng.choice([0.1, 0.5, rng.uniform(0.01, 0.99)]),
        patience=rng.randint(0, 8),
        threshold=rng.choice([0.0, 1e-4, 10 ** rng.uniform(-6, -0.1)]),
        cooldown=rng.choice([0, 0, 1, rng.randint(1, 10)]),
        **rng.choice([dict(min_scale=0.0, min_lr=0.0), dict(min_scale=floor, min_lr=0.0),
                      # It is sometimes above the rate itself.
                      dict(min_scale=0.0, min_lr=lr * floor * rng.choice([1, 1, 1, 100]))]))


# PyTorch 2.14 has another name for it than 2.6.
IS_BETTER = "_is_better" if hasattr(ReduceLROnPlateau, "_is_better") else "is_better"


class Mended(ReduceLROnPlateau):
    """PyTorch's scheduler with the margin threshold * |best|."""

    def is_better(self, a, best):
        if self.threshold_mode == "abs" or not -math.inf < best < 0:
            return getattr(super(), IS_BETTER)(a, best)
        return a < best * (1 + self.threshold) if self.mode == "min" else a > best * (1 - self.threshold)

    _is_better = is_better


def is_wrong(threshold_mode, threshold, values, **_):
    return threshold_mode == "rel" and threshold > 0 and any(value < 0 for value in values)


def theirs(lr, min_scale, min_lr, values, kind=ReduceLROnPlateau, **parameters):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr)
    scheduler = kind(optimizer, eps=0, min_lr=min_lr or lr * min_scale, **parameters)
    for value in values:
        scheduler.step(value)
        yield optimizer.param_groups[0]["lr"]


def same(lr, rates, expected):
    if lr == 1:
        return rates == expected
    decisions = [[a == b for a, b in zip(values, values[1:])] for values in (rates, expected)]
    return decisions[0] == decisions[1] and all(
        math.isclose(a, b, rel_tol=1e-12) for a, b in zip(rates, expected))


# Here PyTorch is wrong: 9 equal metrics below 0. The rate falls to 0.1 and 0.01, as for 9 equal ones above 0.
def faults():
    for mode in "min", "max":
        yield dict(lr=1.0, mode=mode, threshold_mode="rel", factor=0.1, patience=2, threshold=1e-4, cooldown=0,
                   min_scale=0.0, min_lr=0.0), 9 * [-1.0]


def libsched(program, cases):
    text = "".join(
        "{mode} {threshold_mode} {factor!r} {patience} {threshold!r} {cooldown} {min_scale!r} {lr!r} {min_lr!r} "
        .format(**parameters) + " ".join(map(repr, values)) + "\n"
        for parameters, values in cases)
    run = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    rates = [list(map(float, line.split())) for line in run.stdout.splitlines()]
    assert len(rates) == len(cases)
    return rates


def main(program):
    rng = random.Random(4)
    cases = [(draw(rng, i), list(metrics(rng))) for i in range(SEQUENCES)]

    failures, seen = [], collections.Counter()
    for (parameters, values), rates in zip(cases, libsched(program, cases)):
        wrong = is_wrong(values=values, **parameters)
        seen["where PyTorch is wrong"] += wrong
        seen["where it is right"] += not wrong
        expected = list(theirs(values=values, kind=Mended if wrong else ReduceLROnPlateau, **parameters))
        lr = parameters["lr"]
        seen["lowered"] += expected[-1] < lr
        seen["at min_scale"] += 0 < parameters["min_scale"] * lr == expected[-1]
        seen["at min_lr"] += 0 < parameters["min_lr"] == expected[-1]
        seen["with a rate below min_lr"] += parameters["min_lr"] > lr
        seen["with cooldown"] += parameters["cooldown"] > 0 and expected[-1] < lr
        seen["with NaN"] += any(value != value for value in values)
        for mode in "min", "max":
            negative = parameters["mode"] == mode and max(values) < 0
            seen[f"negative, {mode}"] += negative
        if not same(lr, rates, expected):
            t = next(t for t in range(REPORTS) if not same(lr, rates[:t + 1], expected[:t + 1]))
            failures.append(f"{parameters} after report {t}: libsched {rates[t:t + 1]}, "
                            f"PyTorch {expected[t]}, metrics {values[:t + 1]}")
    for what, count in seen.items():
        if count < 10:
            failures.append(f"the sequences do not test enough: {count} {what}")

    for (parameters, values), rates in zip(faults(), libsched(program, list(faults()))):
        above = list(theirs(values=[-value for value in values], **parameters))
        if not same(1, rates, above):
            failures.append(f"{parameters}, {values}: libsched {rates}, expected {above}")
        print(f"PyTorch on {values}, mode {parameters['mode']}: {list(theirs(values=values, **parameters))[-1]:.3g}, "
              f"libsched {rates[-1]:.3g}")

    print(f"PyTorch {torch.__version__}, {SEQUENCES} sequences of {REPORTS} reports: "
          + ", ".join(f"{count} {what}" for what, count in seen.items()))
    for failure in failures[:10]:
        print("FAILED", failure)
    print(f"{SEQUENCES - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
