"""Waymax's bicycle: clipped actions, steps along the yaw they begin with, no lasting reverse."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Param, State, Trajectory, arrays, hookimpl, integrator

MAX_ACCEL = 6.0  # m/s²
MAX_CURVATURE = float(np.float32(0.3))  # 1/m; kept in single precision: 0.30000001192...


@integrator(
    order=1,
    speed_never_negative=False,
    clips={"accel": MAX_ACCEL, "curvature": MAX_CURVATURE},
    forgets_direction=True,
)
def waymax(
    initial: State,
    actions: Actions,
    *,
    clip: Annotated[bool, Param(doc="clip a to 6 m/s² and κ to 0.3 1/m")] = True,
) -> Trajectory:
    """Bicycle of Waymax: x += (v dt + a dt²/2) cos(yaw), then yaw += κ (|v| dt + a dt²/2).

    y likewise with the sine; the next speed is |v| + a dt. The sign of v is lost there: a vehicle
    that has braked through 0 neither stands nor drives off backwards. As long as the brake is held
    its speed alternates between two values from -|a| dt to 0, and it creeps back by |a| dt² a step.
    Without `clip` the actions act as they are. The yaw is not wrapped. The initial velocity points
    along it or, for a speed below 0, against it.

    References
    ----------
    waymo-research/waymax, dynamics/bicycle_model.py, `InvertibleBicycleModel`.
    """
    dt, accel, curvature = actions.dt, actions.accel, actions.curvature
    if clip:
        accel = np.minimum(np.maximum(accel, -MAX_ACCEL), MAX_ACCEL)
        curvature = np.minimum(np.maximum(curvature, -MAX_CURVATURE), MAX_CURVATURE)
    speed = arrays.cumulative_unsigned(initial.speed, accel * dt)
    before, gain = speed[..., :-1], accel * (dt * dt / 2)
    yaw = arrays.cumulative(initial.yaw, curvature * (np.abs(before) * dt + gain))
    cos, sin = arrays.cos_sin(yaw[..., :-1])
    arc = before * dt + gain
    x = arrays.cumulative(initial.x, arc * cos)
    y = arrays.cumulative(initial.y, arc * sin)
    return Trajectory(x, y, yaw, speed, dt)


@hookimpl
def rollkit_integrators():
    return [waymax]


@hookimpl
def rollkit_inverses():
    from rollkit_std.inverses.waymax import fit_waymax  # deferred: driving needs none of it

    return [fit_waymax]
