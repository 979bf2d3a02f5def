"""Tables in Parquet and Arrow files, batch after batch, by way of pyarrow, which none may crash."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from rollkit import DataError, File
from rollkit_logs.libraries import needed
from rollkit_logs.npy_header import told
from rollkit_logs.readers.columns import nearest

PARQUET, FEATHER, FEATHER_1 = b"PAR1", b"ARROW1", b"FEA1"
_ROWS = 1 << 16
_LISTS = 1 << 11  # rows of lists
_PAGES = 1 << 20  # bytes of a large file's column that are read at once
_SMALL = 64 << 20  # bytes of a file
_SHOWN = 12  # columns that a message names


class Table:
    """An open file's columns; `opened` makes one.

    Attributes
    ----------
    names : list of str
    metadata : mapping of bytes to bytes
        Of the schema.
    """

    def __init__(self, file: File, content: Any, *, parquet: bool) -> None:
        self.file = file
        self._content = content
        self._parquet = parquet
        schema = content.schema_arrow if parquet else content.schema
        self.names: list[str] = list(schema.names)
        self.metadata = dict(schema.metadata or {})
        self._types = {one.name: one.type for one in schema}

    def has(self, names: Sequence[str]) -> bool:
        """Whether all those columns are there."""
        return set(names) <= set(self.names)

    def column(self, *names: str) -> str | None:
        """The first of those names that is a column's.

        Raises
        ------
        DataError
            Two columns have that name.
        """
        for name in names:
            if self.names.count(name) > 1:
                raise DataError(f"{self.file.path}: column {name!r} is there twice, expected once")
            if name in self.names:
                return name
        return None

    def needed(self, name: str, *others: str, expected: str) -> str:
        """The column of that name, or of one of the others.

        Raises
        ------
        DataError
            There is none.
        """
        found = self.column(name, *others)
        if found is None:
            near = nearest(name, self.names)
            shown = [one[:40] for one in self.names[:_SHOWN]]
            got = ", ".join(shown) + (" ..." if len(self.names) > _SHOWN else "")
            raise DataError(
                f"{self.file.path}: no column {name!r}: got {got!r}"
                + (f", nearest {near[:80]!r}" if near else "")
                + f"; expected {expected}"
            )
        return found

    def listed(self, name: str) -> bool:
        """Whether a column holds a list in each row."""
        types = import_module("pyarrow").types
        kind = self._types[name]
        return bool(
            types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
        )

    def check(self, names: Sequence[str], *, text: Sequence[str] = ()) -> None:
        """Refuse columns that are not of numbers, or of text or integers where `text` names them.

        Raises
        ------
        DataError
        """
        types = import_module("pyarrow").types
        for name in names:
            kind = self._types[name]
            inner = kind.value_type if self.listed(name) and name not in text else kind
            if name in text:
                inner = inner.value_type if types.is_dictionary(inner) else inner
                good = types.is_integer(inner) or types.is_string(inner)
                good = good or types.is_large_string(inner)
            else:
                good = types.is_integer(inner) or types.is_floating(inner)
                good = good or types.is_boolean(inner) or types.is_null(inner)
            if not good:
                expected = "text or integers" if name in text else "numbers"
                raise DataError(
                    f"{self.file.path}: column {name!r}: got {str(kind)[:80]}, expected {expected}"
                )

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """Those columns, some rows after the others, checked to be what they say.

        Raises
        ------
        DataError
            The file is damaged.
        """
        rows = min(_ROWS, _LISTS) if any(map(self.listed, names)) else _ROWS
        with _damage(self.file):
            for batch in self._raw(list(names), rows):
                batch.validate(full=True)  # an offset beyond its buffer would be followed
                for start in range(0, len(batch), rows):
                    yield batch.slice(start, rows)

    def read(self, names: Sequence[str]) -> Any:
        """Those columns at once, for files of one recording.

        Raises
        ------
        DataError
            The file is damaged, or has no rows.
        """
        batches = list(self.batches(names))
        if not sum(len(one) for one in batches):
            raise DataError(f"{self.file.path}: got a table without rows, expected poses")
        return import_module("pyarrow").Table.from_batches(batches)

    def _raw(self, names: list[str], rows: int) -> Iterator[Any]:
        if self._parquet:
            yield from self._content.iter_batches(rows, columns=names, use_threads=False)
            return
        for index in range(self._content.num_record_batches):
            batch = self._content.get_batch(index)
            yield batch.select(names)


@contextmanager
def opened(file: File) -> Iterator[Table]:
    """The table in a file, which its first bytes say how to read.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    DataError
        Neither Parquet nor Feather, or damaged.
    """
    parquet = file.head.startswith(PARQUET)
    if not parquet and not file.head.startswith(FEATHER):
        old = file.head.startswith(FEATHER_1)
        raise DataError(
            f"{file.path}: starts with {file.head[:6]!r}, expected Parquet's {PARQUET!r} or "
            f"Feather's {FEATHER!r}",
            hint="it is Feather version 1: write version 2" if old else None,
        )
    # Here, not above: pyarrow takes a tenth of a second that no other format should pay.
    arrow = needed(file, "pyarrow", extra="parquet", what="Parquet and Feather")
    with file.open() as raw:
        with _damage(file):
            if parquet:
                content = _parquet(raw)
            else:
                options = arrow.ipc.IpcReadOptions(use_threads=False)
                content = arrow.ipc.open_file(raw, options=options)
            table = Table(file, content, parquet=parquet)
        yield table


def _parquet(raw: Any) -> Any:
    """The file; only a large one is read page by page.

    Room for a page is then made as its header claims. Of a small file each column is read at once,
    which is no larger than the file. Nothing is asked of the columns' metadata: where they are
    damaged, pyarrow ends the process.
    """
    return import_module("pyarrow.parquet").ParquetFile(
        raw,
        buffer_size=_PAGES if raw.seek(0, 2) > _SMALL else 0,
        pre_buffer=False,
        page_checksum_verification=True,
    )


@contextmanager
def _damage(file: File) -> Iterator[None]:
    """What pyarrow raises of a damaged file as an error that names it."""
    arrow = import_module("pyarrow")
    try:
        yield
    except DataError:
        raise
    except (
        arrow.ArrowException,
        MemoryError,
        OSError,
        OverflowError,
        ValueError,
        LookupError,
    ) as error:
        kind = "Parquet" if file.head.startswith(PARQUET) else "Feather"
        raise DataError(f"{file.path}: is no {kind} file that can be read: {told(error)}") from None
