"""How batches lie in memory: of many rows, one instant of all of them beside the next.

Shapes stay `(..., T)`. Behind them a large batch is kept instant by instant, so that a scan over
time takes whole rows of memory and a reduction runs through it once; a small one is kept row by
row, where NumPy's own scans are faster. Values never depend on which of the two it is.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

# From about this many rows on, a scan that takes row after row costs less than NumPy's own.
MANY = 64
_TILE = 64  # rows that are turned at once: 64 x 64 numbers fill the first-level cache


def many(batch: tuple[int, ...]) -> bool:
    """Whether a batch of this shape is kept instant by instant."""
    return math.prod(batch) >= MANY


def empty(batch: tuple[int, ...], length: int, dtype: npt.DTypeLike = np.float64) -> Array:
    """Room for `(*batch, length)` numbers, laid out for this batch.

    >>> empty((1000,), 65).strides, empty((10,), 65).strides
    ((8, 8000), (520, 8))
    """
    if many(batch):
        memory = np.empty((length, *batch), dtype=dtype)
        return memory.transpose(*range(1, memory.ndim), 0)
    return np.empty((*batch, length), dtype=dtype)


def instants(array: Array) -> Array:
    """The same numbers, time first."""
    return array.transpose(-1, *range(array.ndim - 1))


def by_instant(array: Array) -> bool:
    """Whether the numbers of one instant lie side by side."""
    return not array.flags.c_contiguous and instants(array).flags.c_contiguous


def settled(array: Array) -> bool:
    """Whether the array lies in one of the two ways already."""
    return array.flags.c_contiguous or by_instant(array)


def arranged(array: Array) -> Array:
    """The numbers `(..., T)` laid out for their batch: themselves where they are, else a copy."""
    if not many(array.shape[:-1]) or by_instant(array):
        return array
    if array.ndim != 2:
        flat = arranged(array.reshape(-1, array.shape[-1]))
        return (
            instants(flat)
            .reshape(array.shape[-1:] + array.shape[:-1])
            .transpose(*range(1, array.ndim), 0)
        )
    copy = empty(array.shape[:-1], array.shape[-1], array.dtype)
    for start in range(0, len(array), _TILE):
        copy[start : start + _TILE] = array[start : start + _TILE]
    return copy
