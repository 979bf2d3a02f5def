"""Few events in many cases: an exact bound on how frequent they can be."""

from rollkit.comparing.statistics.special import special


def at_most(events: int, n: int, share: float) -> float:
    """The probability of at most so many events in n cases, each with this probability.

    The p-value of "the share is at least this", from the binomial distribution: small where so few
    events were seen that it is less. Of none in n, (1 - share)^n: the rule of three.

    Raises
    ------
    UsageError
        SciPy is not installed; of no event it is not needed.

    References
    ----------
    C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case
    of the binomial. Biometrika 26 (1934). J. A. Hanley, A. Lippman-Hand, If nothing goes wrong, is
    everything all right? Journal of the American Medical Association 249 (1983).

    Examples
    --------
    >>> print(f"{at_most(0, 300, 0.01):.3f}, {at_most(1, 300, 0.01):.3f}")
    0.049, 0.198
    """
    if events == 0:
        return float((1.0 - share) ** n)
    return float(special().bdtr(events, n, share))
