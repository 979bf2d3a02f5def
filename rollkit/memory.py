"""Keeping freed memory at hand while chunks are computed.

Every chunk needs the same arrays as the one before. By default glibc hands arrays of this size back
to the system when they are freed, and the system clears and maps them anew for the next chunk: that
costs three times what the arithmetic does. Within `kept`, freed memory stays in the process and the
next array is made in it, whoever asks for it: rollkit's primitives or a plugin's own NumPy.
"""

import ctypes
import functools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# From glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 2**25  # the largest array that is kept, and what the heap may have free at its end
_USUAL = 2**17  # glibc's own threshold for both

_lock = threading.Lock()
_users = 0


@contextmanager
def kept() -> Iterator[None]:
    """Keep freed memory for the next array; hand it back at the end.

    It may be nested and used from several threads. Without glibc it does nothing.
    """
    global _users
    with _lock:
        _users += 1
        if _users == 1:
            _tell(_KEPT, 2**30)
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _tell(_USUAL, _USUAL)


def keep() -> None:
    """Keep freed memory as long as this process lives: for one that is there to compute."""
    global _users
    with _lock:
        _users += 1  # for ever, so that no `kept` hands it back
        _tell(_KEPT, 2**30)


def _tell(largest: int, spare: int) -> None:
    allocator = _glibc()
    if allocator is not None:
        allocator.mallopt(_MMAP_THRESHOLD, largest)
        allocator.mallopt(_TRIM_THRESHOLD, spare)
        if spare == _USUAL:
            allocator.malloc_trim(0)


@functools.cache
def _glibc() -> "ctypes.CDLL | None":
    if any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ):
        return None  # whoever tuned the allocator by hand is left alone
    try:
        library = ctypes.CDLL(None)
        functions = (library.mallopt, library.malloc_trim)
    except (OSError, TypeError, AttributeError):  # another C library, another system
        return None
    return library if all(functions) else None
