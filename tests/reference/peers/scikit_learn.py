"""scikit-learn 1.9.0."""

import math

from . import Library
from .say import held, inverse_time

library = Library("scikit-learn")


@library.call("SGDClassifier optimal")
def sgd_optimal(alpha=0.0001, loss="hinge", learning_rate="optimal"):
    """There is one rate per sample. alpha sets the first one for every loss."""
    first = alpha**-0.25
    return inverse_time(first, first * alpha)


@library.call("SGDClassifier invscaling")
def sgd_invscaling(eta0=0.01, power_t=0.5, learning_rate="invscaling"):
    return inverse_time(eta0, 1, power_t)


@library.call("MLPClassifier invscaling")
def mlp_invscaling(n_samples, batch_size="auto", power_t=0.5, learning_rate_init=0.001,
                   learning_rate="invscaling"):
    """The number of samples counts, and the rate changes once per epoch."""
    size = min(200, n_samples) if batch_size == "auto" else min(batch_size, n_samples)
    return held(inverse_time(learning_rate_init, n_samples, power_t), math.ceil(n_samples / size))


@library.call("LatentDirichletAllocation online weight")
def online_weight(learning_offset=10.0, learning_decay=0.7, batch_size=None, n=None):
    first = learning_offset + 1
    return inverse_time(first**-learning_decay, 1 / first, learning_decay)
