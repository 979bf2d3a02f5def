"""Wide tables: one sample of one case a row, its poses in lists."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rollkit import DataError, Poses
from rollkit.arrays import Array
from rollkit_logs.arrow import Table
from rollkit_logs.blocks import cases_in_block
from rollkit_logs.first_instant import given
from rollkit_logs.rows import Rows, check_times
from rollkit_logs.table import Places, changes
from rollkit_logs.wide_rows import Columns, Part, columns_of, parts


def wide(table: Table, *, start: str) -> Iterator[Poses]:
    """The cases of a table whose columns x and y are lists; rows of one case stand together.

    Raises
    ------
    DataError
        Columns of other types, lists of unlike lengths in one row, a case in two places.
    """
    columns = columns_of(table)
    seen: set[str] = set()
    for part in parts(table, columns):
        starts = np.concatenate([[0], changes(part.ids)]).astype(np.intp)
        names = [str(one) for one in part.ids[starts].tolist()]
        for row, name in zip(starts.tolist(), names, strict=True):
            if name in seen:
                raise DataError(
                    f"{part.rows.at(row)}: case {name[:40]!r} comes again; expected its rows "
                    "together"
                )
            seen.add(name)
        yield from _blocks(part, starts, names, start, columns)


def _blocks(
    part: Part, starts: Places, names: Sequence[str], start: str, columns: Columns
) -> Iterator[Poses]:
    """Neighbouring cases of one shape, time step and times make blocks."""
    samples = np.diff(np.append(starts, len(part.lengths)))
    longest = np.maximum.reduceat(part.lengths, starts)
    uneven = np.minimum.reduceat(part.lengths, starts) != longest
    apart = (np.diff(samples) != 0) | (np.diff(longest) != 0) | uneven[1:] | uneven[:-1]
    if part.dt is not None:
        step = np.nan_to_num(part.dt)
        uneven |= np.maximum.reduceat(step, starts) != np.minimum.reduceat(step, starts)
        apart |= np.diff(step[starts]) != 0
    ends = np.concatenate([[0], np.cumsum(part.lengths)])
    for first, stop in pairwise([0, *(np.flatnonzero(apart) + 1).tolist(), len(names)]):
        here = _Group(
            tuple(names[first:stop]),
            int(starts[first]),
            int(samples[first]),
            int(longest[first]),
            int(ends[starts[first]]),
        )
        if uneven[first] or not here.instants:
            reason = f"{part.rows.at(here.row)}: " + (
                "the samples of this case differ in their instants"
                if uneven[first]
                else "this case has no instants"
            )
            nothing = np.full((len(here.ids), 1, 1), np.nan)
            yield Poses(
                ids=here.ids,
                x=nothing,
                y=nothing,
                frame=columns.frame,
                origin="",
                unusable=dict.fromkeys(range(len(here.ids)), reason),
            )
            continue
        yield from _stacked(part, here, start, columns)


class _Group(NamedTuple):
    """Neighbouring cases of one shape: their first row, and where its first instant is."""

    ids: tuple[str, ...]
    row: int
    samples: int
    instants: int
    place: int


def _stacked(part: Part, here: _Group, start: str, columns: Columns) -> Iterator[Poses]:
    size = here.samples * here.instants
    cases = len(here.ids)
    cuts, own = [0, cases], np.zeros(cases, dtype=bool)
    if "t" in part.values:
        time = _of(part.values["t"], here.place, (cases, here.samples, here.instants))
        own = (time != time[:, :1]).any(axis=(1, 2))
        cuts[1:1] = (np.flatnonzero((time[1:, 0] != time[:-1, 0]).any(axis=-1)) + 1).tolist()
    most = cases_in_block(size * 8 * len(part.values))
    begins = "included" if columns.own else start
    for first, stop in (
        (at, min(at + most, high)) for low, high in pairwise(cuts) for at in range(low, high, most)
    ):
        shape = (stop - first, here.samples, here.instants)
        row, place = here.row + first * here.samples, here.place + first * size
        signals: dict[str, Any] = {
            name: _of(values, place, shape) for name, values in part.values.items() if name != "t"
        }
        if "t" in part.values:
            time = part.values["t"][place : place + here.instants]
            _check_times(part.rows, row, time)
            signals |= {"time": time, "origin": f"column t of {part.rows.path.name}"}
        elif part.dt is not None and part.dt[row] > 0:
            signals |= {"dt": float(part.dt[row]), "origin": f"column dt of {part.rows.path.name}"}
        else:
            name = part.rows.path.name
            signals["origin"] = f"nothing: {name} has neither times nor a time step"
        if part.share is not None:
            signals["probability"] = _of(part.share, row, shape[:2])
        yield Poses(
            ids=here.ids[first:stop],
            **signals,
            given=given(begins, signals.get("time"), alone=False),
            frame=columns.frame,
            unusable={
                int(one): f"{part.rows.at(row + int(one) * here.samples)}: its samples have "
                "different times"
                for one in np.flatnonzero(own[first:stop])
            },
        )


def _of(values: Array, place: int, shape: tuple[int, ...]) -> Array:
    return values[place : place + int(np.prod(shape))].reshape(shape)


def _check_times(rows: Rows, row: int, time: Array) -> None:
    """As of a long table, where the row holds all of them."""
    check_times(Rows(rows.path, [rows.numbers[row]] * len(time), tabular=True), time)
