"""Rows of text: what range a panel shows, which panels stand side by side, bold and coloured."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

import numpy as np

from rollkit.arrays import Array
from rollkit.pictures.frame import Span
from rollkit.plotting.terminal import Look, Mark, visible

WIDEST: Final = 100  # columns of a panel
_GAP: Final = 2
_EDGE: Final = 0.04  # of what is drawn, free around it
_CODES: Final = {"red": "31", "default": "0", "blue+": "94", "green": "32"}


def span_with_edge(values: Sequence[Array], edge: float = _EDGE, still: float = 0.0) -> Span | None:
    """From where to where finite values go, and a little more on either side.

    `still` is how much more, as a share of the value, where all are the same.
    """
    finite = np.concatenate([one[np.isfinite(one)] for one in values])
    if not len(finite):
        return None
    low, high = float(finite.min()), float(finite.max())
    if not np.isfinite(high - low):
        return None
    free = edge * (high - low) or (still and (still * abs(high) or 1.0))
    return Span(low - free, high + free)


def widened(span: Span, others: Sequence[float]) -> Span:
    """The span, widened to have these within it."""
    low, high = min([span.low, *others]), max([span.high, *others])
    free = _EDGE * (high - low)
    return Span(low - free * (low < span.low), high + free * (high > span.high))


def columns(width: int, least: int, count: int) -> tuple[int, int]:
    """How many panels stand side by side, and how wide each is."""
    columns = max(1, min(count, (width + _GAP) // (least + _GAP)))
    return columns, min(WIDEST, (width + _GAP) // columns - _GAP)


def side_by_side(panels: Sequence[list[str]], columns: int, width: int) -> Iterator[list[str]]:
    """Panels in rows of so many, each as wide as is said."""
    for first in range(0, len(panels), columns):
        some = panels[first : first + columns]
        tallest = max(map(len, some))
        # Titles differ in length: what is drawn stands on one line.
        padded = [[*[""] * (tallest - len(one)), *one] for one in some]
        yield [
            (" " * _GAP).join(cell + " " * (width - len(visible(cell))) for cell in row)
            for row in zip_longest(*padded, fillvalue="")
        ]


def bold(text: str, look: Look) -> str:
    """The text, bold where the terminal knows that."""
    return f"\x1b[1m{text}\x1b[0m" if look.color else text


def sign(mark: Mark | None, look: Look) -> str:
    """How a line is shown in a legend; None is a limit."""
    if mark is None:
        return look.plain("┈┈")
    if not look.color:
        return mark.letter
    sign = "━━" if look.unicode else mark.letter
    return f"\x1b[{_CODES[mark.color]}m{sign}\x1b[0m"
