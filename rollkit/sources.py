"""Action sources: resolving them, calling them, and checking what they return."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rollkit.declare import ActionSourceSpec, reference, source_spec, where
from rollkit.discovery import import_file, python_file
from rollkit.draws import Draws
from rollkit.errors import DataError, Failure, PluginError, RollkitError, UsageError, shown, unknown
from rollkit.guard import Origin, guarded
from rollkit.model import Actions, State
from rollkit.options import of
from rollkit.plain import plain
from rollkit.plugins import Plugins, Registered
from rollkit.rollouts import Episodes

Source = Registered[ActionSourceSpec]


def resolve(source: str | Callable[..., Any], plugins: Plugins) -> Source:
    """A loaded or built-in source's name, `package.module:function`, or a function itself."""
    if callable(source):
        return _from_function(source, reference(source))
    if ":" in source:
        return _from_function(_imported(source), source)
    return plugins.source(source)


def draw(
    source: Source, draws: Draws, params: Mapping[str, Any], horizon: float | None, dt: float | None
) -> Episodes:
    """The episodes of a run of seeds, checked.

    Raises
    ------
    DataError, UsageError
        What the source returned, or was told, is wrong; within `located` the message says where.
    """
    spec = source.spec
    try:
        own = of(spec.parameters, params)
        answer = spec.function(draws, horizon=horizon, dt=dt, **own)
    except OSError as error:
        raise _about_file(error, params) from error
    if isinstance(answer, tuple) and len(answer) == 2:
        initial, actions = answer
        if not (isinstance(initial, State) and isinstance(actions, Actions)):
            got = f"({type(initial).__name__}, {type(actions).__name__})"
            raise DataError(f"returned {got}, expected (State, Actions)")
        answer = Episodes(initial, actions)
    if not isinstance(answer, Episodes):
        raise DataError(f"returned {type(answer).__name__}, expected (State, Actions)")
    _check_shapes(answer, len(draws), horizon, dt, spec.own_time)
    plain("notes", answer.notes)
    return answer


def _about_file(error: OSError, params: Mapping[str, Any]) -> Exception:
    """A file that was given as an option and cannot be read is the user's to mend."""
    for name, value in params.items():
        if isinstance(value, Path) and error.filename in (value, str(value)):
            return DataError(f"{name}: {error.strerror}: {value}")
    return error


@contextmanager
def located(source: Source) -> Iterator[None]:
    """Say whose numbers were wrong; a built-in's messages already name the file or the option."""
    try:
        yield
    except RollkitError as error:
        if not source.origin.builtin:
            file, line = where(source.spec.function)
            place = f"{shown(file)}:{line}" if file else source.origin.module
            error.message = f"source {source.spec.name!r} ({place}): {error.message}"
        raise


def _check_shapes(
    episodes: Episodes, seeds: int, horizon: float | None, dt: float | None, own_time: bool
) -> None:
    actions = episodes.actions
    if (beside := episodes.reference) is not None:
        got, expected = beside.x.shape, (seeds, actions.steps + 1)
        if got != expected or abs(beside.dt - actions.dt) > 1e-9 * actions.dt:
            raise DataError(
                f"returned a reference {got} with dt={beside.dt:g} s; expected {expected} "
                f"with dt={actions.dt:g} s"
            )
    if actions.batch != (seeds,):
        raise DataError(
            f"returned actions {actions.accel.shape} for {seeds} seeds; expected "
            f"({seeds}, {actions.steps})"
        )
    if dt is not None and abs(actions.dt - dt) > 1e-9 * dt:
        raise DataError(f"returned actions with dt={actions.dt:g} s, was asked for dt={dt:g} s")
    if not own_time and horizon is not None and actions.steps != round(horizon / actions.dt):
        raise DataError(
            f"returned {actions.steps} steps, expected {round(horizon / actions.dt)} "
            f"for horizon {horizon:g} s and dt {actions.dt:g} s"
        )


def _from_function(function: Callable[..., Any], name: str) -> Source:
    spec = source_spec(function, name=_last_identifier(name))
    file, _ = where(function)
    origin = Origin(plugin=name, module=name.split(":")[0], file=file)
    return Registered(spec, origin)


def _last_identifier(name: str) -> str | None:
    last = name.split(":")[-1].split(".")[-1]
    return last if last.isidentifier() else "source"


def _imported(named: str) -> Callable[..., Any]:
    """The function that `package.module:function` or `./file.py:function` names."""
    place, _, attribute = named.rpartition(":")
    hint = "expected package.module:function or ./file.py:function"
    if not place or not attribute:
        raise UsageError(f"source {named!r}: {hint}")
    if place == "__main__" or "<" in attribute:
        raise UsageError(
            f"source {named!r} was a function of a Python session and cannot be found again",
            hint="put it in a file and name it as ./file.py:function",
        )
    failures: list[Failure] = []
    module: Any = None
    with guarded(Origin(named, place), "load", failures, passing=(UsageError,)):
        module = _module(place, named)
    if failures:
        raise PluginError(failures[0])
    function: Any = module
    for part in attribute.split("."):
        function = getattr(function, part, None)
    if not callable(function):
        names = [one for one in vars(module) if callable(vars(module)[one])]
        raise unknown("function", attribute, names, of=f"module {place}")
    return function


def _module(place: str, named: str) -> Any:
    if place.endswith(".py"):
        python_file(place, "source")
        return import_file(place)
    # A policy beside the user's shell is what they mean, as with `python -m`.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{place}.".startswith(f"{error.name}."):
            raise UsageError(
                f"source {named!r}: no module named {error.name!r} here or installed",
                hint="expected package.module:function or ./file.py:function",
            ) from None
        raise
