"""What goes into a fit and what comes out of it, checked."""

import math

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array
from rollkit.door import finite, numbers
from rollkit.errors import DataError, InvalidReturn
from rollkit.model import Actions, State, Trajectory

_APART = 1.0  # m: a history that ends further away is another drive's


def check_observed(what: str, trajectory: Trajectory) -> None:
    """Refuse nan; infinity does not come this far."""
    if trajectory.complete:
        return
    for name in ("x", "y", "yaw"):
        unknown = np.isnan(getattr(trajectory, name))
        if unknown.any():
            *row, instant = (int(one) for one in np.argwhere(unknown)[0])
            where = f"row {row}, instant {instant}" if row else f"instant {instant}"
            raise DataError(
                f"fit: {what}: {name} is nan at {where}; expected every instant observed",
                hint="fill gaps first, as rollkit.uniform does, or leave these cases out",
            )


def check_history(history: Trajectory, trajectory: Trajectory) -> None:
    """Refuse a history that is not what came before."""
    if history.batch != trajectory.batch or history.steps < 1:
        raise DataError(
            f"fit: got a history {history.x.shape} of a trajectory {trajectory.x.shape}; expected "
            "the same leading axes and at least two instants"
        )
    if not math.isclose(history.dt, trajectory.dt, rel_tol=1e-9):
        raise DataError(
            f"fit: got a history at dt={history.dt:g} s of a trajectory at "
            f"dt={trajectory.dt:g} s; expected one time step"
        )
    check_observed("history", history)
    apart = arrays.distance(
        history.x[..., -1] - trajectory.x[..., 0], history.y[..., -1] - trajectory.y[..., 0]
    )
    if (apart > _APART).any():
        row = [int(one) for one in np.argwhere(apart > _APART)[0]]
        where = f" of row {row}" if row else ""
        raise DataError(
            f"fit: the history{where} ends {apart[tuple(row)]:.3g} m from where its trajectory "
            "begins; expected its last instant to be the start"
        )


def starting_speed(initial_speed: npt.ArrayLike, batch: tuple[int, ...]) -> Array:
    """A speed for every case."""
    speed = numbers("initial_speed", initial_speed)
    if speed.shape not in ((), batch):
        raise DataError(f"fit: initial_speed: got {speed.shape}, expected {batch} or one number")
    finite("initial_speed", speed)
    return np.broadcast_to(speed, batch)


def nothing(trajectory: Trajectory) -> tuple[State, Actions]:
    """The fit of no cases."""
    none = np.empty((*trajectory.batch, trajectory.steps))
    return State(*[np.empty(trajectory.batch)] * 4), Actions(none, none, trajectory.dt)


def checked(answer: object, trajectory: Trajectory) -> tuple[State, Actions]:
    """What a method returned, as long as it is what it has to be."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise InvalidReturn(f"returned {type(answer).__name__}, expected (State, Actions)")
    initial, actions = answer
    if not isinstance(initial, State) or initial.batch != trajectory.batch:
        raise InvalidReturn(f"returned {initial!r}, expected a State {trajectory.batch}")
    expected = (*trajectory.batch, trajectory.steps)
    if not isinstance(actions, Actions) or actions.accel.shape != expected:
        raise InvalidReturn(f"returned {actions!r}, expected Actions {expected}")
    if not math.isclose(actions.dt, trajectory.dt, rel_tol=1e-9):
        raise InvalidReturn(f"returned dt={actions.dt:g} s, expected {trajectory.dt:g} s")
    return initial, actions
