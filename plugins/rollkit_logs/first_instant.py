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


def given(start: str, time: Array | None, *, alone: bool, history: Array | None = None) -> int:
    """1 where the first instant is the start, 0 where it is a step after it.

    Parameters
    ----------
    start : {"auto", "included", "missing"}
        With auto, times that begin one step after the start leave it out, and so do poses without
        times; a drive, `alone`, begins with its first pose.
    time : array, `(T,)`, optional
        s.
    history : array, `(H,)`, optional
        s; its last one is the start. Without it, the start is at 0.

    >>> import numpy as np
    >>> [given("auto", np.array(time), alone=False) for time in ([0.1, 0.2], [0.0, 0.1])]
    [0, 1]
    >>> given("auto", np.array([7.1, 7.2]), alone=False, history=np.array([6.9, 7.0]))
    0
    """
    if start != "auto" or alone:
        return int(start != "missing")
    if time is None:
        return 0
    since = time - (0.0 if history is None else history[-1])
    if len(time) < 2:
        return int(since[0] <= 0)
    step = since[1] - since[0]
    return int(abs(since[0] - step) > _SAME * step)
