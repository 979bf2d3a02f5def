"""The first panel of the picture: the path of the case, seen from its start."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rollkit.arrays import Array
from rollkit.explaining.headings import put_heading
from rollkit.explaining.styles import FAINT, INK
from rollkit.model import Trajectory

if TYPE_CHECKING:
    from rollkit.explaining.explanation import Explanation

_ARROWS = 9
_LEAST = 2.0  # m that the panel shows at least: of what stands still, a scale is still to be seen


def draw_path(axes: Axes, explanation: "Explanation", shape: float) -> None:
    """The path and the heading along it; where it really went, in grey."""
    one = explanation.trajectory
    put_heading(axes, "Path [m], ahead and to the left of its start")
    if explanation.reference is not None:
        x, y, _ = _from_start(explanation.reference, one)
        axes.plot(x, y, color=FAINT, linewidth=1.0, linestyle=(0, (1, 1.5)), zorder=2)
    x, y, yaw = _from_start(one, one)
    axes.plot(x, y, color=INK, linewidth=1.6, zorder=3)
    axes.plot(x[:1], y[:1], "o", color=INK, markerfacecolor="white", markersize=5, zorder=4)
    _headings(axes, x, y, yaw)
    axes.margins(0.08)
    to_scale(axes, shape)
    for axis, most in ((axes.xaxis, 7), (axes.yaxis, 4)):
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))


def _from_start(one: Trajectory, start: Trajectory) -> tuple[Array, Array, Array]:
    """x ahead and y to the left of where the other begins, and the yaw from there."""
    first = int(np.argmax(np.isfinite(start.x + start.y + start.yaw)))
    x, y, yaw = one.x - start.x[first], one.y - start.y[first], start.yaw[first]
    cosine, sine = np.cos(yaw), np.sin(yaw)
    return cosine * x + sine * y, cosine * y - sine * x, one.yaw - yaw


def _headings(axes: Axes, x: Array, y: Array, yaw: Array) -> None:
    """Heads of arrows at equal distances along the path."""
    known = np.flatnonzero(np.isfinite(x + y + yaw))
    if not len(known):
        return
    steps = np.hypot(np.diff(x[known]), np.diff(y[known]))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], _ARROWS + 1)[1:]  # the start is marked already
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
        color=INK,
        zorder=4,
    )


def to_scale(axes: Axes, shape: float) -> None:
    """Widen the limits so that a metre is as long in both directions.

    `shape` is how many times as wide as high the panel is.
    """
    wide, high = axes.get_xlim(), axes.get_ylim()
    height = max(high[1] - high[0], (wide[1] - wide[0]) / shape, _LEAST)
    for (low, top), span, put in (
        (wide, height * shape, axes.set_xlim),
        (high, height, axes.set_ylim),
    ):
        put((low + top - span) / 2, (low + top + span) / 2)
