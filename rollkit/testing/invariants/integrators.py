"""The laws of integrators: where the vehicle goes.

Where an integrator declares that it clips actions, a law whose expected value is made from the
actions draws them within the clips; the others draw them as they come.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from rollkit.arrays import Array
from rollkit.declare import IntegratorSpec
from rollkit.model import Actions, State, Trajectory
from rollkit.testing import reference
from rollkit.testing.fields import FIELDS, fields, state, trajectory
from rollkit.testing.invariant import Tolerance, Violation, close, holds, invariant, same
from rollkit.testing.strategies import cases
from rollkit.testing.subjects import IntegratorSubject as Subject

ROUNDING = Tolerance(
    1e-11, "rounding of T additions, relative to the largest coordinate and to the largest speed"
)

Case = tuple[State, Actions]


def size(trajectory: Trajectory) -> float:
    """The size of the numbers that rounding is relative to."""
    largest = [np.abs(getattr(trajectory, one)).max(initial=0) for one in FIELDS]
    return float(1 + max(largest) + trajectory.dt * largest[-1])


def agree(got: Trajectory, expected: Trajectory, tolerance: Tolerance) -> None:
    """All four fields agree to rounding."""
    for one in FIELDS:
        atol = tolerance.value * size(expected) * expected.x.shape[-1]
        close(one, getattr(got, one), getattr(expected, one), atol)


def clipped(whole: Actions, spec: IntegratorSpec, share: float = 1.0) -> Actions:
    """The actions within the clips that the integrator declares, or within a share of them."""

    def within(name: str) -> Array:
        signal, limit = getattr(whole, name), share * spec.clips.get(name, np.inf)
        return np.clip(signal, -limit, limit)

    return Actions(within("accel"), within("curvature"), whole.dt)


def starts(**options: Any) -> Callable[[IntegratorSpec], st.SearchStrategy[Case]]:
    """Cases for an integrator, begun in reverse too if it can; the options are those of `cases`."""

    def drawn(spec: IntegratorSpec) -> st.SearchStrategy[Case]:
        plain = cases(**options)
        return plain if spec.speed_never_negative else st.tuples(plain, st.booleans()).map(_turned)

    return drawn


def unclipped(
    share: float = 1.0, **options: Any
) -> Callable[[IntegratorSpec], st.SearchStrategy[Case]]:
    """The same with actions that the integrator does not clip, or a share of these."""

    def drawn(spec: IntegratorSpec) -> st.SearchStrategy[Case]:
        plain = starts(**options)(spec)
        return plain.map(lambda case: (case[0], clipped(case[1], spec, share)))

    return drawn


def _turned(drawn: tuple[Case, bool]) -> Case:
    (initial, moves), reverse = drawn
    speed = -initial.speed if reverse else initial.speed
    return State(initial.x, initial.y, initial.yaw, speed), moves


def fastest(got: Trajectory) -> Array:
    """The largest speed of each step."""
    return np.maximum(np.abs(got.speed[..., :-1]), np.abs(got.speed[..., 1:]))


def part(whole: Actions, where: slice) -> Actions:
    """Some of the steps."""
    return Actions(whole.accel[..., where], whole.curvature[..., where], whole.dt)


@invariant("integrator", case=starts())
def initial_state_kept(subject: Subject, case: Case) -> None:
    """The trajectory begins with the initial state, to the last bit."""
    initial, drawn = case
    got = subject(initial, drawn)
    for one in FIELDS:
        same(f"{one}[0]", getattr(got, one)[..., 0], getattr(initial, one))


@invariant("integrator", case=starts(profile="hostile"))
def finite_in_finite_out(subject: Subject, case: Case) -> None:
    """Finite actions give finite trajectories."""
    got = subject(*case)
    for one in FIELDS:
        holds(one, np.isfinite(getattr(got, one)), getattr(got, one), "a finite number")


@invariant(
    "integrator",
    when="speed_never_negative",
    applies=lambda spec: spec.speed_never_negative,
    case=starts(),
)
def speed_never_negative(subject: Subject, case: Case) -> None:
    """Speed is never below 0, not even by rounding."""
    got = subject(*case)
    holds("speed", got.speed >= 0, got.speed, "0 or more")


@invariant("integrator", tolerance=ROUNDING, case=unclipped())
def speed_follows_accel(subject: Subject, case: Case) -> None:
    """Speed changes by a dt in every step; it stops at 0 where it is never negative.

    Where the direction is forgotten, it is the magnitude of the speed to which a dt is added.
    """
    got, dt = subject(*case), case[1].dt
    before = got.speed[..., :-1]
    free = (np.abs(before) if subject.spec.forgets_direction else before) + case[1].accel * dt
    expected = np.maximum(free, 0) if subject.spec.speed_never_negative else free
    close("speed", got.speed[..., 1:], expected, ROUNDING.value * size(got) * got.x.shape[-1])


@invariant("integrator", tolerance=ROUNDING, case=starts())
def speed_change_bounded(subject: Subject, case: Case) -> None:
    """|Δv| is at most |a| dt in every step; so is |Δ|v|| where the direction is forgotten."""
    got, dt = subject(*case), case[1].dt
    speed = np.abs(got.speed) if subject.spec.forgets_direction else got.speed
    change, slack = np.abs(np.diff(speed)), ROUNDING.value * size(got) * got.x.shape[-1]
    bound = np.abs(case[1].accel) * dt
    holds("|Δv|", change <= bound + slack, change, "at most |a| dt")


@invariant("integrator", tolerance=ROUNDING, case=starts())
def yaw_change_bounded(subject: Subject, case: Case) -> None:
    """|Δyaw| is at most v |κ| dt, v the largest speed of the step."""
    got, dt = subject(*case), case[1].dt
    change, slack = np.abs(np.diff(got.yaw)), ROUNDING.value * size(got) * got.x.shape[-1]
    bound = fastest(got) * np.abs(case[1].curvature) * dt
    holds("|Δyaw|", change <= bound + slack, change, "at most v |κ| dt")


@invariant(
    "integrator",
    when="not forgets_direction",
    applies=lambda spec: not spec.forgets_direction,
    tolerance=ROUNDING,
    case=starts(),
)
def step_length_bounded(subject: Subject, case: Case) -> None:
    """No step is longer than v dt, v the largest speed of the step."""
    got, dt = subject(*case), case[1].dt
    length = np.hypot(np.diff(got.x), np.diff(got.y))
    slack = ROUNDING.value * size(got) * got.x.shape[-1]
    holds("step length", length <= fastest(got) * dt + slack, length, "at most v dt")


@invariant(
    "integrator",
    when="speed_never_negative",
    applies=lambda spec: spec.speed_never_negative,
    case=starts(),
)
def standing_still_stays(subject: Subject, case: Case) -> None:
    """A vehicle that stands and does not accelerate stays where it is, to the last bit."""
    initial, drawn = case
    resting = State(initial.x, initial.y, initial.yaw, 0 * initial.speed)
    got = subject(resting, Actions(-np.abs(drawn.accel), drawn.curvature, drawn.dt))
    for one in FIELDS:
        value = getattr(got, one)
        start = getattr(resting, one)[..., None]
        holds(one, value == start, value, "the value it starts with")


@invariant("integrator", tolerance=ROUNDING, case=unclipped())
def turn_follows_curvature(subject: Subject, case: Case) -> None:
    """Half the curvature turns half as far in every step: the arc does not depend on it."""
    initial, drawn = case
    got = subject(initial, drawn)
    less = subject(initial, Actions(drawn.accel, drawn.curvature / 2, drawn.dt))
    atol = ROUNDING.value * size(got) * got.x.shape[-1]
    close("Δyaw", np.diff(less.yaw), np.diff(got.yaw) / 2, atol)


@invariant(
    "integrator",
    when="clips",
    applies=lambda spec: bool(spec.clips),
    case=starts(profile="hostile"),
)
def clips_what_it_declares(subject: Subject, case: Case) -> None:
    """Actions beyond the clips act as the clipped ones, to the last bit."""
    initial, drawn = case
    got, expected = subject(initial, drawn), subject(initial, clipped(drawn, subject.spec))
    for one in FIELDS:
        same(one, getattr(got, one), getattr(expected, one))


@invariant(
    "integrator",
    when="time_reversible",
    applies=lambda spec: spec.time_reversible,
    tolerance=ROUNDING,
    case=unclipped(),
)
def drives_back(subject: Subject, case: Case) -> None:
    """The actions from last to first, begun at the end in reverse, lead back to the beginning."""
    initial, drawn = case
    there = subject(initial, drawn)
    end, back = there.at(-1), (..., slice(None, None, -1))
    turned = Actions(drawn.accel[back], drawn.curvature[back], drawn.dt)
    got = subject(State(end.x, end.y, end.yaw, -end.speed), turned)
    x, y, yaw, speed = (one[back] for one in fields(there))
    agree(got, Trajectory(x, y, yaw, -speed, drawn.dt), ROUNDING)


@invariant("integrator", tolerance=ROUNDING, case=starts())
def no_curvature_no_turn(subject: Subject, case: Case) -> None:
    """With κ = 0 the yaw stays and the path is a straight line along it."""
    initial, drawn = case
    got = subject(initial, Actions(drawn.accel, 0 * drawn.curvature, drawn.dt))
    start = (one[..., None] for one in (initial.x, initial.y, initial.yaw))
    x, y, yaw = start
    holds("yaw", got.yaw == yaw, got.yaw, "the initial yaw")
    beside = np.abs((got.y - y) * np.cos(yaw) - (got.x - x) * np.sin(yaw))
    slack = ROUNDING.value * size(got) * got.x.shape[-1]
    holds("distance from the line", beside <= slack, beside, "0")


@invariant(
    "integrator",
    tolerance=ROUNDING,
    case=starts(),
    angle=st.floats(-3, 3),
    dx=st.floats(-100, 100),
    dy=st.floats(-100, 100),
)
def se2(subject: Subject, case: Case, angle: float, dx: float, dy: float) -> None:
    """Turning and moving the world turns and moves the path."""
    initial, drawn = case
    cos, sin = np.cos(angle), np.sin(angle)

    def moved(of: State | Trajectory) -> tuple[Array, Array, Array, Array]:
        x, y = cos * of.x - sin * of.y + dx, sin * of.x + cos * of.y + dy
        return x, y, of.yaw + angle, of.speed

    expected = trajectory(moved(subject(initial, drawn)), drawn.dt)
    agree(subject(state(moved(initial)), drawn), expected, ROUNDING)


@invariant("integrator", tolerance=ROUNDING, case=starts())
def mirror(subject: Subject, case: Case) -> None:
    """The mirror image of the actions drives the mirror image of the path."""
    initial, drawn = case
    plain = subject(initial, drawn)
    mirrored = subject(
        State(initial.x, -initial.y, -initial.yaw, initial.speed),
        Actions(drawn.accel, -drawn.curvature, drawn.dt),
    )
    agree(mirrored, Trajectory(plain.x, -plain.y, -plain.yaw, plain.speed, plain.dt), ROUNDING)


@invariant("integrator", case=starts(min_steps=2), at=st.integers(0, 100))
def causality(subject: Subject, case: Case, at: int) -> None:
    """Later actions change nothing that was before them, not by one bit."""
    initial, drawn = case
    cut = 1 + at % (drawn.steps - 1)
    accel, curvature = drawn.accel.copy(), drawn.curvature.copy()
    accel[..., cut:] += 1.0
    curvature[..., cut:] -= 0.05
    before, after = subject(initial, drawn), subject(initial, Actions(accel, curvature, drawn.dt))
    for one in FIELDS:
        changed, plain = getattr(after, one), getattr(before, one)
        same(f"{one} up to step {cut}", changed[..., : cut + 1], plain[..., : cut + 1])


@invariant("integrator", tolerance=ROUNDING, case=starts(min_steps=2), at=st.integers(0, 100))
def two_halves_are_the_whole(subject: Subject, case: Case, at: int) -> None:
    """Rolling out the first steps, then the rest from where they end, gives the whole."""
    initial, drawn = case
    cut = 1 + at % (drawn.steps - 1)
    first = subject(initial, part(drawn, slice(None, cut)))
    start = first.at(-1)
    if subject.spec.speed_never_negative:  # a fault of that sign is another law's to report
        start = State(start.x, start.y, start.yaw, np.maximum(start.speed, 0))
    second = subject(start, part(drawn, slice(cut, None)))
    joined = (
        np.concatenate([getattr(first, one), getattr(second, one)[..., 1:]], axis=-1)
        for one in FIELDS
    )
    agree(trajectory(joined, drawn.dt), subject(initial, drawn), ROUNDING)


@invariant(
    "integrator",
    tolerance=ROUNDING,
    case=unclipped(1 / 16, profile="comfort"),  # the largest factor of an acceleration
    length=st.sampled_from((2.0, 0.5, 4.0, 1.0)),
    time=st.sampled_from((2.0, 0.5, 4.0, 1.0)),
)
def units_do_not_matter(subject: Subject, case: Case, length: float, time: float) -> None:
    """The same actions in other units of length and time give the same path in those units."""
    initial, drawn = case
    plain = subject(initial, drawn)
    pace = length / time
    accel, curvature = drawn.accel * (pace / time), drawn.curvature / length
    changed = subject(
        State(initial.x * length, initial.y * length, initial.yaw, initial.speed * pace),
        Actions(accel, curvature, drawn.dt * time),
    )
    expected = Trajectory(
        plain.x * length, plain.y * length, plain.yaw, plain.speed * pace, changed.dt
    )
    agree(changed, expected, ROUNDING)


def _order(spec: IntegratorSpec) -> bool:
    return spec.order is not None


@invariant("integrator", when="order", applies=_order, seed=st.integers(0, 10_000))
def converges_at_its_order(subject: Subject, seed: int) -> None:
    """The position converges to the true one as dt to the declared order.

    The same held actions in finer and finer steps, without stopping; the observed order may fall
    short of the declared one by 0.3 and exceed it by anything.
    """
    order = subject.spec.order or 1
    random = np.random.Generator(np.random.PCG64(seed))
    bend = (0.15, 0.01, 0.001)[seed % 3]
    drawn = Actions(random.uniform(-1.0, 2.0, 6), bend * random.uniform(0.2, 1.0, 6), 0.8)
    initial, held = State(speed=8.0), clipped(drawn, subject.spec)
    truth = reference.drive(initial, held).at(-1)
    errors = []
    # Coarser for high orders, whose error is soon that of rounding.
    for parts in (8, 16, 32) if order < 3 else (2, 4, 8):
        accel, kappa = np.repeat(held.accel, parts), np.repeat(held.curvature, parts)
        fine = Actions(accel, kappa, 0.8 / parts)
        end = subject(initial, fine).at(-1)
        errors.append(float(np.hypot(end.x - truth.x, end.y - truth.y)))
    assume(min(errors) > 0)
    observed = float(np.log2(errors[-2] / errors[-1]))
    if errors[-1] > 1e-9 and observed < order - 0.3:
        raise Violation(
            f"observed order, errors {', '.join(f'{one:.1e} m' for one in errors)}",
            f"{observed:.2f}",
            f"{order}",
        )


@invariant(
    "integrator",
    when="order of 3 or more, speed_never_negative",
    applies=lambda spec: (spec.order or 0) >= 3 and spec.speed_never_negative,
    tolerance=ROUNDING,
    case=unclipped(),
)
def stops_inside_the_step(subject: Subject, case: Case) -> None:
    """Straight ahead a method of order 3 or more is exact, through a stop inside a step too.

    Driving on to the end of the step in which the vehicle stops is an error of dt², which is no
    less than that of a method of second order.
    """
    initial, drawn = case
    straight = Actions(drawn.accel, 0 * drawn.curvature, drawn.dt)
    agree(subject(initial, straight), reference.drive(initial, straight), ROUNDING)


@invariant(
    "integrator",
    when="order=None",
    applies=lambda spec: spec.order is None,
    tolerance=ROUNDING,
    case=unclipped(),
)
def exact_without_order(subject: Subject, case: Case) -> None:
    """An integrator that declares no order gives the true path, at any dt."""
    stops = subject.spec.speed_never_negative
    agree(subject(*case), reference.drive(*case, stops=stops), ROUNDING)
