"""The laws that a metric's declared traits switch on: invariances, scaling, precision."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from rollkit.arrays import Array
from rollkit.model import Actions, State
from rollkit.rollouts import Rollout
from rollkit.testing import reference, transforms
from rollkit.testing.invariant import Given, Invariant, Tolerance, Violation, close, invariant
from rollkit.testing.invariants.metric_agreement import ROUNDING, agree, forgiven, slack, value
from rollkit.testing.invariants.metric_rollouts import calm, enough, of_a_vehicle
from rollkit.testing.rounding import carried
from rollkit.testing.subjects import MetricSubject as Subject
from rollkit.testing.units import dimension
from rollkit.vehicles import Vehicle

LENGTH_OF_SPEED = Tolerance(
    1e-6,
    "a speed across the body and hardly along it has lost half of the digits of its part along",
)
SINGLE = Tolerance(2e-3, "rounding of T additions in single precision, of differences of them too")


def declared(
    trait: str, tolerance: Tolerance = ROUNDING, **given: Given
) -> Callable[[Callable[..., None]], Invariant]:
    """A law that a declared invariance switches on."""
    return invariant(
        "metric",
        when=f'invariant_under "{trait}", or breaks it',
        applies=lambda spec: trait in spec.invariant_under or trait in spec.breaks,
        tolerance=tolerance,
        **given,
    )


@declared(
    "se2",
    rollout=enough,
    angle=st.floats(-3, 3),
    dx=st.floats(-100, 100),
    dy=st.floats(-100, 100),
)
def se2(subject: Subject, rollout: Rollout, angle: float, dx: float, dy: float) -> None:
    """Turning and moving the world does not change the value."""
    agree(subject, transforms.se2(rollout, angle, dx, dy), rollout)


@declared("mirror", rollout=enough)
def mirror(subject: Subject, rollout: Rollout) -> None:
    """The mirror image has the same value: left counts like right."""
    agree(subject, transforms.mirror(rollout), rollout)


@declared("time_reversal", rollout=enough)
def time_reversal(subject: Subject, rollout: Rollout) -> None:
    """The same path driven the other way, from its end to its start, has the same value."""
    agree(subject, transforms.time_reversal(rollout), rollout)


@declared("time_shift", rollout=enough, steps=st.integers(1, 5))
def time_shift(subject: Subject, rollout: Rollout, steps: int) -> None:
    """Steps of steady driving, straight on, that lead into the rollout do not change the value."""
    agree(subject, transforms.time_shift(rollout, steps), rollout)


@declared("dt_refinement", rollout=enough)
def dt_refinement(subject: Subject, rollout: Rollout) -> None:
    """The same held actions in steps half as long have the same value."""
    plain = replace(rollout, reference=None)
    agree(subject, transforms.dt_refinement(rollout), plain)


@declared("reference_point", LENGTH_OF_SPEED, rollout=of_a_vehicle)
def reference_point(subject: Subject, rollout: Rollout) -> None:
    """The same motion told at the centre of the vehicle has the value that it has at its rear axle.

    Whoever measures at one point brings what it sees there by `rollout.at_point`. The actions do
    not come along: they are those of the rear axle.
    """
    agree(subject, transforms.reference_point(rollout), rollout, LENGTH_OF_SPEED)


@invariant(
    "metric",
    when="scales_with",
    applies=lambda spec: bool(spec.scales_with),
    tolerance=ROUNDING,
    rollout=calm,
    factor=st.floats(0.1, 10),
)
def scaling(subject: Subject, rollout: Rollout, factor: float) -> None:
    """A signal times c makes the value times c to the declared power."""
    for signal, power in subject.spec.scales_with.items():
        changed = transforms.scaled(rollout, signal, factor)
        expected = value(subject, rollout) * factor**power
        atol = slack(rollout, expected, ROUNDING) * max(1.0, factor**power)
        got = value(subject, changed)
        got = carried(lambda one: value(subject, one), changed, got, expected, atol)
        close(f"value for {signal} x {factor:.3g}", got, expected, atol)


@invariant(
    "metric",
    when="scales_with, and a unit of lengths and times",
    applies=lambda spec: bool(spec.scales_with) and dimension(spec.unit) is not None,
    tolerance=ROUNDING,
    rollout=calm,
    length=st.sampled_from((2.0, 0.5, 4.0, 1.0)),
    time=st.sampled_from((2.0, 0.5, 4.0, 1.0)),
)
def value_has_its_unit(subject: Subject, rollout: Rollout, length: float, time: float) -> None:
    """The drive in other units of length and time has the value in those units.

    What a metric says it scales with makes it a plain formula, without thresholds or constants of
    its own; then its unit tells how it grows.
    """
    over, under = dimension(subject.spec.unit) or (0, 0)
    factor = length**over * time**under
    changed = transforms.units(rollout, length, time)
    expected = value(subject, rollout) * factor
    atol = max(slack(rollout, expected, ROUNDING), slack(changed, expected, ROUNDING))
    what = f"value for lengths x {length:g} and times x {time:g}"
    got = value(subject, changed)
    got = carried(lambda one: value(subject, one), changed, got, expected, atol)
    close(what, got, expected, atol)


@invariant(
    "metric",
    when="scales_with",
    applies=lambda spec: bool(spec.scales_with),
    seed=st.integers(0, 10_000),
)
def shortest_input(subject: Subject, seed: int) -> None:
    """With just `min_steps` steps the value already depends on the drive, or it is nan.

    A number that all short rollouts share is made up: a 0 where there is nothing to measure.
    """
    spec = subject.spec
    values = []
    for steps in (max(1, spec.min_steps), max(1, spec.min_steps) + 8):
        random = np.random.Generator(np.random.PCG64(seed))
        accel, kappa = random.uniform(0.5, 2, (8, steps)), random.uniform(0.01, 0.1, (8, steps))
        driven = reference.rollout(State(speed=random.uniform(5, 9, 8)), Actions(accel, kappa, 0.1))
        # Another drive, so that moving one onto the other does not make them the same.
        other = reference.rollout(State(speed=random.uniform(5, 9, 8)), Actions(-accel, kappa, 0.1))
        beside = transforms.se2(other, 0.1, *random.uniform(1, 9, 2)).trajectory
        vehicle = Vehicle(length=4.8, width=1.9, wheelbase=2.8)
        share = random.uniform(0, 1, 8)
        whole = Rollout(driven.trajectory, driven.actions, beside, vehicle, share)
        values.append(value(subject, whole))
    short, long = values
    if np.unique(short).size == 1 < np.unique(long).size and not np.isnan(short).any():
        steps = max(1, spec.min_steps)
        expected = "nan, values that differ, or a larger min_steps"
        raise Violation(f"value of 8 different rollouts of {steps} steps", short[0], expected)


@invariant(
    "metric",
    when="not jumps",
    applies=lambda spec: not spec.jumps,
    tolerance=SINGLE,
    rollout=calm,
)
def single_precision(subject: Subject, rollout: Rollout) -> None:
    """float32 gives nearly what float64 gives."""

    assume(rollout.dt >= 0.05)
    single = transforms.each_array(rollout, lambda one: one.astype(np.float32))
    expected = value(subject, rollout)
    # Positions of 100 m carry 1e-5 m in single precision, a hundred times what 1 m carries.
    atol = SINGLE.value * (1 + float(np.abs(expected[np.isfinite(expected)]).max(initial=0)))
    got: Array = value(subject, single).astype(np.float64)
    got = forgiven(subject, rollout, got, expected, atol, 1e-5)
    for of in (rollout, single):
        got = carried(lambda one: value(subject, one), of, got, expected, atol, np.float32)
    close("value", got, expected, atol)
