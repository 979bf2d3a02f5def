"""Actions recovered from poses, for the metrics that need them."""

from collections.abc import Mapping
from typing import Any

from rollkit.declare import InverseSpec
from rollkit.errors import Failure, InvalidReturn
from rollkit.guard import guarded
from rollkit.model import Actions, Trajectory
from rollkit.plugins import Registered


class Fitting:
    """Actions recovered from poses, for metrics that need them."""

    def __init__(self, inverse: Registered[InverseSpec], options: Mapping[str, Any]) -> None:
        self._inverse, self._options = inverse, options

    def actions(
        self, trajectory: Trajectory, history: Trajectory | None
    ) -> tuple[Actions | None, str | None, Failure | None]:
        """The actions, or why there are none, or what the inverse did wrong."""
        spec = self._inverse.spec
        if trajectory.steps < spec.min_steps:
            return None, f"{spec.name} fits {spec.min_steps} steps or more", None
        if not trajectory.complete:
            return None, "actions are fitted to complete trajectories", None
        with guarded(
            self._inverse.origin, "compute", subject=spec.name, function=spec.function
        ) as attempt:
            _, actions = spec.function(
                trajectory, history=history, initial_speed=None, **self._options
            )
            if not isinstance(actions, Actions) or actions.accel.shape != (
                *trajectory.batch,
                trajectory.steps,
            ):
                raise InvalidReturn(f"returned {actions!r}, expected actions for each step")
            return actions.arranged(), None, None
        return None, None, attempt.fault
