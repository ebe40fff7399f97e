"""ultralytics 8.4.190, SGD: one value per batch. The warm-up is a line to each epoch's own rate."""

from . import Library
from .say import cosine_decay, held, linear, of

library = Library("ultralytics")


@library.call("BaseTrainer linear weights", "BaseTrainer linear bias", "BaseTrainer cos_lr weights",
              "BaseTrainer cos_lr bias")
def trainer(epochs, nb, lr0=0.01, lrf=0.01, warmup_epochs=3.0, warmup_bias_lr=0.1, cos_lr=False,
            group="weight"):
    decay = cosine_decay(lr0, epochs, lr0 * lrf) if cos_lr else linear(lr0, lr0 * lrf, epochs)
    warm = max(0, round(min(warmup_epochs, max(epochs - 1, 0)) * nb))
    weights = of("product", linear(0, 1, warm), held(decay, nb))
    return weights if group != "bias" else of("sum", weights, linear(warmup_bias_lr, 0, warm))
