"""Rows of a wide table, which hold lists, in parts of whole cases."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.arrow import Table
from rollkit_logs.arrow_columns import numbers, texts
from rollkit_logs.rates import RATES
from rollkit_logs.readers.columns import FRAME
from rollkit_logs.rows import Rows
from rollkit_logs.table import Places, changes

_SIGNALS = ("x", "y", "yaw", "speed", "z", *RATES)
_CASES = ("case", "seed", "id", "clip_id")
_OWN = b"rollkit"  # in the metadata of files that rollkit itself wrote
_EXPECTED = (
    f"x and y, each a list, and optionally yaw, speed, z, {', '.join(RATES)}, t, dt, case, "
    "probability"
)


class Columns(NamedTuple):
    """Which columns there are."""

    lists: list[str]
    case: list[str]  # more than one where only together they name a case
    dt: str | None
    share: str | None
    own: bool  # whether rollkit wrote them

    @property
    def frame(self) -> str:
        """How the plane lies."""
        return "x forward, y left at the start" if self.own else FRAME

    @property
    def all(self) -> list[str]:
        """What to read."""
        return [*self.lists, *self.case, *filter(None, (self.dt, self.share))]


class Part(NamedTuple):
    """Rows of whole cases: what their lists hold one after the other, and how long each is."""

    rows: Rows
    ids: npt.NDArray[np.object_]
    values: dict[str, Array]
    lengths: Places
    dt: Array | None
    share: Array | None


def columns_of(table: Table) -> Columns:
    """Which columns a wide table has.

    Raises
    ------
    DataError
        A missing column, or one of another type.
    """
    lists = [table.needed(name, expected=_EXPECTED) for name in ("x", "y")]
    lists += [name for name in (*_SIGNALS[2:], "t") if table.column(name)]
    for name in lists:
        if not table.listed(name):
            raise DataError(
                f"{table.file.path}: column {name!r}: got one number a row, expected a list, as in "
                "'x'"
            )
    case = table.column(*_CASES)
    both = [name for name in ("cell",) if case == "seed" and table.column(name)]
    found = Columns(
        lists,
        [*both, *([case] if case else [])],
        table.column("dt"),
        table.column("probability"),
        _OWN in table.metadata,
    )
    table.check([*lists, *filter(None, (found.dt, found.share))])
    table.check(found.case, text=found.case)
    return found


def parts(table: Table, columns: Columns) -> Iterator[Part]:
    """The rows in parts of whole cases.

    Raises
    ------
    DataError
        Lists of unlike lengths in one row, a time step that is none, a damaged file.
    """
    make = import_module("pyarrow").Table.from_batches
    waiting: list[Any] = []  # rows of the last case, which may go on
    last: object = None
    count = row = 0
    for batch in table.batches(columns.all):
        if not len(batch):
            continue
        ids = _ids(batch, columns, count)
        count += len(batch)
        starts = changes(np.concatenate([[last], ids]) if waiting else ids)
        starts -= bool(waiting)
        last = ids[-1]
        if not len(starts):
            waiting.append(batch)
            continue
        cut = int(starts[-1])
        whole = make([*waiting, batch.slice(0, cut)])
        yield _part(table, columns, whole, row)
        row += len(whole)
        waiting = [batch.slice(cut)]
    if waiting:
        yield _part(table, columns, make(waiting), row)


def _ids(rows: Any, columns: Columns, first: int) -> npt.NDArray[np.object_]:
    """What the case of each row is called."""
    if not columns.case:
        return np.array([str(first + index) for index in range(len(rows))], dtype=object)
    ids = texts(rows.column(columns.case[-1]))
    if len(columns.case) > 1:
        cells = texts(rows.column(columns.case[0]))
        ids = np.where(cells == "0", ids, cells + "/" + ids)
    return ids


def _part(table: Table, columns: Columns, content: Any, first: int) -> Part:
    compute = import_module("pyarrow.compute")
    rows = Rows(table.file.path, range(first + 1, first + len(content) + 1), tabular=True)
    flat, expected = {}, np.empty(0, dtype=np.intp)
    for name in columns.lists:
        column = content.column(name).combine_chunks()
        lengths = compute.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False)
        if name == "x":
            expected = lengths.astype(np.intp)
        elif (wrong := lengths != expected).any():
            index = int(np.argmax(wrong))
            raise DataError(
                f"{rows.at(index)}: column {name!r}: got {lengths[index]} instants, expected "
                f"{expected[index]}, as in 'x'"
            )
        flat[name] = numbers(column.flatten())
    dt = None if columns.dt is None else numbers(content.column(columns.dt))
    if dt is not None and (wrong := (dt <= 0) | np.isinf(dt)).any():
        index = int(np.argmax(wrong))
        raise DataError(f"{rows.at(index)}: column 'dt': got {dt[index]:g}, expected a time step")
    share = None if columns.share is None else numbers(content.column(columns.share))
    return Part(rows, _ids(content, columns, first), flat, expected, dt, share)
