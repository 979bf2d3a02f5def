"""Power: how many pairs or cases it takes to see a difference, and how surely so many see it."""

import math
from collections.abc import Callable
from fractions import Fraction

from rollkit.comparing.statistics.randomisation import EXACT, MOST, SUBSETS
from rollkit.comparing.statistics.special import special
from rollkit.comparing.statistics.unpaired import smallest_of_exchanges
from rollkit.errors import UsageError

_MANY = 10**12  # from here on Student's t is the normal distribution
_FAR = 1e4  # noncentralities that a standard normal number does not change


def power_of(n: int, std: float, difference: float, *, alpha: float = 0.05) -> float:
    """The chance that n pairs show a difference of their means, by a one-sided test.

    1 - T(t; n - 1, √n |difference| / std), T the noncentral t distribution and t the quantile
    1 - alpha of Student's t. Sign flips of up to 2,000 pairs give p-values in steps, of 2^-n or of
    0.0001: alpha is the largest of these that is not above the one asked for. Where there is none,
    the power is 0.

    Parameters
    ----------
    n : int
        Pairs.
    std : float
        Standard deviation of the paired differences.
    difference : float
        The difference that is there, in the unit of `std`; not 0.
    alpha : float
        The share of false alarms that is accepted.

    Raises
    ------
    UsageError
        Numbers that make no sense, or SciPy is not installed.

    References
    ----------
    J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition (1988).

    Examples
    --------
    >>> print(f"{power_of(27, std=1.0, difference=0.5):.3f}")
    0.812
    """
    _check(difference, (std,), alpha)
    alpha = _in_steps(n, alpha)
    if n < 2 or alpha == 0.0:
        return 0.0
    return 1.0 if std == 0.0 else _power(n - 1.0, math.sqrt(n) * abs(difference / std), alpha)


def pairs_needed(std: float, difference: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """The fewest pairs that show a difference with the power asked for: see `power_of`.

    Never fewer than a test by sign flips needs: 5 for alpha = 5 %, as 2⁻⁵ < 5 % < 2⁻⁴.

    Raises
    ------
    UsageError
        A difference of 0, or numbers that make no sense; SciPy is not installed.

    Examples
    --------
    >>> pairs_needed(std=1.0, difference=0.5)
    27
    """
    _check(difference, (std,), alpha, power)
    return _fewest(
        lambda n: power_of(n, std, difference, alpha=alpha) >= power,
        lambda z: (Fraction(z) * Fraction(std) / Fraction(difference)) ** 2,
        alpha,
        power,
    )


def power_of_unpaired(
    n: int, std_base: float, std_candidate: float, difference: float, *, alpha: float = 0.05
) -> float:
    """The chance that n values on either side show a difference of their means.

    As `power_of`, for Welch's t: the noncentrality is √n |difference| / √(std_base² +
    std_candidate²), the degrees of freedom are (n - 1) (a + b)² / (a² + b²) with a = std_base²,
    b = std_candidate².

    Raises
    ------
    UsageError
        Numbers that make no sense, or SciPy is not installed.

    Examples
    --------
    >>> print(f"{power_of_unpaired(51, 1.0, 1.0, difference=0.5):.3f}")
    0.806
    """
    _check(difference, (std_base, std_candidate), alpha)
    if n < 2:
        return 0.0
    std = math.hypot(std_base, std_candidate)
    if std == 0.0:
        return float(smallest_of_exchanges(n, n) <= alpha)
    freedom = (n - 1.0) / ((std_base / std) ** 4 + (std_candidate / std) ** 4)
    return _power(freedom, math.sqrt(n) * abs(difference / std), alpha)


def cases_needed_unpaired(
    std_base: float,
    std_candidate: float,
    difference: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
) -> int:
    """The fewest values on each side that show a difference: see `power_of_unpaired`.

    Raises
    ------
    UsageError
        A difference of 0, or numbers that make no sense; SciPy is not installed.

    Examples
    --------
    >>> cases_needed_unpaired(1.0, 1.0, difference=0.5)
    51
    """
    _check(difference, (std_base, std_candidate), alpha, power)
    variance = Fraction(std_base) ** 2 + Fraction(std_candidate) ** 2
    return _fewest(
        lambda n: power_of_unpaired(n, std_base, std_candidate, difference, alpha=alpha) >= power,
        lambda z: Fraction(z) ** 2 * variance / Fraction(difference) ** 2,
        alpha,
        power,
    )


def _power(freedom: float, noncentrality: float, alpha: float) -> float:
    critical = -float(special().stdtrit(freedom, alpha))
    if noncentrality > _FAR and critical > 0.0:
        # The mean is as good as known; only its standard error is not. SciPy gives nan far out.
        ratio = noncentrality / critical
        return float(special().chdtr(freedom, freedom * min(ratio, 1e100) ** 2))
    if noncentrality > _FAR:
        return 1.0
    return 1.0 - float(special().nctdtr(freedom, noncentrality, critical))


def _fewest(
    enough: Callable[[int], bool],
    normal: Callable[[float], Fraction],
    alpha: float,
    power: float,
) -> int:
    """The smallest number that is enough, by bisection; `normal` says so where it is huge."""
    z = float(special().ndtri(power) - special().ndtri(alpha))
    huge = normal(z) if z > 0.0 else Fraction(0)
    if huge > _MANY:
        return math.ceil(huge)
    for few in range(2, EXACT + 1):  # one is never enough
        if enough(few):
            return few
    # From here on more pairs see more; before, the steps of the p-values could be in the way.
    low, high = EXACT, EXACT + 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _in_steps(n: int, alpha: float) -> float:
    """The largest p-value of n pairs that is at most alpha, by the flips that we take."""
    if n > MOST:
        return alpha
    steps = 2**n if n <= EXACT else 1 + SUBSETS
    return math.floor(alpha * steps * (1.0 + 1e-12)) / steps  # 0.0003 x 10,000 is 2.9999...


def _check(
    difference: float, deviations: tuple[float, ...], alpha: float, power: float = 0.5
) -> None:
    for std in deviations:
        if not (math.isfinite(std) and std >= 0.0):
            raise UsageError(f"standard deviation: got {std:g}, expected a number of at least 0")
    if not math.isfinite(difference) or difference == 0.0:
        raise UsageError(
            f"difference: got {difference:g}, expected a number that is not 0",
            hint="name the smallest difference that would matter",
        )
    for name, value in (("alpha", alpha), ("power", power)):
        if not 0.0 < value < 1.0:
            raise UsageError(f"{name}: got {value:g}, expected a number between 0 and 1")
