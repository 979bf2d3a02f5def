"""The motion through poses as physics has it: differences where they are, over the true time."""

from rollkit import Rollout, Signal, arrays
from rollkit.arrays import Array


def motion(x: Array, y: Array, yaw: Array, dt: float) -> dict[str, Signal]:
    """Accelerations, jerks and rates of the yaw of poses `(..., T)`, each where it is centred.

    - acceleration vector (p[t+1] - 2 p[t] + p[t-1]) / dt², with its centripetal part; `lon_accel`
      and `lat_accel` are its components along ψ[t] and to its left, m/s²
    - `lon_jerk` the difference of `lon_accel` over dt; `jerk` the length of the difference of the
      acceleration vector, m/s³
    - `yaw_rate` the difference of ψ over dt, rad/s; `yaw_accel` that of the rate, rad/s²

    >>> import numpy as np
    >>> yaw = 0.05 * np.arange(9.0)
    >>> circle = motion(20 * np.sin(yaw), -20 * np.cos(yaw), yaw, 0.1)  # v = 10 m/s
    >>> circle["lat_accel"].values.round(2)
    array([5., 5., 5., 5., 5., 5., 5.])
    """
    along, across = (arrays.differences(arrays.differences(one, dt), dt) for one in (x, y))
    cosine, sine = arrays.cos_sin(yaw[..., 1:-1])
    lon_accel = along * cosine + across * sine
    yaw_rate = arrays.differences(yaw, dt)
    jerk = arrays.distance(arrays.differences(along, dt), arrays.differences(across, dt))
    return {
        "lon_accel": Signal(lon_accel, 1.0),
        "lat_accel": Signal(across * cosine - along * sine, 1.0),
        "jerk": Signal(jerk, 1.5),
        "lon_jerk": Signal(arrays.differences(lon_accel, dt), 1.5),
        "yaw_rate": Signal(yaw_rate, 0.5),
        "yaw_accel": Signal(arrays.differences(yaw_rate, dt), 1.0),
    }


def of_all(rollout: Rollout) -> dict[str, Signal]:
    """The motion through all poses, the given start included, computed once for all presets."""
    return rollout.once(of_all, _of_all)


def _of_all(rollout: Rollout) -> dict[str, Signal]:
    path = rollout.trajectory
    return motion(path.x, path.y, path.yaw, rollout.dt)
