"""LightGBM 4.7.0. Its model prints 6 digits of a tree's rate."""

import re

from . import Library
from .say import exponential

library = Library("lightgbm")


def power(function):
    """The a and b of a lambda i: a*b**i."""
    found = re.fullmatch(r"lambda (\w+): *([-+.\de]+) *\* *([-+.\de]+) *\*\* *\1", function)
    if not found:
        raise ValueError(f"{function!r} is not a*b**i")
    return float(found[2]), float(found[3])


@library.call("reset_parameter(learning_rate=lambda)", tolerance=5e-6)
def reset_parameter(reset_parameter, boost_from_average=True, run=None):
    lr, factor = power(reset_parameter)
    return exponential(lr, factor, run)
