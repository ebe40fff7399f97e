"""The values of the calls of tests/reference/coming_from that no release is recorded for, written out from their source.

PyTorch's rows are run by PyTorch itself, recorded.py has the recorded calls. The sources: optax (006cebd,
reduce_on_plateau 05a7425), Keras (2534b64, ReduceLROnPlateau 040582f), transformers (005edac), timm (16664ea; tanh
0d4c04f, poly 23f09af, multistep b1b024d, wsd 803b7c2), DeepSpeed (22779f2), Megatron-LM (00caa53), fairseq (2519cd4;
cosine 1ab54f9, fixed 028d797, polynomial 003179f, triangular 048178f, tri_stage 00bc279, step 5d7b70d), mmengine
(01857d8), fvcore (0c9e9e1), detectron2 (012c898), torchtitan (0.1.0, 0.2.0 and 0.3.0), llm.c (4b5fecc), nanochat
(00255c1), darknet (004c8b6), TorchSharp (04fad9a), Gaussian splatting (15d64e6), mip-NeRF (16e73df), Caffe (9b89154),
tiny-cuda-nn (6ee3546), ONNX Runtime (a0d1834), nntrainer (9f8ed93), llama.cpp (d99724f), OpenNN (13d826b), Flashlight
(f5f717f), OpenSplat (56946aa), fastText (1142dc4).
"""

import math

lr = 0.1


def cosine(start, end, x):
    return end + (start - end) * (1 + math.cos(math.pi * min(x, 1))) / 2


def line(start, end, x):
    return start + (end - start) * min(x, 1)


def one_sqrt(start, end, x):
    return end + (start - end) * (1 - math.sqrt(min(max(x, 0), 1)))


def warm(t, steps, then):
    return lr * t / steps if t < steps else then(t - steps)


def restarts(t, length, factor):
    start, peak = 0, 1
    while t >= start + length:
        start, length, peak = start + length, factor * length, peak / 2
    return cosine(peak, 0, (t - start) / length)


def tanh(t, end):
    return end + (lr - end) / 2 * (1 - math.tanh(-7 * (1 - t / 100) + 3 * t / 100)) if t < 100 else end


def delayed(t):
    """0.1 to 0.001 in 100 steps, and a tenth of it at first, all of it from step 20 on."""
    delay = 0.1 + 0.9 * math.sin(math.pi / 2 * min(t / 20, 1))
    return delay * math.exp(math.log(0.1) * (1 - min(t / 100, 1)) + math.log(0.001) * min(t / 100, 1))


def triangular(t, low):
    return low + (0.1 * 0.5 ** (t // 40) - low) * (1 - abs(t / 20 - 2 * (t // 40 + 1) + 1))


EQUIVALENT = {
    "PyTorch": {
        "any of them, stepped once an epoch of 391 steps": lambda t: lr * 0.1 ** (t // 391 // 30),
    },
    "optax": {
        "constant_schedule(0.1)": lambda t: 0.1,
        "linear_schedule(0.1, 0.01, 100)": lambda t: line(0.1, 0.01, t / 100),
        "polynomial_schedule(0.1, 0.01, 2, 100)": lambda t: 0.01 + 0.09 * (1 - min(t, 100) / 100) ** 2,
        "cosine_decay_schedule(0.1, 100, alpha=0.1)": lambda t: cosine(0.1, 0.01, t / 100),
        "warmup_cosine_decay_schedule(0.01, 0.1, 20, 100)":
            lambda t: line(0.01, 0.1, t / 20) if t < 20 else cosine(0.1, 0, (t - 20) / 80),
        "exponential_decay(0.1, 50, 0.5)": lambda t: 0.1 * 0.5 ** (t / 50),
        "exponential_decay(0.1, 50, 0.5, staircase=True)": lambda t: 0.1 * 0.5 ** (t // 50),
        "piecewise_constant_schedule(0.1, {30: 0.5, 80: 0.1})":
            lambda t: 0.1 * (0.5 if t >= 30 else 1) * (0.1 if t >= 80 else 1),
        "join_schedules([constant_schedule(0.1), linear_schedule(0.1, 0, 50)], [30])":
            lambda t: 0.1 if t < 30 else line(0.1, 0, (t - 30) / 50),
        "exponential_decay(0.1, 50, 0.5, transition_begin=20)": lambda t: 0.1 * 0.5 ** (max(t - 20, 0) / 50),
        "exponential_decay(0.1, 50, 0.5, end_value=0.01)": lambda t: max(0.1 * 0.5 ** (t / 50), 0.01),
        "exponential_decay(0.01, 50, 2.0, end_value=0.1)": lambda t: min(0.01 * 2 ** (t / 50), 0.1),
        "polynomial_schedule(0.1, 0.01, 2, 100, transition_begin=20)":
            lambda t: 0.01 + 0.09 * (1 - min(max(t - 20, 0), 100) / 100) ** 2,
        "warmup_constant_schedule(0.01, 0.1, 20)": lambda t: line(0.01, 0.1, t / 20),
        "warmup_exponential_decay_schedule(0.01, 0.1, 20, 50, 0.5)":
            lambda t: line(0.01, 0.1, t / 20) if t < 20 else 0.1 * 0.5 ** ((t - 20) / 50),
        'piecewise_interpolate_schedule("linear", 0.1, {30: 0.5, 80: 0.1})':
            lambda t: line(0.1, 0.05, t / 30) if t < 30 else line(0.05, 0.005, (t - 30) / 50),
        'piecewise_interpolate_schedule("cosine", 0.1, {30: 0.5, 80: 0.1})':
            lambda t: cosine(0.1, 0.05, t / 30) if t < 30 else cosine(0.05, 0.005, (t - 30) / 50),
        "linear_onecycle_schedule(100, 0.1)":
            lambda t: (line(0.004, 0.1, t / 30) if t < 30 else line(0.1, 0.004, (t - 30) / 55) if t < 85 else
                      line(0.004, 0.004 / 1e4, (t - 85) / 15)),
        "cosine_onecycle_schedule(100, 0.1)":
            lambda t: cosine(0.004, 0.1, t / 30) if t < 30 else cosine(0.1, 0.004 / 1e4, (t - 30) / 70),
        "sgdr_schedule(3 * [dict(init_value=0, peak_value=0.1, warmup_steps=5, decay_steps=20)])":
            lambda t: warm(t % 20 if t < 60 else t - 40, 5, lambda u: cosine(0.1, 0, u / 15)),
        "sgdr_schedule([dict(init_value=0.01, peak_value=0.1, warmup_steps=5, decay_steps=20), dict(init_value=0.02, peak_value=0.05, warmup_steps=10, decay_steps=40)])":
            lambda t: (line(0.01, 0.1, t / 5) if t < 5 else cosine(0.1, 0, (t - 5) / 15) if t < 20 else
                       line(0.02, 0.05, (t - 20) / 10) if t < 30 else cosine(0.05, 0, (t - 30) / 30)),
        "cosine_decay_schedule(0.1, 100, alpha=0.2, exponent=2)":
            lambda t: 0.1 * (0.8 * cosine(1, 0, t / 100) ** 2 + 0.2),
    },
    "Keras": {
        "ExponentialDecay(0.1, 50, 0.5)": lambda t: 0.1 * 0.5 ** (t / 50),
        "ExponentialDecay(0.1, 50, 0.5, staircase=True)": lambda t: 0.1 * 0.5 ** (t // 50),
        "InverseTimeDecay(0.1, 50, 0.5)": lambda t: 0.1 / (1 + 0.5 * t / 50),
        "PolynomialDecay(0.1, 100, 0.01, power=2)": lambda t: 0.09 * (1 - min(t, 100) / 100) ** 2 + 0.01,
        "PiecewiseConstantDecay([30, 80], [0.1, 0.05, 0.01])": lambda t: 0.1 if t <= 30 else 0.05 if t <= 80 else 0.01,
        "CosineDecay(0.1, 100, alpha=0.1)": lambda t: cosine(0.1, 0.01, t / 100),
        "CosineDecay(0.0, 80, warmup_target=0.1, warmup_steps=20)":
            lambda t: warm(t, 20, lambda u: cosine(0.1, 0, u / 80)),
        "CosineDecayRestarts(0.1, 10, t_mul=2.0, m_mul=0.5)": lambda t: lr * restarts(t, 10, 2),
        "InverseTimeDecay(0.1, 50, 0.5, staircase=True)": lambda t: 0.1 / (1 + 0.5 * (t // 50)),
        "CosineDecayRestarts(0.1, 10, t_mul=1.5, m_mul=0.5, alpha=0.2)":
            lambda t: 0.1 * (0.8 * restarts(t, 10, 1.5) + 0.2),
    },
    "Hugging Face": {
        "get_constant_schedule_with_warmup(opt, 20)": lambda t: warm(t, 20, lambda u: lr),
        "get_linear_schedule_with_warmup(opt, 20, 100)": lambda t: warm(t, 20, lambda u: lr * max(0, 80 - u) / 80),
        "get_cosine_schedule_with_warmup(opt, 20, 100)": lambda t: warm(t, 20, lambda u: cosine(lr, 0, u / 80)),
        "get_cosine_with_hard_restarts_schedule_with_warmup(opt, 20, 100, num_cycles=2)":
            lambda t: warm(t, 20, lambda u: 0 if u >= 80 else cosine(lr, 0, 2 * u / 80 % 1)),
        "get_polynomial_decay_schedule_with_warmup(opt, 20, 100, lr_end=0.001, power=2)":
            lambda t: warm(t, 20, lambda u: 0.001 + (lr - 0.001) * (1 - min(u, 80) / 80) ** 2),
        "get_inverse_sqrt_schedule(opt, 20)": lambda t: warm(t, 20, lambda u: lr / math.sqrt((u + 20) / 20)),
        "get_wsd_schedule(opt, 20, 30, num_stable_steps=50)":
            lambda t: warm(t, 20, lambda u: lr if u < 50 else cosine(lr, 0, (u - 50) / 30)),
        "get_cosine_with_min_lr_schedule_with_warmup(opt, 20, 100, min_lr=0.01)":
            lambda t: warm(t, 20, lambda u: cosine(lr, 0.01, u / 80)),
        "get_cosine_with_min_lr_schedule_with_warmup_lr_rate(opt, 20, 100, min_lr_rate=0.1)":
            lambda t: lr * (t + 1) / 20 if t < 20 else cosine(lr, 0.1 * lr, (t - 20 + 1) / 80),
        "the same, warmup_lr_rate=0.2":
            lambda t: line(0.2 * lr, lr, t / 19) if t < 20 else cosine(lr, 0.1 * lr, (t - 20 + 1) / 80),
        'get_wsd_schedule(opt, 20, 30, num_stable_steps=50, decay_type="1-sqrt", min_lr_ratio=0.1)':
            lambda t: line(0.1 * lr, lr, t / 20) if t < 20 else one_sqrt(lr, 0.1 * lr, (t - 70) / 30),
        'the same, warmup_type="1-sqrt"': lambda t: one_sqrt(lr, 0.1 * lr, 1 - t / 20 if t < 20 else (t - 70) / 30),
    },
    "timm": {
        "CosineLRScheduler(opt, 100, lr_min=0.01)": lambda t: cosine(lr, 0.01, t / 100),
        "CosineLRScheduler(opt, 100, warmup_t=20, warmup_lr_init=0.01)":
            lambda t: line(0.01, lr, t / 20) if t < 20 else cosine(lr, 0, t / 100),
        "CosineLRScheduler(opt, 80, warmup_t=20, warmup_lr_init=0.01, warmup_prefix=True)":
            lambda t: line(0.01, lr, t / 20) if t < 20 else cosine(lr, 0, (t - 20) / 80),
        "CosineLRScheduler(opt, 20, cycle_mul=1.5, cycle_decay=0.5, cycle_limit=3)":
            lambda t: lr * restarts(t, 20, 1.5) if t < 95 else 0,
        "CosineLRScheduler(opt, 100, lr_min=0.01, k_decay=1.5)": lambda t: cosine(lr, 0.01, min(t / 100, 1) ** 1.5),
        "TanhLRScheduler(opt, 100, lr_min=0.01)": lambda t: tanh(t, 0.01),
        "TanhLRScheduler(opt, 100, warmup_t=20, warmup_lr_init=0.01)":
            lambda t: line(0.01, tanh(20, 0), t / 20) if t < 20 else tanh(t, 0),
        "PolyLRScheduler(opt, 100, power=2, lr_min=0.01)": lambda t: 0.01 + (lr - 0.01) * (1 - min(t / 100, 1)) ** 2,
        "StepLRScheduler(opt, 30, 0.1, warmup_t=20)": lambda t: warm(t, 20, lambda u: lr * 0.1 ** (u // 30)),
        "WSDLRScheduler(opt, 80, 30, warmup_t=20)": lambda t: warm(t, 20, lambda u: one_sqrt(lr, 0, (u - 50) / 30)),
        'WSDLRScheduler(opt, 80, 30, decay_fn="linear", stable_fn="power", stable_power=0.51, warmup_t=20)':
            lambda t: warm(t, 20, lambda u: lr * (1 + u / 20) ** -0.51 * line(1, 0, max(u - 50, 0) / 30)),
    },
    "DeepSpeed": {
        "WarmupLR(opt, 0.01, 0.1, 20)": lambda t: line(0.01, 0.1, math.log(t + 1) / math.log(20)),
        'WarmupLR(opt, 0.01, 0.1, 20, warmup_type="linear")': lambda t: line(0.01, 0.1, t / 20),
        "WarmupDecayLR(opt, 100, 0.01, 0.1, 20)":
            lambda t: 0.01 + 0.09 * (math.log(t + 1) / math.log(20) if t < 20 else max(0, (100 - t) / 80)),
        'WarmupDecayLR(opt, 100, 0.01, 0.1, 20, warmup_type="linear")':
            lambda t: 0.01 + 0.09 * (t / 20 if t < 20 else max(0, (100 - t) / 80)),
        "WarmupCosineLR(opt, 100, warmup_num_steps=20, cos_min_ratio=0.1)":
            lambda t: lr * math.log(t + 1) / math.log(20) if t < 20 else cosine(lr, 0.1 * lr, (t - 20 + 1) / 80),
        "OneCycle(opt, 0.01, 0.1, 0.5, 20, decay_step_size=10)":
            lambda t: line(0.01, 0.1, 1 - abs(t + 1 - 20) / 20) if t < 40 else 0.01 / (1 + 0.5 * (t - 40 + 1) / 10),
        "LRRangeTest(opt, 0.001, 10, 0.5), of 500 steps": lambda t: 0.001 * (1 + 0.5 * min(t + 1, 500) / 10),
        "the same, lr_range_test_staircase=True": lambda t: 0.001 * (1 + 0.5 * (min(t + 1, 500) // 10)),
    },
    "Megatron-LM": {
        "--lr-decay-style cosine --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            lambda t: warm(t, 20, lambda u: cosine(lr, 0.01, u / 80)),
        "--lr-decay-style linear --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            lambda t: warm(t, 20, lambda u: line(lr, 0.01, u / 80)),
        "--lr-decay-style inverse-square-root --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            lambda t: warm(t, 20, lambda u: max(0.01, lr * (20 / t) ** 0.5) if t <= 100 else 0.01),
        "--lr-decay-style WSD --lr-wsd-decay-style minus_sqrt --lr-wsd-decay-iters 30 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            lambda t: warm(t, 20, lambda u: one_sqrt(lr, 0.01, (t - 70) / 30)),
    },
    "fairseq": {
        "fixed --warmup-updates 20": lambda t: lr * min(t + 1, 20) / 20,
        "inverse_sqrt --warmup-updates 20": lambda t: warm(t, 20, lambda u: lr * 20 ** 0.5 * t ** -0.5),
        "polynomial_decay --warmup-updates 20 --total-num-update 100 --power 2":
            lambda t: warm(t, 20, lambda u: lr * (1 - min(u / 80, 1)) ** 2),
        "cosine --warmup-updates 20 --lr-period-updates 40 --min-lr 0.01 --lr-shrink 0.5":
            lambda t: (line(0.01, lr, t / 20) if t < 20 else
                       0.5 ** ((t - 20) // 40) * cosine(lr, 0.01, (t - 20) % 40 / 40)),
        "tri_stage --warmup-steps 20 --hold-steps 30 --decay-steps 40":
            lambda t: line(0.01 * lr, lr, t / 20) if t < 20 else lr * 0.01 ** (min(max(t - 50, 0), 40) / 40),
        "triangular --lr 0.01 --max-lr 0.1 --lr-period-updates 40 --lr-shrink 0.5 --shrink-min":
            lambda t: triangular(t, 0.01 * 0.5 ** (t // 40)),
        "the same without --shrink-min": lambda t: triangular(t, 0.01),
        "step --warmup-updates 20 --lr-decay-period 30 --lr-decay 0.5 --min-lr 0.01":
            lambda t: line(0.01, lr, t / 20) if t < 20 else max(lr * 0.5 ** ((t - 20) // 30), 0.01),
    },
    "mmengine": {
        'dict(type="LinearLR", start_factor=0.1, end=20)': lambda t: line(0.1 * lr, lr, t / 19),
        'dict(type="ConstantLR", factor=0.1, end=20)': lambda t: 0.1 * lr if t < 19 else lr,
        'dict(type="PolyLR", power=2, eta_min=0.01, end=100)': lambda t: 0.01 + (lr - 0.01) * (1 - min(t / 99, 1)) ** 2,
        'dict(type="CosineAnnealingLR", T_max=100, end=100)': lambda t: cosine(lr, 0, min(t, 99) / 100),
        '[dict(type="LinearLR", start_factor=0.1, end=20), dict(type="CosineAnnealingLR", T_max=80, begin=20, end=100)]':
            lambda t: line(0.1 * lr, lr, t / 19) if t < 20 else cosine(lr, 0, min(t - 20, 79) / 80),
    },
    "detectron2 and fvcore": {
        "WarmupMultiStepLR, STEPS (30, 80), WARMUP_ITERS 20":
            lambda t: line(0.001 * lr, lr, t / 20) if t < 20 else lr * 0.1 ** sum(b <= t for b in (30, 80)),
        "WarmupCosineLR, WARMUP_ITERS 20, MAX_ITER 100":
            lambda t: line(0.001 * lr, cosine(lr, 0, 0.2), t / 20) if t < 20 else cosine(lr, 0, t / 100),
        "ExponentialParamScheduler(0.1, 0.02), of 100 steps": lambda t: 0.1 * 0.02 ** min(t / 100, 1),
        "PolynomialDecayParamScheduler(0.1, 0.9), of 100 steps": lambda t: 0.1 * (1 - min(t / 100, 1)) ** 0.9,
        "MultiStepParamScheduler([0.1, 0.05, 0.01], milestones=[30, 80, 100]), of 100 steps":
            lambda t: 0.1 if t < 30 else 0.05 if t < 80 else 0.01,
    },
    "torchtitan": {
        # torchtitan: one stable step more than its name says, and the decay counts from 1.
        "warmup_steps 20, steps 100":
            lambda t: lr * (t + 1) / 20 if t < 20 else lr if t < 20 + 1 else line(lr, 0, (t + 1 - 21) / 80),
        'the same, decay_ratio 0.3, decay_type "sqrt", min_lr_factor 0.1':
            lambda t: lr * (t + 1) / 20 if t < 20 else lr if t < 20 + 51 else one_sqrt(lr, 0.1 * lr, (t + 1 - 71) / 30),
    },
    "llm.c": {
        "cosine, warmup_iterations 20, train_num_batches 100, final_learning_rate_frac 0.1":
            lambda t: lr * (t + 1) / 20 if t < 20 else cosine(lr, 0.1 * lr, (t - 20) / 80),
        "linear, the same": lambda t: lr * (t + 1) / 20 if t < 20 else line(lr, 0.1 * lr, (t - 20) / 80),
        "wsd, the same": lambda t: lr * (t + 1) / 20 if t < 20 else one_sqrt(lr, 0.1 * lr, (t - 80) / 20),
    },
    "nanochat": {
        "--num-iterations 100 --warmup-steps 20 --warmdown-ratio 0.65 --final-lr-frac 0.05":
            lambda t: lr * (t + 1) / 20 if t < 20 else line(lr, 0.05 * lr, max(t - 35, 0) / 65),
    },
    "darknet": {
        "policy=steps, steps=30,80, scales=.1,.1, burn_in=20":
            lambda t: lr * ((t + 1) / 20) ** 4 if t + 1 < 20 else lr * 0.1 ** sum(b <= t + 1 for b in (30, 80)),
        "policy=poly, power=4, max_batches=100": lambda t: lr * (1 - min(t + 1, 100) / 100) ** 4,
        "policy=sig, gamma=.1, step=50": lambda t: lr / (1 + math.exp(min(0.1 * (t + 1 - 50), 700))),
    },
    "TorchSharp": {
        "lr_scheduler.StepLR(optimizer, 30)": lambda t: lr * 0.1 ** (t // 30),
        "lr_scheduler.ExponentialLR(optimizer, 0.95)": lambda t: lr * 0.95 ** t,
        "lr_scheduler.LinearLR(optimizer, 0.1, total_iters: 20)": lambda t: line(0.1 * lr, lr, t / 20),
        "lr_scheduler.CyclicLR(optimizer, 0.01, 0.1, 20, mode: Mode.ExpRange, gamma: 0.9)":
            lambda t: 0.01 + 0.09 * (1 - abs(t % 40 - 20) / 20) * 0.9 ** (t // 40 + 1),
    },
    "Papers": {
        "REX: lr * (1 - z) / (1/2 + 1/2 * (1 - z)), z = t / 100":
            lambda t: lr * (1 - min(t / 100, 1)) / (1 / 2 + 1 / 2 * (1 - min(t / 100, 1))),
        "power scheduler: min(lr, a * n ** b) of the n tokens seen after each update; a = 4, b = -0.51, 512 a step":
            lambda t: min(lr, 4 * (512 * (t + 1)) ** -0.51),
        "Adafactor's beta2: 1 - n ** -0.8 at update n = 1, 2, ...": lambda t: 1 - (t + 1) ** -0.8,
    },
    "pytorch-ignite": {
        'LinearCyclicalScheduler(opt, "lr", 0.1, 0.01, 20)': lambda t: 0.1 - 0.09 * (1 - abs(t % 20 / 10 - 1)),
    },
    "nnU-Net": {
        "the same, of updates, 250 an epoch": lambda t: 0.01 * (1 - min(t // 250, 1000) / 1000) ** 0.9,
    },
    "Stable-Baselines3": {
        "the same, of 40 updates a rollout": lambda t: line(0.1, 0.01, (t // 40 + 1) * 64 / (32 * 64) / 0.5),
    },
    "schedule-free": {
        "AdamWScheduleFree(params, lr, warmup_steps=20)": lambda t: lr * min(t + 1, 20) / 20,
    },
    "Accelerate": {
        "accelerator.prepare(LambdaLR(opt, lambda t: 0.96 ** t)), 4 processes": lambda t: lr * 0.96 ** (4 * t),
    },
    "Lightning": {
        '{"scheduler": StepLR(opt, 30), "interval": "epoch"}, 391 batches': lambda t: lr * 0.1 ** (t // 391 // 30),
    },
    "Gaussian splatting": {
        "get_expon_lr_func(0.1, 0.001, lr_delay_steps=20, lr_delay_mult=0.1, max_steps=100)": delayed,
        "get_expon_lr_func(0.1, 0.001, max_steps=100)": lambda t: 0.1 * 0.01 ** min(t / 100, 1),
    },
    "JaxNeRF and mip-NeRF": {
        "learning_rate_decay(step, 0.1, 0.001, 100, lr_delay_steps=20, lr_delay_mult=0.1)": delayed,
    },
    "MXNet": {
        "CosineScheduler(100, 0.1, 0.01, warmup_steps=20, warmup_begin_lr=0.001)":
            lambda t: line(0.001, 0.1, (t + 1) / 20) if t + 1 < 20 else cosine(0.1, 0.01, (t + 1 - 20) / 80),
    },
    "LibTorch": {
        "torch::optim::StepLR(optimizer, 30, 0.1), as it runs": lambda t: lr * 0.1 ** (max(t - 1, 0) // 30),
        "torch::optim::StepLR(optimizer, 30, 0.1), as it is documented": lambda t: lr * 0.1 ** (t // 30),
    },
    "Caffe": {
        'lr_policy: "step" gamma: 0.5 stepsize: 30': lambda t: lr * 0.5 ** (t // 30),
        'lr_policy: "multistep" gamma: 0.5 stepvalue: 30 stepvalue: 80':
            lambda t: lr * 0.5 ** sum(b <= t for b in (30, 80)),
        'lr_policy: "exp" gamma: 0.95': lambda t: lr * 0.95 ** t,
        'lr_policy: "inv" gamma: 0.05 power: 0.75': lambda t: lr * (1 + 0.05 * t) ** -0.75,
        'lr_policy: "poly" power: 2 max_iter: 100': lambda t: lr * (1 - min(t / 100, 1)) ** 2,
        'lr_policy: "sigmoid" gamma: -0.1 stepsize: 50': lambda t: lr / (1 + math.exp(min(0.1 * (t - 50), 700))),
    },
    "TorchFort": {
        "linear, start_factor 0.1, total_iters 20": lambda t: lr if t == 0 else line(0.1 * lr, lr, (t - 1) / 20),
        "cosine annealing, T_max 100": lambda t: cosine(lr, 0, max(t - 1, 0) / 100),
        "polynomial, total_iters 100, power 2": lambda t: lr * (1 - min(max(t - 1, 0) / 100, 1)) ** 2,
        "multistep, milestones 30 and 80, gamma 0.1": lambda t: lr * 0.1 ** sum(b <= t - 1 for b in (30, 80)),
    },
    "tiny-cuda-nn": {
        '{"otype": "ExponentialDecay", "decay_base": 0.5, "decay_start": 30, "decay_interval": 20}':
            lambda t: lr if t < 30 else lr * 0.5 ** ((t - 30) // 20 + 1),
    },
    "ONNX Runtime": {
        "session.RegisterLinearLRScheduler(20, 100, lr)":
            lambda t: lr if t == 0 else lr * t / 20 if t < 20 else lr * max(0, 100 - t) / 80,
    },
    "nntrainer": {
        "exponential, decay_rate 0.5, decay_steps 50": lambda t: lr * 0.5 ** (t / 50),
        "cosine, max_learning_rate 0.1, min_learning_rate 0.01, decay_steps 50":
            lambda t: cosine(0.1, 0.01, t % 50 / 50),
    },
    "llama.cpp": {
        "lr_opt: lr0 0.1, lr_min 0.01, decay_epochs 10, 5 updates an epoch":
            lambda t: 0.1 * 0.5 ** (min(t // 5, 10) * math.log2(0.1 / 0.01) / 10),
    },
    "OpenNN": {
        "SGD with a decay of 0.5, 10 updates an epoch": lambda t: lr / (1 + t // 10 * 0.5),
    },
    "Flashlight": {
        "ASR: cosine, 100 steps": lambda t: lr * math.cos(min(t / 100, 1) * math.pi / 2),
    },
    "OpenSplat and LichtFeld-Studio": {
        "OptimScheduler, 0.1 to 0.001 in 100 steps":
            lambda t: math.exp(math.log(0.1) * (1 - min(t / 100, 1)) + math.log(0.001) * min(t / 100, 1)),
    },
    "fastText": {
        "-lr 0.1 -lrUpdateRate 100, one thread, 600 lines of 20 tokens": lambda t: 0.1 * (1 - min(t // 6 * 6 / 600, 1)),
    },
    "CatBoost": {
        "CatBoostRegressor(learning_rate=0.1)": lambda t: 0.1,
    },
}


# Plateaus: the rates that these metrics lead to, the first before any of them.
METRICS = [max(1 - 0.005 * k, 0.9) for k in range(60)]


def plateau(better, patience, factor, cooldown=0, counts_last_of_cooldown=False):
    """`patience` is the number of bad metrics that lower the rate."""
    rates, best, bad, left = [lr], math.inf, 0, 0
    for metric in METRICS:
        cooling = left > 0
        left -= cooling
        improved = better(metric, best)
        best = metric if improved else best
        bad = 0 if improved or (left > 0 if counts_last_of_cooldown else cooling) else bad + 1
        rates.append(rates[-1])
        if bad >= patience:
            rates[-1], bad, left = rates[-1] * factor, 0, cooldown
    return rates


PLATEAU = {
    "optax": {
        "contrib.reduce_on_plateau(factor=0.5, patience=4, cooldown=5)":
            plateau(lambda a, best: a < (1 - 1e-4) * best, 4, 0.5, 5),
    },
    "Keras": {
        "callbacks.ReduceLROnPlateau(factor=0.5, patience=4, cooldown=5, min_delta=0.01)":
            plateau(lambda a, best: a < best - 0.01, 4, 0.5, 5, counts_last_of_cooldown=True),
    },
    "Paddle": {
        "ReduceOnPlateau(0.1, factor=0.5, patience=3)": plateau(lambda a, best: a < best * (1 - 1e-4), 4, 0.5),
    },
    "LibTorch": {
        "torch::optim::ReduceLROnPlateauScheduler, of LibTorch 2":
            plateau(lambda a, best: a < best * (1 - 1e-4), 11, 0.1),
    },
}
