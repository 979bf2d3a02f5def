"""The first panel of the picture: the path of the case, seen from its start."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from rollkit.pictures.frame import from_start
from rollkit.pictures.layout import put_heading
from rollkit.pictures.paths import put_headings, put_start, put_ticks, put_to_scale
from rollkit.pictures.styles import FAINT, INK

if TYPE_CHECKING:
    from rollkit.explaining.explanation import Explanation


def draw_path(axes: Axes, explanation: "Explanation", shape: float) -> None:
    """The path and the heading along it; where it really went, in grey."""
    one = explanation.trajectory
    put_heading(axes, "Path [m], ahead and to the left of its start")
    if explanation.reference is not None:
        x, y, _ = from_start(explanation.reference, one)
        axes.plot(x, y, color=FAINT, linewidth=1.0, linestyle=(0, (1, 1.5)), zorder=2)
    seen = from_start(one, one)
    axes.plot(seen.x, seen.y, color=INK, linewidth=1.6, zorder=3)
    put_start(axes, seen, INK)
    put_headings(axes, seen, INK)
    axes.margins(0.08)
    put_to_scale(axes, shape)
    put_ticks(axes)
