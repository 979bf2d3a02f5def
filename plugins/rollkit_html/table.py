"""The table of cases as it is embedded: columns, not rows; and which cases the gates let pass."""

import shlex
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit import GateResult, RunResult, Shown, Values
from rollkit_html.compact import embedded, short
from rollkit_html.words import setting

_LETTERS = 2_800_000  # in all columns; a third of them in the keys
_SAFE = 2**53  # beyond, a browser's numbers have gaps
_SEED = 987_654_321_987  # stands for any seed in a command
Mask = npt.NDArray[np.bool_]
_COMPARE: dict[str, Callable[[Any, float], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}
_IN_MEMORY = "in memory"  # what stands for the path of what no file holds
PASS, FAIL, UNDEFINED = "p", "f", "u"


def table(shown: Shown, ids: dict[str, str]) -> dict[str, Any]:
    """Keys, metrics and verdicts of the rows that the report lists.

    `ids` are the page's names of the metrics, the most important first: those that do not fit are
    left out.
    """
    values = shown.values
    keys, rows = _keys(values, shown.rows)
    listed = [name for name in ids if name in values.columns]
    columns: dict[str, list[Any]] = {}
    room = _LETTERS - sum(map(_length, keys.values()))
    for name in listed:
        column = short(values[name][rows])
        room -= _length(column)
        if room < 0 and columns:
            break
        columns[ids[name]] = column
    return {
        "keys": keys,
        "columns": columns,
        "left_out": len(listed) - len(columns),
        "total": len(values),
        "cells": _cells(shown),
        "again": _again(shown, next(iter(ids), "")),
        "verdicts": _verdicts(shown, rows),
    }


def _keys(
    values: Values, rows: npt.NDArray[np.intp]
) -> tuple[dict[str, list[Any]], npt.NDArray[np.intp]]:
    """The keys of the rows, and as many rows as have room with keys that long."""
    keys = {name: _key(column[rows]) for name, column in values.keys.items()}
    length = np.zeros(len(rows), np.intp)
    for column in keys.values():
        length += np.array([len(str(one)) for one in column], np.intp)
    rows = rows[: np.searchsorted(np.cumsum(length), _LETTERS // 3, side="right")]
    return {name: column[: len(rows)] for name, column in keys.items()}, rows


def _length(column: list[Any]) -> int:
    """Letters of a column as it is embedded."""
    return len(embedded(column))


def _key(column: npt.NDArray[Any]) -> list[Any]:
    if column.dtype.kind in "ui" and (not len(column) or int(column.max()) < _SAFE):
        return column.tolist()
    return [str(one) for one in column.tolist()]


def _cells(shown: Shown) -> list[str]:
    """What each cell of a sweep is."""
    if not isinstance(shown.result, RunResult):
        return []
    cells = shown.result.cells
    varying = list(shown.result.run.grid)
    return [
        ", ".join(
            filter(
                None,
                [
                    one.source,
                    one.integrator if len({cell.integrator for cell in cells}) > 1 else "",
                    setting({name: one.params[name] for name in varying if name in one.params}),
                ],
            )
        )
        for one in cells
    ]


def _again(shown: Shown, metric: str) -> list[list[str] | None]:
    """Of each cell the command that draws a rollout, in the two parts before and after its key."""
    if not isinstance(shown.result, RunResult):
        return [_explained(shown.result.eval)]
    parts = shown.result.parts[1:] or shown.result.parts
    commands = [None if one.again is None else one.again(_SEED, metric) for one in parts]
    return [None if one is None else f"{one} --plot".split(str(_SEED)) for one in commands]


def _explained(spec: Any) -> list[str] | None:
    """Presets explain one case in a picture; without any there is no command for it."""
    if not spec.presets or spec.predictions == _IN_MEMORY:
        return None
    words = ["rollkit", "explain", spec.predictions, "--preset", ",".join(spec.presets)]
    if spec.reference not in (None, _IN_MEMORY):
        words += ["--reference", spec.reference]
    return [f"{shlex.join(words)} --case ", ""]


def _verdicts(shown: Shown, rows: npt.NDArray[np.intp]) -> str | None:
    """A letter a row, by the gates that every rollout is held to; None without such gates."""
    gates = [one for one in shown.result.gates if one.statistic is None]
    columns = [holds(shown, one) for one in gates]
    known = [one for one in columns if one is not None]
    if not known:
        return None
    verdict = np.full(len(rows), PASS)
    for fails, undefined in known:
        verdict[undefined[rows] & (verdict == PASS)] = UNDEFINED
        verdict[fails[rows]] = FAIL
    return "".join(verdict.tolist())


def holds(shown: Shown, gate: GateResult) -> tuple[Mask, Mask] | None:
    """Which rollouts are beyond the limit of a gate, and which have no value; None of no metric."""
    name = next((one for one in shown.values if gate.is_about(one)), None)
    if name is None or not len(shown.values):
        return None
    column = shown.values[name]
    concerned = _concerned(shown, shown.values, gate)
    unknown = np.isnan(column)
    within = _COMPARE[gate.comparison](column, gate.limit)
    return concerned & ~unknown & ~within, concerned & unknown


def _concerned(shown: Shown, values: Values, gate: GateResult) -> Mask:
    """Whether a gate is about a rollout: one on a source is about its cells."""
    source = gate.where.get("source")
    if source is None or "cell" not in values.keys or not isinstance(shown.result, RunResult):
        return np.ones(len(values), np.bool_)
    cells: Sequence[Any] = shown.result.cells
    return np.array([one.source.casefold() == source.casefold() for one in cells])[
        values.keys["cell"].astype(np.intp)
    ]
