"""`rollkit.fit`: one method, called by name or as a function."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy.typing as npt

from rollkit import memory
from rollkit.declare import InverseSpec, spec_of
from rollkit.errors import DataError, PluginError, RollkitError, UsageError
from rollkit.fitting.door import (
    check_history,
    check_observed,
    checked,
    nothing,
    starting_speed,
)
from rollkit.guard import Origin, guarded
from rollkit.model import Actions, State, Trajectory
from rollkit.options import completed
from rollkit.plugins import Plugins, Registered

METHODS = "fitting_starter"  # the plugin that bundles the built-in ones
DEFAULT_METHOD = "spline"

Method = str | Callable[..., Any]


def fit(
    trajectory: Trajectory,
    method: Method = DEFAULT_METHOD,
    *,
    initial_speed: npt.ArrayLike | None = None,
    history: Trajectory | None = None,
    **options: Any,
) -> tuple[State, Actions]:
    """Recover the initial state and the actions behind poses: the inverse of `rollout`.

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
        x, y and yaw of every instant; the speed may be nan, and most methods do not use it.
    method : str or function
        A built-in's name (`spline`, `alpamayo`, `waymax`, `differences`), or a function declared
        with `@inverse`.
    initial_speed : array_like, `(...)`, optional
        m/s at index 0, where it is known; a single number stands for all cases.
    history : Trajectory, `(..., H)`, optional
        Poses before the start, the last of them the start itself, at the same time step.
    **options
        The method's own, by name.

    Returns
    -------
    State, Actions
        The state at index 0 and actions `(..., T)`. Some methods smooth the state too.

    Raises
    ------
    UsageError
        An unknown method or option, or an option out of range.
    DataError
        No step, nan in a pose (row and instant are named), or a history or initial speed that
        does not fit.
    PluginError
        The method raised, or returned something else than a state and actions.

    Notes
    -----
    Each method is meant for one integrator, `exact` for `spline`: with another the actions lead
    elsewhere. `compare_fits` measures both.

    Examples
    --------
    A circle of radius 20 m at 10 m/s:

    >>> import numpy as np, rollkit
    >>> yaw = np.arange(20) * 0.05
    >>> circle = rollkit.Trajectory.through(20 * np.sin(yaw), -20 * np.cos(yaw), 0.1, yaw=yaw)
    >>> initial, actions = rollkit.fit(circle)
    >>> print(f"{initial.speed:.2f} m/s, {actions.curvature.mean():.3f} 1/m")
    10.00 m/s, 0.050 1/m
    """
    chosen = inverse_of(method, default_plugins())
    values = completed(f"fit {chosen.spec.name!r}", chosen.spec.parameters, options)
    return fitted(chosen, trajectory, values, initial_speed=initial_speed, history=history)


def fitted(
    inverse: Registered[InverseSpec],
    trajectory: Trajectory,
    options: Mapping[str, Any],
    *,
    initial_speed: npt.ArrayLike | None = None,
    history: Trajectory | None = None,
) -> tuple[State, Actions]:
    """What the method makes of the poses, checked on the way in and out; all options are given.

    Raises
    ------
    DataError, PluginError
        As for `fit`.
    """
    spec = inverse.spec
    if trajectory.steps < max(spec.min_steps, 1):
        raise DataError(
            f"fit: got {trajectory.steps} steps, expected at least {max(spec.min_steps, 1)} for "
            f"{spec.name!r}"
        )
    check_observed("trajectory", trajectory)
    if history is not None:
        check_history(history, trajectory)
    start = None if initial_speed is None else starting_speed(initial_speed, trajectory.batch)
    if trajectory.x.size == 0:
        return nothing(trajectory)
    origin, name = inverse.origin, spec.name
    with guarded(
        origin, "compute", function=spec.function, passing=(RollkitError,), subject=name
    ) as attempt:
        answer = spec.function(trajectory, history=history, initial_speed=start, **options)
    if attempt.fault is None:
        with guarded(origin, "validate", function=spec.function, subject=name) as attempt:
            return checked(answer, trajectory)
    assert attempt.fault is not None
    raise PluginError(attempt.fault)


def builtin(plugins: Plugins) -> list[Registered[InverseSpec]]:
    """The inverses that are bundled as rollkit's own, in their order.

    Raises
    ------
    PluginError
        One of them does not load.
    """
    keys = plugins.load([METHODS])
    if plugins.failures:
        raise PluginError(plugins.failures[0])
    mine = [one for one in plugins.inverses.values() if one.origin.key in keys]
    return sorted(mine, key=lambda one: keys.index(one.origin.key))


@functools.cache
def default_plugins() -> Plugins:
    """The built-in methods, loaded as they are asked for."""
    memory.keep()
    return Plugins()


def inverse_of(method: Method, plugins: Plugins) -> Registered[InverseSpec]:
    """The method of that name, or the function as one."""
    if isinstance(method, str):
        plugins.load([METHODS])  # so that an unknown name gets the nearest of them
        return plugins.inverse(method)
    spec = spec_of(method)
    if not isinstance(spec, InverseSpec):
        raise UsageError(f"{method!r} is not declared with @inverse")
    return Registered(spec, Origin(plugin=spec.name, module=method.__module__))
