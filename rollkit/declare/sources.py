"""Declaring action sources."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rollkit.declare.attach import (
    Function,
    attach,
    definition_of,
    name_of,
    one_of,
    options_of,
    spec_of,
    wrong,
)
from rollkit.parameters import Parameter

LIMITED = ("accel", "curvature", "speed", "jerk", "curvature_rate", "yaw_rate", "lateral_accel")


class ActionSourceSpec(NamedTuple):
    """What an action source is. See `action_source` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    own_time: bool
    limits: Mapping[str, float]
    definition: str


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
        return attach(function, source_spec(function, limits=limits, name=name))

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
    named = {one.name: one for one in options_of(function, "draws")}
    missing = [key for key in ("horizon", "dt") if key not in named]
    if missing:
        raise wrong(
            function,
            f"lacks keyword {' and '.join(missing)}; expected (draws, *, horizon, dt, ...)",
        )
    for signal, limit in (limits or {}).items():
        one_of(function, "limits", signal, LIMITED)
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 0:
            raise wrong(function, f"limits: {signal}: got {limit!r}, expected a number >= 0")
    times = [named.pop("horizon"), named.pop("dt")]
    own_time = not any(one.required for one in times)
    return ActionSourceSpec(
        name=name_of(function, name),
        function=function,
        parameters=tuple(named.values()),
        own_time=own_time,
        limits=dict(limits or {}),
        definition=definition_of(function, required=False),
    )
