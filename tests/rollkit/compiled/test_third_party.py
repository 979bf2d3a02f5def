"""Definitions of a third party: what is written in primitives is fused, all else is left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollkit import Actions, State, Trajectory, arrays, integrator, metric
from rollkit.declare import spec_of
from rollkit.testing import strategies

numba = pytest.importorskip("numba")

from rollkit.compiled import kernel_for  # noqa: E402


def defined(function):
    """The function as a metric that needs actions and three steps."""
    function.__doc__ = "A test's metric."
    return metric(unit="1", needs="actions", min_steps=3)(function)


@integrator(order=1, speed_never_negative=False)
def drifting(initial, actions):
    """Reverses, slips sideways, and does half of its sums for nothing."""
    dt = actions.dt
    speed = arrays.cumulative(initial.speed, dt * actions.accel)
    mean = 0.5 * (speed[..., 1:] + speed[..., :-1])
    yaw = arrays.cumulative(initial.yaw, np.multiply(mean, actions.curvature) * dt)
    cos, sin = arrays.cos_sin(yaw[..., 1:])
    slip = np.maximum(np.minimum(mean * actions.curvature, 0.5), -0.5)
    x = arrays.cumulative(initial.x, (mean * cos - slip * sin) * dt)
    y = arrays.cumulative(initial.y, (mean * sin + slip * cos) * dt)
    return Trajectory(x, y, yaw, speed, dt)


@integrator(order=1, speed_never_negative=True)
def says_never_negative(initial, actions):
    """Declares what is not so: its speed may fall below 0."""
    dt = actions.dt
    speed = arrays.cumulative(initial.speed, actions.accel * dt)
    yaw = arrays.cumulative(initial.yaw, actions.curvature * dt)
    x = arrays.cumulative(initial.x, speed[..., :-1] * dt)
    return Trajectory(x, arrays.cumulative(initial.y, yaw[..., 1:] * dt), yaw, speed, dt)


@defined
def snap(rollout):
    return arrays.max_abs(arrays.differences(rollout.jerk, rollout.dt))


@defined
def lowest_change_of_lateral_accel(rollout):
    return arrays.minimum(arrays.differences(rollout.lateral_accel))


@defined
def highest_mean_of_neighbours(rollout):
    return arrays.maximum(rollout.accel[..., 1:] + rollout.accel[..., :-1]) / 2.0


@defined
def mean_abs_jerk_in_g(rollout):
    return arrays.mean(np.abs(rollout.jerk)) / 9.81


@defined
def sum_of_sums_of_jerk(rollout):
    return arrays.total(arrays.cumulative(rollout.accel[..., 0], rollout.jerk[..., 1:]))


@defined
def integral_of_all_speeds(rollout):
    start = rollout.trajectory.x[..., 0]
    return arrays.rms(arrays.cumulative(start, rollout.speed * rollout.dt) / 10.0)


@defined
def farthest_from_the_start(rollout):
    where = rollout.trajectory
    return arrays.maximum(arrays.distance(where.x - where.x[..., :1], where.y - where.y[..., :1]))


@defined
def curvature_since_the_start(rollout):
    return arrays.max_abs(rollout.curvature - rollout.curvature[..., :1])


@defined
def last_but_one(rollout):
    return arrays.last((rollout.speed * 2.0)[..., :-1]) - (-rollout.accel[..., -1])


@defined
def speed_two_instants_ago(rollout):
    speed = np.square(rollout.speed)
    return arrays.total(speed[..., 1:][..., 1:] - speed[..., :-1][..., :-1])


@defined
def lateral_displacement(rollout):
    where = rollout.trajectory
    cos, sin = arrays.cos_sin(where.yaw[..., 0])
    east, north = arrays.last(where.x) - where.x[..., 0], arrays.last(where.y) - where.y[..., 0]
    return north * cos - east * sin


@defined
def shares(rollout):
    return arrays.total(np.sqrt(np.abs(rollout.accel)) / (1.0 + rollout.speed[..., 1:] ** 2))


@defined
def turned_by_sinc(rollout):
    return arrays.mean(arrays.sinc(rollout.yaw_change)) * arrays.mean(rollout.speed)


TRACEABLE = [
    snap,
    lowest_change_of_lateral_accel,
    highest_mean_of_neighbours,
    mean_abs_jerk_in_g,
    sum_of_sums_of_jerk,
    integral_of_all_speeds,
    farthest_from_the_start,
    curvature_since_the_start,
    last_but_one,
    speed_two_instants_ago,
    lateral_displacement,
    shares,
    turned_by_sinc,
]


@defined
def branches(rollout):
    return arrays.last(rollout.speed) if (rollout.speed > 1.0).any() else rollout.speed[..., 0]


@defined
def tries_to_branch(rollout):
    try:
        return arrays.last(rollout.speed) if rollout.dt > 0.1 else arrays.minimum(rollout.speed)
    except Exception:
        return arrays.maximum(rollout.speed)


@defined
def counts_steps(rollout):
    return arrays.total(rollout.accel) / rollout.actions.steps


@defined
def sorts(rollout):
    return np.sort(rollout.accel, axis=-1)[..., -1]


@defined
def reduces_in_numpy(rollout):
    return rollout.accel.max(axis=-1)


@defined
def converts(rollout):
    return np.asarray(rollout.accel)[..., 0]


@defined
def goes_twice(rollout):
    return arrays.rms(rollout.accel - arrays.mean(rollout.accel)[..., None])


@defined
def looks_for_a_vehicle(rollout):
    return arrays.last(rollout.speed) if rollout.vehicle is None else rollout.speed[..., 0]


@defined
def one_number_for_all(rollout):
    return rollout.dt * 2.0


@defined
def fails(rollout):
    raise ValueError("this metric always fails")


UNTRACEABLE = [
    branches,
    tries_to_branch,
    counts_steps,
    sorts,
    reduces_in_numpy,
    converts,
    goes_twice,
    looks_for_a_vehicle,
    one_number_for_all,
    fails,
]


def _of(name, make):
    def function(initial, actions):
        """An integrator that cannot be traced."""
        return make(initial, actions)

    return integrator(order=None, speed_never_negative=False, name=name)(function)


def _straight(initial, actions, *, start=None, dt=None):
    line = arrays.cumulative(initial.x if start is None else start, actions.accel)
    rest = [arrays.cumulative(getattr(initial, one), actions.accel) for one in ("y", "yaw")]
    speed = arrays.cumulative(initial.speed, actions.accel)
    return Trajectory(line, *rest, speed, actions.dt if dt is None else dt)


UNTRACEABLE_INTEGRATORS = [
    _of("loops", lambda initial, actions: list(range(actions.steps))),
    _of("compares", lambda initial, actions: np.where(actions.accel > 0, 1.0, 0.0)),
    _of("fails", lambda initial, actions: 1 / 0),
    _of("starts_elsewhere", lambda i, a: _straight(i, a, start=i.y)),
    _of("has_its_own_time", lambda i, a: _straight(i, a, dt=0.1)),
    _of("returns_nothing", lambda initial, actions: None),
]


SPECS = [spec_of(one) for one in TRACEABLE]


def test_definitions_in_primitives_are_fused():
    assert kernel_for(spec_of(drifting), SPECS).fused == tuple(one.name for one in SPECS)


@settings(max_examples=60)
@given(data=st.data())
def test_kernel_and_numpy_agree(agree, data):
    initial, actions = data.draw(strategies.cases(min_steps=3))
    agree(kernel_for(spec_of(drifting), SPECS), spec_of(drifting), SPECS, initial, actions)


def test_fewest_steps(agree):
    kernel = kernel_for(spec_of(drifting), SPECS)
    for steps in (1, 2):
        actions = Actions(np.ones((2, steps)), np.ones((2, steps)), 0.1)
        assert kernel(State(speed=[1.0, 2.0]), actions, trajectory=False) is None


def test_what_cannot_be_traced_is_left_out():
    untraceable = [spec_of(one) for one in UNTRACEABLE]
    mixed = [*untraceable, *SPECS]
    assert kernel_for(spec_of(drifting), mixed).fused == tuple(one.name for one in SPECS)


@pytest.mark.parametrize("one", UNTRACEABLE_INTEGRATORS, ids=lambda one: spec_of(one).name)
def test_an_integrator_that_cannot_be_traced_has_no_kernel(one):
    assert kernel_for(spec_of(one), SPECS) is None


def test_a_broken_promise_is_left_to_numpy_to_report():
    kernel = kernel_for(spec_of(says_never_negative), [])
    assert kernel.fused == ()
    accel = np.full((3, 5), -1.0)
    slow, fast = State(speed=[9.0, 0.1, 9.0]), State(speed=[9.0, 9.0, 9.0])
    actions = Actions(accel, accel, 0.1)
    assert kernel(slow, actions, trajectory=False) is None
    values, trajectory = kernel(fast, actions, trajectory=True)
    assert values == {}
    assert trajectory.speed.min() > 0
