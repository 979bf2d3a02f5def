"""The picture of an explanation: the path, then every check over time, all presets in it."""

import textwrap
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rollkit.explaining import panels
from rollkit.explaining.groups import Group, grouped
from rollkit.explaining.headings import put_words
from rollkit.explaining.path import draw_path
from rollkit.pictures.layout import settle
from rollkit.pictures.paths import put_to_scale
from rollkit.pictures.styles import FAINT, LIMIT, style, styled

if TYPE_CHECKING:
    from rollkit.explaining.explanation import Explanation

_ONE_COLUMN = 3  # panels; more of them stand in two columns
_WIDTHS = (8.0, 11.0)  # inches: of one column, of two
_TOP, _ROW = 1.75, 1.5  # inches: height of the path, of the other panels
_INCH = 14  # letters of a panel's heading in an inch; of the title, fewer
_SHAPE = 3.0  # of the path, width to height, before the layout says it exactly
_LETTERS = 62  # in a line beside the path


def figure(explanation: "Explanation") -> Figure:
    """The picture as a figure of matplotlib's, which needs no display."""
    with styled():
        return _figure(explanation)


def _figure(explanation: "Explanation") -> Figure:
    groups = grouped(explanation.views)
    columns = 1 if len(groups) <= _ONE_COLUMN else 2
    rows = -(-len(groups) // columns)
    size = (_WIDTHS[columns - 1], _TOP + rows * _ROW + 0.5)
    whole = Figure(figsize=size, layout="constrained")
    letters = int(_INCH * size[0] / columns - 6)  # but for the numbers beside the panel
    title = textwrap.fill(explanation.title(folder=False), int(10 * size[0]))
    whole.suptitle(title, x=0.012, ha="left", fontsize=10.5, fontweight="bold")
    grid = whole.add_gridspec(rows + 1, 2, height_ratios=[_TOP, *[_ROW] * rows])
    path = whole.add_subplot(grid[0, 0])
    draw_path(path, explanation, _SHAPE)
    _legend(whole.add_subplot(grid[0, 1]), explanation, groups)
    first: Axes | None = None
    for number, group in enumerate(groups):
        row, column = divmod(number, columns)
        place = grid[row + 1, :] if columns == 1 else grid[row + 1, column]
        axes = whole.add_subplot(place, sharex=first)
        first = first or axes
        panels.draw(axes, group)
        put_words(axes, group, letters)
        lowest = number + columns >= len(groups)
        axes.tick_params(labelbottom=lowest)
        if lowest:
            axes.set_xlabel("time [s]")
    settle(whole)
    box = path.get_window_extent()
    put_to_scale(path, box.width / box.height)
    return whole


def _legend(axes: Axes, explanation: "Explanation", groups: list[Group]) -> None:
    """What every line is, once for all panels; and why this case."""
    axes.set_axis_off()
    entries: list[Any] = []
    for number, view in enumerate(explanation.views):
        look = style(number)
        missing = " (failed)" if view.fault else " (undefined)" if view.reason else ""
        entries.append(
            Line2D(
                [],
                [],
                color=look.color,
                linestyle=look.line,
                linewidth=look.width,
                marker=look.marker,
                markerfacecolor="white",
                markersize=5.5,
                label=f"{view.name}{missing}",
            )
        )
    entries.append(Line2D([], [], color=FAINT, linestyle=LIMIT, linewidth=1.0, label="limit"))
    entries.append(Patch(color=FAINT, alpha=0.3, linewidth=0, label="beyond a limit"))
    worst: dict[str, Any] = {"color": FAINT, "marker": "o", "markersize": 5.5, "linestyle": "none"}
    entries.append(Line2D([], [], **worst, label="worst instant, fails"))
    entries.append(Line2D([], [], **worst, markerfacecolor="white", label="worst instant, passes"))
    if any(one.seen.check.over != "time" for group in groups for one in group.entries):
        entries.append(
            Line2D([], [], color=FAINT, linewidth=0.9, label="one number of all instants")
        )
    if explanation.reference is not None:
        dotted = (0, (1, 1.5))
        entries.append(Line2D([], [], color=FAINT, linestyle=dotted, label="reference"))
    axes.legend(handles=entries, loc="upper left", ncols=2, fontsize=8, borderaxespad=0)
    chosen = textwrap.fill(f"{explanation.chosen[:1].upper()}{explanation.chosen[1:]}.", _LETTERS)
    axes.text(0.0, 0.0, chosen, color=FAINT, va="bottom", transform=axes.transAxes)
