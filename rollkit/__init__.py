"""rollkit: plugin-based metrics for driving policies.

A policy's accelerations and curvatures are rolled out by a declared integrator, measured with
metrics anyone can add, and written to one artifact that says how every number came about.

Names resolve on first use, so that `import rollkit` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from rollkit.comparing.door import compare
    from rollkit.comparing.planning import Plan, plan
    from rollkit.comparing.results import Comparison, MetricComparison
    from rollkit.declare import (
        Check,
        Quirk,
        Signal,
        action_source,
        baseline,
        executor,
        integrator,
        inverse,
        metric,
        preset,
        reader,
        reporter,
    )
    from rollkit.draws import Draws
    from rollkit.errors import DataError, ExecutionError, PluginError, RollkitError, UsageError
    from rollkit.evaluation import evaluate, evaluate_actions, rollout
    from rollkit.examples.example import Example
    from rollkit.examples.signals import signals_of
    from rollkit.explaining import Explanation, explain
    from rollkit.fitting import compare_fits, fit
    from rollkit.formats import detect_format, read_poses
    from rollkit.gates.gate import Gate
    from rollkit.gates.judging import judge
    from rollkit.gates.results import GateResult
    from rollkit.hookspecs import hookimpl
    from rollkit.job import Job, Part, Unit, Worker
    from rollkit.model import Actions, State, Trajectory
    from rollkit.parameters import Param
    from rollkit.plotting.door import figure, save_figure
    from rollkit.poses import Poses
    from rollkit.predictions.evaluation import evaluate_predictions
    from rollkit.predictions.results import EvalResult, read_evaluation
    from rollkit.reading import File
    from rollkit.reference_points import at_point
    from rollkit.reporting.door import report
    from rollkit.reporting.report import Report, Shown
    from rollkit.resampling import Uniform, uniform
    from rollkit.results import RunResult, read_result
    from rollkit.rollouts import Episodes, Rollout
    from rollkit.runner import run
    from rollkit.savitzky_golay import savgol
    from rollkit.trajectories import read_trajectory
    from rollkit.values import Values
    from rollkit.vehicles import Vehicle

_HOMES = {
    "Actions": "model",
    "Check": "declare",
    "Comparison": "comparing.results",
    "DataError": "errors",
    "Draws": "draws",
    "Episodes": "rollouts",
    "EvalResult": "predictions.results",
    "Example": "examples.example",
    "ExecutionError": "errors",
    "Explanation": "explaining",
    "File": "reading",
    "Gate": "gates.gate",
    "GateResult": "gates.results",
    "Job": "job",
    "MetricComparison": "comparing.results",
    "Param": "parameters",
    "Part": "job",
    "Plan": "comparing.planning",
    "PluginError": "errors",
    "Poses": "poses",
    "Quirk": "declare",
    "RollkitError": "errors",
    "Report": "reporting.report",
    "Rollout": "rollouts",
    "RunResult": "results",
    "Shown": "reporting.report",
    "Signal": "declare",
    "State": "model",
    "Trajectory": "model",
    "Uniform": "resampling",
    "Unit": "job",
    "UsageError": "errors",
    "Values": "values",
    "Vehicle": "vehicles",
    "Worker": "job",
    "action_source": "declare",
    "at_point": "reference_points",
    "baseline": "declare",
    "compare": "comparing.door",
    "compare_fits": "fitting",
    "detect_format": "formats",
    "evaluate": "evaluation",
    "evaluate_actions": "evaluation",
    "evaluate_predictions": "predictions.evaluation",
    "executor": "declare",
    "explain": "explaining",
    "figure": "plotting.door",
    "fit": "fitting",
    "hookimpl": "hookspecs",
    "integrator": "declare",
    "inverse": "declare",
    "judge": "gates.judging",
    "metric": "declare",
    "plan": "comparing.planning",
    "preset": "declare",
    "read_evaluation": "predictions.results",
    "read_poses": "formats",
    "read_result": "results",
    "read_trajectory": "trajectories",
    "reader": "declare",
    "report": "reporting.door",
    "reporter": "declare",
    "rollout": "evaluation",
    "run": "runner",
    "save_figure": "plotting.door",
    "savgol": "savitzky_golay",
    "signals_of": "examples.signals",
    "uniform": "resampling",
}

__all__ = [
    "Actions",
    "Check",
    "Comparison",
    "DataError",
    "Draws",
    "Episodes",
    "EvalResult",
    "Example",
    "ExecutionError",
    "Explanation",
    "File",
    "Gate",
    "GateResult",
    "Job",
    "MetricComparison",
    "Param",
    "Part",
    "Plan",
    "PluginError",
    "Poses",
    "Quirk",
    "Report",
    "RollkitError",
    "Rollout",
    "RunResult",
    "Shown",
    "Signal",
    "State",
    "Trajectory",
    "Uniform",
    "Unit",
    "UsageError",
    "Values",
    "Vehicle",
    "Worker",
    "__version__",
    "action_source",
    "at_point",
    "baseline",
    "compare",
    "compare_fits",
    "detect_format",
    "evaluate",
    "evaluate_actions",
    "evaluate_predictions",
    "executor",
    "explain",
    "figure",
    "fit",
    "hookimpl",
    "integrator",
    "inverse",
    "judge",
    "metric",
    "plan",
    "preset",
    "read_evaluation",
    "read_poses",
    "read_result",
    "read_trajectory",
    "reader",
    "report",
    "reporter",
    "rollout",
    "run",
    "save_figure",
    "savgol",
    "signals_of",
    "uniform",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"rollkit.{_HOMES[name]}"), name)
    if name in ("arrays", "layout", "testing"):
        return import_module(f"rollkit.{name}")
    raise AttributeError(f"module 'rollkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
