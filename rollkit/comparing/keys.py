"""Keys of two tables as numbers: equal ones have the same, seeds and text alike."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.intp]


class Keys(NamedTuple):
    """The keys of both sides, each a number from 0 to below `distinct`.

    `name` says which key a number is. `same` is whether both sides have the same in each row.
    """

    base: Index
    candidate: Index
    distinct: int
    name: Callable[[int], Any]
    same: bool


def numbered(base: Any, candidate: Any) -> Keys:
    """Number the keys: arrays `(n,)` of whole numbers or text, or Arrow's columns of these."""
    base, candidate = _plain(base), _plain(candidate)
    if isinstance(base, np.ndarray) and isinstance(candidate, np.ndarray):
        if base.dtype.kind in "iu" and candidate.dtype.kind in "iu":
            return _numbers(base, candidate)
        return _objects(base, candidate)
    return _texts(_text(base), _text(candidate))


def _plain(keys: Any) -> Any:
    """Whole numbers as NumPy's; Arrow's text stays its own, as a million objects take long."""
    if isinstance(keys, np.ndarray):
        return keys if keys.dtype.kind in "iu" else keys.astype(object)
    return keys if "string" in str(keys.type) else keys.to_numpy()


def _text(keys: Any) -> Any:
    arrow = import_module("pyarrow")
    if not isinstance(keys, np.ndarray):
        return keys
    return arrow.chunked_array([arrow.array(_words(keys), arrow.large_string())])


def _words(keys: Iterable[Any]) -> list[str]:
    """As text: a case may be called by a number."""
    return [str(one) for one in keys]


def _numbers(base: npt.NDArray[Any], candidate: npt.NDArray[Any]) -> Keys:
    if np.array_equal(base, candidate):
        if np.all(base[1:] > base[:-1]):
            codes = np.arange(base.size)
            return Keys(codes, codes, base.size, base.item, same=True)
        names, codes = np.unique(base, return_inverse=True)
        return Keys(codes, codes, names.size, names.item, same=True)
    if base.dtype != candidate.dtype:  # of int64 and uint64 NumPy would make float64
        base, candidate = base.astype(object), candidate.astype(object)
    names, codes = np.unique(np.concatenate([base, candidate]), return_inverse=True)
    return Keys(codes[: base.size], codes[base.size :], names.size, names.item, same=False)


def _objects(base: npt.NDArray[Any], candidate: npt.NDArray[Any]) -> Keys:
    known: dict[str, int] = {}
    here, there = (
        np.array([known.setdefault(one, len(known)) for one in _words(side)], dtype=np.intp)
        for side in (base, candidate)
    )
    names = list(known)
    return Keys(here, there, len(names), names.__getitem__, bool(np.array_equal(here, there)))


def _texts(base: Any, candidate: Any) -> Keys:
    arrow = import_module("pyarrow")
    if base.type != candidate.type:
        base, candidate = (one.cast(arrow.large_string()) for one in (base, candidate))
    same = bool(base.equals(candidate))
    chunks = base.chunks if same else [*base.chunks, *candidate.chunks]
    # One dictionary for all chunks, so that equal text has one number in each.
    encoded = arrow.chunked_array(chunks, type=base.type).dictionary_encode().chunks
    parts = [one.indices.to_numpy(zero_copy_only=False) for one in encoded]
    codes = np.concatenate(parts).astype(np.intp)
    here, there = (codes, codes) if same else (codes[: len(base)], codes[len(base) :])
    names = encoded[-1].dictionary
    return Keys(here, there, len(names), lambda code: names[code].as_py(), same)
