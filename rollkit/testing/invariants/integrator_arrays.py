"""The laws of integrators as functions of arrays: rows, precision, memory, and nothing kept."""

import numpy as np
from hypothesis import strategies as st

from rollkit.model import Actions, State
from rollkit.testing.fields import FIELDS, fields, state, trajectory
from rollkit.testing.invariant import Tolerance, Violation, invariant, same
from rollkit.testing.invariants.integrators import ROUNDING, Case, agree, starts
from rollkit.testing.strategies import LAYOUTS
from rollkit.testing.subjects import IntegratorSubject as Subject

SINGLE = Tolerance(2e-4, "rounding of T additions in single precision")


@invariant("integrator", tolerance=ROUNDING, case=starts(batches=((3,), (4,), (2, 2), (2, 3))))
def row_alone_is_row_in_batch(subject: Subject, case: Case) -> None:
    """A row by itself gives what it gives in a batch, whatever its neighbours do."""
    initial, drawn = case
    whole = subject(initial, drawn)
    for row in np.ndindex(drawn.batch):
        start = state(one[row] for one in fields(initial))
        alone = subject(start, Actions(drawn.accel[row], drawn.curvature[row], drawn.dt))
        expected = trajectory((one[row] for one in fields(whole)), drawn.dt)
        agree(alone, expected, ROUNDING)


@invariant("integrator", tolerance=SINGLE, case=starts(profile="comfort", dtype=np.float32))
def dtype_kept(subject: Subject, case: Case) -> None:
    """float32 goes in and comes out, and agrees with float64 to single precision."""
    initial, drawn = case
    got = subject(initial, drawn)
    if got.x.dtype != np.float32:
        raise Violation("dtype", got.x.dtype, "float32")
    wide = state(one.astype(np.float64) for one in fields(initial))
    accel, curvature = drawn.accel.astype(np.float64), drawn.curvature.astype(np.float64)
    agree(got, subject(wide, Actions(accel, curvature, drawn.dt)), SINGLE)


@invariant("integrator", tolerance=ROUNDING, case=starts())
def double_precision(subject: Subject, case: Case) -> None:
    """float64 goes in and comes out."""
    got = subject(*case)
    if got.x.dtype != np.float64:
        raise Violation("dtype", got.x.dtype, "float64")


@invariant("integrator", case=starts())
def inputs_untouched(subject: Subject, case: Case) -> None:
    """The initial state and the actions are what they were."""
    initial, drawn = case
    before = [getattr(initial, one).copy() for one in FIELDS]
    accel, curvature = drawn.accel.copy(), drawn.curvature.copy()
    subject(initial, drawn)
    for one, value in zip(FIELDS, before, strict=True):
        same(f"initial {one}", getattr(initial, one), value)
    same("accel", drawn.accel, accel)
    same("curvature", drawn.curvature, curvature)


@invariant("integrator", case=starts())
def same_input_same_bits(subject: Subject, case: Case) -> None:
    """The same input gives the same trajectory again, to the last bit, another in between."""
    initial, drawn = case
    first, second = subject(initial, drawn), subject(initial, drawn)
    subject(initial, Actions(1 - drawn.accel, 0.1 - drawn.curvature, drawn.dt))
    third = subject(initial, drawn)
    for one in FIELDS:
        same(one, getattr(second, one), getattr(first, one))
        same(f"{one} after another call", getattr(third, one), getattr(first, one))


@invariant("integrator", tolerance=ROUNDING, case=starts(), layout=st.sampled_from(sorted(LAYOUTS)))
def memory_does_not_matter(subject: Subject, case: Case, layout: str) -> None:
    """The trajectory is the same however arrays lie in memory, a number for a batch included."""
    (initial, drawn), change = case, LAYOUTS[layout]
    loose = Actions(change(drawn.accel), change(drawn.curvature), drawn.dt)
    agree(subject(state(map(change, fields(initial))), loose), subject(initial, drawn), ROUNDING)
    bare = State(x=1.0, y=2.0, yaw=0.5, speed=initial.speed)
    packed = state(np.array(one) for one in fields(bare))
    agree(subject(bare, loose), subject(packed, drawn), ROUNDING)
