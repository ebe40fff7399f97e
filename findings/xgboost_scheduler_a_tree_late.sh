#!/usr/bin/env bash
# XGBoost's LearningRateScheduler is one tree late: the first tree has the default of 0.3, and the last rate is never used.
. "$(dirname "$0")/common.sh"
pypi xgboost-cpu==3.2.0

# All labels are 1, so a tree's leaf is the rate times the distance that is left to 1.
seen=$("$python" - 2> log << 'END_OF_PROGRAM'
import numpy
import xgboost

data = xgboost.DMatrix(numpy.array([[0.0], [1.0]]), label=[1.0, 1.0])
booster = xgboost.train({"lambda": 0, "base_score": 0}, data, 4,
                        callbacks=[xgboost.callback.LearningRateScheduler([0.8, 0.4, 0.2, 0.1])])
left, rates = 1.0, []
for trees in range(1, 5):
    now = 1 - float(booster.predict(data, iteration_range=(0, trees))[0])
    rates.append(f"{1 - now / left:.1f}")
    left = now
print(*rates)
END_OF_PROGRAM
)
finding "xgboost-cpu 3.2.0" "0.8 0.4 0.2 0.1" "0.3 0.8 0.4 0.2" "$seen"
