"""tinygrad 0.14.0's repository, extra/ and examples/mlperf, in float32."""

from . import FLOAT32, Library
from .say import cosine_decay, drops, lines, linear, polynomial, sequence, skip, swing, warmup

library = Library("tinygrad")


@library.call("extra OneCycleLR (pct_start * total_steps whole, to total_steps)",
              "extra OneCycleLR (any pct_start: 4 points)", tolerance=FLOAT32)
def one_cycle(max_lr, div_factor, final_div_factor, total_steps, pct_start, run):
    """After total_steps the rate continues to fall, below 0."""
    start = max_lr / div_factor
    return lines([(0, start), (total_steps * pct_start, max_lr),
                  (total_steps, start / final_div_factor)], run)


@library.call("extra CosineAnnealingLR (to T_max)", tolerance=FLOAT32)
def cosine_annealing(lr, T_max, eta_min=0, run=None):
    return cosine_decay(lr, T_max, eta_min) if run <= T_max + 1 else swing(lr, T_max, eta_min)


@library.call("extra MultiStepLR", tolerance=FLOAT32)
def multi_step(lr, milestones, gamma=0.1):
    return drops(lr, sorted({step for step in milestones if step > 0}), gamma)


@library.call("mlperf CosineAnnealingLRWithWarmup (to its end)", tolerance=FLOAT32)
def cosine_with_warmup(base_lr, end_lr, warmup_steps, decay_steps, run):
    decay = (cosine_decay if run <= warmup_steps + decay_steps else swing)(base_lr, decay_steps,
                                                                           end_lr)
    return skip(warmup(decay, warmup_steps), 1) if warmup_steps else decay


@library.call("mlperf PolynomialDecayWithWarmup (its train_steps updates)", tolerance=FLOAT32)
def polynomial_with_warmup(initial_lr, end_lr, train_steps, warmup, power=2):
    steps = min(warmup, train_steps)
    return sequence(linear(0, initial_lr, steps),
                    polynomial(initial_lr, end_lr, train_steps - steps + 1, power))
