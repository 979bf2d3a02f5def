"""A file to be read: opened once, its beginning looked at, every refusal an error with its path."""

import difflib
import io
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from rollkit.errors import DataError

HEAD = 4096


class File:
    """A file that a reader reads.

    Parameters
    ----------
    path : Path
        Named in every message.
    content : bytes, optional
        Its bytes, where they are in memory already.

    Examples
    --------
    >>> File(Path("a.csv"), b"t,x,y").head
    b't,x,y'
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path = path
        self._content = content

    @cached_property
    def head(self) -> bytes:
        """Its first 4096 bytes, or fewer."""
        with self.open() as stream:
            return stream.read(HEAD)

    def open(self) -> BinaryIO:
        """The file as a stream that can seek; a pipe is read into memory first.

        Raises
        ------
        DataError
            No such file, a folder, or one that may not be read.
        """
        if self._content is None:
            try:
                if self.path.is_file():
                    return self.path.open("rb")
                self._content = self.path.read_bytes()  # of a pipe; a folder raises
            except FileNotFoundError:
                raise DataError(
                    f"{self.path}: no such file", hint=_nearest_files(self.path)
                ) from None
            except IsADirectoryError:
                raise DataError(f"{self.path}: got a folder, expected a file") from None
            except (OSError, ValueError) as error:  # ValueError: a path no file system can hold
                raise DataError(f"{self.path}: cannot be read: {error}") from None
        return io.BytesIO(self._content)

    def read(self) -> bytes:
        """All its bytes, for formats that are read at once.

        Raises
        ------
        DataError
            As for `open`, or an empty file.
        """
        try:
            with self.open() as stream:
                content = stream.read()
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error}") from None
        if not content.strip():
            raise DataError(f"{self.path}: got an empty file, expected poses")
        return content


def _nearest_files(path: Path) -> str | None:
    try:
        names = [one.name for one in path.parent.iterdir()]
    except (OSError, ValueError):
        return f"there is no folder {path.parent} either"
    near = difflib.get_close_matches(path.name, names, n=3, cutoff=0.5)
    return f"nearest in that folder: {', '.join(near)}" if near else None
