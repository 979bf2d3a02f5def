"""Declaring metrics."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of, one_of, whole, wrong

INVARIANCES = ("se2", "mirror", "time_shift", "time_reversal", "dt_refinement", "reference_point")
LAWS_OF_SCALE = ("scaling", "value_has_its_unit")
SIGNALS = ("accel", "curvature", "speed", "position")
NEEDS = ("actions", "reference", "vehicle", "probability")


class MetricSpec(NamedTuple):
    """What a metric is. See `metric` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    unit: str
    better: Literal["lower", "higher"] | None
    bounds: tuple[float | None, float | None]
    needs: tuple[str, ...]
    min_steps: int
    invariant_under: tuple[str, ...]
    scales_with: Mapping[str, float]
    compares_samples: bool | Literal["each"]
    version: int
    definition: str
    breaks: Mapping[str, str] = {}
    jumps: bool = False
    preset: str | None = None  # which it is a part of
    uses: tuple[str, ...] = ()  # what it may lack, but looks at where it is there
    resolution: float = 0.0  # to which its definition rounds the value


def metric(
    *,
    unit: str,
    better: Literal["lower", "higher"] | None = None,
    bounds: tuple[float | None, float | None] = (None, None),
    needs: str | tuple[str, ...] = (),
    min_steps: int = 0,
    invariant_under: tuple[str, ...] = (),
    scales_with: Mapping[str, float] | None = None,
    compares_samples: bool | Literal["each"] = False,
    breaks: Mapping[str, str] | None = None,
    jumps: bool = False,
    version: int = 1,
    name: str | None = None,
) -> Callable[[Function], Function]:
    """Declare a metric: a function of a `Rollout` that returns one number per rollout.

    The function takes a rollout of any batch shape `(...)` and returns an array of that shape;
    nan means undefined. The first paragraph of its docstring is its definition in the artifact.

    Parameters
    ----------
    unit : str
        Unit of the value: `"m/s^3"`, or `"1"` for a bare number.
    better : {"lower", "higher"}, optional
        Which way is better; None where neither is.
    bounds : (low, high)
        The values it can take at all. A value outside is reported as the metric's failure.
    needs : str or tuple of str
        What beside the trajectory: `"actions"`, `"reference"`, `"vehicle"`, `"probability"`. Where
        a rollout lacks it, the metric is undefined.
    min_steps : int
        Steps below which the value is undefined; the function is then not called.
    invariant_under : tuple of str
        Transformations that leave the value unchanged: `"se2"` (turning and moving the world),
        `"mirror"`, `"time_shift"` (steady driving leads into the rollout), `"time_reversal"` (the
        path driven the other way), `"dt_refinement"` (the same held actions in half steps),
        `"reference_point"` (the same motion told at the vehicle's centre, not its rear axle).
    scales_with : mapping, optional
        Powers by which the value scales with a signal, all others unchanged: `{"accel": 1}` for a
        jerk. Signals are `"accel"`, `"curvature"`, `"speed"` and `"position"`.
    compares_samples : bool or "each"
        Whether the value of a sample depends on the other samples of its case: True where the case
        has one value, the least over all of them, say, which is then the value of each; `"each"`
        where every sample still has a value of its own.
    breaks : mapping of str to str, optional
        Invariances (or laws of scale, `LAWS_OF_SCALE`) that one would expect and that this
        definition breaks, each with the reason: the conformance kit expects them to fail.
    jumps : bool
        Whether the value is picked among equals, as the time of the worst instant is, so that
        rounding may make it jump: the kit then asks for no closeness in single precision.
    version : int
        Raise it when the definition changes, so that old numbers are not compared with new ones.
    name : str, optional
        The function's name by default.

    Raises
    ------
    DeclarationError
        No docstring, or an argument that is none of the above.

    Examples
    --------
    >>> from rollkit import arrays, metric
    >>> @metric(unit="m/s^2", better="lower", bounds=(0, None), needs="actions")
    ... def mean_abs_accel(rollout):
    ...     '''Mean magnitude of longitudinal acceleration, mean |a|.'''
    ...     return arrays.mean(abs(rollout.accel))
    """

    def declared(function: Function) -> Function:
        needed = (needs,) if isinstance(needs, str) else tuple(needs)
        low, high = (None if one is not None and math.isinf(one) else one for one in bounds)
        one_of(function, "better", better, ("lower", "higher", None))
        for need in needed:
            one_of(function, "needs", need, NEEDS)
        for signal in scales_with or ():
            one_of(function, "scales_with", signal, SIGNALS)
        for trait in invariant_under:
            one_of(function, "invariant_under", trait, INVARIANCES)
        if not (isinstance(unit, str) and unit):
            raise wrong(function, f"unit: got {unit!r}, expected text such as 'm/s' or '1'")
        if any(one is not None and math.isnan(one) for one in (low, high)):
            raise wrong(function, f"bounds: got {bounds!r}, expected numbers or None")
        if low is not None and high is not None and not low <= high:
            raise wrong(function, f"bounds: got {bounds!r}, expected low <= high")
        one_of(function, "compares_samples", compares_samples, (True, False, "each"))
        for law in breaks or ():
            one_of(function, "breaks", law, (*INVARIANCES, *LAWS_OF_SCALE))
            if law in invariant_under:
                raise wrong(function, f"breaks: {law!r} is in invariant_under too")
        whole(function, "min_steps", min_steps, 0)
        whole(function, "version", version, 1)
        spec = MetricSpec(
            name=name_of(function, name),
            function=function,
            unit=unit,
            better=better,
            bounds=(low, high),
            needs=needed,
            min_steps=min_steps,
            invariant_under=tuple(invariant_under),
            scales_with=dict(scales_with or {}),
            compares_samples=compares_samples,
            version=version,
            definition=definition_of(function),
            breaks=dict(breaks or {}),
            jumps=jumps,
        )
        return attach(function, spec)

    return declared
