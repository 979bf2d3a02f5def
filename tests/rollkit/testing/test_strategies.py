"""Strategies: within their bounds, and the awkward corners really come up."""

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from rollkit.testing import reference, strategies
from rollkit.testing.palette import table, values

SEARCH = settings(max_examples=2000, database=None, derandomize=True)


def stops_inside_a_step(rollout):
    speed, actions = rollout.speed, rollout.actions
    return np.any((speed[..., :-1] > 0) & (speed[..., :-1] + actions.accel * actions.dt < 0))


def turns_beyond_pi(rollout):
    return np.any(np.abs(rollout.speed[..., :-1] * rollout.curvature * rollout.dt) > np.pi)


CORNERS = {
    "standing still": lambda one: one.speed.size and np.all(one.speed == 0),
    "stopping inside a step": stops_inside_a_step,
    "starting again after a stop": lambda one: np.any(
        (one.speed[..., 1:-1] == 0) & (one.speed[..., 2:] > 0) & (one.speed[..., :-2] > 0)
    ),
    "straight on": lambda one: one.curvature.size and np.all(one.curvature == 0),
    "a tiny curvature": lambda one: np.any(np.abs(one.curvature) == 1e-9),
    "a turn beyond pi in one step": turns_beyond_pi,
    "one step": lambda one: one.steps == 1,
    "nothing at all": lambda one: one.batch == (0,),
    "no batch": lambda one: one.batch == (),
    "a batch of one": lambda one: one.batch == (1,),
    "K samples of N cases": lambda one: len(one.batch) == 2,
    "K samples with one reference a case": lambda one: (
        one.reference is not None and len(one.reference.batch) == 1 < len(one.batch)
    ),
    "no reference": lambda one: one.reference is None,
    "a vehicle": lambda one: one.vehicle is not None,
    "the smallest dt": lambda one: one.dt == 0.001,
    "the largest dt": lambda one: one.dt == 1.0,
    "every number different": lambda one: (
        one.accel.size > 8 and np.unique(one.accel).size == one.accel.size
    ),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_every_corner_comes_up(corner):
    find(strategies.rollouts(), CORNERS[corner], settings=SEARCH)


@pytest.mark.parametrize("profile", strategies.PROFILES)
def test_a_profile_bounds_the_numbers(profile):
    bounds = strategies.PROFILES[profile]

    @given(strategies.cases(profile=profile))
    def bounded(case):
        initial, actions = case
        assert np.all(np.abs(actions.accel) <= bounds.accel)
        assert np.all(np.abs(actions.curvature) <= bounds.curvature)
        assert np.all((initial.speed >= 0) & (initial.speed <= bounds.speed))
        assert np.all(np.hypot(initial.x, initial.y) <= bounds.distance * np.sqrt(2))
        assert 1 <= actions.steps <= 16
        assert 1e-3 <= actions.dt <= 1
        assert initial.batch == actions.batch

    bounded()


@pytest.mark.parametrize("profile", strategies.PROFILES)
def test_the_bounds_are_reached(profile):
    limit = strategies.PROFILES[profile].accel
    drawn = strategies.actions(profile=profile)
    find(drawn, lambda one: np.any(one.accel == limit), settings=SEARCH)
    find(drawn, lambda one: np.any(one.accel == -limit), settings=SEARCH)


@given(strategies.rollouts())
def test_all_arrays_are_read_only(rollout):
    parts = [rollout.trajectory, rollout.actions, rollout.reference]
    for part in filter(None, parts):
        arrays = [one for one in vars(part).values() if isinstance(one, np.ndarray)]
        assert arrays
        assert not any(one.flags.writeable for one in arrays)


@given(strategies.cases(dtype=np.float32))
def test_float32_on_request(case):
    initial, actions = case
    assert {initial.x.dtype, initial.speed.dtype, actions.accel.dtype} == {np.dtype(np.float32)}
    assert reference.drive(initial, actions).x.dtype == np.float32


@given(strategies.actions(batch=(2, 3), min_steps=4, max_steps=5))
def test_shapes_on_request(actions):
    assert actions.batch == (2, 3)
    assert actions.steps in (4, 5)


@given(strategies.rollouts(needs=("reference", "vehicle")))
def test_what_is_needed_is_there(rollout):
    assert rollout.reference is not None
    assert rollout.vehicle is not None


@given(strategies.trajectories())
def test_trajectories_begin_with_the_state_and_never_reverse(trajectory):
    assert trajectory.steps >= 1
    assert np.all(trajectory.speed >= 0)


@given(strategies.seed_ranges())
def test_seeds_fit_into_64_bits(seeds):
    first, count = seeds
    assert 1 <= count <= 8
    assert 0 <= first <= 2**64 - count


def test_seeds_near_the_end_of_64_bits_come_up():
    find(strategies.seed_ranges(), lambda one: one[0] >= 2**63, settings=SEARCH)


@pytest.mark.parametrize("layout", strategies.LAYOUTS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_another_layout_holds_the_same_numbers(layout, shape):
    packed = np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape)
    loose = strategies.LAYOUTS[layout](packed)
    assert loose.dtype == packed.dtype
    assert loose.shape == packed.shape
    assert np.array_equal(loose, packed)
    if packed.ndim == 2:
        assert loose.strides != packed.strides


@pytest.mark.parametrize("limit", [0.1, 0.33, 9.8, 100.0, 1e6])
def test_a_table_starts_with_its_corners_and_repeats_none(limit):
    numbers = table(limit)
    assert list(numbers[:5]) == [0, limit, -limit, 1e-9, -1e-9]
    assert np.all(np.abs(numbers) <= limit)
    assert np.unique(numbers).size > 240


def test_a_counterexample_shrinks_to_numbers_that_can_be_read():
    smallest = find(values((6,), 9.8), lambda one: np.any(one < -0.5), settings=SEARCH)
    assert set(smallest) <= {0.0, -9.8, -1.0}


@given(st.data())
def test_the_same_bytes_are_the_same_numbers(data):
    shape = data.draw(st.sampled_from([(), (4,), (2, 3), (0,)]))
    drawn = data.draw(values(shape, 2.0))
    assert drawn.shape == shape
    assert np.all(np.abs(drawn) <= 2.0)
