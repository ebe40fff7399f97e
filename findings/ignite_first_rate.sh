#!/usr/bin/env bash
# pytorch-ignite's LRScheduler applies a LinearLR's start_factor twice, so that its warm-up ends at a quarter of the rate.
. "$(dirname "$0")/common.sh"
torch 2.15.0
"$python" -m pip install -q --disable-pip-version-check --no-deps --target ignite pytorch-ignite==0.5.5 packaging==25.0

seen=$(PYTHONPATH=ignite "$python" -W ignore - << 'END_OF_PROGRAM'
import torch
from ignite.engine import Engine, Events
from ignite.handlers.param_scheduler import LRScheduler
from torch.optim.lr_scheduler import LinearLR

def rates(with_ignite):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
    scheduler = LinearLR(optimizer, start_factor=0.25, total_iters=3)
    used = []

    def update(engine, batch):
        used.append(f"{optimizer.param_groups[0]['lr']:.2f}")
        optimizer.step()
        if not with_ignite:
            scheduler.step()

    trainer = Engine(update)
    if with_ignite:
        trainer.add_event_handler(Events.ITERATION_STARTED, LRScheduler(scheduler))
    trainer.run(range(5), max_epochs=1)
    return used

print("without", *rates(False), "with", *rates(True))
END_OF_PROGRAM
)
finding "pytorch-ignite 0.5.5, torch 2.15.0" "without 0.20 0.40 0.60 0.80 0.80 with 0.20 0.40 0.60 0.80 0.80" \
  "without 0.20 0.40 0.60 0.80 0.80 with 0.05 0.10 0.15 0.20 0.20" "$seen"
