"""The door: what may flow through rollkit, and what is refused with got and expected."""

import numpy as np
import pytest

from rollkit import Actions, DataError, Rollout, State, Trajectory, Vehicle, layout


def line(steps=4, dt=0.5, batch=()):
    x = np.broadcast_to(np.arange(steps + 1.0), (*batch, steps + 1))
    return Trajectory(x, 0 * x, 0 * x, 0 * x + 2, dt)


@pytest.mark.parametrize(
    ("accel", "curvature", "dt", "message"),
    [
        ([1.0, 2.0], [1.0], 0.1, "got accel (2,), curvature (1,); expected one shape"),
        ([], [], 0.1, "got shape (0,), expected (..., T) with at least one step"),
        (1.0, 1.0, 0.1, "got shape (), expected"),
        ([0.0, np.nan], [0.0, 0.0], 0.1, "accel is not finite: nan at [1], 1 of 2 values"),
        ([[0.0], [0.0]], [[0.0], [np.inf]], 0.1, "curvature is not finite: inf at [1, 0]"),
        (["a"], [0.0], 0.1, "accel: got dtype <U1, expected real numbers"),
        ([1j], [0.0], 0.1, "accel: got dtype complex128"),
        ([[1.0], [1.0, 2.0]], [0.0], 0.1, "accel is not an array of numbers"),
        ([0.0], [0.0], 0, "dt: got 0, expected a positive number of seconds"),
        ([0.0], [0.0], -0.1, "dt: got -0.1"),
        ([0.0], [0.0], np.nan, "dt: got nan"),
        ([0.0], [0.0], "0.1", "dt: got '0.1'"),
        ([0.0], [0.0], True, "dt: got True"),
        ([0.0], [0.0], None, "dt: got None"),
    ],
)
def test_actions_refuse(accel, curvature, dt, message):
    with pytest.raises(DataError) as caught:
        Actions(accel, curvature, dt)
    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_float32_is_kept_and_everything_else_becomes_float64():
    assert Actions(np.zeros(2, np.float32), np.zeros(2, np.float32), 0.1).accel.dtype == np.float32
    assert Actions(np.zeros(2, np.float32), np.zeros(2), 0.1).accel.dtype == np.float64
    assert Actions([1, 2], [0, 0], 0.1).accel.dtype == np.float64
    assert State(speed=np.zeros(2, np.float32)).yaw.dtype == np.float32
    assert State().speed.dtype == np.float64


def test_one_number_stands_for_the_batch_of_a_state():
    state = State(yaw=0.5, speed=np.zeros((2, 3)))
    assert state.batch == (2, 3)
    assert (state.yaw == 0.5).all()
    with pytest.raises(DataError, match=r"x \(2,\), .*speed \(3,\)"):
        State(x=[0, 0], speed=[0, 0, 0])
    with pytest.raises(DataError, match="speed is not finite"):
        State(speed=np.nan)


def test_arrays_cannot_be_written_to_not_even_on_purpose():
    actions = Actions(np.zeros(3), np.zeros(3), 0.1)
    rollout = Rollout(line(3, 0.1), actions)
    for array in (actions.accel, rollout.trajectory.x, rollout.jerk, rollout.lateral_accel):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True


def test_a_view_is_kept_and_not_a_copy():
    accel = np.zeros((1000, 64))
    assert np.shares_memory(Actions(accel, accel, 0.1).accel, accel)
    assert accel.flags.writeable


def test_trajectory_takes_nan_as_not_observed_and_refuses_infinity():
    gap = [0.0, np.nan, 2.0]
    assert np.isnan(Trajectory(gap, gap, gap, gap, 0.1).x[1])
    with pytest.raises(DataError, match=r"speed is infinite at \[2\]"):
        Trajectory([0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, np.inf], 0.1)
    with pytest.raises(DataError, match="at least one instant"):
        Trajectory([], [], [], [], 0.1)


def test_a_rollout_refuses_parts_that_do_not_belong_together():
    with pytest.raises(DataError, match=r"got actions \(3,\) for a trajectory \(5,\)"):
        Rollout(line(4), Actions(np.zeros(3), np.zeros(3), 0.5))
    with pytest.raises(DataError, match=r"actions has dt=0\.1 s, the trajectory dt=0\.5 s"):
        Rollout(line(4), Actions(np.zeros(4), np.zeros(4), 0.1))
    with pytest.raises(DataError, match="got a reference"):
        Rollout(line(4, batch=(2,)), reference=line(4, batch=(3,)))
    with pytest.raises(DataError, match="reference has dt"):
        Rollout(line(4), reference=line(4, dt=0.25))


def test_derived_signals_by_hand():
    trajectory = Trajectory([0, 3, 3], [0, 4, 4], [0, 0.5, 0.25], [4, 2, 1], 0.5)
    rollout = Rollout(trajectory, Actions([1, -2], [0.5, 0.25], 0.5))
    assert rollout.jerk.tolist() == [-6.0]
    assert rollout.curvature_rate.tolist() == [-0.5]
    assert rollout.yaw_rate.tolist() == [2.0, 0.5]
    assert rollout.lateral_accel.tolist() == [8.0, 1.0]
    assert rollout.step_length.tolist() == [5.0, 0.0]
    assert rollout.yaw_change.tolist() == [0.5, -0.25]
    assert rollout.jerk is rollout.jerk, "a signal is computed once"


def test_signals_without_their_input_say_what_is_missing():
    with pytest.raises(DataError, match="has no actions"):
        _ = Rollout(line()).jerk
    with pytest.raises(DataError, match="has no reference"):
        _ = Rollout(line()).deviation


def test_deviation_shares_one_reference_among_samples():
    samples = line(2, batch=(2, 3))
    reference = Trajectory([[0, 1, 2], [0, 1, 6]], np.zeros((2, 3)), *np.zeros((2, 2, 3)), 0.5)
    deviation = Rollout(samples, reference=reference).deviation
    assert deviation.shape == (2, 3, 3)
    assert deviation[0].max() == 0
    assert (deviation[1, :, 2] == 4).all()


@pytest.mark.parametrize("field", ["length", "width", "wheelbase"])
def test_a_vehicle_has_positive_sizes(field):
    sizes = {"length": 5.0, "width": 2.0, "wheelbase": 3.0}
    with pytest.raises(DataError, match=f"{field}: got -1"):
        Vehicle(**{**sizes, field: -1})
    with pytest.raises(DataError, match="reference_point: got 'nose'"):
        Vehicle(**sizes, reference_point="nose")


def test_both_layouts_are_kept_and_any_other_becomes_one_of_them():
    by_time = np.random.default_rng(0).normal(size=(64, 100))
    assert np.shares_memory(Actions(by_time.T, by_time.T, 0.1).accel, by_time)
    assert np.shares_memory(Actions(by_time, by_time, 0.1).accel, by_time)
    strided = Actions(by_time[:, ::2], by_time[:, ::2], 0.1).accel
    assert strided.flags.c_contiguous
    assert strided.tolist() == by_time[:, ::2].tolist()


def test_rows_and_the_layout_of_a_batch():
    numbers = np.random.default_rng(0).normal(size=(100, 5))
    some = Actions(numbers, numbers, 0.1).rows(slice(10, 90))
    assert some.accel.tolist() == numbers[10:90].tolist()
    arranged = some.arranged()
    assert layout.by_instant(arranged.accel)
    assert arranged.accel.tolist() == some.accel.tolist()
    assert arranged.arranged() is arranged
    few = some.rows(slice(0, 3))
    assert few.arranged() is few
    assert State(speed=numbers[:, 0]).rows(slice(2, 4)).speed.tolist() == numbers[2:4, 0].tolist()


def test_a_pandas_like_series_is_numbers():
    class Series(list):
        def mask(self):
            raise AssertionError

    assert Actions(Series([1.0]), [0.0], 0.1).accel.tolist() == [1.0]


def test_masked_values_are_refused():
    masked = np.ma.masked_array([1.0, 99.0], mask=[False, True])
    with pytest.raises(DataError, match="accel has masked values"):
        Actions(masked, [0.0, 0.0], 0.1)
