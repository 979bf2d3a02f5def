"""How pictures look: what tells lines apart, in colour, in grey, and to the colour-blind."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Style(NamedTuple):
    """How one of several lines is drawn."""

    color: str
    line: Any
    marker: str
    width: float


# Colours of Okabe and Ito, from dark to light; lines and markers differ too.
_STYLES = (
    Style("#0072B2", "-", "o", 1.6),
    Style("#D55E00", (0, (5, 1.3)), "s", 1.6),
    Style("#009E73", (0, (1.2, 1.1)), "^", 1.8),
    Style("#CC79A7", (0, (5, 1.2, 1.2, 1.2)), "D", 1.6),
    Style("#E69F00", "-", "v", 1.1),
    Style("#56B4E9", (0, (5, 1.3)), "P", 1.1),
)
INK, FAINT, GRID = "#222222", "#767676", "#e4e4e4"
LIMIT = (0, (4, 3))

_LOOK = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#a8a8a8",
    "axes.facecolor": "white",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.0,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.formatter.useoffset": False,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.08,
    "figure.dpi": 100.0,
    "figure.facecolor": "white",
    "font.family": ["DejaVu Sans"],  # comes with the library: the same everywhere
    "font.size": 8.0,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.handlelength": 2.8,
    "savefig.dpi": 160.0,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "rollkit",  # the same ids in every file
    "text.color": INK,
    "text.parse_math": False,  # names may hold a dollar
    "xtick.color": INK,
    "xtick.labelsize": 7.5,
    "xtick.major.size": 3.0,
    "xtick.major.width": 0.7,
    "ytick.color": INK,
    "ytick.labelsize": 7.5,
    "ytick.major.size": 3.0,
    "ytick.major.width": 0.7,
}


def style(number: int) -> Style:
    """That of the line of this number."""
    return _STYLES[number % len(_STYLES)]


@contextmanager
def styled() -> Iterator[None]:
    """Within this, pictures look the same whatever the user's own settings are."""
    import matplotlib as mpl

    plain = {
        name: value
        for name, value in mpl.rcParamsDefault.items()
        if not name.startswith(("backend", "interactive", "toolbar"))
    }
    with mpl.rc_context({**plain, **_LOOK}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # of a name in another script: a box
        yield
