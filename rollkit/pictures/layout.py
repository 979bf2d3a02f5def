"""The layout of a picture: headings above panels, everything in its place once and for all."""

import textwrap
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

ABOVE: Final = 5.0  # points between a panel and the words above it


def put_heading(axes: Axes, title: str, letters: int = 0) -> None:
    """What a panel shows, above it on the left, in lines of so many letters."""
    text = textwrap.fill(title, letters) if letters else title
    axes.set_title(text, loc="left", fontsize=8.5, fontweight="bold", pad=ABOVE)


def settle(whole: Figure) -> None:
    """Put everything in its place.

    Rounded: the last digits of what the layout finds differ from time to time, and so would the
    bytes of the file.
    """
    engine = whole.get_layout_engine()
    assert engine is not None
    engine.execute(whole)
    whole.set_layout_engine("none")
    for axes in whole.axes:
        axes.set_position([round(one, 6) for one in axes.get_position(original=True).bounds])
