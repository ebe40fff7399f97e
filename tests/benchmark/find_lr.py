"""Runs find_lr and Lightning's lr_find beside the same steps without them, and prints the table: find_lr.py PROGRAM ROUNDS"""
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

STEPS = 100
PARAMETERS = 4 * 2 * (4096 * 4096 + 4096)  # in bytes


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_bytes():
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


def lightning(mode):
    """The model of find_lr_benchmark.cpp."""
    import pytorch_lightning as pl
    import torch
    from pytorch_lightning.tuner import Tuner

    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    torch.manual_seed(1)

    class Model(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.lr = 1e-3
            self.first = torch.nn.Linear(4096, 4096)
            self.last = torch.nn.Linear(4096, 4096)

        def training_step(self, batch, _):
            x, y = batch
            return torch.nn.functional.mse_loss(self.last(torch.relu(self.first(x))), y)

        def configure_optimizers(self):
            return torch.optim.AdamW(self.parameters(), self.lr)

    model = Model()
    batches = torch.utils.data.DataLoader([(torch.randn(64, 4096), torch.randn(64, 4096))] * STEPS, batch_size=None)
    with tempfile.TemporaryDirectory() as folder:
        trainer = pl.Trainer(accelerator="cpu", max_steps=STEPS, logger=False, enable_checkpointing=False,
                             enable_progress_bar=False, enable_model_summary=False, default_root_dir=folder)
        Path("/proc/self/clear_refs").write_text("5")
        begin, processor_begin = time.perf_counter(), processor_seconds()
        if mode == "find_lr":
            found = Tuner(trainer).lr_find(model, batches, num_training=STEPS, max_lr=1e-3, early_stop_threshold=None)
            assert len(found.results["lr"]) == STEPS, found.results
        else:
            trainer.fit(model, batches)
            assert trainer.global_step == STEPS
        print(time.perf_counter() - begin, processor_seconds() - processor_begin, peak_bytes())


def measured(command):
    return [float(word) for word in subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                                   text=True).stdout.split()[-3:]]


if sys.argv[1] == "lightning":
    lightning(sys.argv[2])
    sys.exit()

SIDES = {"`find_lr`, after 2 training steps": lambda mode: [sys.argv[1], mode, "2"],
         "`find_lr`, of a new optimizer": lambda mode: [sys.argv[1], mode, "0"],
         "Lightning `lr_find`, of a new optimizer": lambda mode: [sys.executable, __file__, "lightning", mode]}
runs = {side: [] for side in SIDES}
os.environ["OMP_NUM_THREADS"] = "1"  # or the threads spin for each other on a shared machine
for _ in range(int(sys.argv[2])):
    for side, command in SIDES.items():
        without, within = measured(command("train")), measured(command("find_lr"))
        runs[side].append((within[0] / without[0], within[1] / without[1], (within[2] - without[2]) / PARAMETERS,
                           without[0]))
        print(side, *runs[side][-1], file=sys.stderr)

from importlib.metadata import version  # noqa: E402

print(f"torch {version('torch')}, pytorch-lightning {version('pytorch-lightning')}")
print()
print("| a range test of 100 steps | 100 training steps | wall time | processor time | additional peak memory, in sizes of the parameters |")
print("|---|---:|---:|---:|---:|")
for side, measurements in runs.items():
    wall, processor, memory, seconds = (statistics.median(values) for values in zip(*measurements))
    print(f"| {side} | {seconds:.1f} s | {wall:.2f}x | {processor:.2f}x | {memory:.2f} |")
