"""Arrays of numbers, each from one draw: corners, round numbers, numbers of every size.

hypothesis draws an array as a string of bytes, and each byte picks a number from a table whose first
entries are the corners. That is much faster than number by number, and shrinks to zeros and to round
numbers that can be read.
"""

import functools
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
    """256 numbers up to a limit: 0, the limits, tiny ones, round ones, irregular ones."""
    signed = [sign * one for one in _ROUND if one < limit for sign in (1, -1)]
    numbers = [0.0, limit, -limit, 1e-9, -1e-9, *signed]
    golden = (5**0.5 - 1) / 2
    for index in range(256 - len(numbers)):
        fraction = 2 * ((index + 1) * golden % 1) - 1
        small = 10 ** (-3 * (index * golden * golden % 1)) if index % 2 else 1.0
        numbers.append(float(f"{limit * fraction * small:.3g}"))
    return np.array(numbers)


@st.composite
def values(
    draw: st.DrawFn,
    /,
    shape: tuple[int, ...],
    limit: float,
    change: Callable[[Array], Array] = np.positive,
) -> Array:
    """Arrays of numbers up to a limit, all one, or held for steps, or each by itself."""
    style = draw(st.sampled_from(_STYLES))
    drawn = (*shape[:-1], -(-shape[-1] // _HELD)) if style == "held" and shape else shape
    size = 1 if style == "one" else int(np.prod(drawn))
    picked = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.uint8)
    if style == "corners":
        picked = picked % _CORNERS
    numbers = change(table(limit)[picked])
    if style == "one":
        return np.full(shape, numbers[0])
    numbers = numbers.reshape(drawn)
    return np.repeat(numbers, _HELD, axis=-1)[..., : shape[-1]] if drawn != shape else numbers
