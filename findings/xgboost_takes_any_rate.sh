#!/usr/bin/env bash
# XGBoost's set_param accepts any text as a rate without an error; only the update after it fails.
. "$(dirname "$0")/common.sh"
pypi xgboost-cpu==3.2.0

seen=$("$python" - 2> log << 'END_OF_PROGRAM'
import numpy
import xgboost

data = xgboost.DMatrix(numpy.array([[0.0], [1.0]]), label=[1.0, 1.0])
booster = xgboost.Booster({"eta": 0.5}, [data])
booster.update(data, 0)

def outcome(call, *values):
    try:
        call(*values)
        return "taken"
    except xgboost.core.XGBoostError:
        return "an error"

for rate in "-1", "fast":
    print(rate, outcome(booster.set_param, "eta", rate), "then", outcome(booster.update, data, 1), end="; ")
END_OF_PROGRAM
)
finding "xgboost-cpu 3.2.0" "-1 an error then taken; fast an error then taken;" \
  "-1 taken then an error; fast taken then an error;" "${seen% }"
