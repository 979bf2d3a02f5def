"""One side by itself: its values, if they are its own, and their moments."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rollkit.comparing.pairing import means, units
from rollkit.comparing.sides import Side, Told
from rollkit.comparing.statistics.unpaired import Moments, moments
from rollkit.comparing.tables import Loaded
from rollkit.layout import Array

_SAME = 1e-9  # of a mean that was summed up in another order
INFINITE = "an infinite value, which has no mean"


class Alone(NamedTuple):
    """A metric of one side; `reason` is why nothing can be said of its spread."""

    moments: Moments
    undefined: int
    reason: str | None


def load(side: Side, metrics: Sequence[str]) -> tuple[Side, Loaded | None]:
    """The values of a side; without them, and why, where they are not those of its artifact.

    A file that two runs saved to holds the values of the later one.

    Raises
    ------
    UsageError, DataError
        The file is damaged.
    """
    if side.table is None:
        return side, None
    loaded = side.table.load(metrics)
    for name in metrics:
        if name in side.told and not _as_told(side.told[name], loaded, loaded.column(name)):
            return side.without_values(
                f"{side.name}: the values that it saved are another run's by now ({name} is not "
                "as its artifact tells): nothing can be paired"
            ), None
    return side, loaded


def alone(side: Side, loaded: Loaded | None, metrics: Sequence[str]) -> dict[str, Alone]:
    """The moments of each metric, as the artifact tells them, or else of the values.

    The rows of one seed or one case are averaged first.

    Raises
    ------
    DataError
        A key that is there twice.
    """
    if loaded is None:
        return {name: _told(side, side.told[name]) for name in metrics}
    group = units(side.name, side.key or "row", loaded)
    return {name: _measured(means(loaded.column(name), *group)) for name in metrics}


def _told(side: Side, told: Told) -> Alone:
    if side.together is None:
        return Alone(told.moments, told.n_undefined, None)
    reason = f"{side.together}: only their values can be compared (--save)"
    return Alone(told.moments._replace(std=None), told.n_undefined, reason)


def _measured(values: Array) -> Alone:
    if np.isinf(values).any():
        return Alone(Moments(0, None, None), 0, INFINITE)
    found = moments(values)
    return Alone(found, values.size - found.n, None)


def _as_told(told: Told, loaded: Loaded, values: Array) -> bool:
    """Whether values can be those that an artifact tells of."""
    undefined = np.isnan(values)
    defined = values[~undefined] if undefined.any() else values
    if defined.size == 0 or told.moments.n == 0:
        return defined.size == told.moments.n
    low, high = float(np.min(defined)), float(np.max(defined))
    if (low, high) != (told.min, told.max):
        return False
    mean = told.moments.mean
    if mean is None or defined.size != told.moments.n:
        # A metric that compares samples counts once a case, and each sample has a row.
        return loaded.part is not None
    return bool(abs(float(np.mean(defined)) - mean) <= _SAME * max(abs(low), abs(high)))
