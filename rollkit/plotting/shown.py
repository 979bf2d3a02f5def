"""One rollout that is drawn: what it is of all, what it is called, its paths and signals."""

from typing import Final, NamedTuple

from rollkit.errors import harmless
from rollkit.examples.choosing import Result
from rollkit.examples.example import Example
from rollkit.examples.signals import Trace, signals_of
from rollkit.model import Trajectory
from rollkit.pictures.frame import Seen, from_start
from rollkit.results import MetricResult, RunResult

SAMPLES: Final = 32  # of a case
FIRST: Final = "first"


class Shown(NamedTuple):
    """A rollout that is drawn: what it is of all, what it is called, and its signals.

    Its samples are K lines; a run has one.
    """

    roles: tuple[str, ...]  # worst, median, best; several of few rollouts, none of one alone
    name: str
    example: Example
    signals: list[Trace]

    @property
    def title(self) -> str:
        """Role and name."""
        return ", ".join([*self.roles, self.name])

    @property
    def look(self) -> int:
        """Which look it has: that of the worst is 0, of the median 1, of the best 2."""
        return next((at for at, some in enumerate(_LOOKS) if some & {*self.roles}), 1)

    @property
    def samples(self) -> int:
        """How many there are."""
        return int(self.example.rollout.trajectory.x.shape[0])

    @property
    def rows(self) -> list[int]:
        """Those that are drawn: not all of a thousand."""
        meant = [] if self.sample is None else [self.sample]
        return list(dict.fromkeys([*range(min(self.samples, SAMPLES)), *meant]))

    @property
    def sample(self) -> int | None:
        """The one that is meant; None where the metric is of all of them together."""
        return 0 if self.samples == 1 else self.example.wanted.sample

    @property
    def seen(self) -> tuple[Seen, Seen | None]:
        """The paths `(K, T+1)` and the reference `(T+1,)`, seen from where the paths start."""
        rollout = self.example.rollout
        one = rollout.trajectory
        start = Trajectory(one.x[0], one.y[0], one.yaw[0], one.speed[0], one.dt)
        truth = rollout.reference
        return from_start(one, start), None if truth is None else from_start(truth, start)


_LOOKS: Final = ({"worst", "largest"}, {"median"}, {"best", "smallest"})


def shown(example: Example, result: Result, metric: MetricResult | None, *, alone: bool) -> Shown:
    """A rollout, done again; `alone` where there is no other."""
    roles: tuple[str, ...] = ()
    if not alone:
        words = [
            one.removesuffix(f" {metric.name}") if metric else "" for one in example.wanted.why
        ]
        # The metric is the same everywhere, or there is none: any will do.
        roles = tuple(words) if {*words} <= set.union(*_LOOKS) else (FIRST,)
    return Shown(roles, _name(example, result), example, signals_of(example.rollout))


def _name(example: Example, result: Result) -> str:
    """What it is called, in one line; of a sweep, with what tells its cell from the others."""
    return harmless(_called(example, result)).replace("\n", "?")


def _called(example: Example, result: Result) -> str:
    cell = example.wanted.cell
    if not isinstance(result, RunResult) or cell is None or not result.cells:
        return example.name
    one, many = result.cells[cell], result.cells
    told = [f"{name}={one.params[name]}" for name in result.run.grid]
    if len({each.integrator for each in many}) > 1:
        told.insert(0, one.integrator)
    if len({each.source for each in many}) > 1:
        told.insert(0, one.source)
    return f"{example.name} ({', '.join(told)})"
