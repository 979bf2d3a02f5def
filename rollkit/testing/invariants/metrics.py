"""The laws of metrics."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from rollkit.arrays import Array
from rollkit.declare import MetricSpec
from rollkit.model import Actions, State
from rollkit.rollouts import Rollout
from rollkit.testing import reference, transforms
from rollkit.testing.invariant import (
    Given,
    Invariant,
    Tolerance,
    Violation,
    close,
    holds,
    invariant,
    same,
)
from rollkit.testing.rounding import carried
from rollkit.testing.strategies import LAYOUTS, rollouts
from rollkit.testing.subjects import MetricSubject as Subject
from rollkit.testing.subjects import Raised, reason
from rollkit.testing.units import dimension
from rollkit.vehicles import Vehicle

ROUNDING = Tolerance(
    1e-9, "rounding of T additions and of the transformation, relative to the value and the signals"
)
LENGTH_OF_SPEED = Tolerance(
    1e-6,
    "a speed across the body and hardly along it has lost half of the digits of its part along",
)
JUMP = 0.01  # of a value: much more than a small change of the numbers makes of it elsewhere
SINGLE = Tolerance(2e-3, "rounding of T additions in single precision, of differences of them too")


def drawn(
    spec: MetricSpec, *, besides: tuple[str, ...] = (), **options: Any
) -> st.SearchStrategy[Rollout]:
    """Rollouts with what the metric says it needs: steps, parts, samples of a case."""
    steps, compares = max(1, spec.min_steps), bool(spec.compares_samples)
    options = {"max_steps": max(16, steps + 4), **options}
    needs = (*spec.needs, *besides)
    return rollouts(min_steps=steps, needs=needs, sampled=compares, **options)


def enough(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Rollouts of any batch."""
    return drawn(spec)


def of_a_vehicle(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Rollouts of a vehicle whose size is known."""
    return drawn(spec, besides=("vehicle",))


def several(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Batches of four, of two samples each where the metric compares them."""
    return drawn(spec, batch=(4, 2) if spec.compares_samples else (4,))


def batches(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Batches of several rows, odd and even, and K samples of N cases."""
    return drawn(spec, batches=((3,), (4,), (2, 2), (2, 3)))


def samples(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Four samples of each of two cases."""
    return drawn(spec, batch=(2, 4))


def calm(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Comfortable rollouts, whose numbers are of one size."""
    return drawn(spec, profile="comfort")


def hostile(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """What a broken policy drives, often so short that one sign holds throughout."""
    short = drawn(spec, profile="hostile", max_steps=max(1, spec.min_steps) + 2)
    return short | drawn(spec, profile="hostile")


def apart(subject: Subject, rollout: Rollout) -> tuple[int, ...]:
    """The leading axes whose rows have nothing to do with each other: cases, or all of them."""
    shared = len(rollout.samples) if subject.spec.compares_samples else 0
    return rollout.batch[: len(rollout.batch) - shared]


def value(subject: Subject, rollout: Rollout) -> Array:
    """The value, or nan where the rollout lacks what the metric needs."""
    if any(getattr(rollout, need) is None for need in subject.spec.needs):
        return np.full(rollout.batch, np.nan)
    return subject(rollout)


def slack(rollout: Rollout, expected: Array, tolerance: Tolerance) -> float:
    """How far two values may be apart: rounding of the value, and of the signals over dt."""
    trajectory = rollout.trajectory
    signals = [trajectory.x, trajectory.y, trajectory.yaw, trajectory.speed]
    if rollout.actions is not None:
        signals += [rollout.actions.accel, rollout.actions.curvature]
    largest = max(float(np.abs(one).max(initial=0)) for one in signals)
    defined = np.abs(expected[np.isfinite(expected)])
    own = float(defined.max(initial=0))
    return tolerance.value * (own + 1e-3 * (1 + largest) * max(1.0, 1e-3 / rollout.dt))


def agree(
    subject: Subject, changed: Rollout, plain: Rollout, tolerance: Tolerance = ROUNDING
) -> None:
    """The value of a changed rollout is that of the plain one."""
    expected, got = value(subject, plain), value(subject, changed)
    # What is halfway between two numbers may be rounded to either of them.
    atol = slack(changed, expected, tolerance) + 2 * subject.spec.resolution
    got = forgiven(subject, plain, got, expected, atol, tolerance.value)
    for of in (changed, plain):
        got = carried(lambda one: value(subject, one), of, got, expected, atol)
    close("value", got, expected, atol)


def forgiven(
    subject: Subject, plain: Rollout, got: Array, expected: Array, atol: float, share: float
) -> Array:
    """What was got; on an edge, where the rounding of the numbers decides, what was expected.

    A value stands on an edge that jumps when every number changes by a share of itself: a miss
    that is exactly at its threshold, or the best of two samples that are equally good.
    """
    with np.errstate(invalid="ignore"):
        far = ~(np.abs(got - expected) <= atol)
    if got.shape != expected.shape or not far.any():
        return got
    for sign in (1, -1):
        nudged = value(subject, transforms.nudged(plain, sign * share))
        jump = np.abs(nudged - expected) > JUMP * (1 + np.abs(expected))
        got = np.where(jump, expected, got)
    return got


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


@invariant("metric", rollout=enough)
def one_number_per_rollout(subject: Subject, rollout: Rollout) -> None:
    """The value has the shape of the batch, whatever that is: one, K samples, none at all."""
    value(subject, rollout)  # the subject looks at type and shape


@invariant("metric", rollout=enough)
def finite_or_undefined(subject: Subject, rollout: Rollout) -> None:
    """Finite rollouts give finite values, or nan for undefined; never infinity."""
    got = value(subject, rollout)
    holds("value", ~np.isinf(got), got, "a finite number, or nan")


@invariant("metric", rollout=hostile)
def within_bounds(subject: Subject, rollout: Rollout) -> None:
    """The value is within the declared bounds, for hostile actions too."""
    low, high = subject.spec.bounds
    got = value(subject, rollout)
    holds("value", ~(got < (-np.inf if low is None else low)), got, f"at least {low}")
    holds("value", ~(got > (np.inf if high is None else high)), got, f"at most {high}")


@invariant("metric", rollout=enough)
def needs_what_it_declares(subject: Subject, rollout: Rollout) -> None:
    """What it does not declare to need, or to use, may be missing."""
    spec = subject.spec
    parts = ("actions", "reference", "vehicle", "probability")
    named = (*spec.needs, *spec.uses)
    without: dict[str, Any] = {part: None for part in parts if part not in named}
    bare = replace(rollout, **without)
    expected = value(subject, rollout)
    close("value", value(subject, bare), expected, slack(rollout, expected, ROUNDING))


@invariant(
    "metric", rollout=lambda spec: rollouts(max_steps=3, sampled=bool(spec.compares_samples))
)
def short_input(subject: Subject, rollout: Rollout) -> None:
    """From `min_steps` steps on there is a value or nan; no error, no infinity."""
    if rollout.steps >= subject.spec.min_steps:
        got = value(subject, rollout)
        holds("value", ~np.isinf(got), got, "a finite number, or nan")


@invariant("metric", tolerance=ROUNDING, rollout=batches)
def row_alone_is_row_in_batch(subject: Subject, rollout: Rollout) -> None:
    """A rollout by itself has the value that it has in a batch, K samples of a case included.

    A case by itself where the metric compares its samples.
    """
    whole = value(subject, rollout)
    for row in np.ndindex(apart(subject, rollout)):
        alone = transforms.rows(rollout, row)
        expected = whole[row]
        atol = slack(alone, expected, ROUNDING)
        close(f"value of row {list(row)} alone", value(subject, alone), expected, atol)


@invariant("metric", tolerance=ROUNDING, rollout=several, order=st.permutations(range(4)))
def order_of_rows(subject: Subject, rollout: Rollout, order: list[int]) -> None:
    """Rows in another order have their values in that order."""
    expected = value(subject, rollout)[order]
    got = value(subject, transforms.rows(rollout, order))
    close("value", got, expected, slack(rollout, expected, ROUNDING))


@invariant("metric", tolerance=ROUNDING, rollout=samples, order=st.permutations(range(4)))
def order_of_samples(subject: Subject, rollout: Rollout, order: list[int]) -> None:
    """The samples of a case in another order have their values in that order."""
    expected = value(subject, rollout)[:, order]
    got = value(subject, transforms.rows(rollout, (slice(None), order)))
    close("value", got, expected, slack(rollout, expected, ROUNDING))


@invariant("metric", rollout=enough)
def same_input_same_bits(subject: Subject, rollout: Rollout) -> None:
    """The same rollout has the same value again, to the last bit, another one in between."""
    first, other = value(subject, rollout), transforms.units(rollout, 1000.0, 0.5)
    same("value", value(subject, rollout), first)
    value(subject, other)
    same("value after another rollout", value(subject, rollout), first)


@invariant("metric", rollout=enough)
def inputs_untouched(subject: Subject, rollout: Rollout) -> None:
    """The rollout and the signals derived from it are what they were."""
    parts = list(filter(None, (rollout.trajectory, rollout.actions, rollout.reference)))
    kept = [{name: one.copy() for name, one in _arrays(of)} for of in parts]
    value(subject, rollout)
    for before, of in zip(kept, parts, strict=True):
        now = dict(_arrays(of))
        for name, old in before.items():
            same(name, now[name], old)
    fresh = replace(rollout)
    for name in vars(rollout).keys() - vars(fresh).keys():  # what it computed and kept
        if isinstance(expected := getattr(fresh, name, None), np.ndarray):
            same(name, vars(rollout)[name], expected)


def _arrays(of: object) -> list[tuple[str, Array]]:
    return [(name, one) for name, one in vars(of).items() if isinstance(one, np.ndarray)]


@invariant("metric", tolerance=ROUNDING, rollout=enough, layout=st.sampled_from(sorted(LAYOUTS)))
def memory_does_not_matter(subject: Subject, rollout: Rollout, layout: str) -> None:
    """The value is the same however the arrays lie in memory."""
    agree(subject, transforms.each_array(rollout, LAYOUTS[layout]), rollout)


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


@invariant("metric", rollout=enough, at=st.integers(0, 100))
def nan_is_never_lost(subject: Subject, rollout: Rollout, at: int) -> None:
    """Where the value depends on an instant, nan at that instant makes it undefined."""
    where = (..., at % (rollout.steps + 1))
    plain = value(subject, rollout)
    large = value(subject, transforms.at_instant(rollout, where, lambda one: one + 1000.0))
    small = value(subject, transforms.at_instant(rollout, where, lambda one: one - 1000.0))
    lost = with_nan(subject, rollout, where)
    depends = ((large != plain) | (small != plain)) & ~np.isnan(plain)
    holds(f"value with nan at instant {where[-1]}", ~depends | np.isnan(lost), lost, "nan")


@invariant("metric", tolerance=ROUNDING, rollout=several, at=st.integers(0, 100))
def nan_stays_in_its_row(subject: Subject, rollout: Rollout, at: int) -> None:
    """An instant that was not observed in one row changes no other row."""
    one = (0,) * len(apart(subject, rollout))
    where = (*one, ..., at % (rollout.steps + 1))
    expected, lost = value(subject, rollout), with_nan(subject, rollout, where)
    atol = slack(rollout, expected, ROUNDING)
    for row in np.ndindex(apart(subject, rollout)):
        if row != one:
            close(f"value of row {list(row)}", lost[row], expected[row], atol)


def with_nan(subject: Subject, rollout: Rollout, where: tuple[Any, ...]) -> Array:
    """The value with nan somewhere; it must not raise."""
    with np.errstate(invalid="ignore"):
        try:
            return value(subject, transforms.at_instant(rollout, where, lambda one: one * np.nan))
        except Raised as error:
            what = f"value with nan at instant {where[-1]}"
            raise Violation(what, reason(error.__cause__ or error), "nan") from error
