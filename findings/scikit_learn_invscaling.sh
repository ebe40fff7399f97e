#!/usr/bin/env bash
# scikit-learn's invscaling counts samples, not updates or epochs: an epoch of 100 samples leaves a tenth of the rate.
. "$(dirname "$0")/common.sh"
pypi scikit-learn==1.9.0

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
import numpy
from sklearn.neural_network import MLPClassifier

network = MLPClassifier((2,), solver="sgd", learning_rate="invscaling", learning_rate_init=1.0, power_t=0.5,
                        random_state=0)
samples = numpy.linspace(-1, 1, 100).reshape(-1, 1)
rates = []
for _ in range(3):
    network.partial_fit(samples, samples[:, 0] > 0, classes=[False, True])
    rates.append(f"{network._optimizer.learning_rate:.3f}")
print("after each epoch", *rates)
END_OF_PROGRAM
)
finding "scikit-learn 1.9.0" "after each epoch 0.707 0.577 0.500" "after each epoch 0.100 0.071 0.058" "$seen"
