"""The kit's own truth: the path of held actions, one step after the other in plain arithmetic.

Written apart from every integrator and from the closed forms of `rollkit.arrays`, so that it can
judge them.
"""

import numpy as np

from rollkit.model import Actions, State, Trajectory
from rollkit.rollouts import Rollout
from rollkit.testing.fields import fields, trajectory


def drive(initial: State, actions: Actions, *, stops: bool = True) -> Trajectory:
    """The true trajectory `(..., T+1)` of actions `(..., T)`: an arc in every step.

    With `stops` the vehicle stands from the instant at which braking has brought its speed to 0;
    without, it reverses.

    >>> end = drive(State(speed=2.0), Actions([-4.0], [0.0], 1.0)).at(-1)
    >>> float(end.x), float(end.speed)
    (0.5, 0.0)
    """
    x, y, yaw, v = (np.array(one) for one in fields(initial))
    instants = [(x, y, yaw, v)]
    for step in range(actions.steps):
        a, kappa = actions.accel[..., step], actions.curvature[..., step]
        time = np.full_like(v, actions.dt)
        if stops:
            halting = v + a * actions.dt < 0
            time = np.where(halting, v / np.where(halting, -a, 1), time)
        arc = v * time + a * time * time / 2
        turn = kappa * arc
        bent = turn / 2 != 0
        half = np.where(bent, turn / 2, 1)
        chord = np.where(bent, arc * np.sin(half) / half, arc)
        x = x + chord * np.cos(yaw + turn / 2)
        y = y + chord * np.sin(yaw + turn / 2)
        yaw = yaw + turn
        v = v + a * actions.dt
        v = np.maximum(v, 0) if stops else v
        instants.append((x, y, yaw, v))
    columns = (np.stack(column, axis=-1) for column in zip(*instants, strict=True))
    return trajectory(columns, actions.dt)


def rollout(initial: State, actions: Actions) -> Rollout:
    """The true trajectory with the actions it came from."""
    return Rollout(drive(initial, actions), actions)
