import numpy

numpy.bool = getattr(numpy, "bool", bool)  # MXNet uses names that NumPy no longer has
import mxnet
from mxnet import lr_scheduler

PEER = "mxnet"


def version():
    return mxnet.__version__


def run(name, args):
    """The rates that an optimizer's updates ask for. MXNet counts an update before it asks."""
    schedule = getattr(lr_scheduler, name)(**args)
    optimizer = mxnet.optimizer.SGD(learning_rate=schedule.base_lr, lr_scheduler=schedule)
    rates = []
    for _ in range(90):
        optimizer._update_count(0)
        rates.append(optimizer._get_lr(0))
    return args, rates


def warmup(draw, **fields):
    warm = draw.some(warmup_steps=draw.warmup(20), warmup_begin_lr=draw.rate(0, 0.01),
                     warmup_mode=draw.choice(["linear", "constant"]))
    return {"base_lr": draw.rate(0.1), **warm, **fields}


schedules = {
    "FactorScheduler": lambda draw: run("FactorScheduler", warmup(
        draw, step=draw.randint(1, 30), **draw.some(factor=draw.share(),
                                                    stop_factor_lr=draw.rate(0, 0.05)))),
    "MultiFactorScheduler": lambda draw: run("MultiFactorScheduler", warmup(
        draw, step=draw.milestones(3, 80), **draw.some(factor=draw.share()))),
    "CosineScheduler": lambda draw: run("CosineScheduler", warmup(
        draw, max_update=draw.randint(22, 100), **draw.some(final_lr=draw.rate(0, 0.1)))),
    "PolyScheduler": lambda draw: run("PolyScheduler", warmup(
        draw, max_update=draw.randint(22, 100), **draw.some(final_lr=draw.rate(0, 0.1),
                                                            pwr=draw.randint(1, 4)))),
}
