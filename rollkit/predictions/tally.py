"""What the metrics said of whoever predicted: the model, or a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rollkit.aggregate import NOTHING, Aggregate, Summary
from rollkit.arrays import Array
from rollkit.declare import MetricSpec
from rollkit.errors import Failure
from rollkit.plugins import Registered
from rollkit.quantiles import Growing


@dataclass
class Line:
    """One metric, up to one horizon: its statistics so far."""

    metric: Registered[MetricSpec]
    at: float | None = None  # s; None for the whole
    aggregate: Aggregate = field(default_factory=lambda: Aggregate(Growing()))
    fault: Failure | None = None
    summary: Summary = NOTHING  # once all cases have come
    reason: str | None = None  # why it is undefined wherever it is
    least: str | None = None  # the case of the smallest value
    most: str | None = None
    count: int = 0  # values so far, undefined ones too

    @property
    def name(self) -> str:
        """What it is called in the artifact."""
        name = self.metric.spec.name
        return name if self.at is None else f"{name}@{self.at:g}s"

    def add(self, cases: Sequence[str], values: Array) -> None:
        """Take in the values of the next cases; with several a case, its samples one by one."""
        first, each = self.count, len(values) // len(cases)
        before = self.aggregate.argmin, self.aggregate.argmax
        self.aggregate.add(first, values)
        self.count += len(values)

        def named(place: int) -> str:
            case, sample = divmod(place - first, each)
            return cases[case] if each == 1 else f"{cases[case]}#{sample}"

        for name, now, then in (
            ("least", self.aggregate.argmin, before[0]),
            ("most", self.aggregate.argmax, before[1]),
        ):
            if now != then and now[1] is not None:
                setattr(self, name, named(now[1]))
