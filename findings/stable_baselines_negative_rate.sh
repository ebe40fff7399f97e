#!/usr/bin/env bash
# stable-baselines3's PPO trains its last rollout at a rate below 0, if the steps of its linear schedule are not whole rollouts.
. "$(dirname "$0")/common.sh"
torch 2.15.0
"$python" -m pip install -q --disable-pip-version-check --target more gymnasium==1.2.0 pandas==2.3.1 matplotlib==3.10.3
"$python" -m pip install -q --disable-pip-version-check --no-deps --target more stable-baselines3==2.9.0

seen=$(PYTHONPATH=more "$python" -W ignore - << 'END_OF_PROGRAM'
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback

class Rates(BaseCallback):
    used = []

    def _on_step(self):
        return True

    def _on_rollout_start(self):  # called after the update of the previous rollout
        self.used.append(self.model.policy.optimizer.param_groups[0]["lr"])

model = PPO("MlpPolicy", "CartPole-v1", learning_rate=lambda remaining: remaining * 1e-3, n_epochs=1, device="cpu")
model.learn(10_000, callback=Rates())
rates = [*Rates.used[1:], model.policy.optimizer.param_groups[0]["lr"]]
print(*[f"{rate:.6f}" for rate in rates])
END_OF_PROGRAM
)
finding "stable-baselines3 2.9.0, torch 2.15.0" "no rate below 0" "0.000795 0.000590 0.000386 0.000181 -0.000024" "$seen"
