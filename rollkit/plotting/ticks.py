"""Round numbers along an axis."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

_STEPS: Final = (1, 2, 5, 10)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between two numbers: at most so many, some.

    >>> ticks(-0.3, 11.2, 4), ticks(0.0, 1.0, 3)
    ([0.0, 5.0, 10.0], [0.0, 0.5, 1.0])
    """
    rough = (high - low) / most
    if not (math.isfinite(rough) and rough > 0):
        return []
    for step in _coarser(rough):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            # The quotient: 3 * 0.1 is not 0.3. Plus 0: -0 is not to be read.
            found = (round(number * step, 12) + 0.0 for number in range(first, last + 1))
            return list(dict.fromkeys(found))
    raise AssertionError("there is always a coarser step")


def labels(places: Sequence[float]) -> list[str]:
    """The numbers in as few digits as tell them apart.

    >>> labels([0.0, 0.5, 1.0]), labels([1e6, 1e6 + 0.5])
    (['0', '0.5', '1'], ['1000000', '1000000.5'])
    """
    for digits in range(6, 17):
        found = [f"{one:.{digits}g}" for one in places]
        if len(set(found)) == len(found):
            return found
    return [repr(one) for one in places]


def _coarser(rough: float) -> Iterator[float]:
    power = math.floor(math.log10(rough))
    while True:
        for one in _STEPS[:-1]:
            yield one * 10.0**power
        power += 1
