"""Which rows of two tables belong together: by seed or by case, whatever their order."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit.comparing.keys import Index, Keys, numbered
from rollkit.comparing.statistics.randomisation import MOST
from rollkit.comparing.tables import Loaded
from rollkit.errors import DataError
from rollkit.layout import Array

_SHOWN = 3


class Rows(NamedTuple):
    """The rows of a side that have a partner, and which pair each of them is a part of.

    `places` is None where these are all rows, in order; `pair` is None where each row is a pair.
    """

    places: Index | None = None
    pair: Index | None = None

    def of(self, column: Array) -> Array:
        """Their values."""
        return column if self.places is None else column[self.places]


class Columns(NamedTuple):
    """One metric of the pairs, `(pairs,)`, and how many have a value on one side alone."""

    base: Array
    candidate: Array
    only_base: int
    only_candidate: int


class Pairing(NamedTuple):
    """The pairs, and how many keys only one side has.

    A key is the unit: its rows are averaged, as they are not independent of each other. The cells
    of two sweeps go together one by one, so only those count that have a value on both sides; the
    samples of two models do not, and a case without a value for each of its samples has none.
    """

    pairs: int
    only_base: int = 0
    only_candidate: int = 0
    base: Rows = Rows()
    candidate: Rows = Rows()
    by_row: bool = False

    def columns(self, base: Array, candidate: Array) -> Columns:
        """The values of a metric, pair by pair; nan where a side has none."""
        base, candidate = self.base.of(base), self.candidate.of(candidate)
        if not self.by_row:
            base = means(base, self.base.pair, self.pairs)
            candidate = means(candidate, self.candidate.pair, self.pairs)
        no_base, no_candidate = np.isnan(base), np.isnan(candidate)
        if not (no_base.any() or no_candidate.any()):
            only = (0, 0)
        else:
            only = (
                self._count(no_candidate & ~no_base),
                self._count(no_base & ~no_candidate),
            )
        if self.by_row:
            either = no_base | no_candidate
            base, candidate = (np.where(either, np.nan, one) for one in (base, candidate))
            base, candidate = (
                means(one, self.base.pair, self.pairs, skip=True) for one in (base, candidate)
            )
        return Columns(base, candidate, *only)

    def _count(self, rows: npt.NDArray[np.bool_]) -> int:
        """How many pairs these rows are in."""
        if self.by_row and self.base.pair is not None:
            return int(np.unique(self.base.pair[rows]).size)
        return int(np.count_nonzero(rows))


def means(column: Array, pair: Index | None, count: int, *, skip: bool = False) -> Array:
    """The mean over the rows of each pair; `skip` leaves nan out, else one makes it nan."""
    if pair is None:
        return column
    taken = ~np.isnan(column) if skip else np.ones(column.size, dtype=bool)
    total = np.bincount(pair[taken], weights=column[taken], minlength=count)
    rows = np.bincount(pair[taken], minlength=count)
    return np.divide(total, rows, out=np.full(count, np.nan), where=rows > 0)


def paired_by_key(
    names: tuple[str, str], what: str, base: Loaded, candidate: Loaded, *, cells: bool
) -> Pairing:
    """Pair two tables by their keys. `cells` is whether a key's rows are cells of a sweep.

    Raises
    ------
    DataError
        A key that a side has twice, or no key that both have.
    """
    keys = numbered(base.key, candidate.key)
    _refuse_repeated(names[0], what, base, keys.base, keys)
    if keys.same and base.part is None and candidate.part is None and base.rows > MOST:
        return Pairing(base.rows)
    _refuse_repeated(names[1], what, candidate, keys.candidate, keys)
    there, here = np.zeros((2, keys.distinct), dtype=bool)
    there[keys.base], here[keys.candidate] = True, True
    common = np.flatnonzero(there & here)
    if common.size == 0:
        raise DataError(
            f"{names[0]} and {names[1]} have no {what} in common: "
            f"{_examples(keys, keys.base)} there, {_examples(keys, keys.candidate)} here"
        )
    if common.size <= MOST:  # the random flips go by row, so its order is that of the keys
        common = np.array(sorted(common, key=lambda code: keys.name(int(code))))
    number = np.full(keys.distinct, -1)
    number[common] = np.arange(common.size)
    numbers = number[keys.base], number[keys.candidate]
    by_row = cells and base.part is not None and candidate.part is not None
    if by_row:
        rows = _by_part(numbers, (base.part, candidate.part))
    else:
        rows = _rows(numbers[0], common.size, base), _rows(numbers[1], common.size, candidate)
    return Pairing(
        pairs=common.size,
        only_base=int(np.count_nonzero(there)) - common.size,
        only_candidate=int(np.count_nonzero(here)) - common.size,
        base=rows[0],
        candidate=rows[1],
        by_row=by_row,
    )


def units(name: str, what: str, loaded: Loaded) -> tuple[Index | None, int]:
    """The unit of each row of one side alone, and how many there are; None where each is one.

    Raises
    ------
    DataError
        A key that is there twice.
    """
    if loaded.key is None:
        return None, loaded.rows
    keys = numbered(loaded.key, loaded.key)
    _refuse_repeated(name, what, loaded, keys.base, keys)
    return (None if loaded.part is None else keys.base), keys.distinct


def _rows(numbers: Index, pairs: int, loaded: Loaded) -> Rows:
    """The rows with a partner, by the number of their pair; -1 has none."""
    index = np.flatnonzero(numbers >= 0)
    if loaded.part is not None:
        return Rows(index, numbers[index])
    place = np.empty(pairs, dtype=np.intp)
    place[numbers[index]] = index
    whole = pairs == loaded.rows and bool(np.all(place[1:] > place[:-1]))
    return Rows(None if whole else place)


def _by_part(numbers: tuple[Index, Index], parts: tuple[Any, Any]) -> tuple[Rows, Rows]:
    """The rows whose partner is of the same pair and the same cell."""
    most = 1 + max(int(np.max(one)) for one in parts)
    here, there = (
        np.where(number >= 0, number * most + part, -1 - side)  # no partner is like the other's
        for side, (number, part) in enumerate(zip(numbers, parts, strict=True))
    )
    both, *places = np.intersect1d(here, there, return_indices=True)
    return Rows(places[0], both // most), Rows(places[1], both // most)


def _refuse_repeated(name: str, what: str, loaded: Loaded, codes: Index, keys: Keys) -> None:
    """Refuse a table that has a key, or a part of one, twice."""
    if loaded.part is None:
        twice = np.bincount(codes, minlength=keys.distinct)[codes] > 1
        full = codes
    else:
        _, part = np.unique(loaded.part, return_inverse=True)
        full = codes * (int(part.max(initial=0)) + 1) + part
        in_order = np.sort(full)
        twice = np.isin(full, in_order[1:][in_order[1:] == in_order[:-1]])
    rows = np.flatnonzero(twice)
    if rows.size == 0:
        return
    row = int(rows[0])
    often = int(np.count_nonzero(full == full[row]))
    which = "" if loaded.part is None else f" with the same part {loaded.part[row]}"
    raise DataError(
        f"{name}: {what} {keys.name(int(codes[row]))} is there {often} times{which}, expected once",
        hint=f"each row is to have a {what} of its own, or a cell or sample of it",
    )


def _examples(keys: Keys, codes: Index) -> str:
    some = [str(keys.name(int(code))) for code in codes[:_SHOWN]]
    return ", ".join(some) + (", ..." if len(codes) > _SHOWN else "")
