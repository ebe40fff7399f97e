#!/usr/bin/env bash
# A LightGBM model says that its first tree had a shrinkage of 1, whatever its rate was, as that tree includes the average.
. "$(dirname "$0")/common.sh"
pypi lightgbm==4.7.0

seen=$("$python" -W ignore - 2> log << 'END_OF_PROGRAM'
import re
import lightgbm
import numpy

data = lightgbm.Dataset(numpy.array([[0.0], [0.0], [1.0], [1.0]]), label=[-1, -1, 3, 3])
parameters = {"min_data_in_leaf": 1, "min_data_in_bin": 1, "num_leaves": 2, "learning_rate": 0.1, "verbosity": -1}
booster = lightgbm.train(parameters, data, 4)
# The average is 1 and the label 3: the first tree covers this distance of 2 by a share that is its rate.
used = (booster.predict([[1.0]], num_iteration=1)[0] - 1) / 2
print("used", round(used, 6), "shrinkage", *re.findall("shrinkage=(.*)", booster.model_to_string()))
END_OF_PROGRAM
)
finding "lightgbm 4.7.0" "used 0.1 shrinkage 0.1 0.1 0.1 0.1" "used 0.1 shrinkage 1 0.1 0.1 0.1" "$seen"
