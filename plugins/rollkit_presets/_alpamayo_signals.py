"""Alpamayo's dynamics: forward differences of poses times 10, the last value repeated."""

import numpy as np

from rollkit import Rollout, Signal, arrays
from rollkit.arrays import Array

FREQUENCY = 10.0  # 1/s, whatever the poses have: PLANNING_FREQ of comfort_reward.py


def dynamics(x: Array, y: Array, yaw: Array) -> dict[str, Array]:
    """Accelerations, jerks and rates of the yaw of poses `(..., T)`, each `(..., T)`.

    With D f[t] = 10 (f[t+1] - f[t]), its last value repeated:

    - `lon_accel` D(Dx cos ψ + Dy sin ψ) and `lat_accel` D(Dy cos ψ - Dx sin ψ), m/s²
    - `lon_jerk` D of `lon_accel`, and `jerk` DD|(Dx, Dy)|, m/s³
    - `yaw_rate` 10 times the wrapped change of ψ, rad/s; `yaw_accel` D of it, rad/s²

    >>> t = np.arange(6) * 0.1
    >>> dynamics(t**2 / 2, 0 * t, 0 * t)["lon_accel"].round(9)
    array([1., 1., 1., 1., 0., 0.])
    """
    along, across = _rate(x), _rate(y)
    cosine, sine = arrays.cos_sin(yaw)
    lon_accel = _rate(along * cosine + across * sine)
    yaw_rate = _ending(_wrapped(arrays.differences(yaw)) * FREQUENCY)
    return {
        "lon_accel": lon_accel,
        "lat_accel": _rate(across * cosine - along * sine),
        "jerk": _rate(_rate(arrays.distance(along, across))),
        "lon_jerk": _rate(lon_accel),
        "yaw_rate": yaw_rate,
        "yaw_accel": _rate(yaw_rate),
    }


def of_predicted(rollout: Rollout) -> dict[str, Signal]:
    """The dynamics of the poses that were predicted, computed once for all presets."""
    return rollout.once(of_predicted, _of_predicted)


def _of_predicted(rollout: Rollout) -> dict[str, Signal]:
    path = rollout.trajectory
    poses = (rollout.predicted(one) for one in (path.x, path.y, path.yaw))
    return {name: Signal(one, rollout.given) for name, one in dynamics(*poses).items()}


def _rate(values: Array) -> Array:
    return _ending(arrays.differences(values) * FREQUENCY)


def _ending(changes: Array) -> Array:
    """The changes and the last of them once more: as many as there were values."""
    return np.concatenate([changes, changes[..., -1:]], axis=-1)


def _wrapped(angle: Array) -> Array:
    """Between -π and π, rad."""
    return angle - 2 * np.pi * np.round(angle / (2 * np.pi))
