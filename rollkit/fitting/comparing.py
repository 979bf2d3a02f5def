"""How well and how smoothly methods fit: each integrated again and measured."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import arrays, measure
from rollkit.arrays import Array
from rollkit.declare import InverseSpec
from rollkit.errors import UsageError
from rollkit.fitting.methods import Method, builtin, default_plugins, fitted, inverse_of
from rollkit.model import Actions, State, Trajectory
from rollkit.options import completed
from rollkit.plugins import Plugins
from rollkit.rollouts import Rollout


class Fitted(NamedTuple):
    """What a method made of some poses, and how good that is.

    Attributes
    ----------
    initial : State, `(...)`
    actions : Actions, `(..., T)`
    rollout : Rollout
        The actions, integrated again by the method's own integrator, beside the poses.
    integrator : str
    values : dict of name to array, `(...)`
        What `MEASURES` names, of each case.
    """

    initial: State
    actions: Actions
    rollout: Rollout
    integrator: str
    values: dict[str, Array]


class Measure(NamedTuple):
    """What is measured of a fit, and how the values of many cases become one."""

    unit: str
    over_cases: Literal["mean", "rms", "max"]
    of: Callable[[Rollout], Array]


def _needing_a_change(reduction: Callable[[Array], Array], values: Array) -> Array:
    """Undefined where there is a single step."""
    return reduction(values) if values.shape[-1] else measure.undefined(values.shape[:-1])


MEASURES: Mapping[str, Measure] = {
    "rollout_ade": Measure("m", "mean", lambda one: arrays.mean(one.predicted(one.deviation))),
    "rollout_fde": Measure("m", "mean", lambda one: arrays.last(one.deviation)),
    "final_heading_error": Measure(
        "rad", "mean", lambda one: np.abs(arrays.last(one.heading_error))
    ),
    "rms_accel": Measure("m/s^2", "rms", lambda one: arrays.rms(one.accel)),
    "max_abs_accel": Measure("m/s^2", "max", lambda one: arrays.max_abs(one.accel)),
    "rms_jerk": Measure("m/s^3", "rms", lambda one: _needing_a_change(arrays.rms, one.jerk)),
    "max_abs_jerk": Measure(
        "m/s^3", "max", lambda one: _needing_a_change(arrays.max_abs, one.jerk)
    ),
    "rms_curvature": Measure("1/m", "rms", lambda one: arrays.rms(one.curvature)),
    "max_abs_curvature": Measure("1/m", "max", lambda one: arrays.max_abs(one.curvature)),
    "rms_curvature_rate": Measure(
        "1/(m s)", "rms", lambda one: _needing_a_change(arrays.rms, one.curvature_rate)
    ),
    "max_abs_curvature_rate": Measure(
        "1/(m s)", "max", lambda one: _needing_a_change(arrays.max_abs, one.curvature_rate)
    ),
}


def compare_fits(
    trajectory: Trajectory,
    methods: Iterable[Method] | None = None,
    *,
    initial_speed: npt.ArrayLike | None = None,
    history: Trajectory | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Fitted]:
    """Fit the same poses by several methods; where each leads, and how rough its actions are.

    Parameters
    ----------
    trajectory, initial_speed, history
        As for `fit`.
    methods : iterable of str or function, optional
        All built-in ones by default.
    options : mapping of name to mapping, optional
        The options of each method.

    Returns
    -------
    dict of name to Fitted
        `.values` has, of each case: `rollout_ade` and `rollout_fde` (m), of the actions integrated
        again by the method's integrator, against the poses; `final_heading_error` (rad); RMS and
        largest magnitude of acceleration, jerk, curvature and curvature rate. What takes two steps
        is nan with one.

    Raises
    ------
    UsageError, DataError, PluginError
        As for `fit`.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> drive = rollkit.Trajectory.through(np.arange(20.0), np.zeros(20), 0.1)
    >>> some = compare_fits(drive, ["differences", "spline"])
    >>> {name: bool(one.values["rollout_ade"] < 1e-3) for name, one in some.items()}
    {'differences': True, 'spline': True}
    """
    plugins, given = default_plugins(), dict(options or {})
    if methods is None:
        chosen = builtin(plugins)
    elif isinstance(methods, str):
        raise UsageError(f"methods: got {methods!r}, expected a list of names: [{methods!r}]")
    else:
        chosen = [inverse_of(one, plugins) for one in methods]
    names = [one.spec.name for one in chosen]
    for name in given:
        if name not in names:
            raise UsageError(f"options: got those of {name!r}, expected of {', '.join(names)}")
    compared = {}
    for one in chosen:
        spec = one.spec
        values = completed(f"fit {spec.name!r}", spec.parameters, given.get(spec.name, {}))
        initial, actions = fitted(
            one, trajectory, values, initial_speed=initial_speed, history=history
        )
        compared[spec.name] = judged(spec, initial, actions, trajectory, plugins)
    return compared


def judged(
    spec: InverseSpec, initial: State, actions: Actions, poses: Trajectory, plugins: Plugins
) -> Fitted:
    """The fit, rolled out again by the method's integrator and measured."""
    integrator = plugins.integrator(spec.integrator).spec
    own = completed(f"integrator {integrator.name!r}", integrator.parameters, {})
    rollout = measure.roll_out(integrator.bound(own), initial, actions, reference=poses)
    values = {name: one.of(rollout) for name, one in MEASURES.items()}
    return Fitted(initial, actions, rollout, integrator.name, values)
