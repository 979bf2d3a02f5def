"""The heading of a vehicle whose forward axis is known in the plane."""

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.poses import Rows

# Steeper than 89.9 degrees there is no heading to speak of.
_LEAST = 1e-3


def heading(rows: Rows, forward_x: Array, forward_y: Array) -> Array:
    """Yaw of the forward axis from its components in the plane, rad.

    Raises
    ------
    DataError
        The axis points straight up or down: the log is in another frame.
    """
    length = np.hypot(forward_x, forward_y)
    if (length < _LEAST).any():
        first = int(np.argmax(length < _LEAST))
        raise DataError(
            f"{rows.at(first)}: the forward axis points straight up or down, which has no heading; "
            "expected a vehicle's pose"
        )
    return np.arctan2(forward_y, forward_x)
