"""fastai 2.8.12, which computes the position in the run in float32."""

import struct

from . import FLOAT32, Library
from .say import cosine_decay, of, sequence, skip, take

library = Library("fastai")


def one_cycle(lr, steps, pct_start, div, div_final):
    """The last value would be that of the step after the run."""
    return of("one_cycle", max_lr=lr, steps=steps + 1,
              warmup_fraction=(steps * pct_start + 1) / (steps + 1), div_factor=div,
              final_div_factor=div_final / div)


@library.call("fit_one_cycle", tolerance=FLOAT32)
def fit_one_cycle(lr_max, batches, n_epoch=1, div=25.0, div_final=1e5, pct_start=0.25):
    return one_cycle(lr_max, batches * n_epoch, pct_start, div, div_final)


@library.call("fit_flat_cos", tolerance=FLOAT32)
def fit_flat_cos(lr, batches, n_epoch=1, div_final=1e5, pct_start=0.75):
    return one_cycle(lr, batches * n_epoch, pct_start, 1, div_final)


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


@library.call("fit_sgdr", tolerance=FLOAT32)
def fit_sgdr(lr_max, n_cycles, cycle_len, batches, cycle_mult=2):
    """A cycle may begin a batch late, because the sum of shares in float32 can be above the position."""
    epochs = cycle_len * (cycle_mult**n_cycles - 1) // (cycle_mult - 1)
    parts, share, position, step = [], 0.0, 0.0, 0
    for i in range(n_cycles):
        length = cycle_len * cycle_mult**i * batches
        begin = step
        share = float32(share + float32(cycle_len * cycle_mult**i / epochs))
        # fastai adds the position up batch by batch, and starts again in each epoch.
        while step < epochs * batches and (float32(position) < share or i == n_cycles - 1):
            step += 1
            epoch, batch = divmod(step, batches)
            position = epoch / epochs if batch == 0 else position + 1 / (batches * epochs)
        start = batches * cycle_len * (cycle_mult**i - 1) // (cycle_mult - 1)
        parts.append(take(skip(cosine_decay(lr_max, length), begin - start), step - begin))
    return sequence(*parts)
