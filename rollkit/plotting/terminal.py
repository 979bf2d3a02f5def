"""One panel of text: lines or bars on axes, drawn by plotext, as rows of one width."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.pictures.frame import Span
from rollkit.plotting.ticks import labels, ticks

_LABELS: Final = 7  # columns for the numbers beside an axis: as many in every panel
_AROUND: Final = (_LABELS + 1, 2)  # columns and rows of a panel that are axes
_APART: Final = (9, 2)  # columns and rows between two numbers, at least
_DENSE: Final = 4  # points in a column: more of them show nothing more
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;]*m")
# What terminals without Unicode print instead of the lines that axes are drawn with.
_PLAIN: Final = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(map(ord, "─━┄┅┈┉╌╍"), "-"),
    **dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏"), "|"),
    **dict(zip(map(ord, "▁▂▃▄▅▆▇█"), "_.:-=+*#", strict=True)),
}


class Look(NamedTuple):
    """What the terminal shows: columns, colours or none, Unicode or ASCII alone."""

    width: int = 80
    color: bool = False
    unicode: bool = True

    def plain(self, text: str) -> str:
        """The text in characters that the terminal has.

        >>> Look(unicode=False).plain("├──┤ ▁▄█")
        '+--+ _-#'
        """
        return text if self.unicode else text.translate(_PLAIN)


class Mark(NamedTuple):
    """How a line is drawn: by a letter, and where there are colours in fine dots of a colour."""

    letter: str
    color: str = "default"


class Curve(NamedTuple):
    """A line through points `(T,)`; it has a gap where they are not finite."""

    x: Array
    y: Array
    mark: Mark


class Bars(NamedTuple):
    """Bars `(n,)` side by side, between `edges` `(n+1,)`."""

    heights: Array
    edges: Array


class Panel(NamedTuple):
    """Size in characters and the range of both axes."""

    width: int
    height: int
    wide: Span
    high: Span


def room(width: int, height: int) -> tuple[int, int]:
    """The columns and rows within the axes of a panel of that size."""
    return width - _AROUND[0], height - _AROUND[1]


def draw_curves(
    panel: Panel, curves: Iterable[Curve], look: Look, limits: Sequence[float] = ()
) -> list[str]:
    """Lines; the limits are dotted lines from left to right."""
    columns, _ = room(panel.width, panel.height)
    with _figure(panel) as figure:
        for limit in limits:
            if panel.high.low <= limit <= panel.high.high:
                _limit(figure, panel.wide, (limit, limit), "┈")
        for curve in curves:
            x, y = _thinned(curve.x, curve.y, _DENSE * columns)
            known = np.isfinite(x + y)
            if not known.any():
                continue
            # The library draws lines point by point: what is far outside would take all memory.
            within = np.clip(x[known], *panel.wide), np.clip(y[known], *panel.high)
            some = (one.tolist() for one in within)
            signal = figure.signal(*some, marker=_marker(curve.mark, look)).lines(True)
            # The first point behind each gap.
            for place in np.cumsum(known)[1:][known[1:] & ~known[:-1]] - 1:
                signal.line(int(place), False)
            figure.draw(signal)
        return _rows(figure, look)


def draw_bars(panel: Panel, bars: Bars, look: Look, limits: Sequence[float] = ()) -> list[str]:
    """Bars from 0 up; the limits are dotted lines from the bottom to the top."""
    middles = (bars.edges[1:] + bars.edges[:-1]) / 2
    with _figure(panel) as figure:
        marker = "hd" if look.unicode else "#"
        heights = [float(one) for one in bars.heights]
        figure.draw(figure.bar(middles.tolist(), heights, marker=marker, width=1))
        _number(figure, panel)  # bars bring numbers of their own
        for name in "xy":
            figure.ruler(name).alignment(lim="edge")  # 0 is the axis, not the middle of a row
        for limit in limits:
            _limit(figure, (limit, limit), panel.high, "┊")
        return _rows(figure, look)


def _limit(figure: Any, x: tuple[float, float], y: tuple[float, float], mark: str) -> None:
    """A dotted line; the library's own lines are yellow on white, whatever the theme."""
    figure.draw(figure.signal([*x], [*y], marker=mark).lines(True))


def visible(row: str) -> str:
    """A row without its colours."""
    return _ESCAPES.sub("", row)


@contextmanager
def _figure(panel: Panel) -> Iterator[Any]:
    """The figure of the library, of which there is one: empty before and after."""
    import plotext  # a library that not everybody has

    figure = plotext.figure
    try:
        figure.clear()
        plotext.terminal.limit(False, False)
        figure.plot_size(panel.width, panel.height)
        figure.theme("colorless")
        figure.axes(False, axis="x", side="upper")
        figure.axes(False, axis="y", side="right")
        _number(figure, panel)
        yield figure
    finally:
        plotext.terminal.limit()
        figure.clear()


def _number(figure: Any, panel: Panel) -> None:
    """Numbers along both axes."""
    sizes = room(panel.width, panel.height)
    for name, span, size, apart in zip("xy", (panel.wide, panel.high), sizes, _APART, strict=True):
        places = ticks(*span, max(2, size // apart + 1))
        width = _LABELS if name == "y" else 0
        ruler = figure.ruler(name)
        ruler.lim(*span)
        ruler.ticks(places, [one.rjust(width) for one in labels(places)] or [" " * width])


def _marker(mark: Mark, look: Look) -> Any:
    import plotext

    fine = "braille" if look.color and look.unicode else mark.letter
    return plotext.marker(fine, pixel=mark.color) if look.color else fine


def _rows(figure: Any, look: Look) -> list[str]:
    text = figure.build().string(not look.color)
    return [look.plain(row) for row in text.rstrip("\n").split("\n")]


def _thinned(x: Array, y: Array, most: int) -> tuple[Array, Array]:
    """At most so many points, the lowest and the highest of each stretch among them."""
    if len(x) <= most:
        return x, y
    known = np.flatnonzero(np.isfinite(x + y))
    stretches = np.array_split(known, max(1, most // 2))
    kept = sorted(
        {
            int(pick[place])
            for pick in stretches
            if len(pick)
            for place in (np.argmin(y[pick]), np.argmax(y[pick]))
        }
    )
    return x[kept], y[kept]
