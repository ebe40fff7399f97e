#!/usr/bin/env bash
# The state_dict of OneCycleLR in torch 1.13 holds the whole model and optimizer, so torch 2.15 refuses to load it by default.
. "$(dirname "$0")/common.sh"
installed python3-torch 1.13.1+dfsg-4
torch 2.15.0

cat > save.py << 'END_OF_PROGRAM'
import os
import torch

model = torch.nn.Linear(1000, 1000)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=10)
torch.save(scheduler.state_dict(), "scheduler.pt")
print("above" if os.path.getsize("scheduler.pt") > 4_000_000 else "below", "4 MB,", end=" ")
END_OF_PROGRAM
cat > load.py << 'END_OF_PROGRAM'
import torch

try:
    torch.load("scheduler.pt")
    print("loaded", end="")
except Exception as error:
    print(type(error).__name__, end="")
END_OF_PROGRAM
seen="of 1.13.1: $(/usr/bin/python3 -W ignore save.py)$("$python" -W ignore load.py)"
seen+="; of 2.15.0: $("$python" -W ignore save.py)$("$python" -W ignore load.py)"
finding "python3-torch 1.13.1+dfsg-4 (Debian 12), torch 2.15.0" \
  "of 1.13.1: below 4 MB, loaded; of 2.15.0: below 4 MB, loaded" \
  "of 1.13.1: above 4 MB, UnpicklingError; of 2.15.0: below 4 MB, loaded" "$seen"
