"""Stable-Baselines3 2.9.0: one rate per rollout; the first is already one step lower than the start."""

from . import Library
from .say import constant, lines, skip

library = Library("stable-baselines3")


@library.call("LinearSchedule")
def linear_schedule(start, end, end_fraction, n_steps, total_timesteps, n_envs=1, run=None):
    rollouts = end_fraction * total_timesteps / (n_steps * n_envs)
    if rollouts == 0:
        return constant(end)
    return skip(lines([(0, start), (rollouts, end), (rollouts + 1, end)], run + 1), 1)
