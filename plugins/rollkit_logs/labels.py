"""What stands beside the poses in a file of arrays: what cases are called, and probabilities."""

import sys
from collections.abc import Sequence
from typing import Any

from rollkit import DataError
from rollkit_logs import families
from rollkit_logs.families import Openers
from rollkit_logs.npy_stream import Stream


def probability(openers: Openers, shape: tuple[int, int, int]) -> Stream | None:
    """The samples' probabilities, `(B, N, K)`, where the file has them.

    Raises
    ------
    DataError
        They are of another shape.
    """
    cases, sets, samples = shape
    for key in families.PROBABILITIES:
        if key in openers:
            stream = families.numbers(openers[key]())
            fitting: list[tuple[int, ...]] = [(cases, sets, samples)]
            if sets == 1:
                fitting += [(cases, samples)]
            if cases == sets == 1:
                fitting += [(samples,)]
            if stream.shape not in fitting:
                raise DataError(f"{stream.where}: got {stream.shape}, expected {fitting[-1]}")
            return stream.shaped(cases, sets, samples)
    return None


def ids_of(openers: Openers, cases: int) -> Stream | None:
    """What the cases are called, `(B,)`, where the file says.

    Raises
    ------
    DataError
        Not one for each case, or neither text nor integers.
    """
    for key in families.IDS:
        if key in openers:
            stream = openers[key]()
            if stream.dtype.kind not in "USiu":
                raise DataError(f"{stream.where}: got {stream.dtype}, expected text or integers")
            if stream.shape not in [(cases,), *([()] if cases == 1 else [])]:
                raise DataError(f"{stream.where}: got {stream.shape}, expected ({cases},)")
            return stream.shaped(cases)
    return None


def named(ids: Stream | None, first: int, count: int, sets: int) -> Sequence[str]:
    """What the next cases are called; each of several sets is one of its own.

    Raises
    ------
    DataError
        What is there is no text.
    """
    if ids is None:
        names = [str(index) for index in range(first, first + count)]
    elif ids.dtype.kind == "S":
        names = [one.decode("latin-1") for one in ids.take(count).tolist()]
    else:
        taken = ids.take(count)
        if ids.dtype.kind == "U":
            _check_text(ids.where, taken)
        names = [str(one) for one in taken.tolist()]
    if sets == 1:
        return names
    return [f"{name}/{index}" for name in names for index in range(sets)]


def _check_text(where: str, text: Any) -> None:
    """Refuse numbers that are no characters, which NumPy would hand to Python unseen."""
    codes = text.view(text.dtype.str[0] + "u4")
    wrong = (codes > sys.maxunicode) | ((codes >= 0xD800) & (codes < 0xE000))
    if wrong.any():
        raise DataError(f"{where}: is no text: got character {codes[wrong][0]:#x}")
