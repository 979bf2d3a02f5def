"""Whether the first instant of a track is the start, or a step after it."""

from typing import Annotated, Literal

from rollkit import Param
from rollkit.arrays import Array

First = Annotated[
    Literal["auto", "included", "missing"],
    Param(
        doc="the pose at the start is the first of a case (included), or not in the file, which "
        "begins a step after it (missing)"
    ),
]

_SAME = 1e-3  # of the step


def given(start: str, time: Array | None, *, alone: bool) -> int:
    """1 where the first instant is the start, 0 where it is a step after it.

    Parameters
    ----------
    start : {"auto", "included", "missing"}
        With auto, times that begin at one step leave the start out, and so do poses without times;
        a drive, `alone`, begins with its first pose.
    time : array, `(T,)`, optional
        s.

    >>> import numpy as np
    >>> [given("auto", np.array(time), alone=False) for time in ([0.1, 0.2], [0.0, 0.1])]
    [0, 1]
    """
    if start != "auto" or alone:
        return int(start != "missing")
    if time is None:
        return 0
    if len(time) < 2:
        return int(time[0] <= 0)
    step = time[1] - time[0]
    return int(abs(time[0] - step) > _SAME * step)
