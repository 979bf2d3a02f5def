"""In what two sides are defined differently: their numbers are then not of the same thing."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rollkit.comparing.sides import Declared, Side
from rollkit.errors import PluginError, UsageError
from rollkit.plugins import Plugins

_MOST = 3
_LONGEST = 80
_SAME = 1e-6  # relative: times that were measured are not exact
_OF_METRIC = ("unit", "version", "better", "bounds", "definition")


class Input(NamedTuple):
    """A file that definitions depend on: the same by its content, or else by its name."""

    path: str
    sha256: str | None

    def same(self, other: "Input") -> bool:
        """Whether it is, as far as it is known."""
        if self.sha256 is not None and other.sha256 is not None:
            return self.sha256 == other.sha256
        return Path(self.path).name == Path(other.path).name


def differences(base: Side, candidate: Side, metrics: Iterable[str]) -> list[str]:
    """What differs, a line each: `dt: 0.1 there, 0.05 here`; there is the base.

    What one side does not say is no difference. Whose work it is (the source and its options, the
    files of predictions, the seeds) may differ: that is what comparing is for.
    """
    found = [
        _line(name, base.settings[name], candidate.settings[name])
        for name in base.settings
        if name in candidate.settings and not _same(base.settings[name], candidate.settings[name])
    ]
    found += _options(base, candidate)
    for name in metrics:
        if name in base.metrics and name in candidate.metrics:
            found += _of_metric(name, base.metrics[name], candidate.metrics[name])
    return found


def refuse(base: Side, candidate: Side, found: Sequence[str]) -> None:
    """Refuse sides that are defined differently.

    Raises
    ------
    UsageError
    """
    if not found:
        return
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    raise UsageError(
        f"{base.name} and {candidate.name} are defined differently: "
        + "; ".join([*found[:_MOST], *more]),
        hint="measure both in the same way; --anyway compares them all the same",
    )


def other_unit(base: Declared, candidate: Declared) -> str | None:
    """Why the numbers of a metric have no difference: they are of different units."""
    if base.unit is None or candidate.unit is None or base.unit == candidate.unit:
        return None
    return f"unit: {base.unit} there, {candidate.unit} here: such numbers have no difference"


def _of_metric(name: str, base: Declared, candidate: Declared) -> Iterator[str]:
    if base.version is None or candidate.version is None:
        unit = other_unit(base, candidate)
        if unit is not None:
            yield _line(f"{name}: unit", base.unit, candidate.unit)
        return
    for one in _OF_METRIC:
        there, here = getattr(base, one), getattr(candidate, one)
        if there != here:
            yield _line(f"{name}: {one}", there, here)


def _options(base: Side, candidate: Side) -> Iterator[str]:
    """Options of the integrator, or of an evaluation's fit, that differ."""
    plugins = Plugins()
    fit = base.settings.get("fit")
    if isinstance(fit, str) and fit == candidate.settings.get("fit"):
        yield from _parameters(plugins.inverse, fit, base.options, candidate.options)
    lines: dict[str, None] = {}
    for there, here in zip(base.cells or (), candidate.cells or (), strict=False):
        if there.integrator == here.integrator:
            some = _parameters(plugins.integrator, there.integrator, there.params, here.params)
            lines.update(dict.fromkeys(some))
    yield from lines


def _parameters(
    find: Callable[[str], Any], name: str, there: Mapping[str, Any], here: Mapping[str, Any]
) -> Iterator[str]:
    """Options that differ and are those of a method; others are the source's or the format's.

    An artifact says not whose an option is. Of a method that is not installed nobody can.
    """
    both = [one for one in there if one in here and not _same(there[one], here[one])]
    if not both:
        return
    try:
        known = {one.name for one in find(name).spec.parameters}
    except (UsageError, PluginError):
        return
    for one in both:
        if one in known:
            yield _line(f"{name}: {one}", there[one], here[one])


def _same(there: Any, here: Any) -> bool:
    if isinstance(there, Input) and isinstance(here, Input):
        return there.same(here)
    if _number(there) and _number(here):
        return math.isclose(there, here, rel_tol=_SAME)
    if isinstance(there, list | tuple) and isinstance(here, list | tuple):
        return len(there) == len(here) and all(map(_same, there, here))
    return bool(there == here)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(name: str, there: Any, here: Any) -> str:
    return f"{name}: {_short(there)} there, {_short(here)} here"


def _short(value: Any) -> str:
    if isinstance(value, Input):
        value = value.path
    if isinstance(value, list | tuple):
        value = [one.path if isinstance(one, Input) else one for one in value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = "none" if value is None else text
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
