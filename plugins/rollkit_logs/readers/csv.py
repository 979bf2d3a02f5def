"""CSV tables with a header: one pose a row, columns by name, others left out."""

from collections.abc import Iterator

import numpy as np

from rollkit import File, Poses, reader
from rollkit_logs.first_instant import First
from rollkit_logs.lines import Lines, first_line, lines
from rollkit_logs.long import cases
from rollkit_logs.readers.columns import REQUIRED, chosen
from rollkit_logs.table import Table
from rollkit_logs.text import Fields, fields, numbers, unquoted


def _recognises(head: bytes) -> bool:
    names = {name.strip(' "') for name in first_line(head).split(",")}
    return len(names & set(REQUIRED)) >= 2


@reader(suffixes=(".csv",), recognises=_recognises)
def csv(file: File, *, start: First = "auto") -> Iterator[Poses]:
    """CSV with a header: t (s), x, y (m), and yaw, speed, z, qx .. qw, case, sample, probability.

    Rates that were measured are accel, lateral_accel, yaw_rate and yaw_accel, in m/s², rad/s and
    rad/s². All but t, x and y may be missing. Rows of one case stand together, and so do those of
    each sample in it. An empty field was not observed.

    Raises
    ------
    DataError
        A missing column, a row that is no pose, times that do not grow, a case in two places.
    """
    return cases(_tables(file), start=start)


def _tables(file: File) -> Iterator[Table]:
    header: list[str] = []
    for some in lines(file):
        if not header:
            header = [name.strip() for name in unquoted(some, 0)]
            chosen(file.path, header)
            some = Lines(some.rows.part(1, None), some.text[1:])
        if some.text:
            found = fields(some, ",", len(header), f"{len(header)} as in the header")
            yield _table(file, header, found)


def _table(file: File, header: list[str], found: Fields) -> Table:
    measured, named = chosen(file.path, header)
    text = {name: found.columns[header.index(name)] for name in (*measured, *named)}
    labels = {name: np.array(list(map(str.strip, text[name])), dtype=object) for name in named}
    return Table(
        found.rows,
        {name: numbers(found.rows, name, text[name], blank=name != "t") for name in measured},
        labels.get("case"),
        labels.get("sample"),
    )
