"""Tables of any columns: one pose a row, or one sample a row with its poses in lists."""

from collections.abc import Iterator

from rollkit import DataError, Poses
from rollkit_logs.arrow import Table
from rollkit_logs.arrow_columns import numbers, texts
from rollkit_logs.long import cases
from rollkit_logs.readers.columns import chosen
from rollkit_logs.rows import Rows
from rollkit_logs.table import Table as Part
from rollkit_logs.wide import wide


def poses(table: Table, *, start: str) -> Iterator[Poses]:
    """The cases of a table, block after block.

    Raises
    ------
    DataError
        A missing column, one of another type, a row that is no pose.
    """
    if "x" in table.names and table.names.count("x") == 1 and table.listed("x"):
        yield from wide(table, start=start)
    else:
        yield from cases(_parts(table), start=start)


def _parts(table: Table) -> Iterator[Part]:
    measured, labels = chosen(table.file.path, table.names)
    table.check([*measured, *labels], text=labels)
    for name in measured:
        if table.listed(name):
            raise DataError(
                f"{table.file.path}: column {name!r}: got a list a row, expected a number, as in "
                "'x'"
            )
    row = 0
    for batch in table.batches([*measured, *labels]):
        if len(batch):
            rows = Rows(table.file.path, range(row + 1, row + len(batch) + 1), tabular=True)
            row += len(batch)
            named = {name: texts(batch.column(name)) for name in labels}
            yield Part(
                rows,
                {name: numbers(batch.column(name)) for name in measured},
                named.get("case"),
                named.get("sample"),
            )
