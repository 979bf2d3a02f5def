"""The laws of action sources."""

import math
import typing
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from rollkit.declare import ActionSourceSpec
from rollkit.errors import DataError, UsageError
from rollkit.model import Actions, State
from rollkit.parameters import Parameter
from rollkit.testing import reference
from rollkit.testing.fields import FIELDS
from rollkit.testing.invariant import Tolerance, Violation, close, holds, invariant, same
from rollkit.testing.strategies import seed_ranges
from rollkit.testing.subjects import Raised, Refused, reason
from rollkit.testing.subjects import SourceSubject as Subject

LIMIT = Tolerance(1e-9, "rounding of the signal, relative to the limit")
# 0.3 / 0.1 is a little less than 3.
TIMES = ((6.4, 0.1), (3.2, 0.05), (2.0, 0.5), (0.1, 0.1), (12.0, 0.25), (0.3, 0.1))

Seeds = tuple[int, int]
Time = tuple[float, float]


def times(spec: ActionSourceSpec) -> st.SearchStrategy[Time | tuple[None, None]]:
    """Horizon and dt; nothing for a source that brings its own."""
    return st.just((None, None)) if spec.own_time else st.sampled_from(TIMES)


def one_seed_or_more(spec: ActionSourceSpec) -> st.SearchStrategy[Seeds]:
    """Seeds; a source that brings its own time has only the first for certain."""
    return st.just((0, 1)) if spec.own_time else seed_ranges()


def options(spec: ActionSourceSpec) -> st.SearchStrategy[dict[str, Any]]:
    """Values of the options that have a range or choices; the ends of ranges among them."""
    known = {one.name: _permitted(one) for one in spec.parameters if not one.required}
    return st.fixed_dictionaries(
        {}, optional={name: values for name, values in known.items() if values is not None}
    )


def _permitted(one: Parameter) -> st.SearchStrategy[Any] | None:
    low, high = one.about.low, one.about.high
    if typing.get_origin(one.type) is typing.Literal:
        return st.sampled_from(typing.get_args(one.type))
    if one.type is bool:
        return st.booleans()
    if low is None or high is None:
        return None
    if one.type is int:
        return st.integers(math.ceil(low), math.floor(high))
    return st.one_of(st.sampled_from([float(low), float(high)]), st.floats(low, high))


def draw(subject: Subject, seeds: Seeds, time: Time, **params: Any) -> tuple[State, Actions]:
    """The episodes; refused combinations of options are no cases."""
    try:
        return subject(*seeds, horizon=time[0], dt=time[1], **params)
    except Refused:
        assume(False)
        raise


def row(case: tuple[State, Actions], index: int) -> dict[str, Any]:
    """One seed's state and actions."""
    initial, actions = case
    fields = {one: getattr(initial, one)[index] for one in FIELDS}
    return {**fields, "accel": actions.accel[index], "curvature": actions.curvature[index]}


@invariant("action_source", seeds=one_seed_or_more, time=times, params=options)
def a_row_for_each_seed(subject: Subject, seeds: Seeds, time: Time, params: dict[str, Any]) -> None:
    """n seeds give a state `(n,)` and finite actions `(n, T)`."""
    initial, actions = draw(subject, seeds, time, **params)
    if initial.batch != (seeds[1],):
        raise Violation("shape of the state", initial.batch, (seeds[1],))
    if actions.batch != (seeds[1],):
        raise Violation("batch of the actions", actions.batch, (seeds[1],))


@invariant(
    "action_source",
    when="horizon and dt are the run's",
    applies=lambda spec: not spec.own_time,
    seeds=one_seed_or_more,
    time=times,
)
def horizon_and_dt_honoured(subject: Subject, seeds: Seeds, time: Time) -> None:
    """The actions have the dt and the number of steps that were asked for."""
    _, actions = draw(subject, seeds, time)
    if actions.dt != time[1]:
        raise Violation("dt", actions.dt, time[1])
    if actions.steps != round(time[0] / time[1]):
        raise Violation("steps", actions.steps, round(time[0] / time[1]))


@invariant("action_source", seeds=one_seed_or_more, time=times, params=options)
def same_seed_same_bits(subject: Subject, seeds: Seeds, time: Time, params: dict[str, Any]) -> None:
    """The same seeds give the same actions again, to the last bit."""
    first, second = (draw(subject, seeds, time, **params) for _ in range(2))
    for index in range(seeds[1]):
        for name, expected in row(first, index).items():
            same(f"{name} of seed {seeds[0] + index}", row(second, index)[name], expected)


@invariant(
    "action_source",
    when="horizon and dt are the run's",
    applies=lambda spec: not spec.own_time,
    tolerance=Tolerance(1e-12, "sums over the seeds of a batch may be taken in another order"),
    seeds=one_seed_or_more,
    time=times,
    params=options,
    at=st.integers(0, 100),
)
def seed_alone_is_seed_in_chunk(
    subject: Subject, seeds: Seeds, time: Time, params: dict[str, Any], at: int
) -> None:
    """A seed's actions do not depend on the chunk it is drawn in, nor on its neighbours."""
    whole = draw(subject, seeds, time, **params)
    index = at % seeds[1]
    alone = draw(subject, (seeds[0] + index, 1), time, **params)
    for name, expected in row(whole, index).items():
        got = row(alone, 0)[name]
        atol = 1e-12 * (1 + float(np.abs(expected).max()))
        close(f"{name} of seed {seeds[0] + index} alone", got, expected, atol)


@invariant(
    "action_source",
    when="horizon and dt are the run's",
    applies=lambda spec: not spec.own_time,
    first=st.one_of(st.integers(0, 10_000), st.integers(2**24, 2**64 - 16)),
)
def different_seeds_differ(subject: Subject, first: int) -> None:
    """With the default options no two of 16 consecutive seeds give the same."""
    initial, actions = draw(subject, (first, 16), (6.4, 0.1))
    rows = {
        tuple(np.concatenate([np.atleast_1d(one) for one in row((initial, actions), i).values()]))
        for i in range(16)
    }
    if len(rows) < 16:
        raise Violation(f"different rows of seeds {first} to {first + 15}", len(rows), 16)


@invariant(
    "action_source",
    when="limits",
    applies=lambda spec: bool(spec.limits),
    tolerance=LIMIT,
    seeds=one_seed_or_more,
    time=times,
    params=options,
)
def limits_hold(subject: Subject, seeds: Seeds, time: Time, params: dict[str, Any]) -> None:
    """No seed and no permitted option takes a signal beyond its declared limit."""
    initial, actions = draw(subject, seeds, time, **params)
    rollout = reference.rollout(initial, actions)
    for signal, limit in subject.spec.limits.items():
        got = np.abs(getattr(rollout, signal))
        holds(f"|{signal}|", got <= limit * (1 + LIMIT.value), got, f"at most {limit:g}")


@invariant("action_source", seeds=one_seed_or_more, time=times)
def speed_starts_at_0_or_more(subject: Subject, seeds: Seeds, time: Time) -> None:
    """No vehicle starts in reverse."""
    initial, _ = draw(subject, seeds, time)
    holds("initial speed", initial.speed >= 0, initial.speed, "0 or more")


@invariant("action_source", beyond=st.floats(1e-6, 1e6))
def out_of_range_is_refused(subject: Subject, beyond: float) -> None:
    """An option beyond either end of its declared range is a wrong call."""
    for one in subject.spec.parameters:
        for end, side in ((one.about.low, -1), (one.about.high, 1)):
            if end is None:
                continue
            outside = end + side * beyond * (1 + abs(end))
            try:
                got = one.convert(outside, owner="check")
            except UsageError:
                continue
            raise Violation(f"option {one.name}={outside}", got, "a UsageError")


@invariant("action_source")
def defaults_are_permitted(subject: Subject) -> None:
    """Every default is of its option's type and within its range."""
    for one in subject.spec.parameters:
        if one.required:
            continue
        try:
            one.convert(one.default, owner="check")
        except UsageError as error:
            what = f"default of option {one.name}"
            raise Violation(what, repr(one.default), one.range or "its type") from error


@invariant("action_source", seeds=one_seed_or_more, time=times, params=options)
def every_permitted_option_works(
    subject: Subject, seeds: Seeds, time: Time, params: dict[str, Any]
) -> None:
    """Options within their ranges give actions, or a UsageError that says why they do not."""
    try:
        draw(subject, seeds, time, **params)
    except Raised as error:
        cause = error.__cause__ or error
        wanted = "actions, or a UsageError"
        kind = "wrong data" if isinstance(cause, DataError) else "an exception"
        raise Violation(kind, reason(cause), wanted) from cause
