"""The comfort signals of nuPlan and NAVSIM as physics has them, by the same filter.

What is changed is what is wrong, and nothing else: the windows last as long as theirs do at 10 Hz,
and the orders of the polynomials are theirs.
"""

import numpy as np

from rollkit import arrays, savgol
from rollkit.arrays import Array
from rollkit_presets._nuplan_signals import unwrapped

# s, from the first to the last sample of a window. At 10 Hz, where the definition was made, 9, 15
# and 5 samples; its own are 8, 15 and 5 at any rate. In seconds, since what is to be smoothed away
# is noise and what is to be kept is a manoeuvre, and neither knows the rate; odd, so that the
# middle of a window is a sample.
ACCEL_SECONDS, JERK_SECONDS, YAW_SECONDS = 0.8, 1.4, 0.4


def odd_window(seconds: float, order: int, dt: float, count: int) -> int:
    """The odd number of samples nearest to a window in seconds, more than the order has.

    Of fewer samples than that the largest odd number of them.

    >>> odd_window(0.8, 2, 0.1, 80), odd_window(0.8, 2, 0.5, 80), odd_window(0.8, 2, 0.1, 8)
    (9, 3, 7)
    """
    least = order + 1 + order % 2
    wanted = max(2 * round(seconds / dt / 2) + 1, least)
    return min(wanted, count - 1 + count % 2)


def fitted(values: Array, seconds: float, order: int, dt: float, derivative: int = 0) -> Array:
    """Savitzky-Golay over an odd window of so many seconds."""
    window = odd_window(seconds, order, dt, values.shape[-1])
    return savgol(values, window, order, derivative, dt)


def at_center(
    accel: Array, lateral_accel: Array, yaw_rate: Array, yaw_accel: Array, lever: float
) -> tuple[Array, Array]:
    """Longitudinal and lateral acceleration at the centre, a_x - L ω² and a_y + L α, m/s².

    >>> at_center(0.0, 5.0, 0.5, 0.1, 2.0)
    (-0.5, 5.2)
    """
    return accel - lever * np.square(yaw_rate), lateral_accel + lever * yaw_accel


def jerk_vector(
    accel: Array, lateral_accel: Array, yaw_rate: Array, dt: float
) -> tuple[Array, Array]:
    """The derivative of the acceleration vector in the world, along and across the body, m/s³.

    d(a_x)/dt - ω a_y and d(a_y)/dt + ω a_x: the body's axes turn under the vector.
    """
    along, across = (fitted(one, JERK_SECONDS, 2, dt, 1) for one in (accel, lateral_accel))
    return along - yaw_rate * lateral_accel, across + yaw_rate * accel


def comfort_signals(
    accel: Array,
    lateral_accel: Array,
    yaw: Array,
    yaw_rate: Array,
    yaw_accel: Array,
    dt: float,
    lever: float,
) -> dict[str, Array]:
    """The six signals by name, `(..., T)` each, T at least 5.

    The parameters are those of the faithful ones. Accelerations are those at the centre, jerk as a
    vector is that at the rear axle, longitudinal jerk is the derivative of the longitudinal
    acceleration at the centre.
    """
    along, across = at_center(accel, lateral_accel, yaw_rate, yaw_accel, lever)
    lon_accel, lat_accel, rear_along, rear_across = (
        fitted(one, ACCEL_SECONDS, 2, dt) for one in (along, across, accel, lateral_accel)
    )
    yaw = unwrapped(yaw)
    turn = fitted(yaw, YAW_SECONDS, 2, dt, 1)
    return {
        "lon_accel": lon_accel,
        "lat_accel": lat_accel,
        "jerk": arrays.distance(*jerk_vector(rear_along, rear_across, turn, dt)),
        "lon_jerk": fitted(lon_accel, JERK_SECONDS, 2, dt, 1),
        "yaw_accel": fitted(yaw, YAW_SECONDS, 3, dt, 2),
        "yaw_rate": turn,
    }
