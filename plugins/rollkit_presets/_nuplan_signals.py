"""The signals that nuPlan and NAVSIM judge comfort by, exactly as they derive them.

From what a state at the rear axle holds: acceleration along and across the body, yaw, yaw rate and
yaw acceleration. Each signal is rounded to 8 decimals before the next is made from it.
"""

import numpy as np

from rollkit import arrays, savgol
from rollkit.arrays import Array

ACCEL_WINDOW, JERK_WINDOW, YAW_WINDOW = 8, 15, 5  # samples, whatever the time step
DECIMALS = 8
# m, rear axle to centre of the vehicle that both projects drive, a Chrysler Pacifica. Source:
# motional/nuplan-devkit @e9241677, nuplan/common/actor_state/vehicle_parameters.py
PACIFICA_LEVER = 1.461


def filtered(values: Array, window: int, order: int, derivative: int = 0, dt: float = 1.0) -> Array:
    """Savitzky-Golay, rounded; of fewer samples than the window, over all of them.

    >>> filtered(np.array([1.0, 2.0, 4.0]), 8, 2)
    array([1., 2., 4.])
    """
    found = savgol(values, min(window, values.shape[-1]), order, derivative, dt)
    return np.round(found, DECIMALS, out=found)


def unwrapped(yaw: Array) -> Array:
    """The yaw without jumps of a turn, rad; nan stays where it is.

    >>> unwrapped(np.array([3.0, 3.2 - 2 * np.pi, 3.4]))
    array([3. , 3.2, 3.4])
    """
    change = arrays.differences(yaw)
    if (np.abs(change) < np.pi).all():  # nan is none of these
        return yaw
    turns = np.round(change / (2 * np.pi))
    turns = np.cumsum(np.nan_to_num(turns, copy=False), axis=-1)
    turns *= 2 * np.pi
    return np.concatenate([yaw[..., :1], yaw[..., 1:] - turns], axis=-1)


def at_center(
    accel: Array, lateral_accel: Array, yaw_rate: Array, yaw_accel: Array, lever: float
) -> tuple[Array, Array]:
    """Longitudinal and lateral acceleration at the centre, a_x + L (ω² + α) and a_y, m/s².

    As the projects have it; of a rigid body it is a_x - L ω² and a_y + L α.
    """
    return accel + lever * (np.square(yaw_rate) + yaw_accel), lateral_accel


def acceleration(values: Array) -> Array:
    """An acceleration, or the magnitude of one, smoothed by SG(8, 2), m/s²."""
    return filtered(values, ACCEL_WINDOW, 2)


def jerk(acceleration: Array, dt: float) -> Array:
    """The derivative of a smoothed acceleration by SG(15, 2), m/s³."""
    return filtered(acceleration, JERK_WINDOW, 2, 1, dt)


def rate_of_yaw(yaw: Array, dt: float) -> Array:
    """The derivative of the unwrapped yaw by SG(5, 2), rad/s."""
    return filtered(unwrapped(yaw), YAW_WINDOW, 2, 1, dt)


def acceleration_of_yaw(yaw: Array, dt: float, order: int = 3) -> Array:
    """The second derivative of the unwrapped yaw by SG(5, order), rad/s²."""
    return filtered(unwrapped(yaw), YAW_WINDOW, order, 2, dt)


def comfort_signals(
    accel: Array,
    lateral_accel: Array,
    yaw: Array,
    yaw_rate: Array,
    yaw_accel: Array,
    dt: float,
    lever: float = PACIFICA_LEVER,
) -> dict[str, Array]:
    """The six signals by name, `(..., T)` each, T at least 4.

    Parameters
    ----------
    accel, lateral_accel : array, `(..., T)`
        At the rear axle, in the body's axes, m/s².
    yaw, yaw_rate, yaw_accel : array, `(..., T)`
        rad, rad/s, rad/s². The rate and the acceleration only carry the accelerations to the
        centre: those that are judged are made from the yaw.
    dt : float
        s.
    lever : float
        From the rear axle to the centre, m.
    """
    along, across = at_center(accel, lateral_accel, yaw_rate, yaw_accel, lever)
    lon_accel = acceleration(along)
    yaw = unwrapped(yaw)
    return {
        "lon_accel": lon_accel,
        "lat_accel": acceleration(across),
        "jerk": jerk(acceleration(arrays.distance(accel, lateral_accel)), dt),
        "lon_jerk": jerk(lon_accel, dt),
        "yaw_accel": acceleration_of_yaw(yaw, dt),
        "yaw_rate": rate_of_yaw(yaw, dt),
    }


def statistics(values: Array) -> Array:
    """Largest, smallest and mean value over time and the 90th percentile, `(..., 4)`.

    What nuPlan reports of each signal; the percentile is the sample nearest to it.

    >>> statistics(np.arange(10.0))
    array([9. , 0. , 4.5, 8. ])
    """
    percentile = np.percentile(values, 90, axis=-1, method="closest_observation")
    parts = (arrays.maximum(values), arrays.minimum(values), arrays.mean(values), percentile)
    return np.stack(parts, axis=-1)
