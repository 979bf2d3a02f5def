"""A histogram as small as a word, for a cell of a table."""

from typing import Final

import numpy as np

from rollkit.arrays import Array
from rollkit.plotting.histograms import counted, span_of

_BINS: Final = 10


def spark(values: Array) -> str:
    """A histogram of ten bins in ten characters: blank is empty; of no spread or no value, nothing.

    Examples
    --------
    >>> spark(np.array([0.0] * 8 + [1.0, 9.9] + [10.0] * 3))
    '█▂       ▄'
    >>> spark(np.array([np.nan, np.nan]))
    ''
    """
    from sparklines import sparklines  # a library that not everybody has

    finite = values[np.isfinite(values)]
    span = span_of(finite)
    if span is None:
        return ""
    counts, _ = counted(finite, span, _BINS)
    (line,) = sparklines([int(one) or None for one in counts], minimum=0)
    return str(line)
