"""Hypothesis strategies for what flows through rollkit: physically bounded, with awkward corners.

The corners are drawn on purpose and often: standing still, stopping inside a step, κ of exactly 0
and tiny, steps that turn by more than π, one step, batches of 0 and 1, K samples; on request
float32 and memory that is not contiguous. All arrays are read-only, as they are in a run.

Three profiles say how far the numbers go: `comfort`, what passengers accept; `physical`, what a car
can do; `hostile`, what a broken policy asks for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from rollkit.arrays import Array
from rollkit.model import Actions, State, Trajectory
from rollkit.rollouts import Rollout
from rollkit.testing import reference, transforms
from rollkit.testing.fields import fields, trajectory
from rollkit.testing.palette import values
from rollkit.vehicles import Vehicle

BATCHES = ((), (1,), (3,), (2, 2), (0,))  # none, one, many, K samples of N cases, nothing at all
SAMPLED = ((3, 2), (1, 3), (2, 1), (), (3,), (0, 2), (2, 0))  # K samples of N cases, or none
STEPS_S = (0.001, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Profile:
    """Largest |a| in m/s², |κ| in 1/m, speed in m/s and distance from the origin in m."""

    accel: float
    curvature: float
    speed: float
    distance: float


PROFILES = {
    "comfort": Profile(accel=2.4, curvature=0.1, speed=15.0, distance=100.0),
    "physical": Profile(accel=9.8, curvature=0.33, speed=40.0, distance=1000.0),
    "hostile": Profile(accel=100.0, curvature=5.0, speed=100.0, distance=1e6),
}


def with_gaps(array: Array) -> Array:
    """The same numbers in memory with gaps."""
    wide = np.zeros((*array.shape, 2), array.dtype)
    wide[..., 0] = array
    return wide[..., 0]


def backwards(array: Array) -> Array:
    """The same numbers in memory from the last to the first."""
    return np.flip(np.flip(array).copy())


def batch_contiguous(array: Array) -> Array:
    """The same numbers in memory with the batch axis running fastest."""
    return np.array(array, order="F")


LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "gaps": with_gaps,
    "batch contiguous": batch_contiguous,
    "backwards": backwards,
}

_MOST_STEPS = 16


@st.composite
def actions(
    draw: st.DrawFn,
    /,
    *,
    profile: str = "physical",
    batch: tuple[int, ...] | None = None,
    batches: Iterable[tuple[int, ...]] = BATCHES,
    min_steps: int = 1,
    max_steps: int | None = None,
    dtype: npt.DTypeLike = np.float64,
    contiguous: bool = True,
) -> Actions:
    """Actions `(..., T)` within a profile, T from `min_steps` to `max_steps`, dt from 1e-3 to 1 s.

    `batch` is the shape of the leading axes, any of `batches` by default; `max_steps` is 16, or as
    much more than `min_steps` as leaves a choice.

    >>> from hypothesis import find
    >>> find(actions(batch=(2,)), lambda drawn: drawn.steps == 3)
    Actions(shape=(2, 3), dt=0.001)
    """
    bounds = PROFILES[profile]
    leading = draw(st.sampled_from(list(batches))) if batch is None else batch
    most = max(_MOST_STEPS, min_steps + 4) if max_steps is None else max_steps
    shape = (*leading, draw(st.integers(min_steps, most)))
    accel = draw(values(shape, bounds.accel)).astype(dtype)
    curvature = draw(values(shape, bounds.curvature)).astype(dtype)
    if not contiguous:
        accel, curvature = with_gaps(accel), with_gaps(curvature)
    return Actions(accel, curvature, draw(st.sampled_from(STEPS_S)))


@st.composite
def states(
    draw: st.DrawFn,
    /,
    *,
    profile: str = "physical",
    batch: tuple[int, ...] = (),
    dtype: npt.DTypeLike = np.float64,
) -> State:
    """States `(...)` within a profile, at speeds from 0 on; standing still is drawn often."""
    bounds = PROFILES[profile]
    return State(
        x=draw(values(batch, bounds.distance)).astype(dtype),
        y=draw(values(batch, bounds.distance)).astype(dtype),
        yaw=draw(values(batch, 7.0)).astype(dtype),
        speed=draw(values(batch, bounds.speed, np.abs)).astype(dtype),
    )


@st.composite
def cases(draw: st.DrawFn, /, **options: Any) -> tuple[State, Actions]:
    """An initial state and actions that belong together; the options are those of `actions`."""
    drawn = draw(actions(**options))
    profile = options.get("profile", "physical")
    return draw(states(profile=profile, batch=drawn.batch, dtype=drawn.accel.dtype)), drawn


@st.composite
def rollouts(
    draw: st.DrawFn, /, *, needs: tuple[str, ...] = (), sampled: bool = False, **options: Any
) -> Rollout:
    """Rollouts with actions and the true trajectory, often with a reference and a vehicle.

    `needs` names what none may lack: `"reference"`, `"vehicle"`, `"probability"`. The reference of
    K samples `(N, K)` is often one for each case, `(N,)`, and with `sampled` always. It is the same
    drive elsewhere, or one by half the actions. Probabilities are from 0 to 1 and seldom add up to
    1. The other options are those of `actions`.
    """
    if sampled and "batch" not in options:
        options = {"batches": SAMPLED, **options}
    initial, drawn = draw(cases(**options))
    driven = _driven(initial, drawn)
    beside = vehicle = probability = None
    if "reference" in needs or draw(st.booleans()):
        angle, dx, dy = draw(values((3,), 10.0))
        other = _driven(initial, drawn, draw(st.sampled_from((1.0, 0.5))))
        beside = transforms.se2(other, angle, dx, dy).trajectory
        if len(drawn.batch) > 1 and (sampled or draw(st.booleans())):
            beside = trajectory((_first_sample(one) for one in fields(beside)), drawn.dt)
    if "vehicle" in needs or draw(st.booleans()):
        vehicle = Vehicle(length=4.8, width=1.9, wheelbase=2.8)
    if "probability" in needs or draw(st.booleans()):
        probability = draw(values(drawn.batch, 1.0, np.abs)).astype(drawn.accel.dtype)
        probability.flags.writeable = False
    given = draw(st.sampled_from((1, 0)))
    return Rollout(driven.trajectory, drawn, beside, vehicle, probability, given)


def _driven(initial: State, moves: Actions, share: float = 1.0) -> Rollout:
    """The true trajectory of a share of the actions."""
    if share != 1.0:
        moves = Actions(moves.accel * share, moves.curvature * share, moves.dt)
    return Rollout(reference.drive(initial, moves), moves)


def _first_sample(array: Array) -> Array:
    """That of each case, `(N, T)`; of no samples nothing is left to take, and 0 will do."""
    return array[:, 0] if array.shape[1] else np.zeros((len(array), array.shape[-1]), array.dtype)


def trajectories(**options: Any) -> st.SearchStrategy[Trajectory]:
    """Trajectories `(..., T+1)` that a vehicle can drive; the options are those of `actions`."""
    return rollouts(**options).map(lambda drawn: drawn.trajectory)


@st.composite
def seed_ranges(draw: st.DrawFn, /, *, max_count: int = 8) -> tuple[int, int]:
    """Consecutive seeds as (first, count): small ones, and now and then near the end of 64 bits."""
    count = draw(st.integers(1, max_count))
    first = st.one_of(st.integers(0, 5000), st.integers(2**63, 2**64 - count))
    return draw(first), count
