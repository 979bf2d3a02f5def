"""Quantiles of values that come in parts: exact while all of them fit in memory, then a sketch.

The sketch is a t-digest (Dunning and Ertl, 2019) of the library fastdigest: 1,000 centroids, 16 KB
whatever the number of values, errors of some 1e-4 in rank in the middle and less in the tails.
"""

import importlib.util
import math
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from rollkit.errors import UsageError
from rollkit.layout import Array

if TYPE_CHECKING:
    from fastdigest import TDigest

# Rollouts up to which a run keeps every value: 8 MiB for each metric.
EXACT: Final = 2**20

_EXACTLY = "exact, linear between order statistics (Hyndman and Fan type 7)"
_SKETCHED = "estimated by a t-digest of 1000 centroids (fastdigest), since there are more than {}"


class Quantiles(Protocol):
    """What an aggregate needs to know of the values beside their moments."""

    def add(self, values: Array) -> None:
        """Take in values, none of them nan."""

    def merged(self, later: "Quantiles") -> "Quantiles":
        """What both have seen; neither is changed."""

    def at(self, shares: tuple[float, ...]) -> list[float]:
        """The quantiles, at least one value having been added."""


class Exact:
    """All values, kept.

    >>> quantiles = Exact()
    >>> quantiles.add(np.array([4.0, 1.0, 2.0]))
    >>> quantiles.at((0.5, 0.75))
    [2.0, 3.0]
    """

    libraries: Final = ()

    def __init__(self, parts: list[Array] | None = None) -> None:
        self.parts = [] if parts is None else parts

    def add(self, values: Array) -> None:
        """Take in values, none of them nan."""
        self.parts.append(values)

    def merged(self, later: Quantiles) -> "Exact":
        """What both have seen; neither is changed."""
        assert isinstance(later, Exact)
        return Exact([*self.parts, *later.parts])

    def at(self, shares: tuple[float, ...]) -> list[float]:
        """The quantiles, at least one value having been added."""
        ordered = np.sort(np.concatenate(self.parts))
        return [quantile(ordered, share) for share in shares]


class Sketch:
    """A t-digest of all values.

    >>> quantiles = Sketch()
    >>> quantiles.add(np.arange(1001.0))
    >>> [round(one) for one in quantiles.at((0.5, 0.95))]
    [500, 950]
    """

    libraries: Final = ("fastdigest",)

    def __init__(self, digest: "TDigest | None" = None) -> None:
        from fastdigest import TDigest

        self._taken = TDigest() if digest is None else digest
        self._waiting: list[Array] = []

    def add(self, values: Array) -> None:
        """Take in values, none of them nan."""
        if values.size:
            self._waiting.append(values)

    def merged(self, later: Quantiles) -> "Sketch":
        """What both have seen; neither is changed."""
        assert isinstance(later, Sketch)
        return Sketch(self._digest().merge(later._digest()))

    def at(self, shares: tuple[float, ...]) -> list[float]:
        """The quantiles, at least one value having been added."""
        digest = self._digest()
        return [float(digest.quantile(share)) for share in shares]

    def _digest(self) -> "TDigest":
        """The digest of all values: many go in sooner at once, and in order sooner still."""
        if self._waiting:
            ordered: Any = np.sort(np.concatenate(self._waiting))
            self._taken.batch_update(ordered)
            self._waiting = []
        return self._taken

    def __getstate__(self) -> "TDigest":
        return self._digest()

    def __setstate__(self, digest: "TDigest") -> None:
        self._taken, self._waiting = digest, []


class Growing:
    """All values while they are no more than EXACT, then a sketch, where its library is there.

    For values whose number nobody knows beforehand.
    """

    def __init__(self, parts: Quantiles | None = None) -> None:
        self.kept: Quantiles = Exact() if parts is None else parts
        self._count = 0

    def add(self, values: Array) -> None:
        """Take in values, none of them nan."""
        self._count += len(values)
        if self._count > EXACT and isinstance(self.kept, Exact) and _sketches():
            sketch = Sketch()
            for part in self.kept.parts:
                sketch.add(part)
            self.kept = sketch
        self.kept.add(values)

    def merged(self, later: Quantiles) -> "Growing":
        """What both have seen; neither is changed."""
        assert isinstance(later, Growing)
        return Growing(self.kept.merged(later.kept))

    def at(self, shares: tuple[float, ...]) -> list[float]:
        """The quantiles, at least one value having been added."""
        return self.kept.at(shares)


def _sketches() -> bool:
    return importlib.util.find_spec("fastdigest") is not None


def for_rollouts(rollouts: int, *, exact: int = EXACT) -> type[Exact] | type[Sketch]:
    """How a run of so many rollouts keeps its values.

    Raises
    ------
    UsageError
        It takes a sketch, and its library is not installed.
    """
    if rollouts <= exact:
        return Exact
    if not _sketches():
        raise UsageError(
            f"{rollouts} rollouts: quantiles of more than {exact} need fastdigest",
            hint="pip install 'rollkit[sketch]'",
        )
    return Sketch


def method(kind: type[Exact] | type[Sketch]) -> str:
    """What the artifact says about how its quantiles are computed."""
    return _EXACTLY if kind is Exact else _SKETCHED.format(f"{EXACT} rollouts")


def quantile(ordered: Array, share: float) -> float:
    """Quantile of sorted values, linear between order statistics (Hyndman and Fan type 7).

    Equal to `np.quantile`, which would load `numpy.ma` and cost a run 7 ms.

    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    place = (ordered.size - 1) * share
    below = math.floor(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    return low + (high - low) * (place - below)
