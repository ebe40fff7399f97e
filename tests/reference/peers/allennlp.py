"""AllenNLP 2.10.1."""

from . import Library
from .say import cosine, late, noam, of, points, polynomial, sequence, warmup

library = Library("allennlp")


@library.call("SlantedTriangular")
def slanted_triangular(lr, num_epochs, num_steps_per_epoch, cut_frac=0.1, ratio=32):
    steps = num_epochs * num_steps_per_epoch
    cut = int(steps * cut_frac)
    if cut == 0:
        return points([0, steps], [lr, lr / ratio])
    return points([0, cut, steps], [lr / ratio, lr, lr / ratio])


@library.call("PolynomialDecay")
def polynomial_decay(lr, num_epochs, num_steps_per_epoch, power=1.0, warmup_steps=0,
                     end_learning_rate=0.0):
    steps = num_epochs * num_steps_per_epoch - warmup_steps
    return warmup(polynomial(lr, end_learning_rate, steps, power), warmup_steps)


@library.call("NoamLR")
def noam_lr(lr, model_size, warmup_steps, factor=1.0):
    return late(lr, noam(model_size, warmup_steps, factor))


@library.call("CosineWithRestarts")
def cosine_with_restarts(lr, t_initial, t_mul=1.0, eta_min=0.0, eta_mul=1.0, run=None):
    if t_mul == int(t_mul) and eta_mul == 1 and lr >= eta_min:
        return of("cosine_restarts", base_lr=lr, period=t_initial, period_factor=int(t_mul),
                  min_lr=eta_min)
    cycles, steps = [], 0
    while steps < run:
        i = len(cycles)
        length = int(t_initial * t_mul**i)
        cycles.append(cosine(lr * eta_mul**i, eta_min, length))
        steps += length
    return sequence(*cycles)
