"""Numbers in few bytes: five digits are more than a screen shows."""

import json
from typing import Any

import numpy as np
import numpy.typing as npt

_DIGITS = 5
_ESCAPES = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def short(values: npt.ArrayLike, digits: int = _DIGITS) -> list[Any]:
    """Rounded numbers: None for nan, a text for what is infinite, which JSON has no number for.

    >>> short([1 / 3, 2.0, float("nan"), float("-inf"), 123456.7])
    [0.33333, 2, None, '-Infinity', 123460]
    """
    array = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        power = digits - 1 - np.floor(np.log10(np.abs(array)))
        up, down = 10.0 ** np.clip(power, 0, 300), 10.0 ** np.clip(-power, 0, 300)
        rounded = np.round(array * up / down) / up * down
    array = np.where(np.isfinite(rounded), rounded, array)
    return [_plain(one) for one in array.tolist()]


def _plain(value: float) -> Any:
    if value != value:
        return None
    if value in (np.inf, -np.inf):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def embedded(data: Any) -> str:
    """JSON that can stand in a page: nothing in it ends a script or begins a tag.

    >>> embedded({"b": "</script>", "a": 1})
    '{"a":1,"b":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.translate(_ESCAPES)
