"""Writing a picture: SVG, PNG or PDF, the same bytes for the same picture."""

import io
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollkit.errors import OutputError, UsageError, shown
from rollkit.files import check_writable, write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LIBRARY = "matplotlib"
_MARKS = {one: f"rollkit {one}" for one in ("explain", "figure")}  # by which ours are known
# Where the mark goes, in the metadata; and what else would stand there: when the picture was made,
# and by which version of the library.
_MARKED = {".svg": "Creator", ".png": "Software", ".pdf": "Creator"}
_LEFT_OUT: dict[str, tuple[str, ...]] = {
    ".svg": ("Date",),
    ".png": (),
    ".pdf": ("Producer", "CreationDate"),
}
_ENDS = 1 << 16  # bytes of a file's beginning and end; metadata is in either


def available() -> bool:
    """Whether pictures can be drawn."""
    return find_spec(LIBRARY) is not None


def check_library(what: str = "") -> None:
    """Refuse, before any work, what cannot be drawn.

    Raises
    ------
    UsageError
        matplotlib is not installed.
    """
    if not available():
        raise UsageError(
            f"{what}a picture needs {LIBRARY}, which is not installed",
            hint="pip install 'rollkit[plot]'",
        )


def check_place(path: Path, *, force: bool) -> None:
    """Refuse, before any work, a place where the picture cannot or should not go.

    Raises
    ------
    UsageError
        A suffix of no format, or matplotlib is not installed.
    OutputError
        The place cannot be written to, or holds another kind of file.
    """
    if path.suffix.lower() not in _MARKED:
        expected = ", ".join(_MARKED)
        raise UsageError(f"{shown(str(path))}: got suffix {path.suffix!r}, expected {expected}")
    check_library(f"{shown(str(path))}: ")
    check_writable(path)
    if path.is_file() and path.stat().st_size and not force and not _ours(path):
        raise OutputError(
            f"{shown(str(path))} exists and is no picture of rollkit's; it was left alone",
            hint="choose another place, or replace it with --force",
        )


def save(figure: "Callable[[], Figure]", path: Path, kind: str, *, force: bool) -> Path:
    """Draw the picture and write it, whole or not at all; `kind` is "explain" or "figure"."""
    check_place(path, force=force)
    write_atomically(path, drawn(figure, path.suffix.lower(), kind))
    return path


def drawn(figure: "Callable[[], Figure]", suffix: str, kind: str) -> bytes:
    """The picture's bytes."""
    from rollkit.pictures.styles import styled

    metadata: dict[str, Any] = {_MARKED[suffix]: _MARKS[kind]}
    metadata |= dict.fromkeys(_LEFT_OUT[suffix])
    out = io.BytesIO()
    with styled():
        figure().savefig(out, format=suffix[1:], metadata=metadata)
    return out.getvalue()


def _ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            ends = file.read(_ENDS)
            file.seek(max(0, path.stat().st_size - _ENDS), os.SEEK_SET)
            ends += file.read()
    except OSError as error:
        raise OutputError(f"cannot read {shown(str(path))}: {error.strerror}") from None
    return any(one.encode() in ends for one in _MARKS.values())
