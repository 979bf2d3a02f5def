"""PyTorch's `.pt`: tensors by the keys of `npz`, weights only. Needs the extra `torch`."""

import pickle  # for the name of its error: nothing here loads one
import re
import struct
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Annotated, Any

import numpy as np

from rollkit import DataError, File, Param, Poses, reader
from rollkit_logs import archive
from rollkit_logs.families import ALONE
from rollkit_logs.libraries import needed
from rollkit_logs.npy_stream import Stream, held
from rollkit_logs.stacked import stacked
from rollkit_logs.start import Start

# What torch.load raises of what is more than tensors, or damaged.
_BROKEN = (
    pickle.UnpicklingError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    Warning,
)


_OLD = "a file of before PyTorch 1.6 is none: load it there, and save it with torch.save again"

# The first file of an archive that torch.save wrote.
_FIRST = (b"/data.pkl", b"/.format_version")


@reader(
    suffixes=(".pt", ".pth"),
    recognises=lambda head: archive.first_member(head).endswith(_FIRST),
)
def torch(
    file: File,
    *,
    start: Start = "auto",
    space: Annotated[bool, Param(doc="keep heights and rotations, for errors in space")] = False,
) -> Iterator[Poses]:
    """Tensors in PyTorch's `.pt`, with `weights_only=True` and nothing else.

    A dict of tensors, numbers and lists of text by the keys of `npz`, or one tensor as in `npy`.
    All of it is in memory at once. Files of before PyTorch 1.6, which are no zip archives, are
    refused.
    """
    try:
        with archive.opened(file):  # so that what it claims is checked before it is believed
            pass
    except DataError as error:
        raise DataError(error.message, hint=_OLD) from None
    library = needed(file, "torch", extra="torch", what="PyTorch's files")
    try:
        with file.open() as raw, warnings.catch_warnings():
            warnings.simplefilter("error")
            content = library.load(raw, map_location="cpu", weights_only=True)
    except _BROKEN as error:
        raise DataError(
            f"{file.path}: is damaged or holds more than tensors, which rollkit never loads: "
            f"{type(error).__name__}{_blamed(error)}",
            hint="save a dict of tensors: torch.save({'pred_xyz': xyz}, path)",
        ) from None
    where = str(file.path)
    if isinstance(content, library.Tensor):
        array = _array(library, f"{where}: array 'poses'", content)
        if array is not None:
            yield from stacked(where, {"poses": partial(held, *array)}, start=start, alone=ALONE)
            return
    if not isinstance(content, Mapping):
        raise DataError(f"{where}: got {type(content).__name__}, expected a dict of tensors")
    openers: dict[str, Callable[[], Stream]] = {}
    for key, value in content.items():
        array = _array(library, f"{where}: array {str(key)!r}", value)
        if array is not None:
            openers[str(key)] = partial(held, *array)
    yield from stacked(where, openers, start=start, space=space)


def _blamed(error: Exception) -> str:
    """What torch refused to load; its own advice, to load it all the same, is not passed on."""
    found = re.search(r"[Uu]nsupported (?:global|class|operand): (?:GLOBAL )?([\w.]+)", str(error))
    return f": {found[1]}" if found else ""


def _array(library: Any, where: str, value: Any) -> tuple[str, Any] | None:
    """The value as an array, or None where it is something else, which is left alone."""
    if isinstance(value, library.Tensor):
        try:
            plain = value.detach().resolve_conj().resolve_neg()
            if plain.dtype == library.bfloat16:
                plain = plain.to(library.float32)
            return where, plain.numpy()
        except (RuntimeError, TypeError) as error:
            raise DataError(f"{where}: is no plain tensor: {error}") from None
    if isinstance(value, bool | int | float):
        try:
            return where, np.asarray(value)
        except OverflowError:
            return None
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        return where, np.asarray(value)
    return None
