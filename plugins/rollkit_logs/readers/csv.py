"""CSV tables with a header: columns `t`, `x`, `y` and optionally `yaw`; others are ignored."""

import csv
from pathlib import Path

from rollkit import DataError
from rollkit_logs.poses import PoseLog, Rows
from rollkit_logs.readers.columns import FRAME, REQUIRED, chosen
from rollkit_logs.text import lines, numbers

SUFFIXES = (".csv",)


def recognises(line: str) -> bool:
    """Whether a log's first line is a header that names one of the columns."""
    return any(name.strip(' "') in REQUIRED for name in line.split(","))


def read(path: Path, content: bytes) -> PoseLog:
    """The poses of a CSV file."""
    ends, table = _table(path, content)
    header = [name.strip() for name in table[0]]
    names = chosen(path, header)
    rows = Rows(path, ends[1:])
    for index, row in enumerate(table[1:]):
        if len(row) != len(header):
            raise DataError(
                f"{rows.at(index)}: got {len(row)} fields, expected {len(header)} as in the header"
            )
    where = [header.index(name) for name in names]
    values = numbers(rows, [[row[one] for one in where] for row in table[1:]], names).T
    return PoseLog(
        rows=rows,
        frame=FRAME,
        x=values[1],
        y=values[2],
        yaw=values[3] if len(names) > 3 else None,
        time=values[0],
    )


def _table(path: Path, content: bytes) -> tuple[list[int], list[list[str]]]:
    """The rows, header first, and the lines they end on; blank lines and comments are left out."""
    reader = csv.reader(lines(path, content))
    ends, table = [], []
    try:
        for row in reader:
            if any(field.strip() for field in row) and not row[0].startswith("#"):
                ends.append(reader.line_num)
                table.append(row)
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}: is no CSV: {error}") from None
    if not table:
        raise DataError(f"{path}: got an empty table, expected a header and poses")
    return ends, table
