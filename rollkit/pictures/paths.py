"""Drawing a path: the heads of arrows along it, and axes to scale."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rollkit.pictures.frame import Seen, Span, to_scale

_ARROWS = 9
_TICKS = (7, 4)  # at most, along the path and across


def put_headings(axes: Axes, seen: Seen, color: str, arrows: int = _ARROWS) -> None:
    """Heads of arrows at equal distances along the path, as seen from somewhere, `(T+1,)`."""
    x, y, yaw = seen
    known = np.flatnonzero(np.isfinite(x + y + yaw))
    if not len(known):
        return
    steps = np.hypot(np.diff(x[known]), np.diff(y[known]))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], arrows + 1)[1:]  # the start is marked already
    places = known[np.unique(np.searchsorted(along, wanted).clip(max=len(known) - 1))]
    axes.quiver(
        x[places],
        y[places],
        np.cos(yaw[places]),
        np.sin(yaw[places]),
        angles=np.degrees(yaw[places]),  # a metre is as long in both directions
        scale_units="inches",
        scale=9.0,
        width=0.02,
        units="inches",
        headwidth=4.5,
        headlength=5,
        headaxislength=4.5,
        pivot="middle",
        color=color,
        zorder=4,
    )


def put_start(axes: Axes, seen: Seen, color: str) -> None:
    """A ring where it begins."""
    axes.plot(
        seen.x[:1],
        seen.y[:1],
        "o",
        color=color,
        markerfacecolor="white",
        markersize=5,
        zorder=4,
    )


def put_ticks(axes: Axes) -> None:
    """Few and round numbers along and across the path."""
    for axis, most in zip((axes.xaxis, axes.yaxis), _TICKS, strict=True):
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))


def put_to_scale(axes: Axes, shape: float) -> None:
    """Widen the limits so that a metre is as long in both directions.

    `shape` is how many times as wide as high the panel is.
    """
    wide, high = to_scale(Span(*axes.get_xlim()), Span(*axes.get_ylim()), shape)
    axes.set_xlim(wide)
    axes.set_ylim(high)
