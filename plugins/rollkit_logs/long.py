"""Long tables gathered into cases: whole columns at a time, no row by itself.

Rows of one case stand together, and those of each sample in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from rollkit import DataError, Poses
from rollkit_logs.rows import check_numbers, check_times
from rollkit_logs.table import Places, Table, changes, joined
from rollkit_logs.text import shown
from rollkit_logs.tracks import of_one_shape, ragged


def cases(tables: Iterable[Table], *, start: str) -> Iterator[Poses]:
    """The cases of a table that comes in parts; without a column `case` it is one.

    Parameters
    ----------
    tables : iterable of Table
    start : {"auto", "included", "missing"}
        As for `first_instant.given`.

    Raises
    ------
    DataError
        Numbers, times or quaternions that cannot be; a case whose rows are not together.
    """
    seen: set[str] = set()
    waiting: list[Table] = []  # of the last case, which may go on in the next part
    parts = iter(tables)
    following = next(parts, None)
    while (table := following) is not None:
        following = next(parts, None)
        cut = None if following is None else _last_start(table, waiting)
        if cut is None:
            waiting.append(table)
            continue
        yield from _blocks(joined([*waiting, table.part(0, cut)]), seen, start)
        waiting = [table.part(cut, len(table))]
    if waiting:
        yield from _blocks(joined(waiting), seen, start)


def _last_start(table: Table, waiting: Sequence[Table]) -> int | None:
    """Where the last case of a part starts; None where that was before it, or it is the first."""
    if table.case is None:
        return None
    starts = changes(table.case)
    if len(starts):
        return int(starts[-1])
    before = waiting[-1].case if waiting else None
    return 0 if before is not None and before[-1] != table.case[0] else None


def _blocks(table: Table, seen: set[str], start: str) -> Iterator[Poses]:
    """The cases of a table that holds them whole."""
    labels = [one for one in (table.case, table.sample) if one is not None]
    tracks = np.unique(np.concatenate([[0], *map(changes, labels)])).astype(np.intp)
    lengths = np.diff(np.append(tracks, len(table)))
    _check(table, tracks, lengths)
    own = changes(table.case[tracks]).tolist() if table.case is not None else []
    begins = np.array([0, *own, len(tracks)], dtype=np.intp)  # cases, by their first tracks
    ids = _ids(table, tracks[begins[:-1]], seen)
    _check_samples(table, tracks, begins)
    samples = np.diff(begins)
    longest = np.maximum.reduceat(lengths, begins[:-1])
    uneven = np.minimum.reduceat(lengths, begins[:-1]) != longest
    alike = (np.diff(samples) == 0) & (np.diff(longest) == 0) & ~(uneven[1:] | uneven[:-1])
    for first, last in pairwise([0, *(np.flatnonzero(~alike) + 1).tolist(), len(ids)]):
        places = tracks[begins[first] : begins[last]]
        if uneven[first]:
            count = lengths[begins[first] : begins[last]]
            yield ragged(table, places, count, ids[first], start)
            continue
        shape = (last - first, int(samples[first]), int(longest[first]))
        part = table.part(int(places[0]), int(places[-1]) + shape[2])
        yield from of_one_shape(part, ids[first:last], shape, start)


def _check(table: Table, tracks: Places, lengths: Places) -> None:
    """Numbers and times that can be, and one probability for each track."""
    for name, column in table.values.items():
        if name != "t":
            check_numbers(table.rows, name, column)
    starts = np.zeros(len(table), dtype=bool)
    starts[tracks] = True
    check_times(table.rows, table.values["t"], starts)
    share = table.values.get("probability")
    if share is None:
        return
    common = np.repeat(share[tracks], lengths)
    differs = (share != common) & ~(np.isnan(share) & np.isnan(common))
    for wrong, expected in (((share < 0) | (share > 1), "0 to 1"), (differs, "one for a sample")):
        if wrong.any():
            first = int(np.argmax(wrong))
            raise DataError(
                f"{table.rows.at(first)}: probability: got {share[first]:g}, expected {expected}"
            )


def _ids(table: Table, starts: Places, seen: set[str]) -> list[str]:
    """What the cases are called; each stands in one place."""
    if table.case is None:
        return [table.rows.path.stem]
    ids = [str(one) for one in table.case[starts].tolist()]
    for first, name in zip(starts.tolist(), ids, strict=True):
        if name in seen:
            raise _apart(table, first, "case", name)
        seen.add(name)
    return ids


def _check_samples(table: Table, tracks: Places, begins: Places) -> None:
    """Each sample of a case stands in one place."""
    if table.sample is None:
        return
    names = table.sample[tracks].tolist()
    for first, last in pairwise(begins.tolist()):
        if len(set(names[first:last])) == last - first:
            continue
        own: set[object] = set()
        for index in range(first, last):
            if names[index] in own:
                raise _apart(table, int(tracks[index]), "sample", str(names[index]))
            own.add(names[index])


def _apart(table: Table, index: int, what: str, name: str) -> DataError:
    return DataError(
        f"{table.rows.at(index)}: {what} {shown(name)} comes again; expected its rows together"
    )
