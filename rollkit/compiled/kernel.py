"""Kernels: an integrator and the metrics that can be traced with it, fused into one function."""

import functools
import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rollkit import layout
from rollkit.arrays import Array
from rollkit.compiled import compiler
from rollkit.compiled.source import Source
from rollkit.compiled.tracing import FIELDS, Traced, trace
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.declare.attach import inner_of
from rollkit.door import read_only
from rollkit.model import Actions, State, Trajectory

_REMEMBERED = 128  # kernels
_lock = threading.RLock()


class Kernel:
    """One compiled function: initial states and actions to metrics, and to a trajectory if asked.

    It may be called from several threads at once. Attributes: `fused`, the names of the metrics it
    computes; all others are left to the caller.
    """

    def __init__(self, traced: Traced) -> None:
        self.fused = tuple(traced.results)
        self._traced = traced
        self._functions: dict[bool, tuple[Callable[..., bool], int]] = {}

    def __call__(
        self, initial: State, actions: Actions, *, trajectory: bool
    ) -> tuple[dict[str, Array], Trajectory | None] | None:
        """Values `(...)` of each fused metric, and the trajectory `(..., T+1)`.

        `initial` is one state for each row, or one for all. None where the kernel might not answer
        as NumPy does: float32, fewer steps than a metric needs, an angle beyond the range of its
        trigonometry, a speed below 0 under an integrator that has none, and whenever a state or a
        value is not finite.
        """
        given = [actions.accel, actions.curvature, *(getattr(initial, name) for name in FIELDS)]
        function, least = self.compiled(stores=trajectory)
        batch, steps = actions.batch, actions.steps
        if steps < least or not all(_readable(one) for one in given):
            return None
        rows = math.prod(batch)
        signals = (one.reshape(rows, steps) for one in given[:2])
        starts = (np.broadcast_to(one, batch).reshape(rows) for one in given[2:])
        values = np.empty((len(self.fused), rows))
        states = [layout.empty(batch, steps + 1) for _ in FIELDS] if trajectory else []
        flat = (_rows(one, rows) for one in states)
        if not function(*signals, *starts, actions.dt, values, *flat):
            return None
        results: dict[str, Array] = {
            name: value.reshape(batch) for name, value in zip(self.fused, values, strict=True)
        }
        return results, _trajectory(states, actions.dt) if trajectory else None

    def compiled(self, *, stores: bool) -> tuple[Callable[..., bool], int]:
        """The function, with or without a trajectory among what it writes, and its fewest steps.

        It is compiled, or found compiled in the cache folder, when first asked for.
        """
        if stores not in self._functions:
            with _lock:
                if stores not in self._functions:
                    source = Source(self._traced, stores=stores)
                    self._functions[stores] = compiler.compiled(source.text), source.least
        return self._functions[stores]


def kernel_for(
    integrator: IntegratorSpec, metrics: Sequence[MetricSpec], trajectory: bool = False
) -> Kernel | None:
    """The kernel of an integrator and of as many of the metrics as can be traced; always the same.

    None where the integrator cannot be traced. `trajectory` compiles the form that stores one
    beforehand, else the form that stores none.
    """
    with _lock:
        kernel = _kernel(_Named(integrator), tuple(_Named(one) for one in metrics))
    if kernel is not None:
        kernel.compiled(stores=trajectory)
    return kernel


class _Named:
    """A spec as a key: two are equal where all that a kernel depends on is the same."""

    def __init__(self, spec: Any) -> None:
        self.spec = spec
        never_negative = getattr(spec, "speed_never_negative", None)
        inner = inner_of(spec.function)
        self._key = spec.name, _identity(spec.function), never_negative, _constants(inner)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self._key == other._key


def _identity(function: Callable[..., Any]) -> tuple[Any, ...]:
    """What tells a function from others: of one whose options are plain, it and those."""
    if isinstance(function, functools.partial) and not function.args:
        options = function.keywords.items()
        if all(isinstance(value, bool | int | float | str) for _, value in options):
            return id(function.func), *((name, repr(value)) for name, value in options)
    return (id(function),)


def _constants(function: Callable[..., Any]) -> tuple[Any, ...]:
    """Plain values from outside that a function looks up: they become part of its kernel."""
    code, scope = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    if code is None:
        return ()
    cells = [one.cell_contents for one in function.__closure__ or ()]
    found = [scope.get(name) for name in code.co_names] + cells
    return tuple(one for one in found if isinstance(one, int | float | str | np.generic))


@functools.lru_cache(_REMEMBERED)
def _kernel(integrator: _Named, metrics: tuple[_Named, ...]) -> Kernel | None:
    traced = trace(integrator.spec, [one.spec for one in metrics])
    return None if traced is None else Kernel(traced)


def _readable(array: Array) -> bool:
    return array.dtype == np.float64 and array.flags.aligned


def _rows(states: Array, rows: int) -> Array:
    """`(..., T+1)` as `(n, T+1)`, without a copy."""
    if states.flags.c_contiguous:
        return states.reshape(rows, states.shape[-1])
    return layout.instants(states).reshape(states.shape[-1], rows).T


def _trajectory(states: list[Array], dt: float) -> Trajectory:
    """The trajectory of states that the kernel found to be finite."""
    trajectory = object.__new__(Trajectory)
    named = {name: read_only(one) for name, one in zip(FIELDS, states, strict=True)}
    vars(trajectory).update(named, dt=dt, complete=True, recorded={})
    return trajectory
