"""The words above a panel of the picture: what it shows, and what each preset says of it."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea
from matplotlib.transforms import ScaledTranslation

from rollkit.explaining.groups import Entry, Group
from rollkit.pictures.layout import ABOVE, put_heading

_LEAST = 24  # letters in a line of the title


def put_words(axes: Axes, group: Group, letters: int) -> None:
    """What a panel shows, and the verdict of each preset; so many letters have room."""
    several = len({one.seen.check.name for one in group.entries}) > 1
    words = [
        (one, f"{one.seen.check.name} {one.seen.verdict}" if several else one.seen.verdict)
        for one in group.entries
        if one.seen.check.judged
    ]
    taken = sum(len(text) + 2 for _, text in words)
    put_heading(axes, group.title, max(letters - taken, _LEAST))
    _verdicts(axes, words)


def _verdicts(axes: Axes, words: list[tuple[Entry, str]]) -> None:
    """In the colour of each preset, on the right."""
    areas: list[Any] = []
    for entry, text in words:
        look = {
            "color": entry.style.color,
            "fontsize": 8.0,
            "fontweight": "bold" if text.endswith("FAIL") else "normal",
        }
        areas.append(TextArea(text, textprops=look))
    if areas:
        above = ABOVE / 72
        raised = ScaledTranslation(0, above, axes.figure.dpi_scale_trans)
        packed = HPacker(children=areas, pad=0, sep=7, align="baseline")
        axes.add_artist(
            AnchoredOffsetbox(
                loc="lower right",
                child=packed,
                pad=0,
                borderpad=0,
                frameon=False,
                bbox_to_anchor=(1.0, 1.0),
                bbox_transform=axes.transAxes + raised,
            )
        )
