"""What a comparison found out: a verdict on each metric, with all that it rests on."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from rollkit.comparing.saving import save_comparison
from rollkit.errors import ExitCode
from rollkit.provenance import fingerprints
from rollkit.results import text_of

Verdict = Literal["worse", "better", "differs", "undecided", "equal"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)  # in the order in which they are read

SCHEMA_VERSION = 1
SCHEMA = Path(__file__).with_name("compare.schema.json")


@dataclass(frozen=True, kw_only=True)
class MetricComparison:
    """One metric on both sides.

    `difference` is candidate minus base, in the metric's unit, and `low` to `high` its 95 %
    interval; what is not known is None. `pairs` is None where the sides are not paired.
    """

    name: str
    unit: str
    better: str | None
    definition: str
    verdict: Verdict
    reason: str | None  # why nothing can be said, where that is so
    method: str | None  # how interval and p-values were computed
    pairs: int | None
    n_base: int
    n_candidate: int
    only_base: int  # of the pairs, those with a value in the base alone; likewise the candidate
    only_candidate: int
    base_mean: float | None
    candidate_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    effect: float | None  # difference in standard deviations
    tolerance: float  # in the metric's unit
    probability_worse: float | None
    p_worse: float | None  # one-sided, corrected by Holm's method over the metrics
    p_better: float | None
    p_equal: float | None  # of both one-sided tests against the tolerance; not corrected
    p_differs: float | None = None  # two-sided, of a metric without a better side; corrected
    broken: bool = False  # the base has it, and the candidate's is missing, failed or no number

    @property
    def relative(self) -> float | None:
        """The difference as a share of the base's mean."""
        if self.difference is None or not self.base_mean:
            return None
        return self.difference / abs(self.base_mean)

    @property
    def p(self) -> float | None:
        """The p-value that the verdict rests on; of an undecided one the smallest."""
        if self.verdict == "worse":
            return self.p_worse
        if self.verdict == "better":
            return self.p_better
        if self.verdict == "equal":
            return self.p_equal
        some = (self.p_worse, self.p_better, self.p_differs)
        known = [one for one in some if one is not None]
        return min(known, default=None)

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        values = {**vars(self), "relative": self.relative}
        return {name: _finite(value) for name, value in values.items()}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything a comparison found out. `base` and `candidate` are what the sides are called."""

    base: str
    candidate: str
    metrics: Mapping[str, MetricComparison]
    paired_by: str | None  # seed, case, or None
    pairs: int  # rollouts that both sides have
    only_base: int
    only_candidate: int
    alpha: float
    definitions: tuple[str, ...] = ()  # in what they differ, where that was allowed
    fail_on: tuple[str, ...] = ("worse",)  # verdicts; of nothing, nothing fails
    equivalence: bool = False  # whether whatever is not equal fails
    notes: tuple[str, ...] = ()  # what else a reader has to know, a line each
    files: tuple[Path, ...] = ()  # that were read; the artifact has their SHA-256
    provenance: Mapping[str, Any] = field(default_factory=dict)
    volatile: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[MetricComparison, ...]:
        """The metrics that fail."""
        return tuple(one for one in self.metrics.values() if self.fails(one))

    def fails(self, one: MetricComparison) -> bool:
        """Whether a metric fails: by its verdict, or because the candidate broke it.

        But for a claim of equivalence, one without a better side never does by its verdict, nor
        does one that the base has no value of.
        """
        if one.broken:
            return bool(self.fail_on)
        if one.verdict not in self.fail_on or one.n_base == 0:
            return False
        return self.equivalence or one.better is not None

    @property
    def ok(self) -> bool:
        """Whether no metric fails."""
        return not self.failed

    @property
    def exit_code(self) -> ExitCode:
        """What `rollkit compare` ends with."""
        return ExitCode.OK if self.ok else ExitCode.FAILED

    @property
    def verdicts(self) -> dict[str, int]:
        """How many metrics have each verdict."""
        given = [one.verdict for one in self.metrics.values()]
        return {verdict: given.count(verdict) for verdict in VERDICTS}

    @property
    def ranked(self) -> list[MetricComparison]:
        """The metrics as a reader wants them: those that fail, then by verdict, the largest first.

        Undecided ones begin with those that are most probably worse.
        """
        return sorted(self.metrics.values(), key=self._rank)

    def _rank(self, one: MetricComparison) -> tuple[bool, int, float, float]:
        worse = one.probability_worse if one.verdict == "undecided" else None
        return (
            not self.fails(one),
            VERDICTS.index(one.verdict),
            -(worse if worse is not None else 0.0),
            -abs(one.effect if one.effect is not None else one.relative or 0.0),
        )

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "schema_version": SCHEMA_VERSION,
            "comparison": {
                "base": self.base,
                "candidate": self.candidate,
                "paired_by": self.paired_by,
                "pairs": self.pairs,
                "only_base": self.only_base,
                "only_candidate": self.only_candidate,
                "alpha": self.alpha,
                "definitions": list(self.definitions),
                "fail_on": list(self.fail_on),
                "equivalence": self.equivalence,
                "notes": list(self.notes),
            },
            "ok": self.ok,
            "verdicts": self.verdicts,
            "metrics": [
                {**one.to_dict(), "fails": self.fails(one)} for one in self.metrics.values()
            ],
            "provenance": {**self.provenance, "inputs": fingerprints(self.files)},
            "volatile": dict(self.volatile),
        }

    def to_json(self) -> str:
        """The same as text."""
        return text_of(self.to_dict())

    def to_markdown(self) -> str:
        """A comment for a pull request, in GitHub's flavour: the verdicts, worst first."""
        from rollkit.comparing.markdown import markdown

        return markdown(self)

    def to_junit(self) -> str:
        """JUnit XML, a test case for each metric.

        Raises
        ------
        UsageError
            junitparser is not installed.
        """
        from rollkit.comparing.junit import junit  # needs a library that not everybody has

        return junit(self)

    def save(self, path: str | Path = "comparison.json", *, force: bool = False) -> Path:
        """Write it as JSON, whole or not at all.

        An earlier comparison is replaced; any other file only with `force`.

        Raises
        ------
        OutputError
            The place cannot be written to, or holds something else.
        """
        return save_comparison(Path(path), self.to_json(), force=force)


def _finite(value: Any) -> Any:
    """What is not finite is not known."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
