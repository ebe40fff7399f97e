#!/usr/bin/env bash
# An XGBoost booster created with learning_rate ignores an eta that is set before its first tree, but uses those set later.
. "$(dirname "$0")/common.sh"
pypi xgboost-cpu==3.2.0

# All labels are 1, so a tree's leaf is the rate times the distance that is left to 1.
seen=$("$python" - 2> log << 'END_OF_PROGRAM'
import numpy
import xgboost

data = xgboost.DMatrix(numpy.array([[0.0], [1.0]]), label=[1.0, 1.0])

def used(name):
    booster = xgboost.Booster({name: 0.3, "lambda": 0, "base_score": 0}, [data])
    left, rates = 1.0, []
    for tree, eta in enumerate([0.5, 0.25, 0.125]):
        booster.set_param("eta", eta)
        booster.update(data, tree)
        now = 1 - float(booster.predict(data)[0])
        rates.append(f"{1 - now / left:.3f}")
        left = now
    return rates

print("made with eta", *used("eta"), "with learning_rate", *used("learning_rate"))
END_OF_PROGRAM
)
finding "xgboost-cpu 3.2.0" \
  "made with eta 0.500 0.250 0.125 with learning_rate 0.500 0.250 0.125" \
  "made with eta 0.500 0.250 0.125 with learning_rate 0.300 0.250 0.125" "$seen"
