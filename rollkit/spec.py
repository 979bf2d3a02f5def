"""What a run is: everything needed to do it again, and nothing else."""

import itertools
import math
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rollkit.door import time_step
from rollkit.errors import DataError, RollkitError, UsageError
from rollkit.gates.gate import Gate
from rollkit.plain import plain
from rollkit.vehicles import Vehicle

DEFAULT_HORIZON = 6.4
DEFAULT_DT = 0.1
MOST_STEPS = 10_000_000
DEFAULT_INTEGRATOR = "rk4"


@dataclass(frozen=True)
class RunSpec:
    """The whole call of a run, in plain values; the `run` section of the artifact.

    `horizon` and `dt` are None where the source brings its own time and nobody said otherwise.
    `plugins` and `metrics` are None where the starter set was left to decide. A sweep names several
    sources or integrators, separated by commas, or several values of an option in `grid`.
    """

    source: str
    params: Mapping[str, Any] = field(default_factory=dict)
    integrator: str = DEFAULT_INTEGRATOR
    plugins: tuple[str, ...] | None = None
    metrics: tuple[str, ...] | None = None
    seeds: tuple[int, int] = (0, 1)
    horizon: float | None = None
    dt: float | None = None
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    engine: str = "auto"
    presets: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    vehicle: Vehicle | None = None

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "source": self.source,
            "params": {name: plain(name, value) for name, value in self.params.items()},
            "grid": {name: plain(name, values) for name, values in self.grid.items()},
            "integrator": self.integrator,
            "plugins": None if self.plugins is None else list(self.plugins),
            "metrics": None if self.metrics is None else list(self.metrics),
            "presets": list(self.presets),
            "gates": [one.to_dict() for one in self.gates],
            "seeds": list(self.seeds),
            "horizon": self.horizon,
            "dt": self.dt,
            "engine": self.engine,
            "vehicle": None if self.vehicle is None else self.vehicle.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "RunSpec":
        """From the `run` section of an artifact.

        Raises
        ------
        DataError
            It is not what `to_dict` writes.
        """
        try:
            listed = {name: _names(name, data[name]) for name in ("plugins", "metrics")}
            texts = {name: _is(name, data[name], str) for name in ("source", "integrator")}
            params = _is("params", data["params"], Mapping)
            grid = _is("grid", data.get("grid", {}), Mapping)
            times = {
                name: None if data[name] is None else float(_is(name, data[name], int | float))
                for name in ("horizon", "dt")
            }
            first, stop = data["seeds"]
            seeds = parse_seeds((first, stop))
            return cls(
                source=texts["source"],
                params=dict(params),
                integrator=texts["integrator"],
                plugins=listed["plugins"],
                metrics=listed["metrics"],
                seeds=seeds,
                horizon=times["horizon"],
                dt=times["dt"],
                grid={name: tuple(_is(name, values, list)) for name, values in grid.items()},
                engine=_is("engine", data.get("engine", "numpy"), str),
                presets=_names("presets", data.get("presets", [])) or (),
                gates=tuple(map(Gate.from_dict, data.get("gates", []))),
                vehicle=None if data.get("vehicle") is None else Vehicle.of(data["vehicle"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            text = error.args[0] if isinstance(error, RollkitError) else repr(error)
            raise DataError(f"the run section is damaged: {text}") from None


def single(spec: RunSpec) -> Iterator[RunSpec]:
    """The runs of one source, one integrator and single values that the spec is made of.

    >>> spec = RunSpec("left,right", grid={"speed": (5, 10)})
    >>> [(one.source, one.params["speed"]) for one in single(spec)]
    [('left', 5), ('left', 10), ('right', 5), ('right', 10)]
    """
    for name, values in spec.grid.items():
        if name in spec.params:
            raise UsageError(f"{name}: given twice, as one value and as a list of them")
        if not values:
            raise UsageError(f"{name}: got an empty list of values, expected at least one")
    names = list(spec.grid)
    for source, integrator, values in itertools.product(
        _several("source", spec.source),
        _several("integrator", spec.integrator),
        itertools.product(*spec.grid.values()),
    ):
        params = {**spec.params, **dict(zip(names, values, strict=True))}
        yield replace(spec, source=source, integrator=integrator, params=params, grid={})


def _several(what: str, text: str) -> list[str]:
    names = [one.strip() for one in text.split(",")]
    if not all(names):
        raise UsageError(f"{what}: got {text!r}, expected a name, or names separated by commas")
    if twice := next((one for one in names if names.count(one) > 1), None):
        raise UsageError(f"{what}: got {text!r}, which names {twice!r} twice")
    return names


def _is(name: str, value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}")
    return value


def _names(name: str, value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(_is(name, one, str) for one in _is(name, value, list))


def parse_seeds(seeds: "int | tuple[int, int] | range | str") -> tuple[int, int]:
    """Seeds as (first, one past the last).

    A count N means 0 to N - 1; `"100:200"`, a pair or a range mean 100 to 199.

    >>> parse_seeds(3), parse_seeds("100:200"), parse_seeds(range(5, 6))
    ((0, 3), (100, 200), (5, 6))
    """
    expected = "expected a count (1000) or a range first:stop (100:200)"
    if isinstance(seeds, range) and seeds.step != 1:
        raise UsageError(f"seeds: got {seeds}, expected consecutive seeds")
    try:
        if isinstance(seeds, range):
            first, stop = seeds.start, seeds.stop
        elif isinstance(seeds, str) and ":" in seeds:
            first, stop = (int(part) for part in seeds.split(":"))
        elif isinstance(seeds, tuple):
            first, stop = (operator.index(part) for part in seeds)
        elif isinstance(seeds, str):
            first, stop = 0, int(seeds)
        else:
            first, stop = 0, operator.index(seeds)
    except (TypeError, ValueError):
        raise UsageError(f"seeds: got {seeds!r}, {expected}") from None
    if not 0 <= first < stop <= 2**64:
        raise UsageError(
            f"seeds: got {seeds!r}, expected at least one seed from 0 to 2**64 - 1",
            hint="--seeds 1000 runs seeds 0 to 999, --seeds 100:200 runs 100 to 199",
        )
    return first, stop


def steps_of(horizon: float, dt: float) -> int:
    """Number of steps of dt in the horizon, which must be a multiple of it.

    >>> steps_of(6.4, 0.1)
    64
    >>> steps_of(1.0, 0.3)
    Traceback (most recent call last):
    rollkit.errors.UsageError: horizon 1 s is no multiple of dt 0.3 s
    nearest: 0.9 s (3 steps) or 1.2 s (4 steps)
    """
    dt = time_step(dt)
    if isinstance(horizon, bool) or not (math.isfinite(horizon) and horizon > 0):
        raise UsageError(f"horizon: got {horizon!r}, expected a positive number of seconds")
    if horizon / dt > MOST_STEPS:
        raise UsageError(
            f"horizon {horizon:g} s in steps of {dt:g} s is more than {MOST_STEPS} steps",
            hint="both are in seconds",
        )
    steps = round(horizon / dt)
    if steps < 1 or not math.isclose(steps * dt, horizon, rel_tol=1e-9):
        below = math.floor(horizon / dt)
        near = [f"{n * dt:g} s ({n} step{'s' * (n > 1)})" for n in (below, below + 1) if n]
        raise UsageError(
            f"horizon {horizon:g} s is no multiple of dt {dt:g} s",
            hint=f"nearest: {' or '.join(near)}",
        )
    return steps
