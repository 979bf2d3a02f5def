"""The header of NumPy's `.npy`, read as text: nothing of it is evaluated."""

import re
import struct
from typing import IO, NamedTuple

import numpy as np

from rollkit import DataError

Broken = tuple[type[Exception], ...]  # what reading a file may raise

_MAGIC = b"\x93NUMPY"
_LONGEST = 10_000  # bytes, as NumPy's own limit
_MOST_AXES = 32
_DESCR = re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?)([?a-zA-Z])(\d{0,9})['"]""")
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\(([\d,L ]*)\)""")
_SIZE = re.compile(r"\d{1,18}L?")


class Header(NamedTuple):
    """What it says of the array, and how many bytes it takes itself."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    fortran: bool
    length: int


def header(where: str, file: IO[bytes], broken: Broken) -> Header:
    """The header that a file starts with.

    Raises
    ------
    DataError
        No npy file, one that holds objects, or no array of numbers or text.
    """
    head = _exactly(where, file, 10, broken)
    if not head.startswith(_MAGIC):
        raise DataError(f"{where}: starts with {head[:8]!r}, expected NumPy's {_MAGIC!r}")
    if head[6] not in (1, 2):
        raise DataError(f"{where}: is npy version {head[6]}.{head[7]}, expected 1.0 or 2.0")
    before, length = 10, struct.unpack("<H", head[8:])[0]
    if head[6] == 2:
        more = _exactly(where, file, 2, broken)
        before, length = 12, struct.unpack("<I", head[8:] + more)[0]
    if length > _LONGEST:
        raise DataError(f"{where}: its header is {length} bytes long, expected at most {_LONGEST}")
    text = _exactly(where, file, length, broken).decode("latin-1")
    return Header(*_described(where, text), before + length)


def told(error: Exception) -> str:
    """What a library's error says, as far as an error of one line has room for it."""
    return f"{error}".strip().partition("\n")[0][:160] or type(error).__name__


def _exactly(where: str, file: IO[bytes], count: int, broken: Broken) -> bytes:
    try:
        content = file.read(count)
    except broken as error:
        raise DataError(f"{where}: is damaged: {told(error)}") from None
    if len(content) != count:
        raise DataError(f"{where}: ends in the middle of its header")
    return content


def _described(where: str, text: str) -> tuple[np.dtype[np.generic], tuple[int, ...], bool]:
    """What the header says, read as text."""
    descr, order, shape = (one.search(text) for one in (_DESCR, _ORDER, _SHAPE))
    if descr is not None and descr[2] == "O":
        raise DataError(
            f"{where}: holds pickled objects, which rollkit never loads",
            hint="save numbers: np.asarray(array, dtype=float)",
        )
    if descr is None or order is None or shape is None:
        raise DataError(
            f"{where}: got the header {text.strip()[:60]!r}, expected one that says descr, "
            "fortran_order and shape of an array of numbers"
        )
    try:
        dtype = np.dtype(f"{descr[1]}{descr[2]}{descr[3]}") if descr[2] in "biufcSU?" else None
    except TypeError:
        dtype = None
    if dtype is None or dtype.itemsize == 0:
        raise DataError(f"{where}: got dtype {descr[0].split(':')[1].strip()}, expected numbers")
    sizes = [one for one in shape[1].replace(" ", "").split(",") if one]
    if len(sizes) > _MOST_AXES or not all(_SIZE.fullmatch(one) for one in sizes):
        raise DataError(f"{where}: got the shape ({shape[1][:60]}), expected that of an array")
    return dtype, tuple(int(one.rstrip("L")) for one in sizes), order[1] == "True"
