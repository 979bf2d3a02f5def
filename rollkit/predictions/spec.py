"""What an evaluation is: everything needed to do it again, and nothing else."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_args

from rollkit.door import time_step
from rollkit.errors import DataError, RollkitError, UsageError, unknown
from rollkit.formats import AUTO
from rollkit.gates.gate import Gate
from rollkit.plain import plain
from rollkit.poses import Poses
from rollkit.predictions.samples import RULES
from rollkit.resampling import Method
from rollkit.vehicles import Vehicle

DEFAULT_RULE = "mean"
IN_MEMORY = "in memory"  # what stands for the path of poses that no file holds
# With `auto`: what a model says is taken as it stands, what was recorded is noisy.
FIT_PREDICTED, FIT_RECORDED = "differences", "spline"
# Of what was recorded; a model that leaves something out has not predicted it.
GAP_RECORDED = 0.5

_TEXTS = ("predictions", "reference", "format", "reference_format", "samples", "fit", "resample")


@dataclass(frozen=True)
class EvalSpec:
    """The whole call of an evaluation, in plain values; the `eval` section of the artifact.

    `plugins` and `metrics` are None where the default set was left to decide: the starter set and,
    where there is a reference, the displacement metrics; `max_gap` is None where each file decides.
    """

    predictions: str
    reference: str | None = None
    format: str = AUTO
    reference_format: str = AUTO
    samples: str = DEFAULT_RULE
    at: tuple[float, ...] = ()
    fit: str = AUTO
    baselines: tuple[str, ...] = ()
    plugins: tuple[str, ...] | None = None
    metrics: tuple[str, ...] | None = None
    dt: float | None = None
    resample: Method = "cubic"
    max_gap: float | None = None
    horizon: float | None = None
    history: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    presets: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    vehicle: Vehicle | None = None

    def __post_init__(self) -> None:
        for name in _TEXTS:
            _text(name, getattr(self, name))
        for name in ("baselines", "plugins", "metrics", "presets"):
            for one in getattr(self, name) or ():
                _text(name, one)
        if not isinstance(self.params, Mapping) or not all(isinstance(n, str) for n in self.params):
            raise UsageError(f"params: got {self.params!r}, expected options by name")
        for name, known in (("samples", RULES), ("resample", get_args(Method))):
            if getattr(self, name) not in known:
                raise unknown(name, str(getattr(self, name)), known)
        if self.dt is not None:
            time_step(self.dt)
        for name in ("horizon", "history"):
            value = getattr(self, name)
            if value is not None:
                _seconds(name, value)
        for one in self.at:
            _seconds("at", one)
        if len({f"{one:g}" for one in self.at}) < len(self.at):  # as metrics are named by them
            raise UsageError(
                f"at: got {_listed(self.at)}, expected each horizon once, to six digits"
            )
        if self.max_gap is not None and not (math.isfinite(self.max_gap) and self.max_gap >= 0):
            raise UsageError(f"max_gap: got {self.max_gap!r}, expected seconds, 0 or more")

    def gap_in(self, poses: Poses) -> float:
        """The longest gap in these poses that is filled, s."""
        if self.max_gap is not None:
            return self.max_gap
        return GAP_RECORDED if poses.whole else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        said["gates"] = [one.to_dict() for one in self.gates]
        said["vehicle"] = None if self.vehicle is None else self.vehicle.to_dict()
        return {name: plain(name, value) for name, value in said.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "EvalSpec":
        """From the `eval` section of an artifact.

        Raises
        ------
        DataError
            It is not what `to_dict` writes.
        """
        try:
            lists = {name: tuple(data[name]) for name in ("at", "baselines")}
            some = {
                name: None if data[name] is None else tuple(data[name])
                for name in ("plugins", "metrics")
            }
            lists["presets"] = tuple(data.get("presets", ()))
            lists["gates"] = tuple(map(Gate.from_dict, data.get("gates", ())))
            vehicle = None if data.get("vehicle") is None else Vehicle.of(data["vehicle"])
            return cls(**{**data, **lists, **some, "vehicle": vehicle})
        except (KeyError, TypeError, ValueError) as error:
            text = error.args[0] if isinstance(error, RollkitError) else repr(error)
            raise DataError(f"the eval section is damaged: {text}") from None


def _text(name: str, value: object) -> None:
    if not isinstance(value, str) and not (value is None and name == "reference"):
        raise UsageError(f"{name}: got {value!r}, expected text")


def _seconds(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{name}: got {value!r}, expected seconds")
    if not (math.isfinite(value) and value > 0):
        raise UsageError(f"{name}: got {value:g} s, expected a positive number of seconds")


def _listed(values: tuple[float, ...]) -> str:
    return ",".join(map(repr, values))
