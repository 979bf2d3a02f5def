"""What checks say of signals: by hand, and against a plain loop over rows and instants."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as drawn_arrays

import rollkit
from rollkit import Check, PluginError, Rollout, Signal, Trajectory, preset
from rollkit.declare import spec_of
from rollkit.presets import verdict

NAN, INF = math.nan, math.inf


def still(batch=(), *, dt=0.5, given=1):
    """A rollout of that batch whose motion plays no part."""
    at = np.zeros((*batch, 4))
    return Rollout(Trajectory(at, at, at, at, dt), given=given)


def made(signals, *checks, **about):
    """A preset that returns these signals."""

    @preset(project="made by hand", checks=checks, **about)
    def judged(rollout):
        """Signals made by hand."""
        return signals

    return judged


def read(values, *, given=1, dt=0.5, beside=(), batch=None, **check):
    """How a check reads these values; `beside` are the signals that limits name."""
    signals = {"a": values, **dict(beside)}
    shape = np.shape(getattr(values, "values", values))[:-1] if batch is None else batch
    one = Check(name="a", unit="m", **check)
    spec = spec_of(made(signals, one))
    return verdict(spec, still(shape, dt=dt, given=given)).readings["a"]


def test_the_worst_instant_by_hand():
    worst = read([0.0, 3.5, -1.0], low=-2, high=3)
    assert tuple(worst) == (3.5, -0.5, 0.5, 0)
    nearest = read([0.0, 2.0, -1.5], low=-2, high=3)
    assert tuple(nearest) == (-1.5, 0.5, 1.0, 1)


@pytest.mark.parametrize(("strict", "ok"), [(True, 0), (False, 1)])
def test_the_limit_itself_is_a_violation_where_it_is_strict(strict, ok):
    assert tuple(read([1.0, 3.0], high=3, strict=strict)) == (3.0, 0.0, 0.5, ok)


def test_one_limit_alone_leaves_the_other_side_open():
    assert tuple(read([-9.0, 1.0], high=3)) == (1.0, 2.0, 0.5, 1)
    assert tuple(read([9.0, 1.0], low=3)) == (1.0, -2.0, 0.5, 0)


def test_instants_that_differ_by_rounding_are_equally_bad_and_the_verdict_is_exact():
    """The first of them tells when; how bad, and whether it passes, the worst itself."""
    got = read([-3.0, 3.0 + 1e-9, 3.0], low=-3, high=3, strict=False)
    assert got.time == 0.0
    assert got.value == -3.0, "at the limit that the first is at"
    assert got.margin == 3 - (3.0 + 1e-9)
    assert got.ok == 0
    assert read([3.0 - 5e-7, 3.0 + 1e-7], high=3).ok == 0
    assert read([3.0 - 5e-7, 3.0 + 1e-7], high=3).value == 3.0 + 1e-7


@pytest.mark.parametrize("first", [0.0, 0.5, 2])
@pytest.mark.parametrize("given", [0, 1])
def test_when_it_is_counts_from_the_start(first, given):
    got = read(Signal(np.array([0.0, 9.0, 0.0]), first=first), high=3, given=given, dt=0.25)
    assert got.time == (1 + first + (1 - given)) * 0.25


@pytest.mark.parametrize(
    ("over", "value"), [("rms", 2.5), ("mean", -0.25), ("last", 0.0), ("max_abs", 4.0)]
)
def test_one_number_made_of_all_instants(over, value):
    values = [3.0, -4.0, 0.0, 0.0]
    assert tuple(read(values, over=over, high=3))[:2] == (value, 3 - value)
    assert read(values, over=over, high=3).ok == (value < 3)
    free = read(values, over=over)
    assert free.value == value
    assert all(math.isnan(one) for one in free[1:]), "judged by nobody"


@pytest.mark.parametrize("over", ["time", "rms", "mean", "last", "max_abs"])
def test_nothing_is_never_a_pass(over):
    for values in (np.zeros((2, 0)), np.full((2, 3), NAN)):
        assert all(np.isnan(one).all() for one in read(values, over=over, high=1))


@pytest.mark.parametrize("over", ["time", "rms", "mean", "max_abs"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_nan_at_any_instant_is_undefined(over, at):
    """Even beside a violation: the project's number is not known."""
    values = np.array([[9.0, 9.0, 9.0], [0.0, 0.0, 0.0]])
    values[0, at] = NAN
    got = read(values, over=over, low=-1, high=1)
    assert np.isnan(got.ok).tolist() == [True, False]
    assert np.isnan(got.margin).tolist() == [True, False]


def test_one_instant_and_the_batches_that_there_are():
    assert tuple(read([2.0], high=3)) == (2.0, 1.0, 0.0, 1)
    for batch in ((), (0,), (2,), (2, 3), (0, 3)):
        got = read(np.ones((*batch, 5)), high=3)
        assert {np.shape(one) for one in got} == {batch}
        assert (np.asarray(got.ok) == 1).all()


def test_limits_that_are_signals():
    speed_limit = np.array([5.0, 1.0, INF])
    got = read([4.0, 3.0, 99.0], high="limit", beside={"limit": speed_limit})
    assert tuple(got) == (3.0, -2.0, 0.5, 0)
    unbound = read([4.0, 3.0], high="limit", beside={"limit": np.array([INF, INF])})
    assert unbound.ok == 1
    assert all(math.isnan(one) for one in unbound[:3]), "no instant is nearest to a limit"
    held = read([4.0, 3.0], over="max_abs", high="limit", beside={"limit": np.array([3.5])})
    assert tuple(held)[:2] == (4.0, -0.5)
    unknown = read([0.0, 9.0], high="limit", beside={"limit": np.array([NAN, 99.0])})
    assert math.isnan(unknown.ok)


def test_infinite_values_are_no_pass():
    beyond = read([0.0, INF], high=3)
    assert (beyond.ok, beyond.time) == (0, 0.5)
    assert read([0.0, -INF], low=-3, high=3).ok == 0
    assert math.isnan(read([INF], high="h", beside={"h": np.array([INF])}).ok)


def loop(values, low, high, strict, first, given, dt):
    """The readings of one row, instant by instant."""
    margins = [min(one - low, high - one) for one in values]
    if any(math.isnan(one) for one in margins):
        return NAN, NAN, NAN, NAN
    worst = min(margins)
    at = margins.index(worst)
    passes = worst > 0 if strict else worst >= 0
    return values[at], worst, (at + first + 1 - given) * dt, float(passes)


EIGHTHS = st.integers(-40, 40).map(lambda one: one / 8)  # sums and differences of them are exact
LAYOUTS = (np.ascontiguousarray, lambda one: np.moveaxis(np.moveaxis(one, -1, 0).copy(), 0, -1))


@given(
    values=drawn_arrays(
        st.sampled_from([np.float32, np.float64]),
        st.sampled_from([(1, 1), (2, 3), (3, 7), (1, 8)]),
        elements=EIGHTHS | st.just(NAN),
    ),
    limits=st.tuples(st.just(-INF) | EIGHTHS, st.just(INF) | EIGHTHS).map(sorted),
    strict=st.booleans(),
    first=st.sampled_from([0.0, 0.5]),
    begun=st.integers(0, 1),
    layout=st.sampled_from(LAYOUTS),
    varying=st.booleans(),
)
def test_every_reading_is_that_of_a_plain_loop(
    values, limits, strict, first, begun, layout, varying
):
    low, high = limits
    bounds = {
        name: one for name, one in zip(("low", "high"), limits, strict=True) if math.isfinite(one)
    }
    if not bounds or low == high:
        return
    beside = {f"{name}_at": np.full(values.shape, one) for name, one in bounds.items()}
    check = {name: f"{name}_at" for name in bounds} if varying else bounds
    signal = Signal(layout(values), first)
    got = read(signal, given=begun, strict=strict, beside=beside, **check)
    expected = [loop(row.tolist(), low, high, strict, first, begun, 0.5) for row in values]
    for one, column in zip(got, zip(*expected, strict=True), strict=True):
        np.testing.assert_array_equal(np.asarray(one, float), column)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ([1.0, 2.0], "returned list, expected signals by name"),
        ({}, r"returned no signal 'a', which the check a is read of"),
        ({"a": "fast"}, r"signal a: returned dtype .*, expected real numbers"),
        ({"a": np.zeros(3, complex)}, r"signal a: returned dtype complex128"),
        ({"a": 3.0}, r"signal a: returned shape \(\), expected \(2, '\.\.\.'\)"),
        ({"a": np.zeros((3, 2))}, r"signal a: returned shape \(3, 2\)"),
        ({"a": np.zeros((2, 5))}, r"returned no signal 'limit', which the check a is read of"),
        (
            {"a": np.zeros((2, 5)), "limit": np.zeros((2, 4))},
            r"signal limit: returned shape \(2, 4\), expected \(2, 5\): it is a limit of the check",
        ),
    ],
)
def test_what_is_no_signal_is_an_invalid_return(returned, message):
    wrong = made(returned, Check(name="a", unit="m", high="limit"))
    with pytest.raises(PluginError, match=rf"validate failed at .*test_verdicts\.py.*{message}"):
        rollkit.evaluate(still((2,)), [wrong])


def test_whole_numbers_and_flags_are_numbers():
    assert tuple(read(np.array([0, 2]), high=3)) == (2.0, 1.0, 0.5, 1)
    assert tuple(read(np.array([False, True]), high=0.5)) == (1.0, -0.5, 0.5, 0)


def test_all_checks_must_pass_and_those_without_a_limit_have_no_say():
    signals = {"a": np.array([[0.0], [9.0], [0.0]]), "b": np.array([[0.0], [0.0], [NAN]])}
    checks = [Check(name=one, unit="m", high=1) for one in "ab"]
    free = Check(name="c", unit="m", signal="b", over="mean")
    spec = spec_of(made(signals, *checks, free))
    found = verdict(spec, still((3,)))
    np.testing.assert_array_equal(found.ok(spec.checks), [1, 0, NAN])
