"""nnU-Net 2.8.1, one step per epoch."""

from . import Library
from .say import polynomial

library = Library("nnU-Net v2")


@library.call("PolyLRScheduler")
def poly(initial_lr, max_steps, exponent=0.9):
    return polynomial(initial_lr, 0, max_steps, exponent)
