"""gensim 4.4.0."""

import math

from . import Library
from .say import held, inverse_time, linear, sequence, take

library = Library("gensim")


@library.call("Word2Vec alpha per job (equal sentences)")
def word2vec(jobs_per_epoch, alpha=0.025, min_alpha=0.0001, epochs=5, unit=None):
    """There is one rate per job. If each epoch is one job, min_alpha is never reached."""
    return linear(alpha, min_alpha, epochs * jobs_per_epoch)


def power(start, decay):
    """(start + t)^-decay."""
    return inverse_time(start**-decay, 1 / start, decay)


@library.call("LdaModel rho, one pass (update = chunk)", "LdaModel rho, several passes")
def lda(docs, offset=1.0, decay=0.5, chunksize=2000, passes=1):
    """After the first pass, rho is constant within a pass."""
    chunks = math.ceil(docs / chunksize)
    later = power(offset + docs / chunksize + 1, decay)
    return sequence(take(power(offset, decay), chunks), held(later, chunks))
