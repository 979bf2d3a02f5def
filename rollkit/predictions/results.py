"""The artifact of an evaluation: its model, reading it and writing it.

Strict JSON, as every artifact: undefined is null, and all that changes from run to run stands in
`volatile`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rollkit.errors import DataError, ExitCode, Failure
from rollkit.gates.judging import Part
from rollkit.gates.results import GateResult
from rollkit.predictions.spec import EvalSpec
from rollkit.presets.results import PresetResult
from rollkit.results import (
    SCHEMA_VERSION,
    MetricResult,
    PluginInfo,
    check_shape,
    parsed,
    refuse_newer,
    save_artifact,
    text_of,
)
from rollkit.values import Values

SCHEMA = Path(__file__).with_name("eval.schema.json")

_OF_RUNS = ("argmin_seed", "argmax_seed", "argmin_cell", "argmax_cell")


@dataclass(frozen=True, kw_only=True)
class CaseMetric(MetricResult):
    """One metric's statistics over the cases; `at` is the horizon in s, None for the whole."""

    metric: str
    at: float | None
    argmin_case: str | None
    argmax_case: str | None

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {name: one for name, one in super().to_dict().items() if name not in _OF_RUNS}


@dataclass(frozen=True)
class BaselineResult:
    """What the metrics say of a baseline, over the same cases."""

    name: str
    plugin: str
    definition: str
    metrics: Mapping[str, CaseMetric]

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        metrics = [one.to_dict() for one in self.metrics.values()]
        return {**vars(self), "metrics": metrics}


@dataclass(frozen=True)
class EvalResult:
    """Everything an evaluation found out.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> there = rollkit.Poses(
    ...     ids=("a",), x=[[[0.0, 1.0, 2.0]]], y=[[[0.0, 0.0, 0.0]]], dt=0.5, frame="", origin=""
    ... )
    >>> here = rollkit.Poses(
    ...     ids=("a",), x=[[[0.0, 1.0, 2.0]]], y=[[[0.0, 1.0, 3.0]]], dt=0.5, frame="", origin=""
    ... )
    >>> result = rollkit.evaluate_predictions([here], [there], metrics=["ade", "fde"])
    >>> result.metrics["ade"].mean, result.metrics["fde"].mean
    (2.0, 3.0)
    """

    eval: EvalSpec
    cases: Mapping[str, Any]
    metrics: Mapping[str, CaseMetric]
    presets: tuple[PresetResult, ...] = ()
    baselines: tuple[BaselineResult, ...] = ()
    gates: tuple[GateResult, ...] = ()
    plugins: tuple[PluginInfo, ...] = ()
    failures: tuple[Failure, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    volatile: Mapping[str, Any] = field(default_factory=dict)
    statistics: Mapping[str, str] = field(default_factory=dict)
    values: Values | None = None  # of every case, where they were kept; not in the artifact

    @property
    def ok(self) -> bool:
        """Whether nothing failed, and no gate but for warnings.

        Cases that were left out are no failure: see `cases`.
        """
        return not self.failures and not any(one.failed for one in self.gates)

    @property
    def exit_code(self) -> ExitCode:
        """What `rollkit eval` ends with."""
        return ExitCode.OK if self.ok else ExitCode.FAILED

    @property
    def parts(self) -> tuple[Part, ...]:
        """What gates are judged on: the model's metrics over all cases."""
        return (Part(self.metrics, each="cases"),)

    def to_dict(self) -> dict[str, Any]:
        """The artifact as strict JSON values."""
        return {
            "schema_version": SCHEMA_VERSION,
            "eval": self.eval.to_dict(),
            "cases": dict(self.cases),
            "metrics": [one.to_dict() for one in self.metrics.values()],
            "presets": [one.to_dict() for one in self.presets],
            "baselines": [one.to_dict() for one in self.baselines],
            "gates": [one.to_dict() for one in self.gates],
            "statistics": dict(self.statistics),
            "plugins": [one._asdict() for one in self.plugins],
            "failures": [one._asdict() for one in self.failures],
            "provenance": dict(self.provenance),
            "volatile": dict(self.volatile),
        }

    def to_json(self) -> str:
        """The artifact's text."""
        return text_of(self.to_dict())

    def save(self, path: str | Path = "metrics.json", *, force: bool = False) -> Path:
        """Write the artifact, whole or not at all.

        An earlier artifact is replaced; any other file only with `force`.

        Raises
        ------
        OutputError
            The place cannot be written to, or holds something else.
        """
        return save_artifact(Path(path), self.to_json(), force=force)


def read_evaluation(path: str | Path) -> EvalResult:
    """Read the artifact of an evaluation.

    Raises
    ------
    DataError
        The file is missing, is no such artifact, or was written by a newer rollkit.
    """
    path = Path(path)
    data = parsed(path)
    refuse_newer(path, data)
    if "eval" not in data:
        raise DataError(
            f"{path} records a run, expected an evaluation", hint="rollkit.read_result reads runs"
        )
    check_shape(path, data, SCHEMA)
    try:
        return EvalResult(
            eval=EvalSpec.from_dict(data["eval"]),
            cases=data["cases"],
            metrics=_metrics(data["metrics"]),
            presets=tuple(map(PresetResult.from_dict, data.get("presets", ()))),
            baselines=tuple(
                BaselineResult(**{**one, "metrics": _metrics(one["metrics"])})
                for one in data["baselines"]
            ),
            gates=tuple(map(GateResult.from_dict, data.get("gates", ()))),
            plugins=tuple(PluginInfo(**one) for one in data["plugins"]),
            failures=tuple(Failure(**one) for one in data["failures"]),
            provenance=data["provenance"],
            volatile=data["volatile"],
            statistics=data["statistics"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path} is a damaged artifact: {type(error).__name__}: {error}") from None


def _metrics(some: list[dict[str, Any]]) -> dict[str, CaseMetric]:
    return {one["name"]: CaseMetric(**{**one, "bounds": tuple(one["bounds"])}) for one in some}
