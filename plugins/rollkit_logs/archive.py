"""A zip archive of arrays: what it claims is checked against the file before anything is read."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from rollkit import DataError, File
from rollkit_logs.npy_header import told
from rollkit_logs.npy_stream import Stream, stream

# What zipfile raises of a damaged archive, of one that is encrypted, or of an unknown kind.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)
# Deflate cannot do better: 258 bytes take two bits at least.
_LARGEST_RATIO = 1032


def first_member(head: bytes) -> bytes:
    """The name of the first file in an archive that starts so; empty where it is no archive."""
    if not head.startswith(b"PK\x03\x04") or len(head) < 30:
        return b""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]


@contextmanager
def opened(file: File) -> Iterator[zipfile.ZipFile]:
    """The archive, its directory checked.

    Raises
    ------
    DataError
        It is no zip archive, or its directory claims what cannot be.
    """
    with file.open() as raw:
        try:
            size = raw.seek(0, 2)
            archive = zipfile.ZipFile(raw)
        except BROKEN as error:
            raise DataError(f"{file.path}: is no zip archive: {told(error)}") from None
        with archive:
            _check(file, archive, size)
            yield archive


def arrays(file: File, archive: zipfile.ZipFile) -> Mapping[str, Callable[[], Stream]]:
    """Its arrays by name, each opened when called."""
    return {
        one.filename.removesuffix(".npy"): partial(_array, file, archive, one)
        for one in archive.infolist()
        if one.filename.endswith(".npy")
    }


def _check(file: File, archive: zipfile.ZipFile, size: int) -> None:
    seen = set()
    for one in archive.infolist():
        where = f"{file.path}: {one.filename[:80]!r}"
        if one.filename in seen:
            raise DataError(f"{where}: is in the archive twice, expected it once")
        seen.add(one.filename)
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataError(
                f"{where}: is compressed by method {one.compress_type}, expected stored or deflated"
            )
        ratio = _LARGEST_RATIO if one.compress_type == zipfile.ZIP_DEFLATED else 1
        if one.compress_size > size or one.file_size > ratio * one.compress_size:
            raise DataError(
                f"{where}: claims {one.file_size} bytes in {one.compress_size}, which cannot be: "
                f"the file has {size}"
            )


def _array(file: File, archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Stream:
    where = f"{file.path}: array {one.filename.removesuffix('.npy')[:80]!r}"
    try:
        member = archive.open(one)
    except BROKEN as error:
        raise DataError(f"{where}: is damaged: {told(error)}") from None
    return stream(where, member, one.file_size, BROKEN)
