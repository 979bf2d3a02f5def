"""The door: what comes in becomes read-only arrays of numbers, or an error that says why not."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from rollkit import layout
from rollkit.errors import DataError
from rollkit.layout import Array


def numbers(what: str, value: npt.ArrayLike) -> Array:
    """The value as a read-only float64 (or float32) array, in one of the two layouts of a batch."""
    mask = getattr(value, "mask", None)  # of a pandas series it is a method
    if isinstance(mask, np.ndarray | np.bool_) and mask.any():
        raise DataError(f"{what} has masked values; expected plain numbers")
    try:
        array = np.asarray(value)
    except ValueError as error:  # ragged nested lists
        raise DataError(f"{what} is not an array of numbers: {error}") from None
    if array.dtype.kind not in "fiub":
        raise DataError(f"{what}: got dtype {array.dtype}, expected real numbers")
    if array.dtype != np.float32:
        array = array.astype(np.float64, copy=False)
    return read_only(array if layout.settled(array) else np.ascontiguousarray(array))


def read_only(array: Array) -> Array:
    """A view that nobody can write through."""
    if symbolic(array):
        return array
    # Through a read-only buffer, so that nobody behind the door can make it writeable again.
    return np.asarray(np.asarray(array).data.toreadonly())


def symbolic(value: object) -> bool:
    """Whether it answers for an array without being one, as `rollkit.arrays` allows."""
    return type(value) is not np.ndarray and hasattr(value, "__rollkit_primitive__")


def finite(what: str, array: Array) -> None:
    """Refuse nan and infinity; the message says where the first one is."""
    good = np.isfinite(array)
    if good.all():
        return
    where = tuple(int(i) for i in np.argwhere(~good)[0])
    place = f" at {list(where)}" if where else ""
    raise DataError(
        f"{what} is not finite: {array[where]}{place}, {int((~good).sum())} of {array.size} "
        "values; expected finite numbers"
    )


def observed(owner: str, what: str, array: Array) -> bool:
    """Refuse infinity; False where some of the numbers are nan."""
    if np.isfinite(array).all():
        return True
    infinite = np.argwhere(np.isinf(array))
    if infinite.size:
        where = [int(i) for i in infinite[0]]
        raise DataError(f"{owner}: {what} is infinite at {where}; expected finite or nan")
    return False


def time_step(dt: float) -> float:
    """The time step as a float, in s; refuses what is no positive finite number."""
    if type(dt) is float and 0 < dt < math.inf:
        return dt
    if (
        isinstance(dt, bool | np.bool_)
        or not isinstance(dt, int | float | np.number)
        or not math.isfinite(dt)
        or dt <= 0
    ):
        raise DataError(
            f"dt: got {dt!r}, expected a positive number of seconds", hint="10 Hz is dt=0.1"
        )
    return float(dt)


def same_shape(owner: str, named: Mapping[str, Array]) -> None:
    """Refuse arrays of different shapes."""
    if len({array.shape for array in named.values()}) > 1:
        got = ", ".join(f"{name} {array.shape}" for name, array in named.items())
        raise DataError(f"{owner}: got {got}; expected one shape for all")


def unify(target: object, named: Mapping[str, Array]) -> None:
    """Store the arrays on a frozen instance, all in their common dtype."""
    dtypes = {array.dtype for array in named.values()}
    dtype = dtypes.pop() if len(dtypes) == 1 else np.result_type(*named.values())
    for name, array in named.items():
        same = array if array.dtype == dtype else read_only(array.astype(dtype))
        object.__setattr__(target, name, same)
