"""XGBoost 3.4.0. Its callback runs after a tree: the first has eta, and each later one the rate of the previous."""

from . import FLOAT32, Library
from .lightgbm import power
from .say import exponential, late

library = Library("xgboost")


@library.call("LearningRateScheduler (tree 1 has eta)", tolerance=FLOAT32)
def learning_rate_scheduler(LearningRateScheduler, eta=0.3, run=None):
    lr, factor = power(LearningRateScheduler)
    return late(eta, exponential(lr, factor, run))
