"""rollkit: plugin-based metrics for driving policies.

A policy's accelerations and curvatures are rolled out by a declared integrator, measured with
metrics anyone can add, and written to one artifact that says how every number came about.

Names resolve on first use, so that `import rollkit` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
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
    )
    from rollkit.draws import Draws
    from rollkit.errors import DataError, ExecutionError, PluginError, RollkitError, UsageError
    from rollkit.evaluation import evaluate, evaluate_actions, rollout
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
    from rollkit.poses import Poses
    from rollkit.predictions.evaluation import evaluate_predictions
    from rollkit.predictions.results import EvalResult, read_evaluation
    from rollkit.reading import File
    from rollkit.reference_points import at_point
    from rollkit.resampling import Uniform, uniform
    from rollkit.results import RunResult, read_result
    from rollkit.rollouts import Episodes, Rollout
    from rollkit.runner import run
    from rollkit.savitzky_golay import savgol
    from rollkit.trajectories import read_trajectory
    from rollkit.vehicles import Vehicle

_HOMES = {
    "Actions": "model",
    "Check": "declare",
    "DataError": "errors",
    "Draws": "draws",
    "Episodes": "rollouts",
    "EvalResult": "predictions.results",
    "ExecutionError": "errors",
    "Explanation": "explaining",
    "File": "reading",
    "Gate": "gates.gate",
    "GateResult": "gates.results",
    "Job": "job",
    "Param": "parameters",
    "Part": "job",
    "PluginError": "errors",
    "Poses": "poses",
    "Quirk": "declare",
    "RollkitError": "errors",
    "Rollout": "rollouts",
    "RunResult": "results",
    "Signal": "declare",
    "State": "model",
    "Trajectory": "model",
    "Uniform": "resampling",
    "Unit": "job",
    "UsageError": "errors",
    "Vehicle": "vehicles",
    "Worker": "job",
    "action_source": "declare",
    "at_point": "reference_points",
    "baseline": "declare",
    "compare_fits": "fitting",
    "detect_format": "formats",
    "evaluate": "evaluation",
    "evaluate_actions": "evaluation",
    "evaluate_predictions": "predictions.evaluation",
    "executor": "declare",
    "explain": "explaining",
    "fit": "fitting",
    "hookimpl": "hookspecs",
    "integrator": "declare",
    "inverse": "declare",
    "judge": "gates.judging",
    "metric": "declare",
    "preset": "declare",
    "read_evaluation": "predictions.results",
    "read_poses": "formats",
    "read_result": "results",
    "read_trajectory": "trajectories",
    "reader": "declare",
    "rollout": "evaluation",
    "run": "runner",
    "savgol": "savitzky_golay",
    "uniform": "resampling",
}

__all__ = [
    "Actions",
    "Check",
    "DataError",
    "Draws",
    "Episodes",
    "EvalResult",
    "ExecutionError",
    "Explanation",
    "File",
    "Gate",
    "GateResult",
    "Job",
    "Param",
    "Part",
    "PluginError",
    "Poses",
    "Quirk",
    "RollkitError",
    "Rollout",
    "RunResult",
    "Signal",
    "State",
    "Trajectory",
    "Uniform",
    "Unit",
    "UsageError",
    "Vehicle",
    "Worker",
    "__version__",
    "action_source",
    "at_point",
    "baseline",
    "compare_fits",
    "detect_format",
    "evaluate",
    "evaluate_actions",
    "evaluate_predictions",
    "executor",
    "explain",
    "fit",
    "hookimpl",
    "integrator",
    "inverse",
    "judge",
    "metric",
    "preset",
    "read_evaluation",
    "read_poses",
    "read_result",
    "read_trajectory",
    "reader",
    "rollout",
    "run",
    "savgol",
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
