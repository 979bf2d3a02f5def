"""The command that does one rollout of a run again."""

import shlex
from collections.abc import Sequence

from rollkit.spec import RunSpec
from rollkit.vehicles import Vehicle


def command(spec: RunSpec, seed: int, metric: str, plugins: Sequence[str] = ()) -> str | None:
    """What to type to measure one seed again; None where no command line can.

    The spec is that of one source and one integrator, its options complete; `plugins` bring the
    metric, where the spec does not name them.

    >>> command(RunSpec("left", {"speed": 8.0}), 7, "ade")
    'rollkit run --scenario left --integrator rk4 --seed 7 --set speed=8.0 --metrics ade'
    """
    module = spec.source.partition(":")[0]
    texts = {name: _text(value) for name, value in spec.params.items()}
    if module == "__main__" or "<" in spec.source or None in texts.values():
        return None
    words = ["--scenario", spec.source, "--integrator", spec.integrator, "--seed", str(seed)]
    for name in ("horizon", "dt"):
        value = getattr(spec, name)
        words += [] if value is None else [f"--{name}", f"{value!r}"]
    if spec.vehicle is not None:
        words += ["--vehicle", _vehicle(spec.vehicle)]
    for name, text in texts.items():
        words += ["--set", f"{name}={text}"]
    named = list(dict.fromkeys([*(spec.plugins or ()), *plugins]))
    words += ["--plugins", ",".join(named)] if named else []
    words += [] if spec.engine in ("auto", "numpy") else ["--engine", spec.engine]
    return shlex.join(["rollkit", "run", *words, "--metrics", metric])


def _vehicle(vehicle: Vehicle) -> str:
    """The vehicle as `--vehicle` reads it."""
    sizes = {name: one for name, one in vehicle.to_dict().items() if one is not None}
    if vehicle.camera is not None:
        sizes["camera"] = ":".join(map(repr, vehicle.camera))
    return ",".join(f"{name}={one}" for name, one in sizes.items())


def _text(value: object) -> str | None:
    """An option's value as `--set` reads it; None for one that it cannot."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | dict):
        return None
    return str(value).replace(",", "\\,")
