"""How many cases one block of poses holds: as many as fit in some megabytes."""

_BYTES = 8 << 20
_MOST = 4096
# Nobody's single case is larger: more is a length that a broken or malicious file claims.
LARGEST_CASE = 1 << 30


def cases_in_block(size: int) -> int:
    """How many cases of that many bytes each make a block; at least one.

    >>> cases_in_block(6 * 64 * 8 * 2), cases_in_block(100), cases_in_block(1 << 40)
    (1365, 4096, 1)
    """
    return max(1, min(_MOST, _BYTES // max(1, size)))
