"""Keeping freed memory at hand: the arrays of a chunk are made where those of the last one were.

Every chunk needs the same arrays as the one before. Arrays of their size glibc hands back to the
system when they are freed, and the system clears and maps them anew for the next chunk: that costs
three times what the arithmetic does.
"""

import ctypes
import functools
import os

# From glibc's malloc.h, and what glibc itself comes to once a program has freed an array of 32 MB:
# smaller ones are made in the heap, and the heap may keep 64 MB that nobody uses at its end.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST, _SPARE = 2**25, 2**26


@functools.cache
def keep() -> bool:
    """Have freed memory kept for the next array, whoever asks for it; whether that is so now.

    It serves rollkit's primitives and a plugin's own NumPy alike. Without glibc it does nothing,
    and whoever tuned the allocator by hand is left alone.
    """
    if any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ):
        return False
    try:
        tune = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # another C library, another system
        return False
    return bool(tune(_MMAP_THRESHOLD, _LARGEST) and tune(_TRIM_THRESHOLD, _SPARE))
