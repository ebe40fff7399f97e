#!/usr/bin/env bash
# If numpy computed a rate, which is a float to Python, torch.load refuses the optimizer's checkpoint by default.
. "$(dirname "$0")/common.sh"
torch 2.15.0
"$python" -m pip install -q --disable-pip-version-check --target more numpy==2.2.6

seen=$(PYTHONPATH=more "$python" -W ignore - 2> log << 'END_OF_PROGRAM'
import numpy
import torch

def outcome(rate):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    torch.save(optimizer.state_dict(), "optimizer.pt")
    try:
        return f"{torch.load('optimizer.pt')['param_groups'][0]['lr']:g} again"
    except Exception as error:
        return type(error).__name__

rate = numpy.linspace(0.1, 0, 11)[5]
print("a float:", isinstance(rate, float), "loaded:", outcome(rate), "as float(rate):", outcome(float(rate)))
END_OF_PROGRAM
)
finding "torch 2.15.0, numpy 2.2.6" "a float: True loaded: 0.05 again as float(rate): 0.05 again" \
  "a float: True loaded: UnpicklingError as float(rate): 0.05 again" "$seen"
