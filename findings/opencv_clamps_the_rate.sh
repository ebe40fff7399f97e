#!/usr/bin/env bash
# OpenCV's setTrainMethod(BACKPROP, rate) makes a rate of 1e-4 ten times larger without a warning, and a rate of 0 becomes 0.1.
. "$(dirname "$0")/common.sh"
pypi opencv-python-headless==4.12.0.88

seen=$("$python" - 2> log << 'END_OF_PROGRAM'
import cv2

net = cv2.ml.ANN_MLP_create()
for rate in 1e-4, 0, 5:
    net.setTrainMethod(cv2.ml.ANN_MLP_BACKPROP, rate)
    print(f"{rate:g} is {net.getBackpropWeightScale():g};", end=" ")
net.setBackpropWeightScale(1e-4)
print(f"setBackpropWeightScale: 0.0001 is {net.getBackpropWeightScale():g}")
END_OF_PROGRAM
)
finding "opencv-python-headless 4.12.0.88" \
  "0.0001 is 0.0001; 0 is 0; 5 is 5; setBackpropWeightScale: 0.0001 is 0.0001" \
  "0.0001 is 0.001; 0 is 0.1; 5 is 1; setBackpropWeightScale: 0.0001 is 0.0001" "$seen"
