"""Paired columns: the estimate of each metric, by the method that its number of pairs asks for."""

from collections.abc import Iterable

from rollkit.comparing.statistics.estimate import Estimate
from rollkit.comparing.statistics.pairs import Pairs, pairs_of
from rollkit.comparing.statistics.randomisation import MOST, randomised
from rollkit.comparing.statistics.student import student
from rollkit.layout import Array


def paired(columns: Iterable[tuple[Array, Array]]) -> list[Estimate]:
    """The difference of the means of paired values, candidate minus base, for each metric.

    Up to 2,000 pairs: sign flips, which assume that the differences lie symmetrically about their
    mean, as they do if the two sides are the same but for a constant. All of them for up to 13
    pairs, else 9,999 random ones, the same on every call. More pairs: Student's t of the
    differences, whose mean is normal by then.

    Differences that are 0 up to the rounding of the values (2⁻⁴⁸ of their size) count as 0.

    Parameters
    ----------
    columns : iterable of (base, candidate)
        One pair of arrays `(n,)` a metric; nan is a value that is not there. Rows go together, and
        come in the order of their keys: the random flips go by row. An iterator is read one metric
        at a time; those with more than 2,000 pairs are let go again.

    Returns
    -------
    list of Estimate
        One a metric, in order. It depends on the metric's own pairs alone, to the last bit.

    Raises
    ------
    DataError
        Columns of different lengths, or an infinite value.
    UsageError
        More than 2,000 pairs, and SciPy is not installed.

    References
    ----------
    J. A. Hartigan, Using subsample values as typical values. Journal of the American Statistical
    Association 64 (1969).

    Examples
    --------
    >>> import numpy as np
    >>> base = np.array([4.1, 3.9, 5.0, 4.4, 4.7, 4.0, 5.2])
    >>> (answer,) = paired([(base, base + [0.1, 0.3, 0.2, 0.0, 0.1, 0.4, 0.3])])
    >>> print(f"{answer.difference:.2f} [{answer.low:.2f}, {answer.high:.2f}]")
    0.20 [0.05, 0.35]
    >>> answer.p_above(0.0), answer.method
    (0.015625, 'sign flips of 7 pairs, all 128')
    """
    estimates: list[Estimate | None] = []
    waiting: dict[int, Pairs] = {}
    for index, (base, candidate) in enumerate(columns):
        pairs = pairs_of(base, candidate)
        estimates.append(student(pairs) if pairs.n > MOST else None)
        if pairs.n <= MOST:
            waiting[index] = pairs
    answers = iter(randomised(list(waiting.values())))
    return [next(answers) if one is None else one for one in estimates]
