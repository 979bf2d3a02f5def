"""How likely an observation is under a histogram of what was simulated."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array

_SAME = 1e-9  # of a bin: a value on the edge is in the bin above it, its rounding aside


class Histogram(NamedTuple):
    """Bins of one width from `low` to `high`, and the count that each has from the start."""

    low: float
    high: float
    bins: int
    pseudocount: float

    def places(self, values: Array) -> npt.NDArray[np.intp]:
        """In which bin each value is; what is outside is in the first or the last one."""
        share = (values - self.low) * (self.bins / (self.high - self.low))
        within = np.clip(np.nan_to_num(share, nan=0.0) + _SAME, 0, self.bins - 1)
        return within.astype(np.intp)


def likelihood(
    histogram: Histogram, simulated: Array, observed: Array, samples: tuple[int, ...] = ()
) -> Array:
    """The mean likelihood of observed values, exp(mean over time of log p(o[t])).

    p is the share of each bin: (c + pseudo-count) / Σ (c + pseudo-count), c the number of
    simulated values in it, over all instants and all samples of a case.

    Parameters
    ----------
    histogram : Histogram
    simulated : array, `(..., K, T)`
        Nan makes the likelihood of its case undefined.
    observed : array, `(..., 1, T')`
        One for each case; instants that are nan are left out.
    samples : tuple of int
        The axes of the batch that are samples of one case, counted from its end.

    Returns
    -------
    array, `(..., 1)`
        0 to 1, higher is better; nan where nothing was simulated or observed.

    Examples
    --------
    >>> tens = Histogram(0.0, 20.0, 2, 0.0)
    >>> likelihood(tens, np.array([[1.0, 2.0, 3.0, 30.0]]), np.array([[4.0, 5.0]]))
    array([0.75])
    """
    axes = (*(axis - 1 for axis in samples), -1)
    places = histogram.places(simulated)
    counted = [
        np.count_nonzero(places == one, axis=axes, keepdims=True) for one in range(histogram.bins)
    ]
    count = np.concatenate(counted, axis=-1) + histogram.pseudocount
    share = count / arrays.total(count)[..., np.newaxis]
    of_observed = np.take_along_axis(share, histogram.places(observed), axis=-1)
    seen = ~np.isnan(observed)
    logs = np.log(of_observed, where=seen, out=np.zeros_like(of_observed))
    number = np.count_nonzero(seen, axis=-1)
    lost = np.count_nonzero(np.isnan(simulated), axis=axes, keepdims=True)[..., 0]
    unknown = (lost > 0) | (number == 0)
    mean = arrays.total(logs) / np.where(number == 0, 1, number)
    return np.where(unknown, np.nan, np.exp(mean))
