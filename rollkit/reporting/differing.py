"""Whether values are those that an artifact's statistics were made of."""

import math
from collections.abc import Mapping

import numpy as np

from rollkit.layout import Array
from rollkit.results import MetricResult
from rollkit.values import Values

_SAME = 1e-9  # relative; other machines and engines round otherwise


def differing(metrics: Mapping[str, MetricResult], values: Values) -> list[str]:
    """The metrics whose values do not have the statistics that an artifact states, with both."""
    repeated = "sample" in values.keys  # what samples have in common stands beside each of them
    lines = []
    for name, one in metrics.items():
        if one.status == "failed":
            continue
        column = values.columns.get(name, np.empty(0))
        now = _stated(column[~np.isnan(column)], repeated)
        then = {key: getattr(one, key) for key in now}
        size = max((abs(then[key] or 0.0) for key in ("min", "max")), default=0.0)
        if key := next((key for key in now if not _close(then[key], now[key], size)), None):
            lines.append(f"{name}: {key} was {_text(then[key])}, is {_text(now[key])}")
    return lines


def _stated(defined: Array, repeated: bool) -> dict[str, float | None]:
    stated: dict[str, float | None] = dict.fromkeys(("min", "max"))
    if defined.size:
        stated = {"min": float(defined.min()), "max": float(defined.max())}
    if repeated:
        return stated
    return {"n": defined.size, "mean": float(defined.mean()) if defined.size else None, **stated}


def _close(then: float | None, now: float | None, size: float) -> bool:
    """Whether both are the same but for rounding, of numbers as large as `size`."""
    if then is None or now is None:
        return then is now
    return math.isclose(then, now, rel_tol=_SAME, abs_tol=_SAME * size)


def _text(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.6g}"
