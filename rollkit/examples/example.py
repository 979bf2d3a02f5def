"""One rollout to look at: which it is, why it was chosen, and all there is to draw of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rollkit.model import Trajectory
from rollkit.rollouts import Rollout


class Wanted(NamedTuple):
    """A rollout of a run, `seed` (and `cell` of a sweep), or a case, and why it is wanted.

    Where the samples of a case have values of their own, `sample` is the one that is meant.
    """

    seed: int | None = None
    cell: int | None = None
    case: str | None = None
    why: tuple[str, ...] = ()
    sample: int | None = None

    @property
    def name(self) -> str:
        """What it is called: `seed 7`, `seed 7 of cell 2`, the id of a case, `ID#K` of a sample."""
        if self.case is not None:
            return self.case if self.sample is None else f"{self.case}#{self.sample}"
        return f"seed {self.seed}" + ("" if self.cell is None else f" of cell {self.cell}")


@dataclass(frozen=True, eq=False)
class Example:
    """A rollout, done again.

    Attributes
    ----------
    wanted : Wanted
        Which it is, and why it was chosen: `("worst max_abs_jerk",)`.
    rollout : Rollout, batch `(K,)`
        Its K samples; one, of a run. The reference, where there is one, has no batch `()`.
    history : Trajectory, optional
        Where the vehicle came from, batch `()`; the last instant is where the rollout begins.
    values : mapping of name to float
        What the metrics say of it; nan where one is undefined.
    again : str, optional
        The command that does it again, where there is one.
    """

    wanted: Wanted
    rollout: Rollout
    history: Trajectory | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    again: str | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.wanted.name
