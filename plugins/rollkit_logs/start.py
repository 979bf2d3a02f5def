"""Whether the first instant of predicted poses is the start they were predicted from."""

from typing import Annotated, Literal

from rollkit import Param

Start = Annotated[
    Literal["auto", "included", "origin", "missing"],
    Param(
        doc="the pose at the start: it is the first instant (included), it is x = y = yaw = 0 and "
        "left out (origin), or it is not in the file (missing)"
    ),
]
