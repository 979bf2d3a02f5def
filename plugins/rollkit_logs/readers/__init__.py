"""The formats: one module each, with `SUFFIXES`, `recognises(line)` and `read(path, content)`.

A new format is one such module, its name in `Format` and its entry in `READERS`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

from rollkit import DataError
from rollkit_logs.poses import PoseLog
from rollkit_logs.readers import csv, kitti, parquet, tum
from rollkit_logs.text import read_bytes, shown

Format = Literal["auto", "kitti", "tum", "csv", "parquet"]


class Reader(Protocol):
    """What a format's module offers."""

    @property
    def SUFFIXES(self) -> tuple[str, ...]:
        """The suffixes its files go by."""

    def recognises(self, line: str) -> bool:
        """Whether the first line that is no comment looks like this format."""

    def read(self, path: Path, content: bytes) -> PoseLog:
        """The poses in the file's bytes; DataError, with file and line, where they are none."""


READERS: Mapping[str, Reader] = {"kitti": kitti, "tum": tum, "csv": csv, "parquet": parquet}


def read(path: Path, format: Format = "auto") -> tuple[str, PoseLog]:
    """The name of the format and the poses; the file is read once, so it may be a pipe.

    Raises
    ------
    DataError
        The file cannot be read, is of no known format, or does not hold what its format promises.
    """
    content = read_bytes(path)
    name = detect(path, content) if format == "auto" else format
    return name, READERS[name].read(path, content)


def detect(path: Path, content: bytes) -> str:
    """The format that the file's first line looks like, else the one its suffix promises."""
    line = _first_line(content)
    by_content = [name for name, reader in READERS.items() if reader.recognises(line)]
    suffix = path.suffix.lower()
    by_suffix = [name for name, reader in READERS.items() if suffix in reader.SUFFIXES]
    # What a file holds outweighs what it is called; a suffix alone still gets that format's errors.
    for names in (by_content, by_suffix):
        if len(names) == 1:
            return names[0]
    raise DataError(
        f"{path}: cannot tell the format: the first line has {len(line.split())} fields, "
        f"{shown(line)}; expected 12 (kitti), 8 (tum), a header with t,x,y (csv) or Parquet",
        hint=f"--set format=NAME, one of {', '.join(READERS)}, says which it is",
    )


def _first_line(content: bytes) -> str:
    """The first line that is neither blank nor a comment; "" where there is none."""
    for line in content.splitlines():
        text = line.decode("utf-8-sig", errors="replace").strip()
        if text and not text.startswith("#"):
            return text
    return ""
