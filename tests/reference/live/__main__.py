import importlib
import json
import sys
import warnings

from . import Draw

warnings.simplefilter("ignore")
name, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
out, sys.stdout = sys.stdout, sys.stderr  # some libraries print
library = importlib.import_module(f"live.{name}")
for schedule, run in library.schedules.items():
    draw = Draw(f"{seed} {schedule}")
    for _ in range(count):
        args, values = run(draw)
        call = {"peer": library.PEER, "version": library.version(), "name": schedule, "args": args,
                "steps": list(range(len(values))), "values": [float(value) for value in values]}
        print(json.dumps(call), file=out)
