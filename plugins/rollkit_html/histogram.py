"""Bins of a distribution: computed over all values, drawn as a few bars."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

_FEWEST, _MOST = 12, 40  # bars
_WHOLE = 40  # as many different whole numbers have a bar each
_LARGEST = 1e300  # beyond, differences overflow
_EXACT = 1e12  # beyond, halves are lost
_LEAST = 1e-300  # below, too
_SAME = 1e-9  # as a share of the magnitude: a spread that is rounding


class Histogram(NamedTuple):
    """`edges` `(B + 1,)`, and the counts `(B,)` of each of the columns; how many are infinite.

    `single` where each bar is that of one number, which lies in its middle.
    """

    edges: Floats
    counts: tuple[npt.NDArray[np.int_], ...]
    infinite: tuple[int, ...]
    single: bool


def histogram(*columns: Floats) -> Histogram | None:
    """The same bins over all columns; None where none has a finite value.

    Whole numbers have a bar each where they are few. Otherwise as many bars as the rule of Freedman
    and Diaconis says, between 12 and 40.

    >>> import numpy as np
    >>> histogram(np.array([0.0, 1.0, 1.0, np.nan]))
    Histogram(edges=array([-0.5,  0.5,  1.5]), counts=(array([1, 2]),), infinite=(0,), single=True)
    """
    finite = [one[np.abs(one) < _LARGEST].astype(np.float64) for one in columns]
    infinite = tuple(
        int(np.count_nonzero(~np.isnan(one))) - len(kept)
        for one, kept in zip(columns, finite, strict=True)
    )
    every = np.concatenate(finite)
    if not len(every):
        return None
    edges, single = _edges(every)
    counts = tuple(np.histogram(one, edges)[0] for one in finite)
    return Histogram(edges, counts, infinite, single)


def _edges(values: Floats) -> tuple[Floats, bool]:
    low, high = float(values.min()), float(values.max())
    whole = high - low <= _WHOLE and max(abs(low), abs(high)) < _EXACT
    if whole and np.array_equal(values, np.round(values)):
        return np.arange(low, high + 2) - 0.5, True
    if high - low <= max(_LEAST, _SAME * max(abs(low), abs(high))):
        half = max(0.05 * abs(low), _LEAST) if low else 0.5
        return np.array([low - half, high + half]), True
    first, third = np.percentile(values, [25, 75])
    width = 2 * (third - first) / np.cbrt(len(values))
    # So many bars that the division would overflow are too many, too.
    bars = (high - low) / width if width * _MOST > high - low else _MOST
    return np.linspace(low, high, round(np.clip(bars, _FEWEST, _MOST)) + 1), False
