"""NumPy's `.npy`: one array of positions, and headings if it has them."""

from collections.abc import Iterator

from rollkit import DataError, File, Poses, reader
from rollkit_logs.families import ALONE
from rollkit_logs.npy_stream import stream
from rollkit_logs.stacked import stacked
from rollkit_logs.start import Start

_MAGIC = b"\x93NUMPY"


@reader(suffixes=(".npy",), recognises=lambda head: head.startswith(_MAGIC))
def npy(file: File, *, start: Start = "auto") -> Iterator[Poses]:
    """One array in NumPy's `.npy`: `[B, N, K, T, 2]` of x, y or `[..., 3]` of x, y, yaw.

    Axes are cases, sets of samples, samples and instants; N, K and B may be left out, in this
    order. The file has no times: the step comes from the caller. The start: `auto` takes it as
    missing, and as included in an array `[T, 2]` or `[T, 3]`, a drive.
    """
    with file.open() as raw:
        try:
            size = raw.seek(0, 2)
            raw.seek(0)
        except OSError as error:
            raise DataError(f"{file.path}: cannot be read: {error}") from None
        array = stream(f"{file.path}: array 'poses'", raw, size, (OSError,))
        yield from stacked(str(file.path), {"poses": lambda: array}, start=start, alone=ALONE)
