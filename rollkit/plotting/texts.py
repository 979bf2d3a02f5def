"""The text plots of a result: paths, speed and jerk over time, a histogram of each metric."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from rollkit.pictures.frame import Span, to_scale
from rollkit.plotting.drawn import Drawn
from rollkit.plotting.histograms import Histogram, bins_of, counted, near, told
from rollkit.plotting.rows import WIDEST, bold, columns, side_by_side, sign, span_with_edge, widened
from rollkit.plotting.shown import Shown
from rollkit.plotting.terminal import (
    Bars,
    Curve,
    Look,
    Mark,
    Panel,
    draw_bars,
    draw_curves,
    room,
)

MARKS: Final = (Mark("x", "red"), Mark("o", "default"), Mark("+", "blue+"))  # worst, median, best
_REFERENCE: Final = Mark("#", "green")
_OVER_TIME: Final = ("speed", "jerk")

_NARROW: Final = 38  # columns that a panel takes at least, where several stand side by side
_BESIDE: Final = 58  # likewise, of panels over time
_PATH: Final = (8, 22)  # rows of the path, at least and at most
_PATHS: Final = 13  # rows of each where several stand side by side
_TIME, _BARS = 10, 9  # rows of the other panels
_AXES: Final = 2  # rows of a panel that are its axis


def text_plots(drawn: Drawn, look: Look) -> str:
    """All plots of a result, as lines no wider than the terminal.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("left", seeds=3, keep_values=True)
    >>> from rollkit.plotting.drawn import drawn
    >>> print(text_plots(drawn(result), Look(60)).splitlines()[0])
    max_abs_accel: worst, median and best of 3 rollouts
    """
    blocks = [_legend(drawn, look), *_paths(drawn, look), *_over_time(drawn, look)]
    blocks += _histograms(drawn, look)
    return "\n\n".join("\n".join(row.rstrip() for row in block) for block in blocks)


def _legend(drawn: Drawn, look: Look) -> list[str]:
    """Which rollouts are drawn, and how."""
    rows = [bold(one, look) for one in textwrap.wrap(drawn.title, look.width)]
    roles = [", ".join(one.roles) for one in drawn.shown]
    widths = max(map(len, roles)), max(len(one.name) for one in drawn.shown)
    for one, role in zip(drawn.shown, roles, strict=True):
        if not role:
            continue  # it is all there is: the title names it
        words = [role.ljust(widths[0]), one.name.ljust(widths[1]), drawn.value(one)]
        rows.append("  ".join([f"  {sign(MARKS[one.look], look)}", *filter(str.strip, words)]))
    if any(one.example.rollout.reference is not None for one in drawn.shown):
        rows.append(f"  {sign(_REFERENCE, look)} reference")
    return rows


def _paths(drawn: Drawn, look: Look) -> Iterator[list[str]]:
    heading = "path [m], ahead and to the left of its start"
    if not drawn.apart:
        curves = [curve for one in _worst_last(drawn) for curve in _path(one)]
        title = [bold(row, look) for row in textwrap.wrap(heading, look.width)]
        yield [*title, *_to_scale(curves, min(look.width, WIDEST), look)]
        return
    across, width = columns(look.width, _NARROW, len(drawn.shown))
    panels = []
    for one in drawn.shown:
        samples = f", {one.samples} samples" if one.samples > 1 else ""
        title = textwrap.wrap(f"path of {one.name}{samples} [m]", width)
        height = _PATHS if across > 1 else 0
        drawing = _to_scale(list(_path(one)), width, look, height)
        panels.append([*(bold(row, look) for row in title), *drawing])
    yield from side_by_side(panels, across, width)


def _worst_last(drawn: Drawn) -> list[Shown]:
    """Where lines cross, the last one is seen."""
    return sorted(drawn.shown, key=lambda one: -one.look)


def _path(one: Shown) -> Iterator[Curve]:
    """The samples, and the reference: over many samples, under one."""
    paths, truth = one.seen
    mark = MARKS[one.look] if one.samples == 1 else MARKS[one.look]._replace(letter=".")
    samples = [Curve(paths.x[row], paths.y[row], mark) for row in one.rows]
    if one.sample is not None and one.samples > 1:  # the one that is meant
        samples.append(Curve(paths.x[one.sample], paths.y[one.sample], MARKS[one.look]))
    reference = [] if truth is None else [Curve(truth.x, truth.y, _REFERENCE)]
    yield from (*samples, *reference) if one.samples > 1 else (*reference, *samples)


def _to_scale(curves: Sequence[Curve], width: int, look: Look, height: int = 0) -> list[str]:
    """Paths, a metre as long in both directions: a character is twice as high as wide.

    As high as they are, within reason, or as is said.
    """
    wide, high = (
        span_with_edge([one.x for one in curves]),
        span_with_edge([one.y for one in curves]),
    )
    if wide is None or high is None:
        return ["  nothing to draw: no position is known"]
    inside, _ = room(width, 0)
    least, most = _PATH
    rows = (high.high - high.low) / max(wide.high - wide.low, 1e-9) * inside / 2
    height = height or int(np.clip(np.ceil(rows), least, most))
    wide, high = to_scale(wide, high, inside / (2 * height))
    panel = Panel(width, height + _AXES, wide, high)
    return draw_curves(panel, curves, look)


def _over_time(drawn: Drawn, look: Look) -> Iterator[list[str]]:
    across, width = columns(look.width, _BESIDE, len(_OVER_TIME))
    panels = []
    for name in _OVER_TIME:
        curves, unit = [], ""
        for one in _worst_last(drawn):
            signal = next(each for each in one.signals if each.name == name)
            unit = signal.unit
            mark = MARKS[one.look]
            values = np.atleast_2d(signal.values)
            rows = one.rows if one.sample is None else [one.sample]
            curves += [Curve(signal.time, values[row], mark) for row in rows]
        bounds = drawn.bounds[name]
        title = f"{name} [{unit}] over time [s]"
        if bounds:
            title += f", {sign(None, look)} limit {' and '.join(f'{one:g}' for one in bounds)}"
        heading = [bold(row, look) for row in textwrap.wrap(title, width)]
        panels.append([*heading, *_curves(curves, width, look, bounds)])
    yield from side_by_side(panels, across, width)


def _curves(curves: Sequence[Curve], width: int, look: Look, bounds: Sequence[float]) -> list[str]:
    values = span_with_edge([one.y for one in curves], still=0.1)
    times = span_with_edge([one.x for one in curves], edge=0.0)
    if values is None or times is None or times.low == times.high:
        return ["  nothing to draw: fewer than two instants have a value"]
    high = widened(values, [one for one in bounds if near(one, values)])
    return draw_curves(Panel(width, _TIME, times, high), curves, look, bounds)


def _histograms(drawn: Drawn, look: Look) -> Iterator[list[str]]:
    across, width = columns(look.width, _NARROW, max(1, len(drawn.histograms)))
    panels = [_histogram(one, width, look) for one in drawn.histograms if one.span is not None]
    yield from side_by_side(panels, across, width)
    rest = [f"{one.metric.name}: {one.why_not}" for one in drawn.histograms if one.span is None]
    if drawn.left_out:
        what = "metrics have" if drawn.left_out > 1 else "metric has"
        rest.append(f"{drawn.left_out} more {what} no histogram here; --metrics picks others")
    if rest:
        yield [row for one in rest for row in textwrap.wrap(one, look.width)]


def _histogram(one: Histogram, width: int, look: Look) -> list[str]:
    assert one.span is not None
    span = Span(*one.span)
    close = [limit.value for limit in one.limits if near(limit.value, span)]
    bins = bins_of(len(one.values), room(width, 0)[0] // 2)
    counts, edges = counted(one.values, one.span, bins)
    wide = widened(span, close)
    panel = Panel(width, _BARS, wide, Span(0.0, float(counts.max())))
    rows = draw_bars(panel, Bars(counts, edges), look, close)
    unit = "" if one.metric.unit in ("", "1") else f" [{one.metric.unit}]"
    words = [f"mean {one.values.mean():.4g}", *(told(limit, span) for limit in one.limits)]
    title = [bold(row, look) for row in textwrap.wrap(f"{one.metric.name}{unit}", width)]
    return [*title, *textwrap.wrap(", ".join(words), width), *rows]
