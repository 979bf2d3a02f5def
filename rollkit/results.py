"""metrics.json: its model, reading it and writing it.

Strict JSON: undefined is null. All that changes from run to run stands in `volatile`, so that the
rest of two artifacts can be compared byte for byte.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from rollkit.again import command
from rollkit.aggregate import Summary, methods
from rollkit.declare import MetricSpec
from rollkit.errors import DataError, ExitCode, Failure, OutputError, shown
from rollkit.files import check_writable, write_atomically
from rollkit.gates.judging import Part
from rollkit.gates.results import GateResult
from rollkit.plain import plain
from rollkit.plugins import Registered
from rollkit.presets.results import PresetResult
from rollkit.quantiles import Exact
from rollkit.schemas import fault
from rollkit.spec import RunSpec
from rollkit.values import Values

SCHEMA_VERSION = 1
SCHEMA = Path(__file__).with_name("metrics.schema.json")

_PARQUET = b"PAR1"  # how such files begin


@dataclass(frozen=True, kw_only=True)
class MetricResult(Summary):
    """One metric's statistics over all rollouts, and what they are statistics of."""

    name: str
    plugin: str
    version: int
    unit: str
    better: str | None
    bounds: tuple[float | None, float | None]
    definition: str
    status: str  # ok, undefined or failed
    error: str | None  # why it is not ok
    preset: str | None = None  # which it is a part of

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values, identity first."""
        statistics = {one.name for one in fields(Summary)}
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        identity = {name: value for name, value in values.items() if name not in statistics}
        return {
            **identity,
            "bounds": list(self.bounds),
            **{n: values[n] for n in values if n in statistics},
        }


def identity_of(
    metric: Registered[MetricSpec], summary: Summary, fault: Failure | None, reason: str | None
) -> dict[str, Any]:
    """What a result says beside its statistics: which metric it is, and how it went."""
    spec = metric.spec
    status, error = "ok", None
    if fault is not None:
        status, error = "failed", str(fault)
    elif summary.n == 0:
        status, error = "undefined", reason or "for every rollout"
    return {
        "name": spec.name,
        "plugin": metric.origin.plugin,
        "version": spec.version,
        "unit": spec.unit,
        "better": spec.better,
        "bounds": spec.bounds,
        "definition": spec.definition,
        "preset": spec.preset,
        "status": status,
        "error": error,
    }


@dataclass(frozen=True)
class CellResult:
    """One cell of a sweep: one source, one integrator, single values of all options.

    `notes` is what the source says about where its numbers come from.
    """

    source: str
    integrator: str
    params: Mapping[str, Any]
    dt: float | None
    steps: int | None
    metrics: Mapping[str, MetricResult]
    notes: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values. What its metrics are stands with those of the whole run."""
        return {
            "source": self.source,
            "integrator": self.integrator,
            "params": {name: plain(name, value) for name, value in self.params.items()},
            "dt": self.dt,
            "steps": self.steps,
            "notes": dict(self.notes),
            "metrics": [
                {name: value for name, value in one.to_dict().items() if name in _OF_CELL}
                for one in self.metrics.values()
            ],
        }


_OF_CELL = {"name", "status", "error", *(one.name for one in fields(Summary))}


class PluginInfo(NamedTuple):
    """A plugin that took part."""

    name: str
    distribution: str | None
    version: str | None
    module: str


@dataclass(frozen=True)
class RunResult:
    """Everything a run found out.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("straight", params={"noise": 0}, seeds=3)
    >>> result.metrics["max_abs_jerk"].mean
    0.0
    >>> result.ok
    True
    """

    run: RunSpec
    metrics: Mapping[str, MetricResult]
    presets: tuple[PresetResult, ...] = ()
    cells: tuple[CellResult, ...] = ()  # of a sweep; `metrics` is over all of them
    gates: tuple[GateResult, ...] = ()
    plugins: tuple[PluginInfo, ...] = ()
    failures: tuple[Failure, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    volatile: Mapping[str, Any] = field(default_factory=dict)
    statistics: Mapping[str, str] = field(default_factory=lambda: methods(Exact))
    values: Values | None = None  # of every rollout, where they were kept; not in the artifact

    @property
    def ok(self) -> bool:
        """Whether nothing failed, and no gate but for warnings."""
        return not self.failures and not any(one.failed for one in self.gates)

    @property
    def exit_code(self) -> ExitCode:
        """What `rollkit run` ends with."""
        return ExitCode.OK if self.ok else ExitCode.FAILED

    @property
    def parts(self) -> tuple[Part, ...]:
        """What gates are judged on: all rollouts, then each cell of a sweep."""
        run = self.run

        def again(spec: RunSpec) -> Callable[[int, str], str | None]:
            bring = [one.plugin for one in run.gates if one.plugin]
            return lambda seed, metric: command(spec, seed, metric, bring)

        if not self.cells:
            return (Part(self.metrics, source=run.source, again=again(run)),)
        cells = [
            Part(
                one.metrics,
                source=one.source,
                cell=number,
                again=again(
                    replace(
                        run,
                        source=one.source,
                        integrator=one.integrator,
                        params=one.params,
                        grid={},
                    )
                ),
            )
            for number, one in enumerate(self.cells)
        ]
        return (Part(self.metrics), *cells)

    def to_dict(self) -> dict[str, Any]:
        """The artifact as strict JSON values."""
        return {
            "schema_version": SCHEMA_VERSION,
            "run": self.run.to_dict(),
            "metrics": [one.to_dict() for one in self.metrics.values()],
            "presets": [one.to_dict() for one in self.presets],
            "cells": [one.to_dict() for one in self.cells],
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


def text_of(artifact: Mapping[str, Any]) -> str:
    """An artifact's text: strict JSON."""
    return json.dumps(artifact, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def save_artifact(path: Path, text: str, *, force: bool) -> Path:
    """Write an artifact, whole or not at all."""
    check_destination(path, force=force)
    write_atomically(path, text)
    return path


def check_destination(path: Path, *, force: bool = False) -> None:
    """Refuse a place that cannot be written to, or that holds another kind of file."""
    check_writable(path)
    if path.is_file() and path.stat().st_size and not force:
        try:
            parsed(path)
        except DataError:
            raise OutputError(
                f"{shown(str(path))} exists and is no artifact of rollkit's; it was left alone",
                hint="choose another place with -o PATH, or replace it with --force",
            ) from None


def read_result(path: str | Path) -> RunResult:
    """Read an artifact.

    Raises
    ------
    DataError
        The file is missing, is no artifact, or was written by a newer rollkit.
    """
    path = Path(path)
    data = parsed(path)
    refuse_newer(path, data)
    if "eval" in data:
        raise DataError(
            f"{path} records an evaluation, expected a run",
            hint="rollkit.read_evaluation reads evaluations",
        )
    if "comparison" in data:
        raise DataError(f"{path} records a comparison, expected a run or an evaluation")
    check_shape(path, data, SCHEMA)
    try:
        metrics = {
            one["name"]: MetricResult(**{**one, "bounds": tuple(one["bounds"])})
            for one in data["metrics"]
        }
        return RunResult(
            run=RunSpec.from_dict(data["run"]),
            metrics=metrics,
            presets=tuple(map(PresetResult.from_dict, data.get("presets", ()))),
            cells=tuple(_cell(one, metrics) for one in data.get("cells", ())),
            gates=tuple(map(GateResult.from_dict, data.get("gates", ()))),
            statistics=data.get("statistics", {}),
            plugins=tuple(PluginInfo(**one) for one in data["plugins"]),
            failures=tuple(Failure(**one) for one in data["failures"]),
            provenance=data["provenance"],
            volatile=data["volatile"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path} is a damaged artifact: {type(error).__name__}: {error}") from None


def refuse_newer(path: Path, data: Mapping[str, Any]) -> None:
    """Refuse an artifact that a newer rollkit has written."""
    if data["schema_version"] > SCHEMA_VERSION:
        raise DataError(
            f"{path}: schema version {data['schema_version']}, this rollkit reads "
            f"up to {SCHEMA_VERSION}",
            hint="upgrade rollkit",
        )


def check_shape(path: Path, data: Mapping[str, Any], schema: Path) -> None:
    """Refuse an artifact with values of another kind than its schema says."""
    found = fault(data, schema)
    if found is not None:
        raise DataError(f"{path} is a damaged artifact: {found}")


def _cell(data: Mapping[str, Any], metrics: Mapping[str, MetricResult]) -> CellResult:
    own = {one["name"]: replace(metrics[one["name"]], **one) for one in data["metrics"]}
    return CellResult(**{**data, "metrics": own})


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def parsed(path: Path) -> dict[str, Any]:
    """The JSON of an artifact of any schema version."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise DataError(f"cannot read {path}: {getattr(error, 'strerror', error)}") from None
    if not content or content.startswith(_PARQUET):
        what = "a Parquet file" if content else "empty"
        raise DataError(f"{path} is {what}; expected a metrics.json")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:  # not JSON, no text, or nested without end
        raise DataError(f"{path} is no JSON: {error}") from None
    version = data.get("schema_version") if isinstance(data, dict) else None
    provenance = data.get("provenance") if isinstance(data, dict) else None
    if type(version) is not int or version < 0 or "rollkit" not in _mapping(provenance):
        raise DataError(f"{path} is no artifact of rollkit's; expected a metrics.json")
    return data
