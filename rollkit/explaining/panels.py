"""One panel of the picture: a check over time, as all presets see it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rollkit.explaining.groups import Entry, Group
from rollkit.explaining.views import Series
from rollkit.pictures.styles import FAINT, LIMIT, Style

_FEW, _MANY = 12, 500  # instants: those that are marked one by one, those that are dense


def draw(axes: Axes, group: Group) -> None:
    """The signals, their limits, what is beyond them, and where each is worst."""
    axes.margins(x=0.01, y=0.12)
    drawn: set[tuple[str, str]] = set()
    for entry in group.entries:
        series = entry.series
        if series is None:
            continue
        key = entry.view.name, entry.seen.check.signal
        if key not in drawn:
            _signal(axes, entry.style, series)
        drawn.add(key)
        if entry.seen.check.over == "time":
            _held_over_time(axes, entry, series)
        else:
            _held_as_one(axes, entry, series)
    for limit, color in _limits(group):
        _limit(axes, limit, color)
    if not drawn:
        reasons = {one.view.reason or "no value at any instant" for one in group.entries}
        axes.set_yticks([])
        _note(axes, f"undefined: {', '.join(sorted(reasons))}")


def _note(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes, color=FAINT)


def _signal(axes: Axes, look: Style, series: Series) -> None:
    few, many = len(series.values) <= _FEW, len(series.values) > _MANY
    axes.plot(
        series.time,
        series.values,
        color=look.color,
        linestyle="-" if many else look.line,  # so dense, dashes are noise
        linewidth=0.35 * look.width if many else look.width,
        alpha=0.8 if many else 1.0,
        marker="." if few else None,
        markersize=4,
        solid_capstyle="round",
        zorder=3,
    )


def _held_over_time(axes: Axes, entry: Entry, series: Series) -> None:
    """What is beyond the limits at each instant, and the worst of it."""
    low, high = entry.limits
    for limit, side in ((low, -1), (high, 1)):
        if limit is not None:
            line = np.broadcast_to(
                limit.values if isinstance(limit, Series) else limit, series.values.shape
            )
            beyond = side * (series.values - line) > 0
            axes.fill_between(
                series.time,
                series.values,
                line,
                where=beyond,
                interpolate=True,
                color=entry.style.color,
                alpha=0.28,
                linewidth=0,
                zorder=2,
            )
    if entry.seen.time is not None and entry.seen.value is not None:
        _mark(axes, entry, entry.seen.time, entry.seen.value)


def _held_as_one(axes: Axes, entry: Entry, series: Series) -> None:
    """One number made of all instants, as a level."""
    value = entry.seen.value
    if value is None:
        return
    ends = [series.time[0], series.time[-1]]
    axes.plot(ends, [value] * 2, color=entry.style.color, linewidth=0.9, alpha=0.8, zorder=3)
    _mark(axes, entry, ends[1], value)


def _mark(axes: Axes, entry: Entry, time: float, value: float) -> None:
    """Filled where it fails, empty where it does not."""
    axes.plot(
        [time],
        [value],
        marker=entry.style.marker,
        markersize=6.5,
        color=entry.style.color,
        markerfacecolor=entry.style.color if entry.seen.ok is False else "white",
        markeredgecolor="white" if entry.seen.ok is False else entry.style.color,
        markeredgewidth=0.8 if entry.seen.ok is False else 1.3,
        linestyle="none",
        clip_on=False,
        zorder=5,
    )


def _limits(group: Group) -> Iterator[tuple[Any, str]]:
    """Each limit once, in grey where it is everybody's, else in the colour of whose it is."""
    judging = [one for one in group.entries if one.seen.check.judged and one.series is not None]
    owners: dict[float, list[Entry]] = {}
    for entry in judging:
        for limit in entry.limits:
            if isinstance(limit, Series):
                yield limit, entry.style.color
            elif limit is not None:
                owners.setdefault(limit, []).append(entry)
    everybody = {one.view.name for one in judging}
    for limit, whose in owners.items():
        shared = {one.view.name for one in whose} == everybody
        yield limit, FAINT if shared else whose[0].style.color


def _limit(axes: Axes, limit: Any, color: str) -> None:
    look: dict[str, Any] = {"color": color, "linestyle": LIMIT, "linewidth": 1.0, "zorder": 2.5}
    if isinstance(limit, Series):
        axes.plot(limit.time, np.where(np.isfinite(limit.values), limit.values, np.nan), **look)
    else:
        axes.axhline(limit, **look)
