"""What all batch benchmarks measure: given actions, the nine metrics, the options of a run."""

import numpy as np

import rollkit

STEPS, DT = 64, 0.1
MANY = 262_144

METRICS = [
    "max_abs_accel",
    "max_abs_curvature",
    "min_speed",
    "final_speed",
    "max_abs_jerk",
    "max_abs_curvature_rate",
    "max_abs_lateral_accel",
    "rms_lateral_accel",
    "path_length",
]
PLUGINS = ["starter", "lateral_accel", "path_length"]
RUN = ["--scenario", "left", "--integrator", "euler", "--plugins", ",".join(PLUGINS)]


def actions(rows: int) -> rollkit.Actions:
    """C-ordered random actions, `(rows, 64)`: about one rollout in five comes to a stand."""
    draws = np.random.default_rng(0)
    accel = draws.standard_normal((rows, STEPS))
    curvature = draws.random((rows, STEPS))
    curvature -= 0.5
    curvature *= 0.2
    accel -= 1.15
    return rollkit.Actions(accel, curvature, DT)


def start() -> rollkit.State:
    """One state for all rows."""
    return rollkit.State(speed=8.0)


def driven(rows: int) -> tuple[rollkit.State, rollkit.Actions]:
    """What the scenario `left` draws for the seeds 0 to rows - 1, given as C-ordered arrays."""
    from rollkit_std.scenarios.left import left

    accel, curvature = (np.empty((rows, STEPS)) for _ in range(2))
    speed = np.empty(rows)
    for first in range(0, rows, 2048):
        here = slice(first, min(first + 2048, rows))
        draws = rollkit.Draws(first, here.stop - first)
        state, some = left(draws, horizon=STEPS * DT, dt=DT)
        accel[here], curvature[here], speed[here] = some.accel, some.curvature, state.speed
    return rollkit.State(speed=speed), rollkit.Actions(accel, curvature, DT)
