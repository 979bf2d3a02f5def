"""Faults that no law without the right answer at hand can see.

Each is a lawful plugin that does something else than its docstring promises: another scheme of the
same order, another quantity of the same unit and symmetry. The kit passes them; a value worked by
hand or an independent computation, which every plugin's own tests owe, tells them apart.
"""

from typing import Any

import numpy as np

from rollkit import (
    Actions,
    Draws,
    Rollout,
    State,
    Trajectory,
    action_source,
    arrays,
    integrator,
    metric,
)
from rollkit.arrays import Array

_JERK: dict[str, Any] = {
    "unit": "m/s^3",
    "better": "lower",
    "bounds": (0, None),
    "needs": "actions",
    "min_steps": 2,
    "invariant_under": ("se2", "mirror", "time_reversal"),
}


@integrator(order=1, speed_never_negative=True)
def euler_yaw_updated_before_position(initial: State, actions: Actions) -> Trajectory:
    """Euler that updates the yaw before the position: another scheme of order 1."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    step = speed[..., :-1] * actions.dt
    yaw = arrays.cumulative(initial.yaw, step * actions.curvature)
    cos, sin = arrays.cos_sin(yaw[..., 1:])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)


@integrator(order=1, speed_never_negative=True)
def euler_speed_updated_before_position(initial: State, actions: Actions) -> Trajectory:
    """Euler that moves with the speed at the end of the step: another scheme of order 1."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    step = speed[..., 1:] * actions.dt
    yaw = arrays.cumulative(initial.yaw, step * actions.curvature)
    cos, sin = arrays.cos_sin(yaw[..., :-1])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)


@metric(**_JERK)
def max_abs_jerk_in_milli(rollout: Rollout) -> Array:
    """Largest jerk in mm/s³: a constant factor."""
    return 1000 * arrays.max_abs(rollout.jerk)


@metric(**_JERK)
def max_abs_jerk_by_gradient(rollout: Rollout) -> Array:
    """Largest jerk by np.gradient, which averages neighbouring differences."""
    return arrays.max_abs(np.gradient(rollout.accel, rollout.dt, axis=-1))


@metric(**_JERK)
def max_abs_jerk_of_sorted_actions(rollout: Rollout) -> Array:
    """Largest jerk of accelerations sorted by size instead of in order of time."""
    return arrays.max_abs(arrays.differences(np.sort(rollout.accel, axis=-1), rollout.dt))


@metric(**_JERK)
def mean_abs_jerk_endpoint_repeated(rollout: Rollout) -> Array:
    """Mean jerk with the last acceleration repeated, which adds a jerk of 0 to the mean."""
    jerk = np.diff(rollout.accel, append=rollout.accel[..., -1:], axis=-1) / rollout.dt
    return arrays.mean(np.abs(jerk))


@metric(unit="rad", invariant_under=("se2",))
def heading_change_wrapped(rollout: Rollout) -> Array:
    """Net change of heading wrapped into [-π, π): no full turns."""
    yaw = rollout.trajectory.yaw
    return (yaw[..., -1] - yaw[..., 0] + np.pi) % (2 * np.pi) - np.pi


@metric(unit="m/s", invariant_under=("se2", "mirror"))
def final_speed_of_the_first_instant(rollout: Rollout) -> Array:
    """Speed at the first instant instead of the last."""
    return rollout.speed[..., 0]


@metric(
    unit="m/s^2",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
def max_abs_lateral_accel_of_the_end(rollout: Rollout) -> Array:
    """Largest lateral acceleration by the speed at the end of each step, not at its start."""
    return arrays.max_abs(np.square(rollout.speed[..., 1:]) * rollout.curvature)


@action_source(limits={"curvature": 0.05, "accel": 0.0})
def left_bend_to_the_right(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A bend to the left that turns right."""
    share = 1 - 0.1 * draws.uniform(1)
    curvature = -0.05 * share + np.zeros(round(horizon / dt))
    return State(speed=np.full(len(draws), 8.0)), Actions(0 * curvature, curvature, dt)
