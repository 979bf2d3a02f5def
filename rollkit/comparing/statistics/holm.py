"""Holm's correction: one alarm among many metrics is to be as rare as one of a single metric."""

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The p-values, adjusted for how many there are by Holm's step-down procedure.

    The k-th smallest of m becomes min(1, max over j <= k of (m - j + 1) p_j): the chance that any
    of the m is called where none should be is at most alpha if those with an adjusted value of at
    most alpha are called. Nothing is assumed of how the metrics depend on each other.

    Parameters
    ----------
    p_values : sequence of float or None
        One a metric. None or nan is no test: it stays None and does not count.

    Returns
    -------
    list of float or None
        In the same order.

    References
    ----------
    S. Holm, A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6 (1979).

    Examples
    --------
    >>> holm([0.03, 0.01, None, 0.04])
    [0.06, 0.03, None, 0.06]
    """
    tested = {i: p for i, p in enumerate(p_values) if p is not None and not math.isnan(p)}
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(sorted(tested, key=tested.__getitem__)):
        largest = max(largest, min(1.0, (len(tested) - rank) * tested[index]))
        adjusted[index] = largest
    return adjusted
