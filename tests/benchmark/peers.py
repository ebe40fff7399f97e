"""What Python's peers of libsched take, in nanoseconds a name, as JSON: numpy for a million values at once,
PyTorch for one scheduler.step()."""
import json
import platform
import statistics
import time
import warnings

import numpy
import torch

REPETITIONS = 15


def nanoseconds(function, calls):
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time_ns()
        for _ in range(calls):
            function()
        times.append((time.process_time_ns() - start) / calls)
    return statistics.median(times)


COUNT = 1_000_000


def steps():
    return numpy.arange(COUNT)


# The formulas as numpy's users write them; like sample(), they begin without an array of steps.
SAMPLES = {
    "constant": lambda: numpy.full(COUNT, 0.08),
    "step_decay": lambda: 0.08 * 0.5 ** (steps() // 20),
    "exponential_decay": lambda: 0.08 * numpy.exp(-1e-5 * steps()),
    "cyclical": lambda: (lambda t: 0.01 + 0.07 * numpy.maximum(
        0, 1 - numpy.abs(t / 15 - 2 * numpy.floor(1 + t / 30) + 1)))(steps()),
    "cosine_decay": lambda: 0.5 * 0.08 * (1 + numpy.cos(numpy.pi * steps() / COUNT)),
}


def scheduler_of(make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    return make(optimizer, torch.optim.lr_scheduler)


SCHEDULERS = {
    "StepLR": lambda optimizer, peers: peers.StepLR(optimizer, 1_000_000, gamma=0.1),
    "CosineAnnealingLR": lambda optimizer, peers: peers.CosineAnnealingLR(optimizer, 100_000_000),
    "OneCycleLR": lambda optimizer, peers: peers.OneCycleLR(optimizer, 0.1, total_steps=100_000_000, cycle_momentum=False),
    "SequentialLR": lambda optimizer, peers: peers.SequentialLR(
        optimizer, [peers.LinearLR(optimizer, 0.1, total_iters=1000), peers.CosineAnnealingLR(optimizer, 100_000_000)],
        milestones=[1000]),
}

warnings.simplefilter("ignore")  # of a scheduler that is stepped without its optimizer
torch.set_num_threads(1)
print(json.dumps({
    "versions": f"Python {platform.python_version()}, numpy {numpy.__version__}, PyTorch {torch.__version__}",
    "nanoseconds":
        {f"sample/{name}/numpy": nanoseconds(formula, 3) for name, formula in SAMPLES.items()} |
        {f"python/{name}/PyTorch": nanoseconds(scheduler_of(make).step, 2000) for name, make in SCHEDULERS.items()},
}))
