"""Calling an integrator and metrics with symbols: what they compute, as expressions."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from rollkit.compiled.symbols import Symbol, Untraceable
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.model import Actions, State, Trajectory
from rollkit.rollouts import Rollout

FIELDS = ("x", "y", "yaw", "speed")

_PartT = TypeVar("_PartT", State, Actions, Rollout)


class _Rollout(Rollout):
    """A rollout of which is not known whether it has a reference or a vehicle."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("reference", "vehicle"):
            raise Untraceable(name)
        return super().__getattribute__(name)


class Traced(NamedTuple):
    """What a kernel has to compute.

    `states` are the four signals of the trajectory, `(..., T+1)`; `results` the metrics that could
    be traced, `(...)` each.
    """

    states: dict[str, Symbol]
    results: dict[str, Symbol]
    speed_never_negative: bool


def trace(integrator: IntegratorSpec, metrics: Iterable[MetricSpec]) -> Traced | None:
    """The expressions of an integrator and of those metrics that can be traced.

    None where the integrator cannot.
    """
    initial = _built(State, {name: _input(name, "row") for name in FIELDS})
    dt: Any = _input("dt", "number")
    signals = {name: _input(name, 0) for name in ("accel", "curvature")}
    actions = _built(Actions, {**signals, "dt": dt})
    trajectory = _answer(integrator, initial, actions)
    if type(trajectory) is not Trajectory or trajectory.dt is not dt:
        return None
    states = {name: getattr(trajectory, name) for name in FIELDS}
    for name, state in states.items():
        if not isinstance(state, Symbol) or state.extent != 1:
            return None
        if first(state) is not getattr(initial, name):
            return None
    rollout = _built(_Rollout, {"trajectory": trajectory, "actions": actions})
    results = {one.name: _answer(one, rollout) for one in metrics}
    traced = {
        name: result
        for name, result in results.items()
        if isinstance(result, Symbol) and result.extent == "row"
    }
    return Traced(states, traced, integrator.speed_never_negative)


def first(signal: Symbol) -> Symbol | None:
    """The symbol that is a signal's first sample, where it is one without arithmetic."""
    return signal.operands[0] if signal.operation.startswith("cumulative") else None


def _answer(spec: IntegratorSpec | MetricSpec, *arguments: Any) -> Any:
    """What the function returns for symbols; None where it cannot be called with them."""
    try:
        return spec.function(*arguments)
    except (Untraceable, Exception):
        # Whatever went wrong with symbols, the function is called with numbers next, and what goes
        # wrong with those is reported.
        return None


def _input(name: str, extent: Any) -> Symbol:
    operation = "dt" if name == "dt" else "input"
    return Symbol(operation, extent=extent, payload=name)


def _built(kind: type[_PartT], values: dict[str, Any]) -> _PartT:
    """A part of the model that holds symbols, which its constructor would want to look at."""
    part = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(part, name, value)
    return part
