"""Runs the libraries themselves on random arguments, and prints the calls as they are recorded.

    python -m live LIBRARY COUNT SEED       from tests/reference, where LIBRARY is installed

A module here has `PEER`, `version()` and `schedules`. The last has, for each recorded name, a function that draws
arguments, runs the library and returns (arguments, the rates of the first updates).
"""

import random


class Draw(random.Random):
    def rate(self, low=1e-4, high=1.0):
        return round(self.uniform(low, high), 5)

    def share(self, low=0.05, high=0.95):
        return round(self.uniform(low, high), 4)

    def often(self):
        return self.random() < 0.5

    def warmup(self, high):
        """One in five has none."""
        return 0 if self.random() < 0.2 else self.randint(1, high)

    def milestones(self, count, high, low=1):
        return sorted(self.sample(range(low, high), count))

    def some(self, **fields):
        """Draws each of the fields or leaves it out, so that the library's default applies."""
        return {name: value for name, value in fields.items() if self.often()}


STEPS = 90


def torch_rates(make, lr, steps=STEPS):
    """The rates that the updates of a torch optimizer used, with make(optimizer) stepped after each update."""
    import torch
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates
