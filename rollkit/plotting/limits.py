"""What gates allow: of a metric's values, and of the signals that a metric is the extreme of."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.examples.signals import Trace
from rollkit.gates.expression import shortest
from rollkit.gates.results import GateResult

# Statistics that stand where the values stand; a share, a spread or a count does not.
_ON_THE_AXIS: Final = (None, "min", "max", "mean", "p50", "p95", "p99")
_OF_EXTREMES: Final = (None, "min", "max")
_SAME: Final = 1e-6  # of the value: a metric may round differently from the signal


class Limit(NamedTuple):
    """A limit of a gate: where it is, what it says, and whether the gate holds."""

    value: float
    text: str
    passed: bool


def limits_of(gates: Iterable[GateResult], metric: str) -> tuple[Limit, ...]:
    """The limits of a metric, each once: of every value, or of a statistic that lies among them."""
    found: dict[tuple[float, str], Limit] = {}
    for gate in _about(gates, metric):
        if gate.statistic in _ON_THE_AXIS:
            limit = f"{gate.comparison} {shortest(gate.limit)}"
            text = limit if gate.statistic is None else f"{gate.statistic} {limit}"
            earlier = found.get((gate.limit, text))
            held = gate.passed and (earlier is None or earlier.passed)
            found[gate.limit, text] = Limit(gate.limit, text, held)
    return tuple(found.values())


def bounds_of(
    gates: Iterable[GateResult], signal: str, told: Sequence[tuple[dict[str, float], list[Trace]]]
) -> tuple[float, ...]:
    """The limits of a signal over time: those of gates on a metric that is its extreme.

    No name says which metric that is. It is seen: in every rollout of `told`, the metric's values
    beside its signals, the metric is the largest magnitude of the signal (and its limit is one in
    both directions), or the largest, or the smallest value.
    """
    found: dict[float, None] = {}
    for gate in gates:
        if gate.statistic not in _OF_EXTREMES:
            continue
        pairs = [
            (value, one)
            for values, signals in told
            for name, value in values.items()
            if gate.is_about(name) and np.isfinite(value)
            for one in signals
            if one.name == signal and one.unit == gate.unit and np.isfinite(one.values).any()
        ]
        if pairs:
            found |= dict.fromkeys(_limits(gate, pairs))
    return tuple(sorted(found))


def _limits(gate: GateResult, pairs: Sequence[tuple[float, Trace]]) -> tuple[float, ...]:
    values = np.array([value for value, _ in pairs])
    largest = np.array([np.nanmax(one.values) for _, one in pairs])
    smallest = np.array([np.nanmin(one.values) for _, one in pairs])
    if gate.comparison[0] == "<" and _same(values, np.maximum(largest, -smallest)):
        return (gate.limit,) if (smallest >= 0).all() else (-gate.limit, gate.limit)
    if _same(values, largest) or _same(values, smallest):
        return (gate.limit,)
    return ()


def _same(one: Array, other: Array) -> bool:
    return bool(np.allclose(one, other, rtol=_SAME, atol=_SAME * float(np.abs(one).max())))


def _about(gates: Iterable[GateResult], metric: str) -> Iterator[GateResult]:
    return (one for one in gates if one.is_about(metric))
