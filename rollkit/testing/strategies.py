"""Hypothesis strategies for what flows through rollkit: physically bounded, with awkward corners.

The corners are drawn on purpose and often: standing still, stopping inside a step, κ of exactly 0
and tiny, steps that turn by more than π, one step, batches of 0 and 1.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rollkit.arrays import Array
from rollkit.model import Actions, State

_DT = st.sampled_from([0.001, 0.05, 0.1, 0.25, 0.5, 1.0])
_BATCH = st.sampled_from([(), (1,), (3,), (2, 2), (0,)])


def _values(shape: tuple[int, ...], limit: float) -> st.SearchStrategy[Array]:
    corners = st.sampled_from([0.0, limit, -limit, 1e-9, -1e-9])
    inside = st.floats(-limit, limit)
    return hnp.arrays(np.float64, shape, elements=st.one_of(corners, inside))


@st.composite
def actions(
    draw: st.DrawFn,
    /,
    *,
    batch: tuple[int, ...] | None = None,
    max_steps: int = 24,
    max_accel: float = 9.8,
    max_curvature: float = 0.33,
) -> Actions:
    """Actions `(..., T)` with |a| and |κ| bounded (m/s², 1/m), for T from 1 to `max_steps`.

    >>> actions(batch=(2,)).filter(lambda drawn: drawn.batch == (2,)) is not None
    True
    """
    shape = (*(draw(_BATCH) if batch is None else batch), draw(st.integers(1, max_steps)))
    accel = draw(_values(shape, max_accel))
    curvature = draw(_values(shape, max_curvature))
    return Actions(accel, curvature, draw(_DT))


@st.composite
def states(draw: st.DrawFn, /, *, batch: tuple[int, ...] = (), max_speed: float = 40.0) -> State:
    """States `(...)` up to 1 km from the origin, at speeds from 0 to `max_speed` m/s."""
    speeds = st.one_of(st.just(0.0), st.floats(0.0, max_speed))
    return State(
        x=draw(_values(batch, 1000.0)),
        y=draw(_values(batch, 1000.0)),
        yaw=draw(_values(batch, 10.0)),
        speed=draw(hnp.arrays(np.float64, batch, elements=speeds)),
    )


@st.composite
def cases(draw: st.DrawFn, /, **options: Any) -> tuple[State, Actions]:
    """An initial state and actions that belong together; the options are those of `actions`."""
    drawn = draw(actions(**options))
    return draw(states(batch=drawn.batch)), drawn
