#!/usr/bin/env bash
# DDP's join() gives a rank that ran out of batches the others' weights, but not their rate; the next update makes them differ.
. "$(dirname "$0")/common.sh"
torch 2.15.0

cat > program.py << 'END_OF_PROGRAM'
import os
import torch
import torch.distributed as dist

def train(rank):
    dist.init_process_group("gloo", init_method=f"file://{os.getcwd()}/group", rank=rank, world_size=2)
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(model.weight)
    replica = torch.nn.parallel.DistributedDataParallel(model)
    optimizer = torch.optim.SGD(replica.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)

    def update():
        optimizer.zero_grad()
        replica(torch.ones(1, 1)).mean().backward()
        optimizer.step()
        scheduler.step()

    with replica.join():
        for _ in range(3 if rank == 0 else 2):
            update()
    seen = f"rank {rank}: joined at {model.weight.item():g} with rate {scheduler.get_last_lr()[0]:g}"
    update()  # on both ranks, with the mean of their gradients
    seen += f", then {model.weight.item():g}"
    for turn in range(2):
        dist.barrier()
        if turn == rank:
            with open("results", "a") as file:
                file.write(seen + "; ")
    dist.barrier()
    dist.destroy_process_group()

if __name__ == "__main__":
    torch.multiprocessing.spawn(train, nprocs=2)
END_OF_PROGRAM
"$python" -W ignore program.py 2> log
seen=$(cat results)
finding "torch 2.15.0" \
  "rank 0: joined at -1.625 with rate 0.125, then -1.75; rank 1: joined at -1.625 with rate 0.125, then -1.75" \
  "rank 0: joined at -1.625 with rate 0.125, then -1.75; rank 1: joined at -1.625 with rate 0.25, then -1.875" "${seen%; }"
