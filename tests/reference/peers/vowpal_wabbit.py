"""Vowpal Wabbit 9.11.9 with --sgd: one rate per example. An example is counted before its rate is taken."""

import shlex

from . import FLOAT32, Library
from .say import constant, inverse_time, of, skip, stairs

library = Library("vowpal_wabbit")

DEFAULTS = {"-l": 0.5, "--power_t": 0.5, "--initial_t": 1, "--decay_learning_rate": 1,
            "--passes": 1}


@library.call("--sgd, one pass, unweighted examples", "--sgd --passes 3 --decay_learning_rate",
              tolerance=FLOAT32)
def sgd(args, examples=None, run=None):
    options, words = dict(DEFAULTS), iter(shlex.split(args))
    for word in words:
        if word in DEFAULTS:
            options[word] = float(next(words))
        elif word not in ("--sgd", "--holdout_off"):
            raise ValueError(f"no notation for {word!r} in {args!r}")
    lr, start = options["-l"], options["--initial_t"]
    if start == 0:
        return constant(0 if options["--power_t"] > 0 else lr)
    decay = skip(inverse_time(lr, 1 / start, options["--power_t"]), 1)
    if options["--passes"] == 1:
        return decay
    return of("product", decay, stairs(1, examples, options["--decay_learning_rate"], run))
