"""Declaring metrics, integrators, action sources and executors.

Each decorator checks what it is told, attaches one frozen spec to the function and returns the
function unchanged. The spec is all that rollkit knows about it; there is no second registry.
"""

import inspect
import math
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, TypeVar

from rollkit.errors import DeclarationError
from rollkit.parameters import Parameter, parameter_of

Function = TypeVar("Function", bound=Callable[..., Any])

INVARIANCES = ("se2", "mirror", "time_shift", "time_reversal", "dt_refinement")
LIMITED = ("accel", "curvature", "speed", "jerk", "curvature_rate", "yaw_rate", "lateral_accel")
SIGNALS = ("accel", "curvature", "speed", "position")
NEEDS = ("actions", "reference", "vehicle")
ATTRIBUTE = "__rollkit__"


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
    version: int
    definition: str


class IntegratorSpec(NamedTuple):
    """What an integrator is. See `integrator` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    order: int | None
    speed_never_negative: bool
    definition: str


class ActionSourceSpec(NamedTuple):
    """What an action source is. See `action_source` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    own_time: bool
    limits: Mapping[str, float]
    definition: str


class ExecutorSpec(NamedTuple):
    """What an executor is. See `executor` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    definition: str


Spec = MetricSpec | IntegratorSpec | ActionSourceSpec | ExecutorSpec


def metric(
    *,
    unit: str,
    better: Literal["lower", "higher"] | None = None,
    bounds: tuple[float | None, float | None] = (None, None),
    needs: str | tuple[str, ...] = (),
    min_steps: int = 0,
    invariant_under: tuple[str, ...] = (),
    scales_with: Mapping[str, float] | None = None,
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
        What beside the trajectory: `"actions"`, `"reference"`, `"vehicle"`. Where a rollout lacks
        it, the metric is undefined.
    min_steps : int
        Steps below which the value is undefined; the function is then not called.
    invariant_under : tuple of str
        Transformations that leave the value unchanged: `"se2"` (turning and moving the world),
        `"mirror"`, `"time_shift"` (steady driving leads into the rollout), `"time_reversal"` (the
        path driven the other way), `"dt_refinement"` (the same held actions in half steps).
    scales_with : mapping, optional
        Powers by which the value scales with a signal, all others unchanged: `{"accel": 1}` for a
        jerk. Signals are `"accel"`, `"curvature"`, `"speed"` and `"position"`.
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
        _one_of(function, "better", better, ("lower", "higher", None))
        for need in needed:
            _one_of(function, "needs", need, NEEDS)
        for signal in scales_with or ():
            _one_of(function, "scales_with", signal, SIGNALS)
        for trait in invariant_under:
            _one_of(function, "invariant_under", trait, INVARIANCES)
        if not (isinstance(unit, str) and unit):
            raise _wrong(function, f"unit: got {unit!r}, expected text such as 'm/s' or '1'")
        if any(one is not None and math.isnan(one) for one in (low, high)):
            raise _wrong(function, f"bounds: got {bounds!r}, expected numbers or None")
        if low is not None and high is not None and not low <= high:
            raise _wrong(function, f"bounds: got {bounds!r}, expected low <= high")
        _whole(function, "min_steps", min_steps, 0)
        _whole(function, "version", version, 1)
        spec = MetricSpec(
            name=_name(function, name),
            function=function,
            unit=unit,
            better=better,
            bounds=(low, high),
            needs=needed,
            min_steps=min_steps,
            invariant_under=tuple(invariant_under),
            scales_with=dict(scales_with or {}),
            version=version,
            definition=_definition(function),
        )
        return _attach(function, spec)

    return declared


def integrator(
    *, order: int | None, speed_never_negative: bool, name: str | None = None
) -> Callable[[Function], Function]:
    """Declare an integrator: `(State (...), Actions (..., T)) -> Trajectory (..., T+1)`.

    Parameters
    ----------
    order : int or None
        Order of convergence of the position as dt shrinks; None where it is exact.
    speed_never_negative : bool
        Whether speed is held at or above 0. Initial speeds below 0 are then refused.
    name : str, optional
        The function's name by default.
    """

    def declared(function: Function) -> Function:
        if order is not None:
            _whole(function, "order", order, 1)
        if not isinstance(speed_never_negative, bool):
            raise _wrong(function, f"speed_never_negative: got {speed_never_negative!r}")
        spec = IntegratorSpec(
            name=_name(function, name),
            function=function,
            order=order,
            speed_never_negative=speed_never_negative,
            definition=_definition(function),
        )
        return _attach(function, spec)

    return declared


def action_source(
    *, limits: Mapping[str, float] | None = None, name: str | None = None
) -> Callable[[Function], Function]:
    """Declare an action source: `(draws, *, horizon, dt, ...) -> (State (n,), Actions (n, T))`.

    `draws` holds n seeds and their random numbers (see `rollkit.draws.Draws`). `horizon` and `dt`
    are filled in from the run; a source that gives them a default of None brings its own time and
    receives None unless the caller says otherwise. Every other keyword-only parameter is an option
    of the source, `--set name=value` on the command line. A source may return `Episodes` instead.

    Parameters
    ----------
    limits : mapping, optional
        Largest magnitude of signals of the rollout, by name, that no seed exceeds:
        `{"lateral_accel": 3.0}`.
    name : str, optional
        The function's name by default.
    """

    def declared(function: Function) -> Function:
        return _attach(function, source_spec(function, limits=limits, name=name))

    return declared


def executor(*, name: str | None = None) -> Callable[[Function], Function]:
    """Declare an executor: who does the units of a run, where this machine is not to.

    The function is called as `function(job, units, *, workers, scheduler)` and yields parts in the
    order of the units. It does a unit with `Worker(job).do(unit)`, wherever that is, and may merge
    neighbours with `Part.merged`: two whose numbers are 2k and 2k + 1, then two such pairs, and so
    on, a part of 2ᵏ units having level k. Unless the job keeps values: then every unit's part is
    handed over by itself.

    Parameters
    ----------
    name : str, optional
        The function's name by default; what `--executor` takes.

    Raises
    ------
    DeclarationError
        No docstring.
    """

    def declared(function: Function) -> Function:
        spec = ExecutorSpec(_name(function, name), function, _definition(function))
        return _attach(function, spec)

    return declared


def source_spec(
    function: Callable[..., Any],
    *,
    limits: Mapping[str, float] | None = None,
    name: str | None = None,
) -> ActionSourceSpec:
    """The spec of any function with an action source's signature, decorated or not."""
    existing = spec_of(function)
    if isinstance(existing, ActionSourceSpec):
        return existing
    try:
        named = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError) as error:  # of some built-in functions nothing is known
        raise _wrong(function, f"has no signature to read: {error}") from None
    hints = _hints(function)
    if not named:
        raise _wrong(function, "takes no arguments; expected (draws, *, horizon, dt, ...)")
    named.pop(next(iter(named)))
    missing = [key for key in ("horizon", "dt") if key not in named]
    if missing:
        raise _wrong(
            function,
            f"lacks keyword {' and '.join(missing)}; expected (draws, *, horizon, dt, ...)",
        )
    for one in named.values():
        if one.kind in (one.POSITIONAL_ONLY, one.VAR_POSITIONAL, one.VAR_KEYWORD):
            raise _wrong(function, f"parameter {one} cannot be set by name")
    for signal, limit in (limits or {}).items():
        _one_of(function, "limits", signal, LIMITED)
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 0:
            raise _wrong(function, f"limits: {signal}: got {limit!r}, expected a number >= 0")
    times = [named.pop("horizon"), named.pop("dt")]
    own_time = all(one.default is not inspect.Parameter.empty for one in times)
    return ActionSourceSpec(
        name=_name(function, name),
        function=function,
        parameters=tuple(parameter_of(one, hints.get(one.name)) for one in named.values()),
        own_time=own_time,
        limits=dict(limits or {}),
        definition=_definition(function, required=False),
    )


def spec_of(function: object) -> Spec | None:
    """The spec a decorator attached, or None.

    `functools.wraps` carries a spec over to the wrapper: the function named is the one that runs.
    """
    spec: Spec | None = getattr(function, ATTRIBUTE, None)
    if spec is None or spec.function is function or not callable(function):
        return spec
    return spec._replace(function=function)


def where(function: Callable[..., Any]) -> tuple[str | None, int | None]:
    """File and line of a function's definition, as far as they are known."""
    inner = inspect.unwrap(_inner(function))
    code = getattr(inner, "__code__", None) or getattr(type(inner).__call__, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code else (None, None)


def reference(function: Callable[..., Any]) -> str:
    """How a function is named in an artifact: `module:qualified.name`."""
    named = _inner(function)
    name = getattr(named, "__qualname__", type(named).__qualname__)
    return f"{getattr(named, '__module__', type(named).__module__)}:{name}"


def _inner(function: Callable[..., Any]) -> Any:
    """Of a partial, its function; any other callable itself."""
    return getattr(function, "func", function)


def _attach(function: Function, spec: Spec) -> Function:
    earlier = vars(function).get(ATTRIBUTE) if hasattr(function, "__dict__") else None
    if earlier is not None and earlier.function is function:
        raise _wrong(function, f"is declared already, as {earlier.name!r}")
    setattr(function, ATTRIBUTE, spec)
    return function


def _hints(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Type hints; none where they cannot be evaluated, and defaults then tell the types."""
    inner = _inner(function)
    target = inner if inspect.isroutine(inner) else type(inner).__call__
    try:
        return typing.get_type_hints(target, include_extras=True)
    except (NameError, TypeError, AttributeError):  # names imported for type checkers only
        return {}


def _name(function: Callable[..., Any], name: str | None) -> str:
    named = _inner(function)
    chosen = name if name is not None else getattr(named, "__name__", type(named).__name__)
    if not (isinstance(chosen, str) and chosen.isidentifier()):
        raise _wrong(function, f"name: got {chosen!r}, expected an identifier")
    return chosen


def _definition(function: Callable[..., Any], *, required: bool = True) -> str:
    doc = inspect.cleandoc(function.__doc__ or "")
    if required and not doc:
        raise _wrong(function, "has no docstring; its first paragraph is the definition users read")
    return " ".join(doc.split("\n\n")[0].split())


def _one_of(function: Callable[..., Any], what: str, value: object, known: tuple[Any, ...]) -> None:
    if value not in known:
        names = ", ".join(repr(one) for one in known)
        raise _wrong(function, f"{what}: got {value!r}, expected one of {names}")


def _whole(function: Callable[..., Any], what: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise _wrong(function, f"{what}: got {value!r}, expected a whole number >= {least}")


def _wrong(function: Callable[..., Any], problem: str) -> DeclarationError:
    file, line = where(function)
    name = getattr(function, "__name__", repr(function))
    return DeclarationError(f"{name} ({file}:{line}): {problem}")
