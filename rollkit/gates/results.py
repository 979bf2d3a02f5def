"""What became of a gate: held or not, by which number, and which rollouts decided it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from rollkit.discovery import normalized


class Worst(NamedTuple):
    """A rollout that is nearest to the limit, or furthest beyond it.

    `seed` is that of a run, `case` the id of an evaluation; `cell` is that of a sweep. `again` is
    the command that does it again, where one can.
    """

    value: float
    seed: int | None = None
    case: str | None = None
    cell: int | None = None
    again: str | None = None

    def __str__(self) -> str:
        if self.case is not None:
            return self.case
        return f"seed {self.seed}" + ("" if self.cell is None else f" of cell {self.cell}")


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """The verdict on one gate.

    `value` was compared with `limit`, unless `reason` says why that was not to be; None where there
    is no value at all. `n` rollouts (or cases) have one and `n_undefined` have none. `worst` are
    those beyond the limit, the worst first and at most one a cell; the nearest where none is.
    """

    expr: str
    severity: str
    where: Mapping[str, Any]
    name: str
    why: str
    passed: bool
    metric: str
    statistic: str | None
    comparison: str
    limit: float
    value: float | None
    unit: str
    reason: str | None
    n: int
    n_undefined: int
    worst: tuple[Worst, ...]

    @property
    def key(self) -> str:
        """The metric's name as names are compared: without regard to case, `-` like `_`."""
        return normalized(self.metric)

    def is_about(self, metric: str) -> bool:
        """Whether it is about the metric of this name."""
        return self.key == normalized(metric)

    @property
    def failed(self) -> bool:
        """Whether it makes the whole fail: not held, and no mere warning."""
        return not self.passed and self.severity == "error"

    @property
    def verdict(self) -> str:
        """In a word."""
        return "PASS" if self.passed else "FAIL" if self.failed else "WARN"

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        worst = [one._asdict() for one in self.worst]
        return {**vars(self), "where": dict(self.where), "worst": worst}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "GateResult":
        """From what `to_dict` writes."""
        return cls(**{**data, "worst": tuple(Worst(**one) for one in data["worst"])})
