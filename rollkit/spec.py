"""What a run is: everything needed to do it again, and nothing else."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rollkit.errors import UsageError
from rollkit.model import time_step

DEFAULT_HORIZON = 6.4
DEFAULT_DT = 0.1
DEFAULT_INTEGRATOR = "rk4"


@dataclass(frozen=True)
class RunSpec:
    """The whole call of a run, in plain values; the `run` section of the artifact.

    `horizon` and `dt` are None where the source brings its own time and nobody said otherwise.
    `plugins` and `metrics` are None where the starter set was left to decide.
    """

    source: str
    params: Mapping[str, Any] = field(default_factory=dict)
    integrator: str = DEFAULT_INTEGRATOR
    plugins: tuple[str, ...] | None = None
    metrics: tuple[str, ...] | None = None
    seeds: tuple[int, int] = (0, 1)
    horizon: float | None = None
    dt: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "source": self.source,
            "params": {name: _plain(value) for name, value in self.params.items()},
            "integrator": self.integrator,
            "plugins": None if self.plugins is None else list(self.plugins),
            "metrics": None if self.metrics is None else list(self.metrics),
            "seeds": list(self.seeds),
            "horizon": self.horizon,
            "dt": self.dt,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "RunSpec":
        """From the `run` section of an artifact that passed its checks."""
        listed = {
            name: None if data[name] is None else tuple(data[name])
            for name in ("plugins", "metrics")
        }
        first, stop = data["seeds"]
        return cls(**{**data, **listed, "seeds": (first, stop)})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


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
            first, stop = (int(part) for part in seeds)
        else:
            first, stop = 0, int(seeds)
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
    steps = round(horizon / dt)
    if steps < 1 or not math.isclose(steps * dt, horizon, rel_tol=1e-9):
        below = math.floor(horizon / dt)
        near = [f"{n * dt:g} s ({n} step{'s' * (n > 1)})" for n in (below, below + 1) if n]
        raise UsageError(
            f"horizon {horizon:g} s is no multiple of dt {dt:g} s",
            hint=f"nearest: {' or '.join(near)}",
        )
    return steps
