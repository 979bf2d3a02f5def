"""Margins of different units, comparable: as shares of the limit that they are counted from."""

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.declare import Check
from rollkit.presets.verdicts import Reading


def share(check: Check, reading: Reading) -> Array:
    """The margin as a share of the nearest limit, `(...)`: -0.1 is beyond it by a tenth of it.

    Of a limit of 0, the margin itself.
    """
    size = np.abs(nearest_limit(check, reading))
    return np.asarray(reading.margin / np.where(size > 0, size, 1.0))


def nearest_limit(check: Check, reading: Reading) -> Array:
    """The limit that the margin is counted from."""
    above = _above(check, reading.value)
    return np.where(above, reading.value + reading.margin, reading.value - reading.margin)


def _above(check: Check, value: Array) -> npt.NDArray[np.bool_] | bool:
    """Whether the nearest limit is the upper one."""
    if check.low is None or check.high is None:
        return check.low is None
    if isinstance(check.low, str) or isinstance(check.high, str):
        return value > 0  # limits that vary lie on both sides of it
    return value > (check.low + check.high) / 2
