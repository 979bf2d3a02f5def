"""The lines of text logs, piece by piece.

Time grows with the bytes and memory with a piece, whatever the bytes are: a line has a longest
length.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rollkit import DataError, File
from rollkit_logs.rows import Rows

LONGEST = 1 << 20  # characters of a line
_PIECE = 1 << 22  # bytes read at once
_HEAD = 4096  # bytes that a format is recognised by


class Lines(NamedTuple):
    """Some lines of a file, without their ends, and their numbers, from 1."""

    rows: Rows
    text: list[str]


def lines(file: File, *, longest: int = LONGEST, comments: bool = True) -> Iterator[Lines]:
    """The lines of a UTF-8 text file that are not blank, nor comments, some megabytes at a time.

    Lines end as on any system; a byte order mark is dropped; `#` starts a comment.

    Raises
    ------
    DataError
        The file cannot be read, is empty or no UTF-8, or has a line that is too long.
    """
    first, empty = 1, True
    for piece in _pieces(file, longest):
        text = _decoded(file, first, piece.removeprefix(b"\xef\xbb\xbf") if first == 1 else piece)
        # Not str.splitlines: it also breaks at characters that no editor counts as a line.
        every = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
        if len(max(every, key=len)) > longest:
            wrong = next(index for index, line in enumerate(every) if len(line) > longest)
            raise DataError(
                f"{file.path}:{first + wrong}: got a line of more than {longest} characters, "
                "expected a text file of poses"
            )
        kept = _kept(every, comments=comments and "#" in text)
        if kept:
            empty = False
            at = [first + index for index in kept]
            yield Lines(Rows(file.path, at), [every[index] for index in kept])
        first += len(every)
    if empty:
        raise DataError(f"{file.path}: got an empty file, expected poses")


def first_line(head: bytes) -> str:
    """The first whole line of a file's beginning that is neither blank nor a comment, or ""."""
    text = head.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    every = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(head) >= _HEAD:
        every.pop()  # it may go on
    kept = (line.strip() for line in every)
    return next((line for line in kept if line and not line.startswith("#")), "")


def _kept(every: list[str], *, comments: bool) -> Sequence[int]:
    """Which lines are neither blank nor comments."""
    if not comments and all(map(str.strip, every)):  # as large files are
        return range(len(every))
    return [
        index
        for index, line in enumerate(every)
        if line.strip() and not (comments and line.lstrip().startswith("#"))
    ]


def _pieces(file: File, longest: int) -> Iterator[bytes]:
    """The file's bytes, cut after the end of a line; anywhere in one that is far too long."""
    rest = b""
    try:
        with file.open() as stream:
            while read := stream.read(_PIECE):
                content = rest + read
                # A carriage return at the end may be half of a line's end.
                cut = max(content.rfind(b"\n"), content.rfind(b"\r", 0, -1)) + 1
                piece, rest = content[:cut], content[cut:]
                if len(rest) > 4 * longest:  # more characters than that, in any encoding
                    piece, rest = content, b""
                if piece:
                    yield piece
    except OSError as error:
        raise DataError(f"{file.path}: cannot be read: {error}") from None
    if rest:
        yield rest


def _decoded(file: File, first: int, piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError as error:
        line = first + piece.count(b"\n", 0, error.start)
        byte = piece[error.start]
        raise DataError(f"{file.path}:{line}: got byte 0x{byte:02x}, expected UTF-8 text") from None
