"""An explanation: one case, what each preset sees of it, where verdicts differ and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollkit.errors import ExitCode, Failure
from rollkit.explaining.differences import Difference, Row, differences, quirks_of, rows_of
from rollkit.explaining.views import View
from rollkit.model import Trajectory
from rollkit.pictures import saving
from rollkit.results import text_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, kw_only=True)
class Explanation:
    """What `rollkit explain` finds out about one case.

    `views` are the presets' signals and numbers, `rows` the checks with what each preset says,
    `differences` the checks on which verdicts differ, with the reasons.
    """

    file: str
    case: str
    sample: int
    samples: int
    chosen: str  # why this case and this sample
    trajectory: Trajectory  # of the case alone, `(T+1,)`
    reference: Trajectory | None
    given: int  # instants at the beginning that were not predicted
    views: tuple[View, ...]
    corrected: tuple[View, ...]  # of the corrected definitions, where not asked for
    cases: int  # that were looked at
    differing: int  # in how many of them verdicts differ
    left_out: Mapping[str, Any]
    failures: tuple[Failure, ...] = ()

    @cached_property
    def rows(self) -> list[Row]:
        """Each check, and what each preset that has it says."""
        return rows_of(self.views)

    @cached_property
    def differences(self) -> list[Difference]:
        """The checks on which the verdicts differ, and why."""
        return differences(self.rows, self.views, self.corrected)

    @property
    def comparable(self) -> bool:
        """Whether any check is judged by more than one preset."""
        return any(
            len([one for one in row.seen.values() if one.ok is not None]) > 1 for row in self.rows
        )

    @cached_property
    def noticed(self) -> list[Difference]:
        """The checks on which verdicts agree and numbers do not, with the quirks about them."""
        return [
            Difference(row, tuple(quirks_of(row, self.views)))
            for row in self.rows
            if row.noticeable and not row.differs
        ]

    @property
    def steps(self) -> int:
        """Steps that were predicted."""
        return self.trajectory.steps + 1 - self.given

    @property
    def exit_code(self) -> ExitCode:
        """What `rollkit explain` ends with."""
        return ExitCode.FAILED if self.failures else ExitCode.OK

    def title(self, *, folder: bool = True) -> str:
        """File, case, sample and time in one line; the file with its folder or without."""
        steps = self.steps
        parts = [self.file if folder else Path(self.file).name, f"case {self.case}"]
        if self.samples > 1:
            parts.append(f"sample {self.sample} of {self.samples}")
        time = f"{steps} step{'s' * (steps != 1)} of {self.trajectory.dt:.4g} s"
        return ", ".join([*parts, time])

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "file": self.file,
            "case": self.case,
            "sample": self.sample,
            "samples": self.samples,
            "steps": self.steps,
            "dt": self.trajectory.dt,
            "chosen": self.chosen,
            "cases": self.cases,
            "differing": self.differing,
            "checks": [one.to_dict() for one in self.rows],
            "differences": [one.to_dict() for one in self.differences],
            "presets": [one.to_dict() for one in self.views],
            **self.left_out,
            "failures": [one._asdict() for one in self.failures],
        }

    def to_json(self) -> str:
        """The same as text."""
        return text_of(self.to_dict())

    def figure(self) -> "Figure":
        """The picture: the path, and every signal with its limits, over time.

        Raises
        ------
        UsageError
            matplotlib is not installed.
        """
        from rollkit.explaining.picture import figure  # needs a library that not everybody has

        return figure(self)

    def save(self, path: str | Path = "explain.svg", *, force: bool = False) -> Path:
        """Write the picture as SVG, PNG or PDF, by the path's suffix.

        An earlier picture of rollkit's is replaced; any other file only with `force`.

        Raises
        ------
        UsageError
            Another suffix, or matplotlib is not installed.
        OutputError
            The place cannot be written to, or holds something else.
        """
        return saving.save(self.figure, Path(path), "explain", force=force)

    def __repr__(self) -> str:
        names = ", ".join(one.name for one in self.views)
        return f"Explanation({self.title()}: {names}; {len(self.differences)} differences)"
