"""Whole-number timestamps as seconds from the first, which keeps all their digits."""

import numpy as np
import numpy.typing as npt

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.rows import Rows

_LONGEST = 1 << 62  # so that no difference overflows


def seconds(rows: Rows, stamps: npt.NDArray[np.int64], unit: float) -> Array:
    """Times in s of stamps in that unit; the same one twice is left to the resampling.

    Raises
    ------
    DataError
        They run backwards.

    Examples
    --------
    >>> from pathlib import Path
    >>> rows = Rows(Path("a.feather"), range(1, 4), tabular=True)
    >>> seconds(rows, np.array([315966253572412942, 315966253572412943, 315966253577412942]), 1e-9)
    array([0.e+00, 1.e-09, 5.e-03])
    """
    back = stamps[1:] < stamps[:-1]
    if back.any():
        index = int(np.argmax(back)) + 1
        raise DataError(
            f"{rows.at(index)}: time runs backwards: got {stamps[index]}, expected at least "
            f"{stamps[index - 1]}"
        )
    if int(stamps[-1]) - int(stamps[0]) > _LONGEST:
        raise DataError(
            f"{rows.at(0)}: got times from {stamps[0]} to {stamps[-1]}, expected a drive"
        )
    return (stamps - stamps[0]) * unit
