"""Units in batches, one task each: few enough that a scheduler keeps up, and all end together."""

from collections.abc import Sequence

from rollkit import Unit

_LARGEST = 64  # a million rollouts of usual length
_SECONDS = 2.0  # a scheduler does some hundred tasks a second, for all workers together
_SHARE = 2  # batches of a thread in what is left, so that none ends long after the others


class Batches:
    """All units in order, cut into batches as large as what is known by then allows.

    Sizes are powers of two and a batch starts at a multiple of its size, so the units of one cell
    lie in batches as they do in the tree of their parts: each batch makes one part. Where a batch
    goes on into the next cell, it makes some more.

    >>> batches = Batches([Unit(number, 0, 16384 * number, 16384) for number in range(21)])
    >>> [len(batches.take(threads=1)) for _ in range(3)]  # how long a unit takes is not known yet
    [1, 1, 1]
    >>> batches.learn(1, 0.05)
    >>> [len(batches.take(threads=1)) for _ in range(7)]  # smaller again as little is left
    [1, 4, 4, 4, 2, 1, 1]
    """

    def __init__(self, units: Sequence[Unit], *, single: bool = False) -> None:
        self._units = units
        self._start = 0
        self._largest = 1.0
        self._single = single

    def take(self, threads: int) -> Sequence[Unit]:
        """The next batch; empty at the end."""
        start = self._start
        most = min(self._largest, (len(self._units) - start) / (_SHARE * threads))
        size = 1
        while 2 * size <= most and start % (2 * size) == 0:
            size *= 2
        self._start += size
        return self._units[start : start + size]

    def learn(self, units: int, seconds: float) -> None:
        """Take note of how long a batch of so many units took."""
        if not self._single:
            self._largest = min(_LARGEST, _SECONDS * units / max(seconds, 1e-3))
