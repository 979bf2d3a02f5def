"""NumPy's `.npy` format, row after row: nothing of its header is evaluated, no pickle is loaded."""

import math
from collections.abc import Callable
from typing import IO

import numpy as np
import numpy.typing as npt

from rollkit import DataError
from rollkit_logs.blocks import LARGEST_CASE
from rollkit_logs.npy_header import Broken, header, told

_PIECE = 1 << 20
_FORTRAN = 256 << 20  # turned in memory, which larger ones would fill


class Stream:
    """An array whose rows are taken from its file as they are needed.

    Parameters
    ----------
    where : str
        File and array, to start a message with.
    dtype, shape
        Of the whole array.
    fill : function
        Fills a buffer with the bytes that come next.
    """

    def __init__(
        self,
        where: str,
        dtype: np.dtype[np.generic],
        shape: tuple[int, ...],
        fill: Callable[[memoryview], None],
    ) -> None:
        self.where = where
        self.dtype = dtype
        self.shape = shape
        self._fill = fill
        self._buffer = np.empty(0, dtype=dtype)

    @property
    def row(self) -> int:
        """Bytes of one row."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    def shaped(self, *shape: int) -> "Stream":
        """The same numbers in another shape."""
        return Stream(self.where, self.dtype, shape, self._fill)

    def take(self, rows: int) -> npt.NDArray[np.generic]:
        """The next rows, `(rows, *shape[1:])`, good until the next call.

        Raises
        ------
        DataError
            The file ends before, or is damaged, or one row alone would fill the memory.
        """
        if self.row > LARGEST_CASE:
            raise DataError(
                f"{self.where}: one case of shape {self.shape[1:]} takes {self.row:.3g} bytes, "
                f"expected at most {LARGEST_CASE:.3g}"
            )
        count = rows * math.prod(self.shape[1:])
        if self._buffer.size < count:
            self._buffer = np.empty(count, dtype=self.dtype)
        taken = self._buffer[:count]
        if taken.nbytes:
            self._fill(taken.view(np.uint8).data)
        return taken.reshape(rows, *self.shape[1:])

    def whole(self) -> npt.NDArray[np.generic]:
        """All of it, for small arrays."""
        return self.shaped(1, *self.shape).take(1)[0].copy()


def held(where: str, array: npt.NDArray[np.generic]) -> Stream:
    """A stream of what is in memory already."""
    content = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    at = 0

    def fill(buffer: memoryview) -> None:
        nonlocal at
        buffer[:] = content[at : at + len(buffer)]
        at += len(buffer)

    return Stream(where, array.dtype, array.shape, fill)


def stream(where: str, file: IO[bytes], size: int, broken: Broken) -> Stream:
    """The array of an npy file of that many bytes.

    Parameters
    ----------
    broken : tuple of exceptions
        What reading `file` may raise.

    Raises
    ------
    DataError
        No npy file, one that holds objects, or a header that its size contradicts.
    """
    dtype, shape, fortran, length = header(where, file, broken)
    expected = math.prod(shape) * dtype.itemsize
    if expected != size - length:
        raise DataError(
            f"{where}: the header promises {expected} bytes, {dtype} {shape}, but there are "
            f"{size - length}"
        )

    def fill(buffer: memoryview) -> None:
        for start in range(0, len(buffer), _PIECE):
            piece = buffer[start : start + _PIECE]
            try:
                content = file.read(len(piece))
            except broken as error:
                raise DataError(f"{where}: is damaged: {told(error)}") from None
            if len(content) != len(piece):
                raise DataError(f"{where}: ends before its {expected} bytes do")
            piece[:] = content

    found = Stream(where, dtype, shape, fill)
    if not fortran or len(shape) < 2:
        return found
    if expected > _FORTRAN:
        raise DataError(
            f"{where}: is in Fortran order and {expected} bytes large, expected C order",
            hint="save np.ascontiguousarray(array)",
        )
    return held(where, found.shaped(*shape[::-1]).whole().T)
