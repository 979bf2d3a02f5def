"""The columns that tables have in common: `t`, `x`, `y` and, where there is one, `yaw`."""

from collections.abc import Sequence
from pathlib import Path

from rollkit import DataError
from rollkit_logs.text import nearest, shown

REQUIRED = ("t", "x", "y")
FRAME = "x, y as they stand; yaw, where there is one, counter-clockwise from x"


def chosen(path: Path, header: Sequence[str]) -> list[str]:
    """The columns to read: the required ones, and `yaw` if the table has it.

    Raises
    ------
    DataError
        A required column is missing, or one of them is there twice.
    """
    for name in REQUIRED:
        if name not in header:
            near = nearest(name, header)
            got = shown(", ".join(header))
            raise DataError(
                f"{path}: no column {name!r}: got {got}"
                + (f", nearest {near}" if near else "")
                + "; expected t (s), x (m), y (m) and optionally yaw (rad)"
            )
    names = [*REQUIRED, "yaw"] if "yaw" in header else list(REQUIRED)
    twice = [name for name in names if header.count(name) > 1]
    if twice:
        raise DataError(f"{path}: column {twice[0]!r} is there twice; expected it once")
    return names
