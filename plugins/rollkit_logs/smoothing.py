"""How much of a log is smoothed at once: a window in seconds becomes one in samples."""

from rollkit import savgol
from rollkit.arrays import Array

# A cubic keeps position, speed, acceleration and jerk of smooth motion within the window.
ORDER = 3


def window_samples(seconds: float, dt: float) -> int:
    """The odd number of samples nearest to a window in seconds; 1 smooths nothing.

    >>> window_samples(1.0, 0.1)
    11
    """
    return 2 * round(seconds / dt / 2) + 1


def smooth_cubic(values: Array, window: int) -> Array:
    """The values `(..., T)`, each read off the cubic through the window around it, T >= window.

    Up to `ORDER` samples a cubic goes through all of them, and the values come back.

    >>> import numpy as np
    >>> smooth_cubic(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), 5).round(3)
    array([-0.086,  0.343,  0.486,  0.343, -0.086])
    """
    return values if window <= ORDER else savgol(values, window, ORDER)
