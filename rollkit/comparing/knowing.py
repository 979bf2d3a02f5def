"""What a metric is, where a side does not say: the other side knows, or an installed plugin."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from rollkit.comparing.sides import Declared, Side
from rollkit.errors import PluginError, UsageError
from rollkit.plugins import Plugins


def known_metrics(names: Iterable[str], *sides: Side) -> tuple[dict[str, Declared], list[str]]:
    """Each metric as the first side that knows it declares it, and notes on what is assumed.

    Of columns of numbers that somebody else has written, nobody says which side is better. One that
    is called like a built-in metric is taken for it, unless it says that it has another unit.
    """
    found: dict[str, Declared] = {}
    assumed = []
    for name in names:
        said = [side.metrics[name] for side in sides if name in side.metrics]
        declared = next((one for one in said if one.version is not None), None)
        if declared is None:
            units = {one.unit for one in said if one.unit is not None}
            declared = replace(said[0], unit=next(iter(units), None))
            builtin = _builtin(name)
            if builtin is not None and units <= {builtin.unit}:
                declared = builtin
                assumed.append(name)
        found[name] = declared
    few = ", ".join(assumed[:3]) + (f" and {len(assumed) - 3} more" if len(assumed) > 3 else "")
    notes = [f"taken for the metrics of rollkit's by that name: {few}"] if assumed else []
    return found, notes


@cache
def _plugins() -> Plugins:
    return Plugins()


@cache  # those that are none are looked for in all plugins
def _builtin(name: str) -> Declared | None:
    plain = name.partition("@")[0]  # the horizon is no part of it
    try:
        spec = _plugins().metric(plain).spec
    except (UsageError, PluginError):
        return None
    if spec.name != plain:
        return None
    return Declared(
        unit=spec.unit,
        better=spec.better,
        bounds=spec.bounds,
        version=spec.version,
        definition=spec.definition,
        preset=spec.preset,
    )
