"""The panels of the figure: paths, a signal over time, a histogram."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rollkit.pictures.frame import Seen
from rollkit.pictures.layout import put_heading
from rollkit.pictures.paths import put_headings, put_start, put_ticks, put_to_scale
from rollkit.pictures.styles import FAINT, INK, LIMIT, Style, style
from rollkit.plotting.drawn import Drawn
from rollkit.plotting.histograms import Histogram, bins_of, counted, near, told
from rollkit.plotting.limits import Limit
from rollkit.plotting.shown import Shown

LOOKS: Final = (style(1), Style(INK, "-", "o", 1.2), style(0))  # worst, median, best
REFERENCE: Final[Mapping[str, Any]] = {
    "color": FAINT,
    "linewidth": 1.4,
    "linestyle": (0, (1, 1.2)),
}
MEAN: Final[Mapping[str, Any]] = {"color": INK, "linewidth": 1.3, "linestyle": (0, (1, 1))}
_SHAPE: Final = 2.0  # of the paths, width to height, before the layout says it exactly
_STEPS: Final = [1, 2, 5, 10]
_BINS: Final = 30  # at most
_MANY: Final = 500  # instants
_LIMIT: Final[Mapping[str, Any]] = {"linestyle": LIMIT, "linewidth": 1.0, "zorder": 3.5}
_POWERS: Final = (("^2", "²"), ("^3", "³"))


def draw_paths(axes: Axes, some: Sequence[Shown]) -> None:
    """Where they go, the worst on top; the heading along the way; where they should have gone."""
    for one in sorted(some, key=lambda one: -one.look):
        paths, truth = one.seen
        look = LOOKS[one.look]
        for row, strength in _rows(one):
            axes.plot(paths.x[row], paths.y[row], **_line(look, strength), zorder=3)
        if one.sample is not None:
            alone = Seen(*(part[one.sample] for part in paths))
            put_start(axes, alone, look.color)
            put_headings(axes, alone, look.color, arrows=6)
        if truth is not None:
            axes.plot(truth.x, truth.y, **REFERENCE, zorder=3.5)
            if one.sample is None:
                put_start(axes, truth, FAINT)
                put_headings(axes, truth, FAINT, arrows=6)
    axes.margins(0.08)
    put_to_scale(axes, _SHAPE)
    put_ticks(axes)


def draw_signal(axes: Axes, drawn: Drawn, name: str) -> None:
    """A signal over time, and the limits of gates where one is its extreme."""
    unit = ""
    for one in sorted(drawn.shown, key=lambda one: -one.look):
        signal = next(each for each in one.signals if each.name == name)
        unit, values = signal.unit, np.atleast_2d(signal.values)
        for row, strength in _rows(one):
            line = _line(LOOKS[one.look], strength)
            if len(signal.time) > _MANY:  # so dense, dashes are noise
                line |= {"linestyle": "-", "linewidth": 0.4 * line["linewidth"]}
            alone = np.isfinite(values[row]).sum() == 1  # no line goes through one point
            axes.plot(signal.time, values[row], **line, marker="." if alone else "", zorder=3)
    if not any(np.isfinite(line.get_ydata()).any() for line in axes.lines):
        axes.text(0.5, 0.5, "undefined", color=FAINT, ha="center", transform=axes.transAxes)
    for bound in drawn.bounds[name]:
        axes.axhline(bound, color=FAINT, **_LIMIT)
    axes.margins(x=0.01, y=0.12)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=_STEPS))
    put_heading(axes, f"{name.replace('_', ' ').capitalize()} [{_written(unit)}]")


def draw_histogram(axes: Axes, one: Histogram) -> None:
    """How many rollouts have which value; the mean, and the limits of gates."""
    assert one.span is not None
    counts, edges = counted(one.values, one.span, bins_of(len(one.values), _BINS))
    axes.stairs(counts, edges, fill=True, color="#b8c7d6")
    axes.axvline(one.values.mean(), **MEAN, zorder=3)
    axes.margins(x=0.06)
    for limit in one.limits:
        if near(limit.value, one.span):
            _limit(axes, limit, one.span)
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=_STEPS, integer=True))
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=_STEPS))
    unit = [_written(one.metric.unit)] if one.metric.unit != "1" else []
    far = [told(limit, one.span) for limit in one.limits if not near(limit.value, one.span)]
    axes.set_xlabel("\n".join([*unit, *far]))


def _limit(axes: Axes, limit: Limit, span: tuple[float, float]) -> None:
    """A line, and beside it, on the side where there is more room, what it says."""
    color = FAINT if limit.passed else LOOKS[0].color
    axes.axvline(limit.value, color=color, **_LIMIT)
    right = limit.value < (span[0] + span[1]) / 2
    axes.annotate(
        limit.text,
        (limit.value, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(5 if right else -5, -2),
        textcoords="offset points",
        rotation=90,
        ha="center",
        va="top",
        fontsize=6.5,
        color=color,
        zorder=4,
        bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
    )


def _rows(one: Shown) -> Iterator[tuple[int, float]]:
    """The samples to draw, and how strongly: faint, but for the one that is meant."""
    faint = max(0.15, 0.7 / len(one.rows) ** 0.5)
    for row in one.rows:
        yield row, 1.0 if row == one.sample else faint


def _line(look: Style, strength: float) -> dict[str, Any]:
    """Faint ones are fine and whole: dashes over dashes are noise."""
    strong = strength == 1.0
    return {
        "color": look.color,
        "linestyle": look.line if strong else "-",
        "linewidth": look.width if strong else 0.6 * look.width,
        "alpha": strength,
    }


def _written(unit: str) -> str:
    """A unit as it is written: m/s², where its name is m/s^2."""
    for plain, raised in _POWERS:
        unit = unit.replace(plain, raised)
    return unit
