"""Arrow's columns as arrays."""

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.npy_header import told


def numbers(column: Any) -> Array:
    """A column of numbers as float64; null is nan."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def integers(column: Any, where: str) -> npt.NDArray[np.int64]:
    """A column of whole numbers, which as float64 would lose digits.

    Raises
    ------
    DataError
        It is of another kind, has a null, or one that is too large.
    """
    arrow = import_module("pyarrow")
    if not arrow.types.is_integer(column.type):
        raise DataError(f"{where}: got {column.type}, expected integers")
    if column.null_count:
        row = int(np.argmax(np.asarray(column.is_null().to_numpy(zero_copy_only=False)))) + 1
        raise DataError(f"{where}, row {row}: got null, expected an integer")
    try:
        return np.asarray(column.cast(arrow.int64()).to_numpy(zero_copy_only=False))
    except arrow.ArrowInvalid as error:
        raise DataError(f"{where}: {told(error)}") from None


def texts(column: Any) -> npt.NDArray[np.object_]:
    """A column of names as text; null is the empty one."""
    arrow = import_module("pyarrow")
    if arrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    plain = column.cast(arrow.string()).fill_null("")
    return np.asarray(plain.to_numpy(zero_copy_only=False), dtype=object)
