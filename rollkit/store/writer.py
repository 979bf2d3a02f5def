"""The writer: segments as Arrow files, then one Parquet file of them."""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from rollkit.errors import DataError, OutputError, UsageError, shown
from rollkit.layout import Array
from rollkit.plain import plain
from rollkit.store.columns import NOTE, NOTES, Column, first_line, to_arrays, to_table
from rollkit.store.folder import Folder, sync

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Store:
    """A file in the making; `store` opens one.

    Attributes
    ----------
    done : int
        Whole segments that are on disk.
    finished : bool
        Whether the file itself stands, now or already when it was resumed; nothing can be
        appended to it.
    """

    def __init__(
        self, target: Path, columns: Sequence[Column], schema: Any, folder: Folder, finished: bool
    ) -> None:
        self._target = target
        self._columns = columns
        self._schema = schema
        self._folder = folder
        self.finished = finished
        self.done = self._parquet.num_row_groups if finished else len(folder.segments())
        if not finished:
            for index in range(self.done):
                self._read(index, whole=False)

    def segment(self, index: int) -> dict[str, Array]:
        """One segment as it was appended; null is nan, or None in a text.

        Raises
        ------
        DataError
            Its file is damaged.
        """
        return to_arrays(self._columns, self._read(index))

    def note(self, index: int) -> Any:
        """What was noted with a segment.

        Raises
        ------
        DataError
            Its file is damaged.
        """
        if self.finished:
            return self._notes[index]
        return json.loads(self._read(index, whole=False).metadata[NOTE])

    def append(self, rows: Mapping[str, Any], note: Any = None) -> None:
        """Add the next segment; once this returns it survives a power cut.

        Parameters
        ----------
        rows : mapping of str to array or list
            The values of every column, `(N,)`, and `(N, T)` of a series.
        note : JSON value
            What else is to be known of the segment. As the rows, it goes into the Parquet file.

        Raises
        ------
        DataError
            The rows are not what the columns say, or the note is no JSON value.
        OutputError
            The disk is full or broken. The segments before this one are kept.
        """
        if self.finished:
            raise UsageError(f"{self._folder.name} is finished; nothing can be added to it")
        arrow = import_module("pyarrow")
        text = json.dumps(plain("note", note), ensure_ascii=False, sort_keys=True)
        schema = self._schema.with_metadata({**self._schema.metadata, NOTE: text})
        table = to_table(schema, self._columns, rows)
        path, what = self._folder.segment(self.done), f"segment {self.done} of "
        with self._written(path, what) as file, arrow.ipc.new_file(file, schema) as writer:
            writer.write_table(table)
        self.done += 1

    def finish(self) -> None:
        """Make the Parquet file, move it to its place, remove the working folder's contents.

        Raises
        ------
        DataError
            A segment is damaged.
        OutputError
            The disk is full or broken. What stood in the target's place still stands, and all
            segments are kept.
        """
        if self.finished:
            return
        parquet = import_module("pyarrow.parquet")
        # Bytes of like weight side by side, then zstd: a fifth smaller than snappy on trajectories,
        # a tenth on metrics, about as fast. A dictionary of numbers that hardly ever repeat would
        # take longer and more room; text repeats.
        suffixes = {"number": "", "series": ".list.element"}
        options = {
            "compression": "zstd",
            "use_dictionary": [one.name for one in self._columns if one.kind == "text"],
            "column_encoding": {
                one.name + suffixes[one.kind]: "BYTE_STREAM_SPLIT"
                for one in self._columns
                if one.kind in suffixes
            },
        }
        with (
            self._written(self._target) as file,
            parquet.ParquetWriter(file, self._schema, **options) as writer,
        ):
            notes = []
            for index in range(self.done):
                table = self._read(index)
                notes.append(table.schema.metadata[NOTE].decode())
                writer.write_table(table, row_group_size=max(len(table), 1))
            writer.add_key_value_metadata({NOTES.decode(): f"[{', '.join(notes)}]"})
        self.finished = self._folder.spent = True

    def abandon(self) -> None:
        """Leave no trace of the segments: what they are of will never be whole."""
        self._folder.spent = True

    @contextmanager
    def _written(self, path: Path, what: str = "") -> Iterator[BinaryIO]:
        """A file that appears under its name only once all of it is on the disk."""
        temporary = self._folder.path / f"{path.name}.tmp"
        try:
            try:
                with temporary.open("wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                if path.exists():
                    shutil.copymode(path, temporary)
                temporary.replace(path)
                sync(path.parent)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            name, kept = self._folder.name, shown(str(self._folder.path))
            cure = "free space" if error.errno in _NO_ROOM else "mend that"
            raise OutputError(
                f"cannot write {what}{name}: {error.strerror or error}; "
                f"whole segments kept in {kept}: {self.done}",
                hint=f"{cure} and run again with --resume",
            ) from error

    def _read(self, index: int, *, whole: bool = True) -> Any:
        """A segment's table, or only its schema, for which its file must have its end."""
        arrow = import_module("pyarrow")
        path = self._target if self.finished else self._folder.segment(index)
        try:
            if self.finished:
                return self._parquet.read_row_group(index)
            reader = arrow.ipc.open_file(arrow.OSFile(str(path)))
            found = dict(reader.schema.metadata or {})
            noted = found.pop(NOTE, None) is not None
            if not (noted and reader.schema.with_metadata(found).equals(self._schema, True)):
                raise ValueError("it is another run's")
            return reader.read_all() if whole else reader.schema
        except (arrow.ArrowException, OSError, ValueError) as error:
            others = "" if self.finished else ", or delete it and all segments after it"
            raise DataError(
                f"{shown(str(path))} is damaged: {first_line(error)}",
                hint=f"run again with --force and without --resume to start anew{others}",
            ) from error

    @cached_property
    def _parquet(self) -> Any:
        """The finished file, whose footer is read once."""
        return import_module("pyarrow.parquet").ParquetFile(self._target)

    @cached_property
    def _notes(self) -> list[Any]:
        notes: list[Any] = json.loads(self._parquet.metadata.metadata[NOTES])
        return notes
