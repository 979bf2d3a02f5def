"""JSON lines: one pose a line, with the names of CSV's columns, or one case a line."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from rollkit import File, Poses, reader
from rollkit_logs import json_cases, long
from rollkit_logs.first_instant import First
from rollkit_logs.json_lines import Objects, column, label, objects
from rollkit_logs.readers.columns import LABELS, NUMBERS, chosen
from rollkit_logs.table import Table

_KNOWN = "|".join((*NUMBERS, *LABELS, "dt", "history", "reference"))
_BEGINS = re.compile(rb'(\xef\xbb\xbf)?\s*\{\s*"(%s)"\s*:' % _KNOWN.encode())


def _recognises(head: bytes) -> bool:
    return _BEGINS.match(head) is not None


@reader(suffixes=(".jsonl", ".ndjson"), recognises=_recognises)
def jsonl(file: File, *, start: First = "auto") -> Iterator[Poses]:
    """JSON lines, one pose a line with the names of CSV's columns, or one case a line.

    A case has lists x and y, or such a list for each sample, and may have yaw, speed, z, qx .. qw,
    the rates of `csv`, probability, times t or a time step dt, and objects history and reference
    with the same names.
    What is null was not observed.

    Raises
    ------
    DataError
        A line that is no object, a value that is no pose, times that do not grow, a case in two
        places.
    """
    pieces = objects(file)
    first = next(pieces)
    every = chain([first], pieces)
    if isinstance(first.values[0].get("x"), list):
        yield from json_cases.cases(every, start=start)
    else:
        yield from long.cases(_tables(file, every), start=start)


def _tables(file: File, pieces: Iterable[Objects]) -> Iterator[Table]:
    header: list[str] = []
    for some in pieces:
        header = header or list(some.values[0])
        measured, named = chosen(file.path, header)
        labels = {
            name: np.array([label(some, i, name) for i in range(len(some.values))], dtype=object)
            for name in named
        }
        yield Table(
            some.rows,
            {name: column(some, name) for name in measured},
            labels.get("case"),
            labels.get("sample"),
        )
