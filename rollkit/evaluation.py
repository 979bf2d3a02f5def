"""rollkit as a library, on rollouts in hand: roll out, evaluate."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from rollkit import measure, memory
from rollkit.arrays import Array
from rollkit.cell import chunk_size
from rollkit.declare import IntegratorSpec, MetricSpec, PresetSpec, spec_of
from rollkit.engines import choose, integrate
from rollkit.errors import PluginError, UsageError
from rollkit.executors import cores, counted, in_order
from rollkit.guard import Origin, failure
from rollkit.model import Actions, State
from rollkit.options import completed, listed
from rollkit.plugins import STARTER, Plugins, Registered
from rollkit.presets import metrics_of
from rollkit.rollouts import Rollout
from rollkit.spec import DEFAULT_INTEGRATOR

Integrator = str | Callable[..., Any]


def rollout(
    actions: Actions,
    initial: State,
    integrator: Integrator = DEFAULT_INTEGRATOR,
    *,
    params: Mapping[str, Any] | None = None,
) -> Rollout:
    """Integrate actions from an initial state.

    Parameters
    ----------
    actions : Actions, `(..., T)`
    initial : State, `(...)`
        One state per row of actions; a single state starts every row.
    integrator : str or function
        A built-in's name (`euler`, `rk4`, `exact`, `alpamayo` ...), or a function declared with
        `@integrator`.
    params : mapping, optional
        The integrator's options.

    Returns
    -------
    Rollout
        With a trajectory `(..., T+1)` and the actions.

    Raises
    ------
    UsageError
        An unknown integrator, or an option that does not fit.
    DataError
        An initial state that does not fit.

    Examples
    --------
    A quarter circle of radius 10 m at 5 m/s:

    >>> import numpy as np, rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 10, curvature=[0.1] * 10, dt=np.pi / 10)
    >>> end = rollkit.rollout(actions, rollkit.State(speed=5.0), "exact").trajectory.at(-1)
    >>> print(np.round([end.x, end.y, end.yaw / np.pi], 12))
    [10.  10.   0.5]
    """
    spec = _integrator(integrator, params)
    return measure.roll_out(spec, initial, actions)


def evaluate(
    rollout: Rollout,
    metrics: Iterable[str | Callable[..., Any]] | None = None,
    *,
    presets: Sequence[str] = (),
) -> dict[str, Array]:
    """Compute metrics of a rollout, one value per rollout.

    Parameters
    ----------
    rollout : Rollout, batch `(...)`
    metrics : iterable of str or function, optional
        Names of built-in metrics, or functions declared with `@metric` or `@preset`; the starter
        set by default.
    presets : sequence of str
        Names of built-in presets, whose metrics to compute beside.

    Returns
    -------
    dict of name to array `(...)`
        nan where a metric is undefined: too few steps, or no actions where it needs them.

    Raises
    ------
    UsageError
        An unknown metric.
    PluginError
        A metric raised, or returned something else than one number per rollout.

    Examples
    --------
    >>> import rollkit
    >>> accel, straight = [[0.0, 1.0], [0.0, 3.0]], [[0.0, 0.0]] * 2
    >>> actions = rollkit.Actions(accel, straight, dt=0.5)
    >>> rollkit.evaluate(rollkit.rollout(actions, rollkit.State(speed=5.0)), ["max_abs_jerk"])
    {'max_abs_jerk': array([2., 6.])}
    """
    chosen = _metrics(metrics, presets)
    missing = (one.spec.name for one in chosen if measure.missing(one.spec, rollout))
    known = {name: measure.undefined(rollout.batch) for name in missing}
    return _evaluate(chosen, rollout, known, rollout.batch)


def evaluate_actions(
    actions: Actions,
    initial: State,
    integrator: Integrator = DEFAULT_INTEGRATOR,
    metrics: Iterable[str | Callable[..., Any]] | None = None,
    *,
    params: Mapping[str, Any] | None = None,
    engine: str = "auto",
    workers: int | str = 1,
) -> dict[str, Array]:
    """Roll out and evaluate many rows of actions, a chunk at a time.

    The same as `evaluate(rollout(actions, initial, integrator), metrics)`, without ever holding
    all trajectories.

    Parameters
    ----------
    actions : Actions, `(N, T)`
    initial : State, `(N,)` or a single state
    integrator, metrics, params
        As for `rollout` and `evaluate`.
    engine : {"auto", "numpy", "numba"}
        `auto` takes numba where it is installed and the work is worth loading it.
    workers : int or "auto"
        Threads to share the rows among. No value depends on their number.

    Returns
    -------
    dict of name to array `(N,)`

    Raises
    ------
    UsageError
        Actions that are not `(N, T)`, an unknown name, an engine that is not installed.
    DataError
        An initial state that does not fit.
    PluginError
        A metric raised, or returned something else than one number per rollout.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> steady = rollkit.Actions(np.zeros((10_000, 8)), np.zeros((10_000, 8)), dt=0.125)
    >>> values = rollkit.evaluate_actions(steady, rollkit.State(speed=5.0), metrics=["path_length"])
    >>> bool((values["path_length"] == 5.0).all())
    True
    """
    if len(actions.batch) != 1:
        raise UsageError(
            f"evaluate_actions: got actions {actions.accel.shape}, expected (N, T)",
            hint="evaluate(rollout(...)) takes any batch shape",
        )
    threads = counted(workers) or cores()
    spec, chosen = _integrator(integrator, params), _metrics(metrics)
    rows, steps = actions.batch[0], actions.steps
    engine = choose(engine, rows * steps)
    start = measure.starting(spec, initial, actions)
    missing = {one.spec.name for one in chosen if measure.lacking(one.spec, ("actions",), steps)}
    defined = [one.spec for one in chosen if one.spec.name not in missing]
    size = chunk_size(steps) * (_KERNEL_CHUNKS if engine == "numba" else 1)

    def values(initial: State, actions: Actions) -> dict[str, Array]:
        if engine == "numpy":
            actions = actions.arranged()
        known, trajectory = integrate(engine, spec, defined, initial, actions, trajectory=False)
        for name in missing:
            known[name] = measure.undefined(actions.batch)
        rollout = None if trajectory is None else Rollout(trajectory, actions.arranged())
        return _evaluate(chosen, rollout, known, actions.batch)

    def part(first: int) -> dict[str, Array]:
        here = slice(first, first + size)
        return values(start.rows(here), actions.rows(here))

    if rows <= size:
        return values(start, actions)
    firsts = range(0, rows, size)
    parts = list(map(part, firsts) if threads == 1 else in_order(part, firsts, threads))
    return {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}


# A kernel takes this many chunks at once: it needs no room for them, and calling it costs.
_KERNEL_CHUNKS = 16


@functools.cache
def _default_plugins() -> Plugins:
    memory.keep()
    plugins = Plugins()
    plugins.load([STARTER])
    return plugins


def _integrator(integrator: Integrator, params: Mapping[str, Any] | None) -> IntegratorSpec:
    if isinstance(integrator, str):
        spec: object = _default_plugins().integrator(integrator).spec
    else:
        spec = spec_of(integrator)
    if not isinstance(spec, IntegratorSpec):
        raise UsageError(f"{integrator!r} is not declared with @integrator")
    return spec.bound(completed(f"integrator {spec.name!r}", spec.parameters, params or {}))


def _metrics(
    metrics: Iterable[str | Callable[..., Any]] | None, presets: Sequence[str] = ()
) -> list[Registered[MetricSpec]]:
    plugins, presets = _default_plugins(), listed("presets", presets)
    if metrics is None:
        return plugins.choose_metrics((), None, presets=presets)
    if isinstance(metrics, str):
        raise UsageError(f"metrics: got {metrics!r}, expected a list of names: [{metrics!r}]")
    chosen = plugins.choose_metrics((), None, presets=presets) if presets else []
    for one in metrics:
        if isinstance(one, str):
            chosen.append(plugins.metric(one))
        elif isinstance(spec := spec_of(one), MetricSpec | PresetSpec):
            origin = Origin(plugin=spec.name, module=one.__module__)
            mine = [spec] if isinstance(spec, MetricSpec) else metrics_of(spec)
            chosen += [Registered(each, origin) for each in mine]
        else:
            raise UsageError(f"{one!r} is not declared with @metric or @preset")
    names = [one.spec.name for one in chosen]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"two metrics are called {twice!r}; expected each name once")
    return chosen


def _evaluate(
    metrics: list[Registered[MetricSpec]],
    rollout: Rollout | None,
    known: Mapping[str, Array],
    batch: tuple[int, ...],
) -> dict[str, Array]:
    """The values of each metric: those that are known already, and the rest from the rollout."""
    values: dict[str, Array] = {}
    for one in metrics:
        spec = one.spec
        try:
            values[spec.name] = measure.value(spec, rollout, known, batch)
        except Exception as error:  # whatever it was, the caller learns whose it was
            fault = failure(one.origin, "compute", error, subject=spec.name, function=spec.function)
            raise PluginError(fault) from error
    return values
