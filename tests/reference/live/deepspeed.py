from importlib.metadata import version as version_of

from deepspeed.runtime import lr_schedules

PEER = "deepspeed"


def version():
    return version_of("deepspeed")


def run(name, args, steps=90, last=None):
    import torch
    lr = args.get("lr", 0.1)
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    given = {field: value for field, value in args.items() if field != "lr"}
    schedule = getattr(lr_schedules, name)(optimizer, **given)
    rates = []
    for step in range(steps):
        schedule.step(step if last is None else min(step, last))
        rates.append(optimizer.param_groups[0]["lr"])
    return args, rates


def warmup(draw):
    return {"warmup_num_steps": draw.randint(0, 30), **draw.some(warmup_type="linear")}


def warmup_lr(draw):
    return {"lr": draw.rate(0.1), **warmup(draw),
            **draw.some(warmup_min_lr=draw.rate(0, 0.01), warmup_max_lr=draw.rate(0.1))}


def cosine(draw):
    args = {"lr": draw.rate(0.1), **warmup(draw), "total_num_steps": draw.randint(35, 80),
            **draw.some(warmup_min_ratio=draw.share(), cos_min_ratio=draw.share())}
    return run("WarmupCosineLR", args, last=args["total_num_steps"] - 1)


schedules = {
    "WarmupLR": lambda draw: run("WarmupLR", warmup_lr(draw)),
    "WarmupDecayLR": lambda draw: run("WarmupDecayLR", {
        **warmup_lr(draw), "total_num_steps": draw.randint(20, 110),
        "warmup_max_lr": draw.rate(0.1)}),
    "WarmupCosineLR": cosine,
    "OneCycle": lambda draw: run("OneCycle", {
        "cycle_min_lr": draw.rate(0, 0.1), "cycle_max_lr": draw.rate(0.1),
        "cycle_first_step_size": draw.randint(1, 30),
        **draw.some(cycle_second_step_size=draw.randint(1, 30), decay_lr_rate=draw.share(),
                    decay_step_size=draw.randint(1, 20))}),
    "LRRangeTest": lambda draw: run("LRRangeTest", {
        "lr_range_test_step_size": draw.randint(1, 30),
        **draw.some(lr_range_test_min_lr=draw.rate(0.001, 0.1), lr_range_test_staircase=True,
                    lr_range_test_step_rate=draw.uniform(0.1, 3))}),
}
