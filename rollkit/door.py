"""The door: what comes in becomes read-only arrays of numbers, or an error that says why not."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.errors import DataError


def numbers(what: str, value: npt.ArrayLike) -> Array:
    """The value as a read-only float64 (or float32) array, its last axis contiguous in memory.

    How numbers lie in memory decides in which order NumPy adds them: a seed's value must not.
    """
    if np.any(getattr(value, "mask", False)):
        raise DataError(f"{what} has masked values; expected plain numbers")
    try:
        array = np.asarray(value, order="C")
    except ValueError as error:  # ragged nested lists
        raise DataError(f"{what} is not an array of numbers: {error}") from None
    if array.dtype.kind not in "fiub":
        raise DataError(f"{what}: got dtype {array.dtype}, expected real numbers")
    if array.dtype != np.float32:
        array = array.astype(np.float64, copy=False)
    return read_only(array)


def read_only(array: Array) -> Array:
    """A view that nobody can write through."""
    # Through a read-only buffer, so that nobody behind the door can make it writeable again.
    return np.asarray(np.asarray(array).data.toreadonly())


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


def time_step(dt: float) -> float:
    """The time step as a float, in s; refuses what is no positive finite number."""
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
    shapes = {name: array.shape for name, array in named.items()}
    if len(set(shapes.values())) > 1:
        got = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise DataError(f"{owner}: got {got}; expected one shape for all")


def unify(target: object, named: Mapping[str, Array]) -> None:
    """Store the arrays on a frozen instance, all in their common dtype."""
    dtype = np.result_type(*named.values())
    for name, array in named.items():
        object.__setattr__(target, name, read_only(array.astype(dtype, copy=False)))
