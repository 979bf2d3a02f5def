"""Explaining presets: from a call to the explanation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rollkit import memory
from rollkit.declare import PresetSpec, spec_of
from rollkit.errors import UsageError
from rollkit.explaining.case import Progress, choose
from rollkit.explaining.explanation import Explanation
from rollkit.explaining.judging import Preset, judged
from rollkit.explaining.views import view
from rollkit.formats import AUTO
from rollkit.guard import Origin
from rollkit.model import Trajectory
from rollkit.options import some
from rollkit.plugins import Plugins, Registered
from rollkit.poses import Poses
from rollkit.predictions import arguments
from rollkit.predictions.arguments import Predictions
from rollkit.predictions.rollouts import cases_of
from rollkit.predictions.spec import EvalSpec
from rollkit.resampling import Method
from rollkit.vehicles import Vehicle


def explain(
    predictions: Predictions,
    reference: Predictions | None = None,
    *,
    presets: Sequence[str | Callable[..., Any]],
    case: str | None = None,
    sample: int | None = None,
    plugins: Sequence[str] | None = None,
    fit: str = AUTO,
    format: str = AUTO,
    reference_format: str = AUTO,
    dt: float | None = None,
    resample: Method = "cubic",
    max_gap: float | None = None,
    horizon: float | None = None,
    history: float | None = None,
    params: Mapping[str, Any] | None = None,
    vehicle: Vehicle | Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Show where and why presets differ about one case: what `rollkit explain` does.

    Parameters
    ----------
    predictions, reference : path, Poses or iterable of Poses
        As for `evaluate_predictions`.
    presets : sequence of str or function
        Whose verdicts to compare: names, or functions declared with `@preset`.
    case : str, optional
        The id of the case; by default the worst: that of the least margin, as a share of the limit,
        over the checks on which verdicts differ, or over those of the first preset where none do.
    sample : int, optional
        Which of the K samples, from 0; by default the worst, likewise.
    plugins : sequence of str, optional
        Plugins that bring presets or formats: names or ./file.py.
    fit, format, reference_format, dt, resample, max_gap, horizon, history, params, vehicle
        As for `evaluate_predictions`.
    progress : callable, optional
        Called with the number of cases looked at, after each block.

    Returns
    -------
    Explanation
        `.rows`, `.differences`, `.views` with the signals over time, `.save("explain.svg")`.

    Raises
    ------
    UsageError, DataError
        A wrong call or wrong data: no such case or preset, no case that can be measured. A preset
        that fails is recorded in `.failures`.

    Examples
    --------
    Two views of one speed:

    >>> from rollkit import Check, Poses, Quirk, explain, preset
    >>> @preset(project="ours", checks=(Check(name="speed", unit="m/s", high=13.4),))
    ... def ours(rollout):
    ...     '''Nobody drives faster than 30 mph.'''
    ...     return {"speed": rollout.speed}
    >>> rounded = Quirk(name="rounded", text="Miles are taken for 1.6 km.", signals=("speed",))
    >>> limit = Check(name="speed", unit="m/s", high=13.4)
    >>> @preset(project="theirs", checks=(limit,), quirks=(rounded,))
    ... def theirs(rollout):
    ...     '''Nobody drives faster than 30 mph, in miles of their own.'''
    ...     return {"speed": rollout.speed / 1.6 * 1.609344}
    >>> drive = Poses(
    ...     ids=("a",), x=[[[0.0, 13.38, 26.76]]], y=[[[0.0] * 3]], dt=1.0, frame="", origin=""
    ... )
    >>> told = explain(drive, presets=[ours, theirs])
    >>> for difference in told.differences:
    ...     for reason in difference.reasons:
    ...         print(difference.row.name, reason)
    speed theirs, rounded: Miles are taken for 1.6 km.
    """
    spec = EvalSpec(
        predictions=arguments.name_of(predictions),
        reference=None if reference is None else arguments.name_of(reference),
        format=format,
        reference_format=reference_format,
        fit=fit,
        plugins=None if plugins is None else some("plugins", plugins),
        dt=dt,
        resample=resample,
        max_gap=max_gap,
        horizon=horizon,
        history=history,
        params={} if params is None else params,
        vehicle=None if vehicle is None else Vehicle.of(vehicle),
    )
    return explain_spec(
        spec,
        presets,
        case=case,
        sample=sample,
        predictions=arguments.blocks_of("predictions", predictions),
        reference=None if reference is None else arguments.blocks_of("reference", reference),
        progress=progress,
    )


def explain_spec(
    spec: EvalSpec,
    presets: Sequence[str | Callable[..., Any]],
    *,
    case: str | None = None,
    sample: int | None = None,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Explain a case of an evaluation that is spelt out already."""
    memory.keep()
    plugins = Plugins()
    plugins.load(spec.plugins or ())
    compared = _presets(presets, plugins)
    cases = cases_of(spec, plugins, predictions=predictions, reference=reference)
    chosen = choose(cases, compared, case=case, sample=sample, progress=progress)
    corrected = _corrected(compared, plugins)
    rollout, said = judged([*compared, *corrected], chosen.poses, cases)
    views = tuple(view(one, rollout, chosen.sample) for one in said)
    said = said[: len(compared)]
    faults = [one.fault for one in said if one.fault is not None]
    return Explanation(
        file=spec.predictions,
        case=chosen.poses.ids[0],
        sample=chosen.sample,
        samples=chosen.poses.samples,
        chosen=chosen.why,
        trajectory=_alone(rollout.trajectory, chosen.sample),
        reference=None if rollout.reference is None else _alone(rollout.reference),
        given=rollout.given,
        views=views[: len(compared)],
        corrected=views[len(compared) :],
        cases=chosen.cases,
        differing=chosen.differing,
        left_out=cases.left_out.to_dict(),
        failures=tuple(dict.fromkeys([*plugins.failures, *faults])),
    )


def _presets(given: Sequence[str | Callable[..., Any]], plugins: Plugins) -> list[Preset]:
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise UsageError(
            f"presets: got {given!r}, expected a list of those whose verdicts to compare",
            hint="`rollkit presets` lists them",
        )
    presets = {one.spec.name: one for one in (_preset(one, plugins) for one in given)}
    for one in presets.values():
        if not one.spec.checks:
            raise UsageError(
                f"preset {one.spec.name} has no signals over time, only metrics of a whole case",
                hint=f"rollkit eval FILE --preset {one.spec.name} computes them",
            )
    return list(presets.values())


def _corrected(compared: Sequence[Preset], plugins: Plugins) -> list[Preset]:
    """The corrected definitions of these presets that are not among them."""
    names = {one.spec.name for one in compared}
    return [
        one
        for one in plugins.presets.values()
        if one.spec.corrects in names and one.spec.name not in names
    ]


def _preset(given: str | Callable[..., Any], plugins: Plugins) -> Preset:
    if isinstance(given, str):
        return plugins.preset(given)
    spec = spec_of(given)
    if not isinstance(spec, PresetSpec):
        raise UsageError(f"{given!r} is not declared with @preset")
    return Registered(spec, Origin(plugin=spec.name, module=given.__module__))


def _alone(trajectory: Trajectory, *sample: int) -> Trajectory:
    """The trajectory of the only case, `(T+1,)`."""
    parts = {name: getattr(trajectory, name)[(0, *sample)] for name in ("x", "y", "yaw", "speed")}
    return Trajectory(**parts, dt=trajectory.dt)
