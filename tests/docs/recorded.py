"""The recorded calls that a row of tests/reference/coming_from has the values of.

tests/reference/peers has recorded calls of the libraries' releases: their arguments, and the rates that the updates
really used. A row has numbers of its own; `numbers` says which argument of a call stands for each of them, as an
expression over the call's arguments, of which those that were left out are None. "lr" is the variable of that name.
The row must then have the recorded values of every such call.
"""

from typing import NamedTuple


class Recorded(NamedTuple):
    name: str  # of the call, as recorded
    numbers: dict  # the row's own number: the argument of the call
    where: str = "True"  # which of the calls
    upto: str = None   # how many of its values, where the row is for a part of them
    to: float = 1e-12  # of the largest value; 1e-6 where the library computes in float32


# Where the recordings call a library otherwise than its heading does.
LIBRARIES = {
    "AllenNLP": "allennlp",
    "Chainer": "chainer",
    "Composer": "composer (mosaicml), real Trainer",
    "DeepSpeed": "deepspeed",
    "ESPnet": "espnet",
    "Hugging Face": "transformers",
    "Keras": "keras",
    "LightGBM": "lightgbm",
    "MLX": "mlx",
    "MXNet": "mxnet",
    "Megatron-LM": "megatron-core",
    "MindSpore": "mindspore",
    "Paddle": "paddle",
    "PyTorch": "pytorch",
    "SpeechBrain": "speechbrain",
    "Stable-Baselines3": "stable-baselines3",
    "Vowpal Wabbit": "vowpal_wabbit",
    "XGBoost": "xgboost",
    "nnU-Net": "nnU-Net v2",
}

RECORDED = {
    "pytorch-ignite": {
        'LinearCyclicalScheduler(opt, "lr", 0.1, 0.01, 21)':
            Recorded("LinearCyclicalScheduler", {"0.1": "start_value", "0.01": "end_value", "21": "cycle_size"},
                     where="cycle_size % 2 == 1"),
        'LinearCyclicalScheduler(opt, "lr", 0.1, 0.01, 20, monotonic=True)':
            Recorded("LinearCyclicalScheduler monotonic", {"0.1": "start_value", "0.01": "end_value",
                     "20": "cycle_size"}),
        'CosineAnnealingScheduler(opt, "lr", 0.1, 0.01, 20)':
            Recorded("CosineAnnealingScheduler", {"0.1": "start_value", "0.01": "end_value", "20": "cycle_size"}),
        "the same, cycle_mult=2, start_value_mult=0.5":
            Recorded("CosineAnnealingScheduler cycle_mult", {"0.1": "start_value", "0.01": "end_value",
                     "20": "cycle_size", "2": "cycle_mult", "0.5": "start_value_mult"}),
        "the same, cycle_mult=1.5, three cycles":
            Recorded("CosineAnnealingScheduler cycle_mult 1.5", {"0.1": "start_value", "0.01": "end_value",
                     "20": "cycle_size", "30": "int(cycle_size * 1.5)", "45": "int(int(cycle_size * 1.5) * 1.5)"},
                     upto="cycle_size + int(cycle_size * 1.5) + int(int(cycle_size * 1.5) * 1.5)"),
        "the same, warmup_duration=5":
            Recorded("CosineAnnealingScheduler warmup_duration", {"0.1": "start_value", "0.01": "end_value",
                     "20": "cycle_size", "5": "warmup_duration"}),
        'PiecewiseLinear(opt, "lr", [(10, 0.1), (30, 0.01)])':
            Recorded("PiecewiseLinear", {"{0, 10, 30}": "[0] + [m for m, v in milestones_values]",
                     "{0.1, 0.1, 0.01}": "[milestones_values[0][1]] + [v for m, v in milestones_values]"}),
        "create_lr_scheduler_with_warmup(ExponentialLR(opt, 0.95), 0.01, 20)":
            Recorded("create_lr_scheduler_with_warmup(ExponentialLR(opt, g))", {"0.01": "warmup_start_value",
                     "20": "warmup_duration", "0.95": "gamma"}),
        "create_lr_scheduler_with_warmup(StepLR(opt, 30, 0.5), 0.01, 20)":
            Recorded("create_lr_scheduler_with_warmup(StepLR(opt, T, g))", {"0.01": "warmup_start_value",
                     "20": "warmup_duration", "30": "T", "0.5": "gamma"}),
        "create_lr_scheduler_with_warmup(CosineAnnealingLR(opt, 100), 0.01, 20)":
            Recorded("create_lr_scheduler_with_warmup(CosineAnnealingLR(opt, T))", {"0.01": "warmup_start_value",
                     "20": "warmup_duration", "100": "T"}),
        "create_lr_scheduler_with_warmup(PolynomialLR(opt, 100, 2), 0.01, 20)":
            Recorded("create_lr_scheduler_with_warmup(PolynomialLR(opt, T, 2))", {"0.01": "warmup_start_value",
                     "20": "warmup_duration", "100": "T"}),
        "create_lr_scheduler_with_warmup(ExponentialLR(opt, 0.95), 0.01, 20, warmup_end_value=0.05)":
            Recorded("create_lr_scheduler_with_warmup warmup_end_value", {"0.01": "warmup_start_value",
                     "20": "warmup_duration", "0.95": "gamma", "0.05": "warmup_end_value"}),
        "LRScheduler(StepLR(opt, 30, 0.5))": Recorded("LRScheduler(StepLR(opt, T, g))", {"30": "T", "0.5": "gamma"}),
        "LRScheduler(MultiStepLR(opt, [30, 80], 0.5))":
            Recorded("LRScheduler(MultiStepLR)", {"{30, 80}": "[T, 2 * T]", "0.5": "gamma"}),
        "LRScheduler(ExponentialLR(opt, 0.95))": Recorded("LRScheduler(ExponentialLR(opt, g))", {"0.95": "gamma"}),
        "LRScheduler(PolynomialLR(opt, 60, 2))": Recorded("LRScheduler(PolynomialLR(opt, 60, 2))", {}),
        "LRScheduler(CosineAnnealingLR(opt, 60))": Recorded("LRScheduler(CosineAnnealingLR(opt, T))", {"60": "T"}),
        "LRScheduler(LinearLR(opt, 0.25, total_iters=20))":
            Recorded("LRScheduler(LinearLR(opt, f, total_iters=T))", {"20": "T", "0.25": "(recorded[0] / lr) ** 0.5"}),
    },
    "torchrec": {
        "WarmupOptimizer(opt, [WarmupStage(LINEAR, max_iters=20, value=0.1)], lr)":
            Recorded("WarmupOptimizer [LINEAR(max_iters=M, value=v)]", {"20": "linear['max_iters']",
                     "0.1": "linear['value']"}),
        "[WarmupStage(CONSTANT, max_iters=20, value=0.1)]":
            Recorded("WarmupOptimizer [CONSTANT(M, v)]", {"20": "linear['max_iters']", "0.1": "linear['value']"}),
        "[LINEAR as above, WarmupStage(POLY, max_iters=100, value=2)]":
            Recorded("WarmupOptimizer [LINEAR(M, v), POLY(M2, p)]", {"20": "linear['max_iters']",
                     "0.1": "linear['value']", "100": "poly['max_iters']", "2": "poly['value']"}),
        "[LINEAR as above, WarmupStage(STEP, max_iters=100, value=0.5, decay_iters=30)]":
            Recorded("WarmupOptimizer [LINEAR, STEP(M2, g, decay_iters=D)]", {"20": "linear['max_iters']",
                     "0.1": "linear['value']", "100": "step['max_iters']", "0.5": "step['value']",
                     "30": "step['decay_iters']"}),
        "[LINEAR as above, WarmupStage(COSINE_ANNEALING_WARM_RESTARTS, max_iters=100, value=0.05, sgdr_period=40)]":
            Recorded("WarmupOptimizer [LINEAR, COSINE_ANNEALING_WARM_RESTARTS(M2, v, sgdr_period=P)]",
                     {"20": "linear['max_iters']", "0.1": "linear['value']", "100": "cosine['max_iters']",
                     "0.05": "cosine['value']", "40": "cosine['sgdr_period']"}),
        "[LINEAR as above, WarmupStage(INVSQRT)]":
            Recorded("WarmupOptimizer [LINEAR, INVSQRT]", {"20": "linear['max_iters']", "0.1": "linear['value']"}),
    },
    "Composer": {
        'CosineAnnealingWithWarmupScheduler("20ba", alpha_f=0.1)':
            Recorded("CosineAnnealingWithWarmupScheduler", {"20": "int(t_warmup[:-2])", "100": "int(max_duration[:-2])",
                     "0.1": "alpha_f"}),
        'LinearWithWarmupScheduler("20ba", alpha_f=0.1)':
            Recorded("LinearWithWarmupScheduler", {"20": "int(t_warmup[:-2])", "100": "int(max_duration[:-2])",
                     "0.1": "alpha_f"}),
        'PolynomialWithWarmupScheduler("20ba", power=2, alpha_f=0.1)':
            Recorded("PolynomialWithWarmupScheduler", {"20": "int(t_warmup[:-2])", "100": "int(max_duration[:-2])",
                     "0.1": "alpha_f"}),
        'ConstantWithWarmupScheduler("20ba")': Recorded("ConstantWithWarmupScheduler", {"20": "int(t_warmup[:-2])"}),
        'MultiStepWithWarmupScheduler("20ba", ["50ba", "80ba"], gamma=0.5)':
            Recorded("MultiStepWithWarmupScheduler", {"20": "int(t_warmup[:-2])", "50": "milestones[0]",
                     "80": "milestones[1]", "0.5": "gamma"}),
        "CosineAnnealingScheduler(alpha_f=0.1)":
            Recorded("CosineAnnealingScheduler", {"100": "int(max_duration[:-2])", "0.1": "alpha_f"}),
        "LinearScheduler(1, 0.1)": Recorded("LinearScheduler", {"100": "int(max_duration[:-2])", "0.1": "alpha_f"}),
        "PolynomialScheduler(2, alpha_f=0.1)":
            Recorded("PolynomialScheduler", {"100": "int(max_duration[:-2])", "0.1": "alpha_f"}),
        "ExponentialScheduler(0.9), an epoch of 50 batches":
            Recorded("ExponentialScheduler", {"50": "dataloader_len", "0.9": "gamma"}),
        'StepScheduler("30ba", gamma=0.5)': Recorded("StepScheduler", {"30": "int(t_warmup[:-2])", "0.5": "gamma"}),
        'MultiStepScheduler(["30ba", "90ba"], gamma=0.5)':
            Recorded("MultiStepScheduler", {"30": "int(t_warmup[:-2])", "90": "3 * int(t_warmup[:-2])",
                     "0.5": "gamma"}),
        'CosineAnnealingWarmRestartsScheduler("20ba", t_mult=2, alpha_f=0.1)':
            Recorded("CosineAnnealingWarmRestartsScheduler", {"20": "int(t_warmup[:-2])", "0.1": "alpha_f"}),
        'ConstantScheduler(0.1, "20ba")': Recorded("ConstantScheduler", {"20": "int(t_warmup[:-2])", "0.1": "alpha_f"}),
    },
    "pytorch-optimizer": {
        "LinearScheduler(opt, 100, 0.1, 0.01, 0.001, 20)":
            Recorded("LinearScheduler", {"100": "t_max", "0.1": "max_lr", "0.01": "min_lr", "0.001": "init_lr",
                     "20": "warmup_steps"}),
        "CosineScheduler(opt, 100, 0.1, 0.01, 0.001, 20)":
            Recorded("CosineScheduler", {"100": "t_max", "0.1": "max_lr", "0.01": "min_lr", "0.001": "init_lr",
                     "20": "warmup_steps"}),
        "REXScheduler(opt, 100, 0.1, 0.01)":
            Recorded("REXScheduler", {"100": "t_max", "0.1": "max_lr", "0.01": "min_lr"}),
        "PolyScheduler(opt, 0.5, 100, 0.1, 0.01, 0.001, 20), of 100 steps":
            Recorded("PolyScheduler", {"100": "t_max", "0.1": "max_lr", "0.01": "min_lr", "0.001": "init_lr",
                     "20": "warmup_steps"}),
        'get_wsd_schedule(opt, 20, 50, 30, cooldown_type="1-sqrt")':
            Recorded("get_wsd_schedule", {"20": "num_warmup_steps", "50": "num_stable_steps", "30": "num_decay_steps",
                     "CooldownShape::sqrt": "'CooldownShape::' + {'1-sqrt': 'sqrt'}.get(cooldown_type, cooldown_type)"},
                     where="min_lr_ratio == 0"),
        'get_wsd_schedule(opt, 20, 50, 30, min_lr_ratio=0.1, cooldown_type="cosine")':
            Recorded("get_wsd_schedule", {"20": "num_warmup_steps", "50": "num_stable_steps", "30": "num_decay_steps",
                     "0.1": "min_lr_ratio"}, where="cooldown_type == 'cosine'"),
        'get_wsd_schedule(opt, 20, 50, 30, min_lr_ratio=0.1, cooldown_type="1-sqrt")':
            Recorded("get_wsd_schedule min_lr_ratio", {"20": "num_warmup_steps", "50": "num_stable_steps",
                     "30": "num_decay_steps", "0.1": "min_lr_ratio",
                     "CooldownShape::sqrt": "'CooldownShape::' + {'1-sqrt': 'sqrt'}.get(cooldown_type, cooldown_type)"}),
        'get_wsd_schedule(opt, 20, 50, 30, cooldown_type="1-square")':
            Recorded("get_wsd_schedule 1-square", {"20": "num_warmup_steps", "50": "num_stable_steps",
                     "30": "num_decay_steps"}),
        "CosineAnnealingWarmupRestarts(opt, 40, max_lr=0.1, min_lr=0.01, warmup_steps=5)":
            Recorded("CosineAnnealingWarmupRestarts", {"40": "first_cycle_steps", "0.1": "max_lr", "0.01": "min_lr",
                     "5": "warmup_steps"}),
        "the same, gamma=0.5":
            Recorded("CosineAnnealingWarmupRestarts gamma", {"40": "first_cycle_steps", "0.1": "max_lr",
                     "0.01": "min_lr", "5": "warmup_steps", "0.5": "gamma"}),
        "the same, cycle_mult=2, two cycles":
            Recorded("CosineAnnealingWarmupRestarts cycle_mult", {"40": "first_cycle_steps", "0.1": "max_lr",
                     "0.01": "min_lr", "5": "warmup_steps", "0.5": "gamma"}, where="cycle_mult == 2",
                     upto="3 * first_cycle_steps - warmup_steps"),
    },
    "ESPnet": {
        "WarmupLR(opt, 20)": Recorded("WarmupLR", {"20": "warmup_steps"}),
        "NoamLR(opt, 512, 20)": Recorded("NoamLR", {"512": "model_size", "20": "warmup_steps"}),
        "TristageLR(opt, 100, 0.1, 0.4, 0.5, 0.01, 0.05)":
            Recorded("TristageLR", {"0.01": "init_lr_scale", "0.05": "final_lr_scale",
                     "10": "int(max_steps * warmup_ratio)", "40": "int(max_steps * hold_ratio)",
                     "50": "int(max_steps * decay_ratio)"}),
        "ExponentialDecayWarmup(opt, 0.1, 0.01, 100, 20, warm_from_zero=True)":
            Recorded("ExponentialDecayWarmup warm_from_zero", {"100": "total_steps", "0.1": "max_lr", "0.01": "min_lr",
                     "20": "warmup_steps"}),
        "ExponentialDecayWarmup(opt, 0.2, 0.01, 100, 20)":
            Recorded("ExponentialDecayWarmup", {"100": "total_steps", "0.2": "max_lr", "0.01": "min_lr",
                     "20": "warmup_steps", "lr": "optimizer_lr"}),
        "PiecewiseLinearWarmupLR(opt, [0, 10, 20], [0, 0.05, lr])":
            Recorded("PiecewiseLinearWarmupLR", {"10": "warmup_steps_list[1]", "20": "warmup_steps_list[2]",
                     "0.05": "warmup_lr_list[1]"}),
        "WarmupStepLR(opt, 20, steps_per_epoch=10, step_size=3, gamma=0.5)":
            Recorded("WarmupStepLR", {"20": "warmup_steps", "10": "steps_per_epoch", "3": "step_size", "0.5": "gamma"}),
        "CosineAnnealingWarmupRestarts(opt, 40, max_lr=0.1, min_lr=0.01, warmup_steps=5)":
            Recorded("CosineAnnealingWarmupRestarts", {"40": "first_cycle_steps", "0.1": "max_lr", "0.01": "min_lr",
                     "5": "warmup_steps"}),
        "the same, gamma=0.5":
            Recorded("CosineAnnealingWarmupRestarts gamma", {"40": "first_cycle_steps", "0.1": "max_lr",
                     "0.01": "min_lr", "5": "warmup_steps", "0.5": "gamma"}),
    },
    "SpeechBrain": {
        "NoamScheduler(lr, 20)": Recorded("NoamScheduler after update", {"20": "n_warmup_steps", "lr": "lr_initial"}),
        "LinearWarmupScheduler(lr, 20, 100)":
            Recorded("LinearWarmupScheduler", {"20": "num_warmup_steps", "100": "num_training_steps",
                     "lr": "initial_value"}),
        "LinearNoamScheduler(lr, 20, 30)":
            Recorded("LinearNoamScheduler", {"20": "n_warmup_steps", "30": "n_keep_steps", "lr": "lr_initial"}),
        "InverseSquareRootScheduler(20)": Recorded("InverseSquareRootScheduler", {"20": "warmup_steps"}),
        "CyclicCosineScheduler(20, lr, 100)":
            Recorded("CyclicCosineScheduler", {"20": "n_warmup_steps", "100": "total_steps", "lr": "lr_initial"}),
        "WarmAndExpDecayLRSchedule(lr, 20, 100, 0.3)":
            Recorded("WarmAndExpDecayLRSchedule", {"20": "n_warmup_steps", "100": "total_steps",
                     "0.3": "decay_factor"}),
        "TriStageLRSchedule(lr, 20, 30, 40, init_lr_scale=0.01, final_lr_scale=0.05)":
            Recorded("TriStageLRSchedule", {"20": "warmup_steps", "30": "hold_steps", "40": "decay_steps",
                     "0.01": "init_lr_scale", "0.05": "final_lr_scale"}),
        "CyclicLRScheduler(0.01, 0.1, 20)":
            Recorded("CyclicLRScheduler", {"0.01": "base_lr", "0.1": "max_lr", "20": "step_size"}),
        "StepScheduler(lr, 0.5, 6)(epoch)[0], epoch from 0":
            Recorded("StepScheduler old", {"0.5": "decay_factor", "6": "decay_drop", "lr": "initial_value"}),
        "StepScheduler(lr, 0.5, 6)(epoch)[1] after epoch 1, 2, ...":
            Recorded("StepScheduler", {"0.5": "decay_factor", "6": "decay_drop", "lr": "initial_value"}),
        "LinearScheduler(0.1, 0.01, 30)(epoch)[1] after epoch 1, 2, ...":
            Recorded("LinearScheduler", {"0.1": "initial_value", "0.01": "final_value", "30": "epoch_count"}, to=1e-6),
    },
    "AllenNLP": {
        "SlantedTriangular(opt, 4, 25, cut_frac=0.2, ratio=32)":
            Recorded("SlantedTriangular", {"20": "int(cut_frac * num_epochs * num_steps_per_epoch)",
                     "100": "num_epochs * num_steps_per_epoch", "32": "ratio"}),
        "PolynomialDecay(opt, 4, 25, power=2, warmup_steps=20, end_learning_rate=0.01)":
            Recorded("PolynomialDecay", {"2": "power", "20": "warmup_steps", "0.01": "end_learning_rate",
                     "100": "num_epochs * num_steps_per_epoch"}),
        "CosineWithRestarts(opt, 20, t_mul=2, eta_min=0.01, eta_mul=0.7), a step an epoch":
            Recorded("CosineWithRestarts", {"20": "t_initial", "2": "t_mul", "0.01": "eta_min", "0.7": "eta_mul"},
                     where="t_mul in (1, 2)"),
        "NoamLR(opt, 512, 20, 0.5)": Recorded("NoamLR", {"512": "model_size", "20": "warmup_steps", "0.5": "factor"}),
    },
    "OpenNMT-py": {
        "decay_method: noam, warmup_steps: 20, hidden_size: 512":
            Recorded("noam", {"lr": "learning_rate", "20": "warmup_steps", "512": "model_size"}),
        "the same, decay_method: noamwd, start_decay_steps: 60, decay_steps: 30, learning_rate_decay: 0.5":
            Recorded("noamwd", {"lr": "learning_rate", "20": "warmup_steps", "512": "model_size", "60": "start_step",
                     "30": "decay_steps", "0.5": "rate"}),
        "decay_method: rsqrt, warmup_steps: 20": Recorded("rsqrt", {"lr": "learning_rate", "20": "warmup_steps"}),
        "start_decay_steps: 60, decay_steps: 30, learning_rate_decay: 0.5":
            Recorded("exponential (default)", {"lr": "learning_rate", "60": "start_step", "30": "decay_steps",
                     "0.5": "rate"}),
    },
    "nnU-Net": {
        "PolyLRScheduler(opt, 0.01, 1000, 0.9), a step an epoch":
            Recorded("PolyLRScheduler", {"0.01": "initial_lr", "1000": "max_steps", "0.9": "exponent"}),
    },
    "NeMo": {
        "CosineAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01)":
            Recorded("CosineAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr"}),
        "the same, constant_steps=10":
            Recorded("CosineAnnealing constant_steps", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr",
                     "10": "constant_steps"}),
        "WarmupAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01)":
            Recorded("WarmupAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr"}),
        "PolynomialDecayAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01, power=2)":
            Recorded("PolynomialDecayAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr",
                     "2": "power"}),
        "PolynomialHoldDecayAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01, hold_steps=30, power=2)":
            Recorded("PolynomialHoldDecayAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr",
                     "30": "hold_steps", "2": "power"}),
        "InverseSquareRootAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01)":
            Recorded("InverseSquareRootAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr"}),
        "SquareAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01)":
            Recorded("SquareAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr"}),
        "SquareRootAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01)":
            Recorded("SquareRootAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr"}),
        "NoamAnnealing(opt, d_model=512, warmup_steps=20)":
            Recorded("NoamAnnealing", {"512": "d_model", "20": "warmup_steps"}, upto="max_steps"),
        "NoamHoldAnnealing(opt, max_steps=100, warmup_steps=20, min_lr=0.01, hold_steps=30)":
            Recorded("NoamHoldAnnealing", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr",
                     "30": "hold_steps"}),
        "WarmupHoldAnnealOneMinusSquareRoot(opt, max_steps=100, warmup_steps=20, min_lr=0.01, hold_steps=30)":
            Recorded("WarmupHoldAnnealOneMinusSquareRoot", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr",
                     "30": "hold_steps"}),
        "WarmupHoldAnnealLinear(opt, max_steps=100, warmup_steps=20, min_lr=0.01, hold_steps=30)":
            Recorded("WarmupHoldAnnealLinear", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr",
                     "30": "hold_steps"}),
        "WarmupHoldAnnealLinear(opt, max_steps=100, warmup_steps=20, min_lr=0.01)":
            Recorded("WarmupHoldAnnealLinear no hold", {"20": "warmup_steps", "100": "max_steps", "0.01": "min_lr"}),
    },
    "Stable-Baselines3": {
        "PPO(learning_rate=LinearSchedule(0.1, 0.01, 0.5), n_steps=64).learn(32 * 64), a step a rollout":
            Recorded("LinearSchedule", {"0.1": "start", "0.01": "end",
                     "16": "int(end_fraction * total_timesteps / n_steps)"}),
    },
    "fastai": {
        "learn.fit_one_cycle(1, 0.1), 40 batches":
            Recorded("fit_one_cycle", {"0.1": "lr_max", "40": "batches"}, to=1e-6),
        "learn.fit_flat_cos(1, 0.1), 40 batches": Recorded("fit_flat_cos", {"0.1": "lr", "40": "batches"}, to=1e-6),
        "learn.fit_sgdr(2, 1, 0.1), 40 batches": Recorded("fit_sgdr", {"0.1": "lr_max", "40": "batches"}, to=1e-6),
    },
    "ultralytics": {
        'train(optimizer="SGD", lr0=0.02, lrf=0.01, epochs=100, warmup_epochs=3), 50 batches an epoch':
            Recorded("BaseTrainer linear weights", {"0.02": "lr0", "0.01": "lrf", "100": "epochs", "50": "nb",
                     "3": "int(warmup_epochs)"}),
        "the same, the biases, warmup_bias_lr=0.1":
            Recorded("BaseTrainer linear bias", {"0.02": "lr0", "0.01": "lrf", "100": "epochs", "50": "nb",
                     "3": "int(warmup_epochs)", "0.1": "warmup_bias_lr"}),
        "the same, cos_lr=True":
            Recorded("BaseTrainer cos_lr weights", {"0.02": "lr0", "0.01": "lrf", "100": "epochs", "50": "nb",
                     "3": "int(warmup_epochs)"}),
        "the same, the biases":
            Recorded("BaseTrainer cos_lr bias", {"0.02": "lr0", "0.01": "lrf", "100": "epochs", "50": "nb",
                     "3": "int(warmup_epochs)", "0.1": "warmup_bias_lr"}),
    },
    "Paddle": {
        "StepDecay(0.1, 30, 0.5)": Recorded("StepDecay", {"0.1": "learning_rate", "30": "step_size", "0.5": "gamma"}),
        "MultiStepDecay(0.1, [30, 80], 0.5)":
            Recorded("MultiStepDecay", {"0.1": "learning_rate", "{30, 80}": "milestones", "0.5": "gamma"}),
        "PiecewiseDecay([30, 80], [0.1, 0.05, 0.01])":
            Recorded("PiecewiseDecay", {"{30, 80}": "boundaries", "{0.1, 0.05, 0.01}": "values"}),
        "ExponentialDecay(0.1, 0.95)": Recorded("ExponentialDecay", {"0.1": "learning_rate", "0.95": "gamma"}),
        "NaturalExpDecay(0.1, 0.05)": Recorded("NaturalExpDecay", {"0.1": "learning_rate", "0.05": "gamma"}),
        "MultiplicativeDecay(0.1, lambda epoch: 0.95)":
            Recorded("MultiplicativeDecay (constant lambda)", {"0.1": "learning_rate",
                     "0.95": "float(lr_lambda.split()[-1])"}),
        "InverseTimeDecay(0.1, 0.05)": Recorded("InverseTimeDecay", {"0.1": "learning_rate", "0.05": "gamma"}),
        "PolynomialDecay(0.1, 100, 0.01, 2)":
            Recorded("PolynomialDecay", {"0.1": "learning_rate", "100": "decay_steps", "0.01": "end_lr", "2": "power"}),
        "PolynomialDecay(0.1, 30, 0.01, 0.5, cycle=True), three cycles":
            Recorded("PolynomialDecay cycle=True (N terms for N cycles)", {"0.1": "learning_rate", "30": "decay_steps",
                     "0.01": "end_lr", "0.5": "power"}, upto="3 * decay_steps + 1"),
        "NoamDecay(512, 20, 0.1)":
            Recorded("NoamDecay", {"0.1": "learning_rate", "512": "d_model", "20": "warmup_steps"}),
        "CosineAnnealingDecay(0.1, 100, 0.01), to its end":
            Recorded("CosineAnnealingDecay (to T_max)", {"0.1": "learning_rate", "100": "T_max", "0.01": "eta_min"}),
        "the same, beyond it":
            Recorded("CosineAnnealingDecay (past T_max)", {"0.1": "learning_rate", "100": "T_max", "0.01": "eta_min"}),
        "CosineAnnealingWarmRestarts(0.1, 20, 2, 0.01)":
            Recorded("CosineAnnealingWarmRestarts", {"0.1": "learning_rate", "20": "T_0", "2": "T_mult",
                     "0.01": "eta_min"}),
        "LinearLR(0.1, 20, 0.25, 0.5)":
            Recorded("LinearLR", {"0.1": "learning_rate", "20": "total_steps", "0.25": "start_factor",
                     "0.5": "end_factor"}),
        "CyclicLR(0.01, 0.1, 20, 30)":
            Recorded("CyclicLR", {"0.01": "base_learning_rate", "0.1": "max_learning_rate", "20": "step_size_up",
                     "30": "step_size_down"}, where="mode == 'triangular'"),
        'CyclicLR(0.01, 0.1, 20, 30, mode="triangular2")':
            Recorded("CyclicLR", {"0.01": "base_learning_rate", "0.1": "max_learning_rate", "20": "step_size_up",
                     "30": "step_size_down"}, where="mode == 'triangular2'"),
        "OneCycleLR(0.1, 100, 25, 0.0001, 0.3, three_phase=True)":
            Recorded("OneCycleLR (any phase_pct, its total_steps updates)", {"0.1": "max_learning_rate",
                     "100": "total_steps", "25": "divide_factor", "0.0001": "end_learning_rate", "0.3": "phase_pct"},
                     where="anneal_strategy == 'cos'"),
        'the same, anneal_strategy="linear"':
            Recorded("OneCycleLR (its total_steps updates)", {"0.1": "max_learning_rate", "100": "total_steps",
                     "25": "divide_factor", "0.0001": "end_learning_rate", "0.3": "phase_pct"},
                     where="anneal_strategy == 'linear'"),
        "LinearWarmup(0.1, 20, 0.01, 0.2)":
            Recorded("LinearWarmup (of a number)", {"0.1": "learning_rate", "20": "warmup_steps", "0.01": "start_lr",
                     "0.2": "end_lr"}),
        "LinearWarmup(CosineAnnealingDecay(0.1, 100), 20, 0.01, 0.2)":
            Recorded("LinearWarmup(CosineAnnealingDecay)", {"20": "warmup_steps", "0.01": "start_lr", "0.2": "end_lr",
                     "0.1": "learning_rate['CosineAnnealingDecay'][0]",
                     "100": "learning_rate['CosineAnnealingDecay'][1]"}),
        "LinearWarmup(CosineAnnealingWarmRestarts(0.1, 40, 2, 0.01), 20, 0, 0.1)":
            Recorded("LinearWarmup(CosineAnnealingWarmRestarts), before 1000 steps", {"20": "warmup_steps",
                     "0.1": "end_lr", "40": "learning_rate['CosineAnnealingWarmRestarts'][1]",
                     "2": "learning_rate['CosineAnnealingWarmRestarts'][2]",
                     "0.01": "learning_rate['CosineAnnealingWarmRestarts'][3]"}),
        "LinearWarmup(StepDecay(0.1, 30, 0.5), 20, 0, 0.1)":
            Recorded("LinearWarmup(StepDecay)", {"20": "warmup_steps", "0.1": "end_lr",
                     "30": "learning_rate['StepDecay'][1]", "0.5": "learning_rate['StepDecay'][2]"}),
    },
    "MindSpore": {
        "nn.cosine_decay_lr(0.01, 0.1, 100, 5, 20)":
            Recorded("nn.cosine_decay_lr", {"0.1": "max_lr", "0.01": "min_lr", "5": "step_per_epoch",
                     "20": "decay_epoch"}),
        "nn.warmup_lr(0.1, 100, 5, 20)":
            Recorded("nn.warmup_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "warmup_epoch"}),
        "nn.polynomial_decay_lr(0.1, 0.01, 100, 5, 20, 0.5)":
            Recorded("nn.polynomial_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "decay_epoch",
                     "0.01": "end_learning_rate", "0.5": "power"}),
        "nn.exponential_decay_lr(0.1, 0.5, 100, 5, 20)":
            Recorded("nn.exponential_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "decay_epoch",
                     "0.5": "decay_rate"}, where="not is_stair"),
        "the same, is_stair=True":
            Recorded("nn.exponential_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "decay_epoch",
                     "0.5": "decay_rate"}, where="is_stair"),
        "nn.natural_exp_decay_lr(0.1, 0.5, 100, 5, 20)":
            Recorded("nn.natural_exp_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "0.5": "decay_rate"},
                     where="not is_stair"),
        "nn.natural_exp_decay_lr(0.1, 0.5, 100, 5, 20, is_stair=True)":
            Recorded("nn.natural_exp_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "decay_epoch",
                     "0.5": "decay_rate"}, where="is_stair"),
        "nn.inverse_decay_lr(0.1, 0.5, 100, 5, 20)":
            Recorded("nn.inverse_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "decay_epoch",
                     "0.5": "decay_rate"}, where="not is_stair"),
        "nn.inverse_decay_lr(0.1, 0.5, 100, 5, 20, is_stair=True)":
            Recorded("nn.inverse_decay_lr", {"0.1": "learning_rate", "5": "step_per_epoch", "20": "decay_epoch",
                     "0.5": "decay_rate"}, where="is_stair"),
        "nn.piecewise_constant_lr([30, 80, 100], [0.1, 0.05, 0.01])":
            Recorded("nn.piecewise_constant_lr", {"{30, 80}": "milestone[:-1]", "{0.1, 0.05, 0.01}": "learning_rates"}),
        "nn.CosineDecayLR(0.01, 0.1, 100)":
            Recorded("nn.CosineDecayLR", {"0.1": "max_lr", "0.01": "min_lr", "100": "decay_steps"}, to=1e-6),
        "nn.WarmUpLR(0.1, 20)": Recorded("nn.WarmUpLR", {"0.1": "learning_rate", "20": "warmup_steps"}, to=1e-6),
        "nn.PolynomialDecayLR(0.1, 0.01, 100, 0.5)":
            Recorded("nn.PolynomialDecayLR", {"0.1": "learning_rate", "0.01": "end_learning_rate", "100": "decay_steps",
                     "0.5": "power"}, to=1e-6),
        "nn.ExponentialDecayLR(0.1, 0.5, 50)":
            Recorded("nn.ExponentialDecayLR", {"0.1": "learning_rate", "0.5": "decay_rate", "50": "decay_steps"},
                     where="not is_stair", to=1e-6),
        "nn.ExponentialDecayLR(0.1, 0.5, 50, is_stair=True)":
            Recorded("nn.ExponentialDecayLR", {"0.1": "learning_rate", "0.5": "decay_rate", "50": "decay_steps"},
                     where="is_stair", to=1e-6),
        "nn.NaturalExpDecayLR(0.1, 0.05, 50)":
            Recorded("nn.NaturalExpDecayLR", {"0.1": "learning_rate", "0.05": "decay_rate"}, where="not is_stair",
                     to=1e-6),
        "nn.InverseDecayLR(0.1, 0.5, 50)":
            Recorded("nn.InverseDecayLR", {"0.1": "learning_rate", "0.5": "decay_rate", "50": "decay_steps"},
                     where="not is_stair", to=1e-6),
        "nn.InverseDecayLR(0.1, 0.5, 50, is_stair=True)":
            Recorded("nn.InverseDecayLR", {"0.1": "learning_rate", "0.5": "decay_rate", "50": "decay_steps"},
                     where="is_stair", to=1e-6),
    },
    "MXNet": {
        "FactorScheduler(30, 0.5, base_lr=0.1)":
            Recorded("FactorScheduler", {"30": "step", "0.5": "factor", "0.1": "base_lr"}),
        "FactorScheduler(30, 0.5, stop_factor_lr=0.01, base_lr=0.1)":
            Recorded("FactorScheduler stop_factor_lr", {"30": "step", "0.5": "factor", "0.1": "base_lr",
                     "0.01": "stop_factor_lr"}),
        "FactorScheduler(30, 0.5, base_lr=0.1, warmup_steps=20, warmup_begin_lr=0.001)":
            Recorded("FactorScheduler warmup", {"30": "step", "0.5": "factor", "0.1": "base_lr", "20": "warmup_steps",
                     "0.001": "warmup_begin_lr"}),
        "MultiFactorScheduler([30, 80], 0.5, base_lr=0.1)":
            Recorded("MultiFactorScheduler", {"{30, 80}": "step", "0.5": "factor", "0.1": "base_lr"}),
        "MultiFactorScheduler([30, 80], 0.5, base_lr=0.1, warmup_steps=20, warmup_begin_lr=0.001)":
            Recorded("MultiFactorScheduler warmup", {"{30, 80}": "step", "0.5": "factor", "0.1": "base_lr",
                     "20": "warmup_steps", "0.001": "warmup_begin_lr"}),
        "CosineScheduler(100, 0.1, 0.01)":
            Recorded("CosineScheduler", {"100": "max_update", "0.1": "base_lr", "0.01": "final_lr"},
                     where="warmup_steps == 0"),
        "PolyScheduler(100, 0.1, 2, 0.01)":
            Recorded("PolyScheduler", {"100": "max_update", "0.1": "base_lr", "0.01": "final_lr", "2": "pwr"},
                     where="warmup_steps == 0"),
        "PolyScheduler(100, 0.1, 2, 0.01, warmup_steps=20, warmup_begin_lr=0.001)":
            Recorded("PolyScheduler", {"100": "max_update", "0.1": "base_lr", "0.01": "final_lr", "20": "warmup_steps",
                     "0.001": "warmup_begin_lr", "2": "pwr"}, where="warmup_steps > 0"),
        'the same, warmup_mode="constant"':
            Recorded("PolyScheduler warmup constant", {"100": "max_update", "0.1": "base_lr", "0.01": "final_lr",
                     "20": "warmup_steps", "0.001": "warmup_begin_lr", "2": "pwr"}),
    },
    "Chainer": {
        'StepShift("lr", 0.5, 30, init=0.1)': Recorded("StepShift", {"0.1": "init", "0.5": "gamma", "30": "step"}),
        'MultistepShift("lr", 0.5, [30, 80], init=0.1)':
            Recorded("MultistepShift", {"0.1": "init", "0.5": "gamma", "{30, 80}": "step_value"}),
        'ExponentialShift("lr", 0.5, init=0.1), trigger=(30, "iteration")':
            Recorded("ExponentialShift", {"0.1": "init", "0.5": "rate", "30": "trigger[0]"}),
        'ExponentialShift("lr", 0.95, init=0.1, target=0.01)':
            Recorded("ExponentialShift target", {"0.1": "init", "0.95": "rate", "0.01": "target"}),
        'InverseShift("lr", 0.05, 0.75, init=0.1)':
            Recorded("InverseShift", {"0.1": "init", "0.05": "gamma", "0.75": "power"}),
        'PolynomialShift("lr", 2, 100, init=0.1)':
            Recorded("PolynomialShift", {"0.1": "init", "2": "rate", "100": "max_count"}),
        'LinearShift("lr", (0.1, 0.01), (30, 80))':
            Recorded("LinearShift", {"0.1": "value_range[0]", "0.01": "value_range[1]", "30": "time_range[0]",
                     "80": "time_range[1]"}),
        'WarmupShift("lr", 0.01, 20, 0.1)':
            Recorded("WarmupShift", {"0.1": "init", "0.01": "warmup_start", "20": "warmup_iter"}),
    },
    "nnabla": {
        "CosineScheduler(0.1, 100)": Recorded("CosineScheduler (to max_iter)", {"0.1": "init_lr", "100": "max_iter"}),
        "PolynomialScheduler(0.1, 100, 2)":
            Recorded("PolynomialScheduler (to max_iter)", {"0.1": "init_lr", "100": "max_iter", "2": "power"}),
        "ExponentialScheduler(0.1, 0.5, 30)":
            Recorded("ExponentialScheduler", {"0.1": "init_lr", "0.5": "gamma", "30": "iter_interval"}),
        "StepScheduler(0.1, 0.5, [30, 80])":
            Recorded("StepScheduler", {"0.1": "init_lr", "0.5": "gamma", "{30, 80}": "iter_steps"}),
        "LinearWarmupScheduler(CosineScheduler(0.1, 100), 20)":
            Recorded("LinearWarmupScheduler(CosineScheduler)", {"0.1": "scheduler['CosineScheduler'][0]",
                     "100": "scheduler['CosineScheduler'][1]", "20": "warmup_iter"}),
        "LinearWarmupScheduler(PolynomialScheduler(0.1, 100, 2), 20)":
            Recorded("LinearWarmupScheduler(PolynomialScheduler)", {"0.1": "scheduler['PolynomialScheduler'][0]",
                     "100": "scheduler['PolynomialScheduler'][1]", "2": "scheduler['PolynomialScheduler'][2]",
                     "20": "warmup_iter"}),
    },
    "MLX": {
        "linear_schedule(0.1, 0.01, 100)":
            Recorded("linear_schedule", {"0.1": "init", "0.01": "end", "100": "steps"}, to=1e-6),
        "cosine_decay(0.1, 100, 0.01)":
            Recorded("cosine_decay", {"0.1": "init", "100": "decay_steps", "0.01": "end"}, to=1e-6),
        "step_decay(0.1, 0.5, 30)":
            Recorded("step_decay", {"0.1": "init", "0.5": "decay_rate", "30": "step_size"}, to=1e-6),
        "exponential_decay(0.1, 0.95)": Recorded("exponential_decay", {"0.1": "init", "0.95": "decay_rate"}, to=1e-6),
        "join_schedules([linear_schedule(0, 0.1, 20), linear_schedule(0.1, 0.1, 30), cosine_decay(0.1, 100, 0.01)], [20, 20 + 30])":
            Recorded("join_schedules of three", {"0.1": "join[0][2]", "20": "join[0][3]", "30": "join[1][3]",
                     "100": "join[2][2]", "0.01": "join[2][3]"}, to=1e-6),
    },
    "tinygrad": {
        "extra: OneCycleLR(opt, 0.1, 25, 1000, 100, 0.3)":
            Recorded("extra OneCycleLR (pct_start * total_steps whole, to total_steps)", {"0.1": "max_lr",
                     "25": "div_factor", "1000": "final_div_factor", "100": "total_steps",
                     "30": "round(pct_start * total_steps)"}, to=1e-6),
        "extra: CosineAnnealingLR(opt, 100, 0.01)":
            Recorded("extra CosineAnnealingLR (to T_max)", {"100": "T_max", "0.01": "eta_min"}, to=1e-6),
        "extra: MultiStepLR(opt, [30, 80], 0.5)":
            Recorded("extra MultiStepLR", {"{30, 80}": "milestones", "0.5": "gamma"}, to=1e-6),
        "mlperf: CosineAnnealingLRWithWarmup(opt, 0.1, 0.01, 20, 80)":
            Recorded("mlperf CosineAnnealingLRWithWarmup (to its end)", {"0.1": "base_lr", "0.01": "end_lr",
                     "20": "warmup_steps", "80": "decay_steps"}, to=1e-6),
        "mlperf: PolynomialDecayWithWarmup(opt, 0.1, 0.01, 100, 20, 2)":
            Recorded("mlperf PolynomialDecayWithWarmup (its train_steps updates)", {"0.1": "initial_lr",
                     "0.01": "end_lr", "100": "train_steps", "20": "warmup", "2": "power"}, to=1e-6),
    },
    "thinc": {
        "compounding(0.01, 1.3, 1.2)":
            Recorded("compounding", {"0.01": "start", "1.3": "stop", "1.2": "compound"}, where="compound > 1"),
        "compounding(0.1, 0.01, 0.95)":
            Recorded("compounding", {"0.1": "start", "0.01": "stop", "0.95": "compound"}, where="compound < 1"),
        "warmup_linear(0.1, 20, 100)":
            Recorded("warmup_linear", {"0.1": "initial_rate", "20": "warmup_steps", "100": "total_steps"}),
        "decaying(0.1, 0.05)": Recorded("decaying", {"0.1": "base_rate", "0.05": "decay"}),
        "cyclic_triangular(0.01, 0.1, 20)":
            Recorded("cyclic_triangular", {"0.01": "min_lr", "0.1": "max_lr", "20": "period"}),
        "slanted_triangular(0.1, 100, cut_frac=0.2, ratio=32)":
            Recorded("slanted_triangular (num_steps*cut_frac whole, to num_steps)", {"0.1": "max_rate",
                     "100": "num_steps", "32": "ratio", "20": "round(num_steps * cut_frac)"}),
        "constant_then(0.1, 20, decaying(0.05, 0.2))":
            Recorded("constant_then(decaying)", {"0.1": "rate", "20": "steps", "0.05": "schedule['decaying'][0]",
                     "0.2": "schedule['decaying'][1]"}),
    },
    "scikit-learn": {
        'SGDClassifier(learning_rate="invscaling", eta0=0.1, power_t=0.5), a step a sample':
            Recorded("SGDClassifier invscaling", {"0.1": "eta0", "0.5": "power_t"}),
        'SGDClassifier(learning_rate="optimal", alpha=1e-4), a step a sample':
            Recorded("SGDClassifier optimal", {"1e-4": "alpha"}),
        'MLPClassifier(solver="sgd", learning_rate="invscaling", learning_rate_init=0.1, power_t=0.5, batch_size=200), 1000 samples':
            Recorded("MLPClassifier invscaling", {"0.1": "learning_rate_init", "0.5": "power_t", "1000": "n_samples",
                     "200": "batch_size"}),
        "LatentDirichletAllocation(learning_offset=10, learning_decay=0.7), the weight of a batch":
            Recorded("LatentDirichletAllocation online weight", {"10": "learning_offset", "0.7": "learning_decay"}),
    },
    "gensim": {
        "Word2Vec(alpha=0.1, min_alpha=0.01, epochs=5), 4 jobs of equal sentences an epoch":
            Recorded("Word2Vec alpha per job (equal sentences)", {"0.1": "alpha", "0.01": "min_alpha", "5": "epochs",
                     "4": "jobs_per_epoch"}),
        "LdaModel(offset=8, decay=0.7, passes=1), the weight of a chunk":
            Recorded("LdaModel rho, one pass (update = chunk)", {"8": "offset", "0.7": "decay"}),
        "the same, passes=3, 20 chunks a pass":
            Recorded("LdaModel rho, several passes", {"8": "offset", "0.7": "decay", "20": "docs // chunksize"}),
    },
    "Vowpal Wabbit": {
        "--sgd -l 0.3 --power_t 0.5 --initial_t 10":
            Recorded("--sgd, one pass, unweighted examples", {"0.3": "float(args.split()[2])",
                     "0.5": "float(args.split()[4])", "10": "float(args.split()[6])"}, to=1e-6),
        "the same, --decay_learning_rate 0.6 --passes 3, 50 examples":
            Recorded("--sgd --passes 3 --decay_learning_rate", {"0.3": "float(args.split()[2])",
                     "0.5": "float(args.split()[4])", "10": "float(args.split()[6])", "0.6": "float(args.split()[8])",
                     "50": "examples"}, to=1e-6),
    },
    "LightGBM": {
        "reset_parameter(learning_rate=lambda i: 0.1 * 0.95 ** i)":
            Recorded("reset_parameter(learning_rate=lambda)",
                     {"0.1": "float(reset_parameter.split()[2].split('**')[0].split('*')[0])",
                     "0.95": "float(reset_parameter.split('**')[0].split('*')[1])"}, to=5e-6),
    },
    "XGBoost": {
        "LearningRateScheduler(lambda e: 0.1 * 0.95 ** e), eta 0.3":
            Recorded("LearningRateScheduler (tree 1 has eta)", {"0.3": "eta",
                     "0.1": "float(LearningRateScheduler.split()[2].split('**')[0].split('*')[0])",
                     "0.95": "float(LearningRateScheduler.split('**')[0].split('*')[1])"}, to=1e-6),
    },
    "Megatron-LM": {
        "--lr-decay-style cosine --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler cosine None", {"lr": "max_lr", "0.01": "min_lr", "20": "lr_warmup_steps",
                     "100": "lr_decay_steps", "0.001": "init_lr"}),
        "--lr-decay-style linear --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler linear None", {"lr": "max_lr", "0.01": "min_lr", "20": "lr_warmup_steps",
                     "100": "lr_decay_steps", "0.001": "init_lr"}),
        "--lr-decay-style constant --lr-warmup-init 0.001 --lr-warmup-iters 20":
            Recorded("OptimizerParamScheduler constant None", {"lr": "max_lr", "0.001": "init_lr",
                     "20": "lr_warmup_steps"}),
        "--lr-decay-style inverse-square-root --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler inverse-square-root None", {"lr": "max_lr", "0.01": "min_lr",
                     "20": "lr_warmup_steps", "100": "lr_decay_steps", "0.001": "init_lr"}),
        "--lr-decay-style WSD --lr-wsd-decay-style linear --lr-wsd-decay-iters 30 --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler WSD linear", {"lr": "max_lr", "0.01": "min_lr", "20": "lr_warmup_steps",
                     "100": "lr_decay_steps", "0.001": "init_lr", "30": "wsd_decay_steps"}),
        "--lr-decay-style WSD --lr-wsd-decay-style cosine --lr-wsd-decay-iters 30 --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler WSD cosine", {"lr": "max_lr", "0.01": "min_lr", "20": "lr_warmup_steps",
                     "100": "lr_decay_steps", "0.001": "init_lr", "30": "wsd_decay_steps"}),
        "--lr-decay-style WSD --lr-wsd-decay-style minus_sqrt --lr-wsd-decay-iters 30 --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler WSD minus_sqrt", {"lr": "max_lr", "0.01": "min_lr",
                     "20": "lr_warmup_steps", "100": "lr_decay_steps", "0.001": "init_lr", "30": "wsd_decay_steps"}),
        "--lr-decay-style cosine --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler cosine None", {"lr": "max_lr", "0.01": "min_lr", "20": "lr_warmup_steps",
                     "100": "lr_decay_steps"}, where="init_lr == 0"),
        "--lr-decay-style WSD --lr-wsd-decay-style exponential --lr-wsd-decay-iters 30 --lr-warmup-init 0.001 --lr-warmup-iters 20 --lr-decay-iters 100 --min-lr 0.01":
            Recorded("OptimizerParamScheduler WSD exponential", {"lr": "max_lr", "0.01": "min_lr",
                     "20": "lr_warmup_steps", "100": "lr_decay_steps", "0.001": "init_lr", "30": "wsd_decay_steps"}),
    },
    "optax": {
        "warmup_exponential_decay_schedule(0.01, 0.1, 20, 50, 0.5, staircase=True)":
            Recorded("warmup_exponential_decay_schedule", {"0.01": "init_value", "0.1": "peak_value",
                     "20": "warmup_steps", "50": "transition_steps", "0.5": "decay_rate"},
                     where="staircase and transition_begin == 0"),
        "the same, staircase=False, transition_begin=10":
            Recorded("warmup_exponential_decay_schedule", {"0.01": "init_value", "0.1": "peak_value",
                     "20": "warmup_steps", "50": "transition_steps", "0.5": "decay_rate", "10": "transition_begin"},
                     where="not staircase and transition_begin > 0"),
        "join_schedules([constant_schedule(0.1), linear_schedule(0.2, 0.01, 50), constant_schedule(9)], [30, 30])":
            Recorded("join_schedules, the same boundary twice", {"30": "boundaries[0]",
                     "0.1": "float(join[0].split()[1])"}),
        "warmup_constant_schedule(0.01, 0.1, 20)":
            Recorded("warmup_constant_schedule", {"0.01": "init_value", "0.1": "peak_value", "20": "warmup_steps"}),
        "linear_schedule(0.1, 0.01, 100)":
            Recorded("linear_schedule", {"0.1": "init_value", "0.01": "end_value", "100": "transition_steps"}),
        "polynomial_schedule(0.1, 0.01, 2, 100, transition_begin=20)":
            Recorded("polynomial_schedule", {"0.1": "init_value", "0.01": "end_value", "2": "power",
                     "100": "transition_steps", "20": "transition_begin"}),
        "exponential_decay(0.1, 50, 0.5, transition_begin=20, staircase=True)":
            Recorded("exponential_decay", {"0.1": "init_value", "50": "transition_steps", "0.5": "decay_rate",
                     "20": "transition_begin"}, where="staircase and end_value is None"),
        "cosine_decay_schedule(0.1, 100, alpha=0.2, exponent=2)":
            Recorded("cosine_decay_schedule", {"0.1": "init_value", "100": "decay_steps", "0.2": "alpha",
                     "2": "exponent"}),
        "piecewise_constant_schedule(0.1, {30: 0.5, 80: 0.1})":
            Recorded("piecewise_constant_schedule", {"{30, 80}": "[int(b) for b in boundaries_and_scales]",
                     "{0.1, 0.05, 0.005}": "[init_value * math.prod(list(boundaries_and_scales.values())[:n]) for n in range(4)]"}),
        "linear_onecycle_schedule(100, 0.1)":
            Recorded("linear_onecycle_schedule", {"0.1": "peak_value", "100": "transition_steps",
                     "30": "int(0.3 * transition_steps)", "85": "int(0.85 * transition_steps)"}),
        "cosine_onecycle_schedule(100, 0.1)":
            Recorded("cosine_onecycle_schedule", {"0.1": "peak_value", "30": "int(pct_start * transition_steps)",
                     "70": "transition_steps - int(pct_start * transition_steps)"}),
        "exponential_decay(0.1, 50, 0.5, end_value=0.01)":
            Recorded("exponential_decay", {"0.1": "init_value", "50": "transition_steps", "0.5": "decay_rate",
                     "0.01": "end_value"}, where="end_value is not None"),
    },
    "Keras": {
        "PolynomialDecay(0.1, 30, 0.01, power=0.5, cycle=True), three cycles":
            Recorded("PolynomialDecay cycle=True (N terms for N cycles)", {"0.1": "initial_learning_rate",
                     "30": "decay_steps", "0.01": "end_learning_rate", "0.5": "power"}, upto="3 * decay_steps + 1"),
        "ExponentialDecay(0.1, 50, 0.5)":
            Recorded("ExponentialDecay", {"0.1": "initial_learning_rate", "50": "decay_steps", "0.5": "decay_rate"},
                     where="not staircase"),
        "ExponentialDecay(0.1, 50, 0.5, staircase=True)":
            Recorded("ExponentialDecay", {"0.1": "initial_learning_rate", "50": "decay_steps", "0.5": "decay_rate"},
                     where="staircase"),
        "PolynomialDecay(0.1, 100, 0.01, power=2)":
            Recorded("PolynomialDecay", {"0.1": "initial_learning_rate", "100": "decay_steps",
                     "0.01": "end_learning_rate", "2": "power"}),
        "InverseTimeDecay(0.1, 50, 0.5, staircase=True)":
            Recorded("InverseTimeDecay staircase", {"0.1": "initial_learning_rate", "50": "decay_steps",
                     "0.5": "decay_rate"}),
        "CosineDecay(0.01, 80, alpha=0.2, warmup_target=0.1, warmup_steps=20)":
            Recorded("CosineDecay warmup", {"0.01": "initial_learning_rate", "80": "decay_steps", "0.2": "alpha",
                     "0.1": "warmup_target", "20": "warmup_steps"}, to=1e-6),
        "CosineDecayRestarts(0.1, 10, t_mul=1.5, m_mul=0.5, alpha=0.2)":
            Recorded("CosineDecayRestarts", {"0.1": "initial_learning_rate", "10": "first_decay_steps", "1.5": "t_mul",
                     "0.5": "m_mul", "0.2": "alpha", "0.8": "1 - alpha"}),
        "PiecewiseConstantDecay([30, 80], [0.1, 0.05, 0.01])":
            Recorded("PiecewiseConstantDecay", {"{31, 81}": "[b + 1 for b in boundaries]",
                     "{0.1, 0.05, 0.01}": "values"}),
    },
    "Hugging Face": {
        "get_constant_schedule_with_warmup(opt, 20)":
            Recorded("get_constant_schedule_with_warmup", {"20": "num_warmup_steps"}),
        "get_linear_schedule_with_warmup(opt, 20, 100)":
            Recorded("get_linear_schedule_with_warmup", {"20": "num_warmup_steps", "100": "num_training_steps"}),
        "get_cosine_schedule_with_warmup(opt, 20, 100)":
            Recorded("get_cosine_schedule_with_warmup", {"20": "num_warmup_steps", "100": "num_training_steps"},
                     where="num_cycles is None", upto="num_training_steps + 1"),
        "get_polynomial_decay_schedule_with_warmup(opt, 20, 100, lr_end=0.001, power=2)":
            Recorded("get_polynomial_decay_schedule_with_warmup", {"20": "num_warmup_steps",
                     "100": "num_training_steps", "0.001": "1e-7 if lr_end is None else lr_end", "2": "power or 1"}),
        "get_cosine_with_min_lr_schedule_with_warmup(opt, 20, 100, min_lr=0.01)":
            Recorded("get_cosine_with_min_lr_schedule_with_warmup", {"20": "num_warmup_steps",
                     "100": "num_training_steps", "0.01": "lr * min_lr_rate"}, where="num_warmup_steps > 0",
                     upto="num_training_steps + 1"),
        "get_cosine_with_min_lr_schedule_with_warmup_lr_rate(opt, 20, 100, min_lr_rate=0.1)":
            Recorded("get_cosine_with_min_lr_schedule_with_warmup_lr_rate", {"20": "num_warmup_steps",
                     "100": "num_training_steps", "0.1": "min_lr_rate"}, where="warmup_lr_rate is None"),
        "get_cosine_with_hard_restarts_schedule_with_warmup(opt, 20, 100, num_cycles=2)":
            Recorded("get_cosine_with_hard_restarts_schedule_with_warmup", {"20": "num_warmup_steps", "2": "num_cycles",
                     "40": "(num_training_steps - num_warmup_steps) // num_cycles"},
                     where="(num_training_steps - num_warmup_steps) % num_cycles == 0"),
        'get_wsd_schedule(opt, 20, 30, num_stable_steps=50, decay_type="1-sqrt", min_lr_ratio=0.1)':
            Recorded("get_wsd_schedule", {"20": "num_warmup_steps", "50": "num_stable_steps", "30": "num_decay_steps",
                     "0.1": "min_lr_ratio"}, where="(warmup_type, decay_type) == ('linear', '1-sqrt')"),
        'the same, warmup_type="1-sqrt"':
            Recorded("get_wsd_schedule", {"20": "num_warmup_steps", "50": "num_stable_steps", "30": "num_decay_steps",
                     "0.1": "min_lr_ratio"}, where="(warmup_type, decay_type) == ('1-sqrt', '1-sqrt')"),
        "get_inverse_sqrt_schedule(opt, 20, timescale=50)":
            Recorded("get_inverse_sqrt_schedule", {"20": "num_warmup_steps", "50": "timescale"}),
        "the same, beyond its end":
            Recorded("get_cosine_schedule_with_warmup", {"20": "num_warmup_steps", "100": "num_training_steps"},
                     where="num_cycles is None"),
    },
    "timm": {
        "CosineLRScheduler(opt, 100, lr_min=0.005, warmup_t=20, warmup_lr_init=0.01)":
            Recorded("CosineLRScheduler", {"100": "t_initial", "0.005": "lr_min", "20": "warmup_t",
                     "0.01": "warmup_lr_init"},
                     where="not (cycle_mul or cycle_decay or cycle_limit or k_decay or warmup_prefix)"),
        "PolyLRScheduler(opt, 100, power=2, lr_min=0.005, warmup_t=20, warmup_lr_init=0.01)":
            Recorded("PolyLRScheduler", {"100": "t_initial", "0.005": "lr_min", "20": "warmup_t",
                     "0.01": "warmup_lr_init", "2": "power"}),
        "TanhLRScheduler(opt, 100, lr_min=0.01)": Recorded("TanhLRScheduler", {"100": "t_initial", "0.01": "lr_min"}),
        "StepLRScheduler(opt, 30, 0.1, warmup_t=20)":
            Recorded("StepLRScheduler", {"30": "decay_t", "0.1": "decay_rate", "20": "warmup_t"},
                     where="warmup_prefix"),
        "MultiStepLRScheduler(opt, [30, 80], 0.5)":
            Recorded("MultiStepLRScheduler", {"{30 - 1, 80 - 1}": "[t - 1 for t in decay_t]", "0.5": "decay_rate"}),
    },
    "DeepSpeed": {
        "WarmupLR(opt, 0.01, 0.1, 20)":
            Recorded("WarmupLR", {"0.01": "warmup_min_lr", "0.1": "warmup_max_lr", "20": "warmup_num_steps"}),
        "WarmupDecayLR(opt, 100, 0.01, 0.1, 20)":
            Recorded("WarmupDecayLR", {"0.01": "warmup_min_lr", "0.1": "warmup_max_lr", "20": "warmup_num_steps",
                     "100": "total_num_steps"}, where="warmup_type is None"),
        'WarmupDecayLR(opt, 100, 0.01, 0.1, 20, warmup_type="linear")':
            Recorded("WarmupDecayLR", {"0.01": "warmup_min_lr", "0.1": "warmup_max_lr", "20": "warmup_num_steps",
                     "100": "total_num_steps"}, where="warmup_type == 'linear' and warmup_num_steps > 0"),
        'the same, warmup_type="linear"':
            Recorded("WarmupCosineLR", {"20": "warmup_num_steps", "100": "total_num_steps", "0.1": "cos_min_ratio"},
                     upto="sum(t < total_num_steps for t in steps)"),
        "OneCycle(opt, 0.01, 0.1, cycle_first_step_size=20, cycle_second_step_size=30)":
            Recorded("OneCycle", {"0.01": "cycle_min_lr", "0.1": "cycle_max_lr", "20": "cycle_first_step_size",
                     "30": "cycle_second_step_size"}),
        "LRRangeTest(opt, 0.001, 10, 0.5), of 500 steps":
            Recorded("LRRangeTest", {"0.001": "lr_range_test_min_lr", "10": "lr_range_test_step_size",
                     "0.5": "lr_range_test_step_rate"}, where="lr_range_test_staircase is None"),
        "the same, lr_range_test_staircase=True":
            Recorded("LRRangeTest", {"10": "lr_range_test_step_size", "0.5": "lr_range_test_step_rate"},
                     where="lr_range_test_staircase and 500 % lr_range_test_step_size == 0"),
    },
    "PyTorch": {
        "StepLR(opt, 30)": Recorded("StepLR", {"30": "step_size"}, where="gamma is None"),
        "ConstantLR(opt, 0.5, total_iters=20)":
            Recorded("ConstantLR", {"0.5": "factor", "20": "total_iters"}, where="factor and total_iters"),
        "ExponentialLR(opt, 0.95)": Recorded("ExponentialLR", {"0.95": "gamma"}),
        "LinearLR(opt, 0.1, total_iters=20)":
            Recorded("LinearLR", {"0.1": "start_factor", "20": "total_iters"}, where="start_factor and total_iters"),
        "PolynomialLR(opt, 100, power=2)":
            Recorded("PolynomialLR", {"100": "total_iters", "2": "power"}, where="power and total_iters"),
        "CosineAnnealingLR(opt, 100, eta_min=0.01)":
            Recorded("CosineAnnealingLR", {"100": "T_max", "0.01": "eta_min"}, where="eta_min is not None",
                     upto="T_max + 1"),
        "CosineAnnealingLR(opt, 20, eta_min=0.01)  # of more than 20 steps":
            Recorded("CosineAnnealingLR", {"20": "T_max", "0.01": "eta_min"}, where="eta_min is not None"),
        "CosineAnnealingWarmRestarts(opt, 10, T_mult=2)":
            Recorded("CosineAnnealingWarmRestarts", {"10": "T_0", "2": "T_mult"}, where="eta_min is None"),
        "CyclicLR(opt, 0.01, 0.1, 20)":
            Recorded("CyclicLR", {"0.01": "base_lr", "0.1": "max_lr", "20": "step_size_up"},
                     where="not mode and not step_size_down"),
    },
}
