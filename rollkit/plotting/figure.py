"""The figure of a result, for a paper: paths, signals over time, a histogram of each metric."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecBase
from matplotlib.lines import Line2D

from rollkit.pictures.layout import put_heading, settle
from rollkit.pictures.paths import put_to_scale
from rollkit.pictures.styles import FAINT, LIMIT, styled
from rollkit.plotting import panels
from rollkit.plotting.drawn import Drawn
from rollkit.plotting.panels import LOOKS
from rollkit.plotting.shown import Shown

_WIDTH: Final = 7.2  # inches: two columns of a paper
_HEAD, _ROW = 0.4, 1.4  # inches: the title, a row of panels
_ACROSS: Final = 3  # panels beside each other
_PATH: Final = 2  # rows and columns of one path
_TALLER: Final = 1.35  # times as high as other panels are those of several paths
_LETTERS: Final = {1: 58, 2: 42, 3: 28}  # of a heading, by how many stand beside each other


def draw(drawn: Drawn) -> Figure:
    """The picture as a figure of matplotlib's, which needs no display."""
    with styled():
        return _draw(drawn)


def _draw(drawn: Drawn) -> Figure:
    groups = [[one] for one in drawn.shown] if drawn.apart else [drawn.shown]
    signals = [signal.name for signal in drawn.shown[0].signals]
    spread = [one for one in drawn.histograms if one.span is not None]
    places = _places(len(groups), len(signals))
    below = 1 + max(row for row, _ in places)
    heights = [1.0] * (below + _rows(len(spread)))
    if len(groups) > 1:
        heights[0] = _TALLER
    whole = Figure(figsize=(_WIDTH, _HEAD + sum(heights) * _ROW), layout="constrained")
    title = textwrap.fill(drawn.title, 84)
    whole.suptitle(title, x=0.012, ha="left", fontsize=10.5, fontweight="bold")
    grid = whole.add_gridspec(len(heights), _ACROSS, height_ratios=heights)
    first = grid[0, :] if len(groups) > 1 else grid[:_PATH, :_PATH]
    inner = first.subgridspec(1, len(groups))
    paths = []
    for number, some in enumerate(groups):
        paths.append(whole.add_subplot(inner[number]))
        put_heading(paths[-1], _of_paths(some, drawn), _LETTERS[len(groups)])
        panels.draw_paths(paths[-1], some)
    _over_time(whole, grid, places, signals, drawn)
    for number, one in enumerate(spread):
        row, column = divmod(number, _ACROSS)
        axes = whole.add_subplot(grid[below + row, column])
        put_heading(axes, _folded(one.metric.name, _LETTERS[_ACROSS]))
        panels.draw_histogram(axes, one)
    free = places[len(signals) :]
    _legend(whole.add_subplot(grid[free[0]]) if free else paths[0], drawn, alone=bool(free))
    settle(whole)
    for axes in paths:
        box = axes.get_window_extent()
        put_to_scale(axes, box.width / box.height)
    return whole


def _places(paths: int, count: int) -> list[tuple[int, int]]:
    """Rows and columns for so many panels: beside one path and below it, or below several."""
    beside = [(row, _PATH) for row in range(_PATH)] if paths == 1 else []
    top = _PATH if paths == 1 else 1
    rows = range(top, top + _rows(count - len(beside)))
    return beside + [(row, column) for row in rows for column in range(_ACROSS)]


def _rows(count: int) -> int:
    """That so many panels take."""
    return math.ceil(count / _ACROSS)


def _over_time(
    whole: Figure,
    grid: GridSpecBase,
    places: Sequence[tuple[int, int]],
    signals: Sequence[str],
    drawn: Drawn,
) -> None:
    taken = places[: len(signals)]
    first: Axes | None = None
    for (row, column), name in zip(taken, signals, strict=True):
        axes = whole.add_subplot(grid[row, column], sharex=first)
        first = first or axes
        panels.draw_signal(axes, drawn, name)
        lowest = (row + 1, column) not in taken
        axes.tick_params(labelbottom=lowest)
        axes.set_xlabel("time [s]" if lowest else "")


def _of_paths(some: Sequence[Shown], drawn: Drawn) -> str:
    """The heading of a panel with paths."""
    if not drawn.apart:
        return "Path [m], ahead and to the left of its start"
    return f"Path [m], {some[0].title}"


def _folded(name: str, letters: int) -> str:
    """The name of a metric in lines of so many letters, broken behind an underscore."""
    lines = textwrap.wrap(name.replace("_", "_ "), letters)
    return "\n".join(one.replace("_ ", "_") for one in lines)


def _legend(axes: Axes, drawn: Drawn, *, alone: bool) -> None:
    """What every line is, once for all panels: in a place of its own, or where a path leaves it."""
    if alone:
        axes.set_axis_off()
    entries = list(_entries(drawn, _LETTERS[_ACROSS if alone else 1]))
    legend = axes.legend(handles=entries, loc="upper left" if alone else "best", fontsize=7.5)
    # A path may leave no place at all: then both are seen.
    legend.set_frame_on(not alone)
    legend.get_frame().set(facecolor="white", alpha=0.6, edgecolor="none")


def _entries(drawn: Drawn, letters: int) -> Iterator[Any]:
    for one in drawn.shown:
        look = LOOKS[one.look]
        name = ", ".join(one.roles) if drawn.apart and one.roles else one.title
        if one.samples > 1:
            name += f", {one.samples} samples"
        # Samples are whole lines, unless one of them is the one that is meant.
        dashes = look.line if one.sample is not None else "-"
        line = {"color": look.color, "linestyle": dashes, "linewidth": look.width}
        yield Line2D([], [], **line, label=textwrap.shorten(name, letters, placeholder=" …"))
    if any(one.example.rollout.reference is not None for one in drawn.shown):
        yield Line2D([], [], **panels.REFERENCE, label="reference")
    if any(drawn.bounds.values()) or any(one.limits for one in drawn.histograms):
        yield Line2D([], [], color=FAINT, linestyle=LIMIT, linewidth=1.0, label="limit of a gate")
    if any(one.span is not None for one in drawn.histograms):
        yield Line2D([], [], **panels.MEAN, label="mean")
