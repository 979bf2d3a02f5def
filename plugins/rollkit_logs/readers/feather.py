"""Feather tables (Arrow's file format), long or wide."""

from collections.abc import Iterator

from rollkit import File, Poses, reader
from rollkit_logs import arrow, tables
from rollkit_logs.first_instant import First
from rollkit_logs.readers import argoverse_ego


def _recognises(head: bytes) -> bool:
    known = head.startswith((arrow.FEATHER, arrow.FEATHER_1))
    return known and not argoverse_ego.recognises(head)


@reader(suffixes=(".feather", ".arrow"), recognises=_recognises)
def feather(file: File, *, start: First = "auto") -> Iterator[Poses]:
    """Feather, version 2, with the columns of `parquet`. Needs pyarrow.

    Raises
    ------
    DataError
        A missing column, one of another type, a row that is no pose, a damaged file.
    """
    with arrow.opened(file) as table:
        if table.has(argoverse_ego.COLUMNS):
            yield from argoverse_ego.av2_ego(file)
        else:
            yield from tables.poses(table, start=start)
