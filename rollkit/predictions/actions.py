"""Actions recovered from poses, for the metrics that need them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.declare import InverseSpec
from rollkit.errors import Failure, InvalidReturn
from rollkit.guard import guarded
from rollkit.model import Actions, Trajectory
from rollkit.plugins import Registered
from rollkit.predictions.trajectories import one_of_each
from rollkit.rollouts import Rollout

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fitted:
    """The actions `(n, K, T)` and the cases that have any; or why there are none."""

    actions: Actions | None = None
    known: Mask | None = None  # (n,); in the other cases, the actions stand for nothing
    reason: str | None = None
    fault: Failure | None = None  # what the inverse did wrong


class Fitting:
    """Recovers actions by one inverse with its options."""

    def __init__(self, inverse: Registered[InverseSpec], options: Mapping[str, Any]) -> None:
        self._inverse, self._options = inverse, options

    def beside(self, rollout: Rollout, history: Trajectory | None) -> tuple[Rollout, Fitted]:
        """The rollout `(n, K)` after histories `(n, H)` with actions, and what became of them."""
        # Where the start itself is unknown, a history does not end where the poses begin; and one
        # pose is no motion.
        leads_there = history is not None and rollout.given and history.steps > 0
        fitted = self.fitted(rollout.trajectory, history if leads_there else None)
        return replace(rollout, actions=fitted.actions), fitted

    def fitted(self, trajectory: Trajectory, history: Trajectory | None) -> Fitted:
        """The actions of trajectories `(n, K, T+1)` after histories `(n, H)`.

        What is missing in one case changes nothing in another: a history with a hole is left out,
        a trajectory with one has no actions.
        """
        spec = self._inverse.spec
        if trajectory.steps < spec.min_steps:
            least = f"{spec.min_steps} step{'s' * (spec.min_steps > 1)}"
            return Fitted(reason=f"{spec.name} fits {least} or more")
        known = _observed(trajectory)
        if not known.any():
            return Fitted(reason="actions are fitted to complete trajectories")
        has = np.zeros_like(known) if history is None else _observed(history)
        with guarded(
            self._inverse.origin, "compute", subject=spec.name, function=spec.function
        ) as attempt:
            parts = [
                (some, self._actions(_rows(trajectory, some), past and _rows(past, some)))
                for some, past in ((known & has, history), (known & ~has, None))
                if some.any()
            ]
            return Fitted(_together(parts, trajectory), known)
        return Fitted(fault=attempt.fault)

    def _actions(self, trajectory: Trajectory, history: Trajectory | None) -> Actions:
        past = history and one_of_each(history, samples=trajectory.batch[1])
        _, actions = self._inverse.spec.function(
            trajectory, history=past, initial_speed=None, **self._options
        )
        if not isinstance(actions, Actions) or actions.accel.shape != (
            *trajectory.batch,
            trajectory.steps,
        ):
            raise InvalidReturn(f"returned {actions!r}, expected actions for each step")
        return actions.arranged()


def _observed(trajectory: Trajectory) -> Mask:
    """Which cases have a pose at every instant, `(n,)`."""
    if trajectory.complete:
        return np.ones(trajectory.batch[0], dtype=bool)
    poses = trajectory.x + trajectory.y + trajectory.yaw
    return np.asarray(~np.isnan(poses).any(axis=tuple(range(1, poses.ndim))))


def _rows(trajectory: Trajectory, some: Mask) -> Trajectory:
    if some.all():
        return trajectory
    one = trajectory
    yaw = None if one.yaw_of_path else one.yaw[some]
    return Trajectory.through(one.x[some], one.y[some], one.dt, yaw=yaw, speed=one.speed[some])


def _together(parts: list[tuple[Mask, Actions]], trajectory: Trajectory) -> Actions:
    if parts[0][0].all():
        return parts[0][1]
    accel, curvature = np.zeros((2, *trajectory.batch, trajectory.steps))
    for some, actions in parts:
        accel[some], curvature[some] = actions.accel, actions.curvature
    return Actions(accel, curvature, trajectory.dt).arranged()
