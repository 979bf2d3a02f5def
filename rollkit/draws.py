"""Random numbers by seed: one counter-advanced bit generator, no generator per seed.

Every call is a stream of its own in which seed s owns the numbers [s k, (s + 1) k). A seed's
numbers therefore depend on nothing but the seed, the order of the calls and their k, and a run of
consecutive seeds is one contiguous draw.
"""

import threading

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.errors import UsageError

# Fixed for ever: changing it changes every scenario's rollouts.
_ENTROPY = 0x726F6C6C6B6974  # "rollkit"
_SEED_LIMIT = 2**64


class _Stream:
    """The numbers of one call of all seeds, and where in them the last draw ended."""

    def __init__(self, call: int) -> None:
        self._bits = np.random.PCG64DXSM(np.random.SeedSequence(_ENTROPY, spawn_key=(call,)))
        self._generator = np.random.Generator(self._bits)
        self._position = 0

    def random(self, position: int, shape: tuple[int, int]) -> Array:
        """The numbers from a position on."""
        # One double takes one word of the stream, so the position is the count of numbers.
        self._bits.advance(position - self._position)
        self._position = position
        numbers = self._generator.random(shape)
        self._position += numbers.size
        return numbers


class _Streams(threading.local):
    """The streams of this thread: moving one on costs a tenth of making it anew."""

    def __init__(self) -> None:
        self._made: dict[int, _Stream] = {}

    def random(self, call: int, position: int, shape: tuple[int, int]) -> Array:
        """Numbers of a call's stream."""
        # Out of reach while it moves: one that is interrupted would be somewhere else than it says.
        stream = self._made.pop(call, None) or _Stream(call)
        numbers = stream.random(position, shape)
        self._made[call] = stream
        return numbers


_streams = _Streams()


class Draws:
    """The random numbers of n consecutive seeds.

    Parameters
    ----------
    first : int
        The first seed, 0 or more.
    count : int
        How many seeds, n.

    Raises
    ------
    UsageError
        A negative seed or count, or a seed beyond 64 bits.

    Examples
    --------
    A seed's numbers are the same whatever run of seeds it is drawn in:

    >>> whole, part = Draws(0, 4), Draws(2, 1)
    >>> bool((whole.uniform(3)[2] == part.uniform(3)[0]).all())
    True
    """

    def __init__(self, first: int, count: int) -> None:
        if first < 0 or count < 0 or first + count > _SEED_LIMIT:
            raise UsageError(
                f"seeds {first}:{first + count}: expected whole numbers from 0 to 2**64 - 1"
            )
        self.first = first
        self.count = count
        self._calls = 0

    def __len__(self) -> int:
        return self.count

    @property
    def seeds(self) -> npt.NDArray[np.uint64]:
        """The seeds, `(n,)`."""
        return np.arange(self.count, dtype=np.uint64) + np.uint64(self.first)

    def uniform(self, k: int) -> Array:
        """Numbers in [0, 1), `(n, k)`."""
        call = self._calls
        self._calls += 1
        return _streams.random(call, self.first * k, (self.count, k))

    def normal(self, k: int) -> Array:
        """Standard normal numbers, `(n, k)`, by Box and Muller: two uniforms for each."""
        uniform = self.uniform(2 * k)
        radius = np.sqrt(-2.0 * np.log1p(-uniform[:, :k]))
        return radius * np.cos(2.0 * np.pi * uniform[:, k:])
