"""Values that an artifact can hold: strict JSON, the same when read back."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rollkit.errors import DataError


def plain(what: str, value: Any) -> Any:
    """The value as JSON knows it: paths as text, NumPy numbers as Python's, tuples as lists.

    Raises
    ------
    DataError
        It is none: not finite, or of another type.

    >>> plain("x", {"a": (np.float32(0.5), Path("b"))})
    {'a': [0.5, 'b']}
    """
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise DataError(f"{what}: got {value}, expected a finite number: the artifact records it")
    if isinstance(value, list | tuple):
        return [plain(what, one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(f"{what}.{key}", one) for key, one in value.items()}
    raise DataError(
        f"{what}: got {type(value).__name__}, expected numbers, text, paths or lists of them: "
        "the artifact records it"
    )
