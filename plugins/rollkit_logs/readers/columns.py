"""The columns that long tables have in common, whatever the file: one pose a row."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from rollkit import DataError
from rollkit_logs.rates import RATES

REQUIRED = ("t", "x", "y")
QUATERNION = ("qx", "qy", "qz", "qw")
NUMBERS = (*REQUIRED, "yaw", "speed", "z", *QUATERNION, *RATES, "probability")
LABELS = ("case", "sample")
_SHOWN = 80  # characters of names that a message quotes
FRAME = "x, y as they stand; yaw, where there is one, counter-clockwise from x"


def chosen(path: Path, header: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns to read, of numbers and of labels; those of other names are left out.

    Raises
    ------
    DataError
        A column that is missing, or there twice.
    """
    wanted = REQUIRED if not set(header) & set(QUATERNION) else (*REQUIRED, *QUATERNION)
    for name in wanted:
        if name not in header:
            near = nearest(name, header)
            raise DataError(
                f"{path}: no column {name!r}: got {_shortened(header)}"
                + (f", nearest {near}" if near else "")
                + f"; expected {', '.join(wanted)} and optionally "
                + ", ".join(one for one in (*NUMBERS, *LABELS) if one not in wanted)
            )
    for name in (*NUMBERS, *LABELS):
        if header.count(name) > 1:
            raise DataError(f"{path}: column {name!r} is there twice; expected it once")
    return [one for one in NUMBERS if one in header], [one for one in LABELS if one in header]


def _shortened(header: Sequence[str]) -> str:
    text = ", ".join(header)
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def nearest(name: str, known: Sequence[str]) -> str:
    """The known names that look like this one, in words; empty where none does."""
    folded = {one.lower(): one for one in known[:1000]}
    wanted = name.lower()
    near = difflib.get_close_matches(wanted, list(folded), n=3, cutoff=0.5)
    # One letter is like nothing: t is found in timestamp, x in pos_x.
    near = near or [one for one in folded if one.startswith(wanted) or one.endswith(f"_{wanted}")]
    return ", ".join(folded[one][:_SHOWN] for one in near[:3])
