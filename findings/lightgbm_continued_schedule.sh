#!/usr/bin/env bash
# A LightGBM run that goes on from a model starts its schedule from the beginning, although the model counts its trees.
. "$(dirname "$0")/common.sh"
pypi lightgbm==4.7.0

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
import re
import lightgbm
import numpy

parameters = {"min_data_in_leaf": 1, "min_data_in_bin": 1, "num_leaves": 2, "boost_from_average": False, "verbosity": -1}

def train(trees, former=None):
    data = lightgbm.Dataset(numpy.array([[0.0], [0.0], [1.0], [1.0]]), label=[-1, -1, 3, 3])
    halved = lightgbm.reset_parameter(learning_rate=lambda tree: 0.5 ** (tree + 1))
    return lightgbm.train(parameters, data, trees, init_model=former, callbacks=[halved])

def rates(model):
    return re.findall("shrinkage=(.*)", model.model_to_string())

former = train(2)
print("at once", *rates(train(4)), "continued at tree", former.current_iteration(), *rates(train(2, former)))
END_OF_PROGRAM
)
finding "lightgbm 4.7.0" "at once 0.5 0.25 0.125 0.0625 continued at tree 2 0.5 0.25 0.125 0.0625" \
  "at once 0.5 0.25 0.125 0.0625 continued at tree 2 0.5 0.25 0.5 0.25" "$seen"
