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
        action_source,
        baseline,
        executor,
        integrator,
        inverse,
        metric,
        reader,
    )
    from rollkit.draws import Draws
    from rollkit.errors import DataError, ExecutionError, PluginError, RollkitError, UsageError
    from rollkit.evaluation import evaluate, evaluate_actions, rollout
    from rollkit.hookspecs import hookimpl
    from rollkit.job import Job, Part, Unit, Worker
    from rollkit.model import Actions, State, Trajectory, Vehicle
    from rollkit.parameters import Param
    from rollkit.poses import Poses
    from rollkit.reading import File
    from rollkit.results import RunResult, read_result
    from rollkit.rollouts import Episodes, Rollout
    from rollkit.runner import run

_HOMES = {
    "Actions": "model",
    "DataError": "errors",
    "Draws": "draws",
    "Episodes": "rollouts",
    "ExecutionError": "errors",
    "File": "reading",
    "Job": "job",
    "Param": "parameters",
    "Part": "job",
    "PluginError": "errors",
    "Poses": "poses",
    "RollkitError": "errors",
    "Rollout": "rollouts",
    "RunResult": "results",
    "State": "model",
    "Trajectory": "model",
    "Unit": "job",
    "UsageError": "errors",
    "Vehicle": "model",
    "Worker": "job",
    "action_source": "declare",
    "baseline": "declare",
    "evaluate": "evaluation",
    "evaluate_actions": "evaluation",
    "executor": "declare",
    "hookimpl": "hookspecs",
    "integrator": "declare",
    "inverse": "declare",
    "metric": "declare",
    "read_result": "results",
    "reader": "declare",
    "rollout": "evaluation",
    "run": "runner",
}

__all__ = [
    "Actions",
    "DataError",
    "Draws",
    "Episodes",
    "ExecutionError",
    "File",
    "Job",
    "Param",
    "Part",
    "PluginError",
    "Poses",
    "RollkitError",
    "Rollout",
    "RunResult",
    "State",
    "Trajectory",
    "Unit",
    "UsageError",
    "Vehicle",
    "Worker",
    "__version__",
    "action_source",
    "baseline",
    "evaluate",
    "evaluate_actions",
    "executor",
    "hookimpl",
    "integrator",
    "inverse",
    "metric",
    "read_result",
    "reader",
    "rollout",
    "run",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"rollkit.{_HOMES[name]}"), name)
    if name in ("arrays", "layout", "testing"):
        return import_module(f"rollkit.{name}")
    raise AttributeError(f"module 'rollkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
