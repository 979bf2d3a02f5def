"""Text logs: their lines, and the numbers in them, with the line at fault when there is one."""

import difflib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.poses import Rows

_SHOWN = 40  # characters of a line that a message quotes


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises
    ------
    DataError
        No such file, a folder, an empty file, or one that may not be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file", hint=_nearest_files(path)) from None
    except IsADirectoryError:
        raise DataError(f"{path}: got a folder, expected a file") from None
    except (OSError, ValueError) as error:  # ValueError: a path that no file system can hold
        raise DataError(f"{path}: cannot be read: {error}") from None
    if not content.strip():
        raise DataError(f"{path}: got an empty file, expected numbers")
    return content


def lines(path: Path, content: bytes) -> list[str]:
    """The lines of a UTF-8 text file, without their ends; a byte order mark is dropped."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise DataError(f"{path}:{line}: got byte 0x{byte:02x}, expected UTF-8 text") from None
    # Not str.splitlines: it also breaks at characters that no editor counts as a line.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def fields(path: Path, content: bytes) -> tuple[Rows, list[list[str]]]:
    """The blank-separated fields of each line; blank lines and `#` comments are left out."""
    split = [(number, line.split()) for number, line in enumerate(lines(path, content), 1)]
    kept = [(number, row) for number, row in split if row and not row[0].startswith("#")]
    return Rows(path, [number for number, _ in kept]), [row for _, row in kept]


def numbers(rows: Rows, table: Sequence[Sequence[str]], names: Sequence[str]) -> Array:
    """The fields as numbers, `(n, len(names))`.

    Raises
    ------
    DataError
        A row with more or fewer fields, or a field that is no number.
    """
    try:
        # One pass over good logs; only a bad one is searched for its line.
        array = np.array(table, dtype=np.float64)
    except ValueError:
        array = None
    if array is not None and array.shape == (len(table), len(names)):
        return array
    for index, row in enumerate(table):
        if len(row) != len(names):
            layout = "one number" if len(names) == 1 else f"{len(names)}: {' '.join(names)}"
            raise DataError(f"{rows.at(index)}: got {len(row)} fields, expected {layout}")
        for name, field in zip(names, row, strict=True):
            try:
                float(field)
            except ValueError:
                raise DataError(
                    f"{rows.at(index)}: {name}: got {shown(field)}, expected a number"
                ) from None
    return np.empty((0, len(names)))  # no row at all


def shown(text: str) -> str:
    """Text as a message quotes it: escaped, and not longer than is readable."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def nearest(name: str, known: Sequence[str]) -> str:
    """The known names that look like this one, in words; empty where none does."""
    folded = {one.lower(): one for one in known}
    wanted = name.lower()
    near = difflib.get_close_matches(wanted, list(folded), n=3, cutoff=0.5)
    # One letter is like nothing: t is found in timestamp, x in pos_x.
    near = near or [one for one in folded if one.startswith(wanted) or one.endswith(f"_{wanted}")]
    return ", ".join(folded[one] for one in near[:3])


def _nearest_files(path: Path) -> str | None:
    try:
        near = nearest(path.name, [one.name for one in path.parent.iterdir()])
    except (OSError, ValueError):
        return f"there is no folder {path.parent} either"
    return f"nearest in that folder: {near}" if near else None
