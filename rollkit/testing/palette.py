"""Arrays of numbers, each from one draw: corners, round numbers, numbers of every size.

hypothesis draws an array as a string of bytes, and each byte picks a number from a table whose
first entries are the corners. That is much faster than number by number, and shrinks to zeros and
to round numbers that can be read.
"""

import functools
import math
from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from rollkit.arrays import Array

_ROUND = (1.0, 0.5, 2.0, 0.1, 5.0, 0.01, 10.0, 20.0, 0.05)
_CORNERS = 5
_HELD = 3  # steps for which the style "held" keeps a number
_STYLES = ("one", "corners", "held", "any")


@functools.cache
def table(limit: float) -> Array:
    """256 numbers up to a limit: 0, the limits, tiny ones, round ones, irregular ones.

    Positive and negative take turns, so that an index shrinks to a smaller one of the same sign.
    """
    sizes = [limit, 1e-9, *(one for one in _ROUND if one < limit)]
    golden = (5**0.5 - 1) / 2
    for index in range(len(sizes), 128):
        share = index * golden % 1
        sizes.append(float(f"{limit * (share if index % 2 else 10 ** (-3 * share)):.3g}"))
    signed = [sign * size for size in sizes for sign in (1, -1)]
    return np.array([0.0, *signed[:255]])


@functools.cache
def values(
    shape: tuple[int, ...], limit: float, change: Callable[[Array], Array] = np.positive
) -> st.SearchStrategy[Array]:
    """Arrays of numbers up to a limit: all one, corners only, held for some steps, or any."""
    size = math.prod(shape)

    def array(drawn: bytes) -> Array:
        style, picked = _STYLES[drawn[0] % len(_STYLES)], np.frombuffer(drawn, np.uint8, offset=1)
        if style == "one":
            picked = np.full(size, picked[0] if size else 0)
        elif style == "corners":
            picked = picked % _CORNERS
        numbers = change(table(limit)[picked]).reshape(shape)
        if style == "held" and shape:
            numbers = np.repeat(numbers, _HELD, axis=-1)[..., : shape[-1]]
        return numbers

    return st.binary(min_size=size + 1, max_size=size + 1).map(array)
