"""A report in which every text tries to become code of the page."""

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from rollkit import Report, Rollout, Trajectory

# After a text, whatever it stands in: markup, an attribute, a script, a template, an expression.
HOSTILE = "".join(
    (
        "<script>window.pwned=1</script>",
        "\"><img src=x onerror=window.pwned=1 alt='",
        "</script><script>window.pwned=1</script>",
        "</style></title></textarea><svg onload=window.pwned=1>",
        "<!--<script>",
        "${window.pwned=1}{{7*7}}{%raw%}",
        "javascript:window.pwned=1",
        "');window.pwned=1;//",
        "\\');window.pwned=1;//",
        "datum.x`\u2028\u2029\\u003c&lt;&amp;&#60;]]>-->",
    )
)
# Words that code compares with; nobody outside can choose them.
_WORDS = {
    *("lower", "higher", "ok", "undefined", "failed", "error", "warning", "seed", "case", "cell"),
    *("sample", "min", "max", "mean", "std", "p50", "p95", "p99", "rate", "n"),
    *("<", "<=", ">", ">=", "==", "better", "worse", "equal", "differs", "undecided"),
}
_OPEN = ("params", "notes", "provenance", "volatile", "inputs")  # mappings with keys from outside


def hostile(report: Report) -> Report:
    """The same report; texts that a plugin, a file or a caller chooses have `HOSTILE` behind them.

    What is an identifier by the framework's own rules stays: the names of metrics, the expressions
    of gates.
    """
    shown = [one for one in (report.shown, report.base) if one is not None]
    kept = {name for one in shown for name in one.result.metrics}
    kept |= {gate.expr for one in shown for gate in one.result.gates}
    return _Change(kept | _WORDS)(report)


class _Change:
    def __init__(self, kept: set[str]) -> None:
        self._kept = kept

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if value in self._kept else value + HOSTILE
        if isinstance(value, Rollout | Trajectory | type):
            return value
        if dataclasses.is_dataclass(value):
            return self._dataclass(value)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*map(self, value))
        if isinstance(value, tuple | list):
            return type(value)(map(self, value))
        if isinstance(value, Mapping):
            return {name: self(one) for name, one in value.items()}
        if isinstance(value, np.ndarray) and value.dtype.kind in "UO":
            return np.array([self(one) for one in value.tolist()], dtype=value.dtype.kind)
        return value

    def _dataclass(self, value: Any) -> Any:
        made = copy.copy(value)
        for one in dataclasses.fields(value):
            new = self(getattr(value, one.name))
            if one.name in _OPEN and isinstance(new, dict):
                new[HOSTILE] = HOSTILE
            object.__setattr__(made, one.name, new)  # past the checks: they are not the page's
        return made
