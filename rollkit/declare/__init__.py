"""Declaring what a plugin brings: one file a kind.

Each decorator checks what it is told, attaches one frozen spec to the function and returns the
function unchanged. The spec is all that rollkit knows about it; there is no second registry.
"""

from rollkit.declare.attach import ATTRIBUTE, reference, spec_of, where
from rollkit.declare.baselines import BaselineSpec, baseline
from rollkit.declare.executors import ExecutorSpec, executor
from rollkit.declare.integrators import IntegratorSpec, integrator
from rollkit.declare.inverses import InverseSpec, inverse
from rollkit.declare.metrics import INVARIANCES, NEEDS, SIGNALS, MetricSpec, metric
from rollkit.declare.presets import (
    OVER,
    SAMPLES,
    SCORES,
    Check,
    PresetSpec,
    Quirk,
    Signal,
    expected_of,
    interval,
    preset,
    touches,
)
from rollkit.declare.readers import ReaderSpec, reader
from rollkit.declare.reporters import ReporterSpec, reporter
from rollkit.declare.sources import LIMITED, ActionSourceSpec, action_source, source_spec

Spec = (
    MetricSpec
    | IntegratorSpec
    | ActionSourceSpec
    | ExecutorSpec
    | ReaderSpec
    | InverseSpec
    | BaselineSpec
    | PresetSpec
    | ReporterSpec
)

__all__ = [
    "ATTRIBUTE",
    "INVARIANCES",
    "LIMITED",
    "NEEDS",
    "OVER",
    "SAMPLES",
    "SCORES",
    "SIGNALS",
    "ActionSourceSpec",
    "BaselineSpec",
    "Check",
    "ExecutorSpec",
    "IntegratorSpec",
    "InverseSpec",
    "MetricSpec",
    "PresetSpec",
    "Quirk",
    "ReaderSpec",
    "ReporterSpec",
    "Signal",
    "Spec",
    "action_source",
    "baseline",
    "executor",
    "expected_of",
    "integrator",
    "interval",
    "inverse",
    "metric",
    "preset",
    "reader",
    "reference",
    "reporter",
    "source_spec",
    "spec_of",
    "touches",
    "where",
]
