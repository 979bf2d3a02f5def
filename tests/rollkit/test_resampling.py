"""Poses at uniform instants: the step, the holes, the duplicates, and what is said about them."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline
from scipy.spatial.transform import Rotation, Slerp

from rollkit import DataError, Poses, UsageError, uniform
from rollkit.resampling import at

METHODS = ["cubic", "linear"]


def poses(x, time=None, **more) -> Poses:
    """A block, or one track of `(T,)`; y is -2 x."""
    x = np.asarray(x, dtype=np.float64)
    x = x[None, None] if x.ndim == 1 else x
    about = {"frame": "plane", "origin": "column t of a.csv"}
    return Poses(ids=tuple(map(str, range(len(x)))), x=x, y=-2 * x, time=time, **(about | more))


def ticks(count=200, seed=0):
    return np.cumsum(np.random.default_rng(seed).uniform(0.09, 0.12, count))


def normal(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=shape)


class TestTheStep:
    def test_from_timestamps(self):
        time = 5 + ticks(50)
        got = uniform(poses(time, time))
        step = np.median(np.diff(time))
        assert got.poses.dt == round(step, 6)
        assert got.notes["dt"] == (
            f"{got.poses.dt:g} s, the median step of 50 instants (column t of a.csv)"
        )
        assert got.notes["rate_hz"] == 1 / got.poses.dt
        assert got.notes["recorded_step_median_s"] == pytest.approx(step)
        assert got.notes["recorded_step_jitter_s"] == np.abs(np.diff(time) - step).max()
        assert got.notes["resampling"] == f"cubic, to {got.poses.instants} instants"
        np.testing.assert_allclose(np.diff(got.poses.time), got.poses.dt)
        assert got.poses.time[0] == time[0]
        assert time[-1] - got.poses.dt < got.poses.time[-1] <= time[-1]
        np.testing.assert_allclose(got.poses.x[0, 0], got.poses.time, rtol=1e-12)
        assert json.loads(json.dumps(got.notes, allow_nan=False)) == got.notes

    @pytest.mark.parametrize("dt", [0.1, 1 / 30, 1 / 15, 0.02])
    @pytest.mark.parametrize("start", [0.0, 1.6e9])  # epoch seconds hold 2e-7 s
    @pytest.mark.parametrize("asked", [False, True])
    def test_even_times_keep_their_rows(self, start, dt, asked):
        block = poses(normal(2, 3, 4000), start + dt * np.arange(4000))
        got = uniform(block, dt=dt if asked else None)
        assert got.poses.dt == pytest.approx(dt, rel=1e-8)
        assert got.notes["resampling"] == "none needed"
        np.testing.assert_array_equal(got.poses.x, block.x)

    def test_a_round_step_is_a_round_number(self):
        assert uniform(poses(np.arange(4000), 1.6e9 + 0.1 * np.arange(4000))).poses.dt == 0.1

    @pytest.mark.parametrize("rate", [15, 24, 30, 60])
    def test_times_rounded_to_a_microsecond_lose_no_instant(self, rate):
        time = np.round(np.arange(100) / rate, 6)
        got = uniform(poses(time, time)).poses
        assert got.instants == 100
        assert got.dt == pytest.approx(1 / rate, abs=1e-8)

    def test_dt_as_given(self):
        got = uniform(poses(np.arange(51.0), 0.1 * np.arange(51)), dt=0.25)
        assert got.poses.dt == 0.25
        assert got.poses.time[-1] == 5.0
        assert got.notes["dt"] == (
            "0.25 s as given; 51 instants (column t of a.csv) are resampled to it"
        )

    def test_rows_dt_apart(self):
        block = poses(normal(50), origin="a.txt has no timestamps")
        got = uniform(block, dt=0.2)
        np.testing.assert_array_equal(got.poses.x, block.x)
        assert got.poses.dt == 0.2
        assert got.poses.time is None
        assert got.notes == {
            "dt": "0.2 s as given; a.txt has no timestamps: the rows are taken as dt apart",
            "rate_hz": 5.0,
            "recorded_step_median_s": None,
            "recorded_step_jitter_s": None,
            "resampling": "none needed",
            "left_out_samples": 0,
            "filled_samples": 0,
            "largest_gap_s": pytest.approx(0.2),
        }

    def test_a_step_in_the_file(self):
        block = poses(np.arange(11.0), dt=0.1, origin="dt of a.npz")
        assert uniform(block).notes["dt"] == "0.1 s (dt of a.npz)"
        finer = uniform(block, dt=0.05)
        np.testing.assert_allclose(finer.poses.x[0, 0], np.arange(21) / 2, atol=1e-12)
        assert (
            finer.notes["dt"]
            == "0.05 s as given; rows 0.1 s (dt of a.npz) apart are resampled to it"
        )

    @pytest.mark.parametrize(("dt", "times"), [(0.2, [0.2, 0.4]), (0.05, [0.1, 0.15, 0.2])])
    def test_predicted_instants_are_counted_from_the_start(self, dt, times):
        """The first row is a step after the start."""
        block = poses([0.1, 0.2, 0.3, 0.4], dt=0.1, given=0)
        got = uniform(block, dt=dt).poses
        np.testing.assert_allclose(got.times[: len(times)], times, atol=1e-12)
        np.testing.assert_allclose(got.x[0, 0], got.times, atol=1e-12)
        timed = uniform(replace(block, time=block.times, dt=None), dt=dt).poses
        np.testing.assert_allclose(timed.times, got.times, atol=1e-12)

    def test_a_history_ends_at_the_start(self):
        block = poses(np.arange(16.0), 0.1 * np.arange(16) - 1.5)
        got = uniform(block, dt=0.4, anchor="end").poses
        np.testing.assert_allclose(got.time, [-1.2, -0.8, -0.4, 0], atol=1e-12)
        assert got.x[0, 0, -1] == 15

    def test_one_instant(self):
        got = uniform(poses([3.0], [7.0]), dt=0.1).poses
        assert (got.x.item(), got.dt) == (3.0, 0.1)

    def test_neither_times_nor_dt(self):
        with pytest.raises(DataError, match="got neither timestamps nor a time step") as error:
            uniform(poses(np.arange(5.0)), where="a.txt")
        assert error.value.message.startswith("a.txt: ")
        assert "10 Hz is --dt 0.1" in error.value.hint

    def test_one_timestamp_is_no_step(self):
        with pytest.raises(DataError, match="got neither a second timestamp nor a time step"):
            uniform(poses([3.0], [7.0]))

    def test_more_instants_than_anybody_means(self):
        """A million of one track, fewer of each of many."""
        with pytest.raises(DataError, match=r"10 s in steps of 1e-06 s are 1e\+07 instants"):
            uniform(poses([0.0, 1.0], [0.0, 10.0]), dt=1e-6)
        with pytest.raises(DataError, match=r"are 1e\+04 instants for 2 poses"):
            uniform(poses(np.zeros((500, 1, 2)), [0.0, 10.0]), dt=1e-3)

    @pytest.mark.parametrize("time", [None, np.arange(5.0)])
    @pytest.mark.parametrize("dt", [1e-300, 1e300])
    def test_absurd_dt(self, dt, time):
        with pytest.raises(DataError, match=r"a\.csv: got a time step of"):
            uniform(poses(np.arange(5.0), time), dt=dt)

    @pytest.mark.parametrize("time", [[0, 1e-9, 2e-9], [0, 0, 0, 0]])
    def test_times_in_another_unit(self, time):
        with pytest.raises(DataError, match="expected 1e-06 to 1e"):
            uniform(poses(np.arange(len(time)), time))

    def test_a_stray_time(self):
        time = np.append(0.1 * np.arange(20), 1e9)
        with pytest.raises(DataError, match=r"1e\+09 s in steps of 0.1 s are 1e\+10 instants"):
            uniform(poses(time, time))

    def test_a_step_longer_than_all(self):
        assert uniform(poses([0.0, 1.0], [0.0, 1.0]), dt=9.0).poses.instants == 1
        with pytest.raises(DataError, match="expected at least one step, 9 s"):
            uniform(poses([0.0, 1.0], [0.0, 1.0], given=0), dt=9.0)


class TestValues:
    @pytest.mark.parametrize("method", METHODS)
    def test_equal_to_scipy(self, method):
        time, x = ticks(), normal(3, 2, 200)
        got = uniform(poses(x, time), dt=0.03, method=method).poses
        for row, values in zip(got.x.reshape(6, -1), x.reshape(6, -1), strict=True):
            if method == "linear":
                expected = np.interp(got.time, time, values)
            else:
                slope = np.gradient(values, time, edge_order=2)
                expected = CubicHermiteSpline(time, values, slope)(got.time)
            np.testing.assert_allclose(row, expected, atol=1e-9)
        np.testing.assert_allclose(got.y, -2 * got.x, atol=1e-9)

    @pytest.mark.parametrize("method", METHODS)
    def test_instants_that_are_samples_return_them(self, method):
        """Every third of these is an instant of the grid, but for rounding."""
        time = np.sort(np.concatenate([0.3 * np.arange(40), 0.3 * np.arange(39) + 0.11]))
        x = normal(79)
        got = uniform(poses(x, time), dt=0.1, method=method).poses
        np.testing.assert_array_equal(got.x[0, 0, ::3], x[::2])

    def test_yaw_turns_on_over_the_seam(self):
        time = ticks()
        wrapped = (3 * time + np.pi) % (2 * np.pi) - np.pi
        got = uniform(poses(time, time, yaw=wrapped[None, None])).poses
        np.testing.assert_allclose(np.diff(got.yaw[0, 0]), 3 * got.dt, atol=1e-9)

    def test_rotation_is_slerped(self):
        time = ticks(30)
        body = Rotation.from_euler("ZYX", normal(30, 3))
        got = uniform(
            poses(time, time, rotation=body.as_matrix()[None, None], z=time[None, None]), dt=0.04
        ).poses
        expected = Slerp(time, body)(np.clip(got.time, time[0], time[-1])).as_matrix()
        np.testing.assert_allclose(got.rotation[0, 0], expected, atol=1e-7)
        np.testing.assert_allclose(got.z[0, 0], got.time)

    def test_what_passes_through(self):
        time = ticks(20)
        beside = poses(normal(2, 1, 5), dt=0.1)
        block = poses(
            normal(2, 3, 20), time, probability=[[0.5, 0.25, 0.25]] * 2, unusable={1: "why"},
            history=beside, reference=beside, whole=True, given=1,
        )  # fmt: skip
        got = uniform(block).poses
        for name in ("ids", "frame", "origin", "given", "history", "reference", "unusable"):
            assert getattr(got, name) is getattr(block, name)
        np.testing.assert_array_equal(got.probability, block.probability)
        assert got.whole

    def test_float32_stays(self):
        x = normal(1, 1, 20).astype(np.float32)
        block = Poses(ids=("a",), x=x, y=x, time=ticks(20), frame="", origin="")
        assert uniform(block).poses.x.dtype == np.float32

    @given(
        steps=st.lists(st.floats(0.05, 0.2), min_size=3, max_size=30),
        shift=st.integers(-1000, 1000),
        method=st.sampled_from(METHODS),
        factor=st.floats(-5, 5),
    )
    def test_linear_in_the_values_and_blind_to_the_origin(self, steps, shift, method, factor):
        """Of any rows in any order, holes and all, whatever the clock started at."""
        time = np.concatenate([[0], np.cumsum(steps)])
        first, second = normal(3, 2, len(time), seed=2), normal(3, 2, len(time), seed=3)
        first[0, 0, 1] = second[0, 0, 1] = second[2, 1, -1] = first[2, 1, -1] = np.nan

        def brought(x, start=0.0):
            return uniform(poses(x, start + time), dt=0.07, method=method).poses.x

        apart = brought(first) + factor * brought(second)
        np.testing.assert_allclose(brought(first + factor * second), apart, atol=1e-9)
        later = brought(first, float(shift))
        length = min(later.shape[-1], apart.shape[-1])  # a last instant may hang on rounding
        np.testing.assert_allclose(later[..., :length], brought(first)[..., :length], atol=1e-6)
        order = [2, 0, 1]
        np.testing.assert_array_equal(brought(first[order]), brought(first)[order])


class TestHoles:
    def test_nan_is_filled_up_to_the_longest_gap(self):
        x = 0.1 * np.arange(30)
        holed = x.copy()
        holed[[0, 5, 6, 7, 15, 16, 17, 18, 19, 29]] = np.nan
        got = uniform(poses(holed, dt=0.1))
        expected = x.copy()
        expected[[0, 15, 16, 17, 18, 19, 29]] = np.nan  # 0.6 s without, and nothing is extrapolated
        np.testing.assert_allclose(got.poses.x[0, 0], expected, atol=1e-12)
        assert got.notes["resampling"] == "none needed; holes filled, cubic"
        assert got.notes["filled_samples"] == 3
        assert got.notes["largest_gap_s"] == pytest.approx(0.6)
        every = uniform(poses(holed, dt=0.1), max_gap=1).poses.x[0, 0]
        np.testing.assert_allclose(every[1:-1], x[1:-1], atol=1e-12)

    def test_half_a_second_is_half_a_second_since_1970_too(self):
        x = np.arange(30.0)
        x[10:14] = np.nan
        got = uniform(poses(x, 1.6e9 + 0.1 * np.arange(30)), max_gap=0.5)
        assert got.notes["filled_samples"] == 4

    def test_missing_rows(self):
        time = np.delete(0.1 * np.arange(30), [5, 6, 15, 16, 17, 18, 19])
        got = uniform(poses(time, time))
        missing = np.flatnonzero(np.isnan(got.poses.x[0, 0]))
        assert missing.tolist() == [15, 16, 17, 18, 19]
        assert got.notes["filled_samples"] == 2
        assert got.notes["largest_gap_s"] == pytest.approx(0.6)
        assert got.poses.instants == 30

    def test_a_step_longer_than_the_gap_is_no_gap(self):
        got = uniform(poses(np.arange(5.0), np.arange(5.0)), dt=0.25)
        assert not np.isnan(got.poses.x).any()
        assert got.notes["filled_samples"] == 0

    def test_rows_with_holes_of_their_own(self):
        """Each is what it is alone."""
        x = normal(40, 3, 25)
        x[np.random.default_rng(7).random(x.shape) < 0.1] = np.nan
        x[3, 1] = np.nan
        x[4, 0, 1:] = np.nan
        time = ticks(25)
        block = uniform(poses(x, time)).poses.x
        for case, sample in np.ndindex(40, 3):
            alone = uniform(poses(x[case, sample], time)).poses.x[0, 0]
            np.testing.assert_array_equal(block[case, sample], alone)

    def test_each_side_of_a_long_gap_is_by_itself(self):
        """A jump in between bends neither."""
        time = np.delete(0.1 * np.arange(60), np.arange(20, 40))
        x = np.where(time < 3, time**2, 1000 + time**2)
        got = uniform(poses(x, time), dt=0.05).poses
        known = ~np.isnan(got.x[0, 0])
        expected = got.time**2 + np.where(got.time < 3, 0, 1000)
        np.testing.assert_allclose(got.x[0, 0, known], expected[known], atol=1e-9)
        assert known.sum() == 39 + 39

    def test_a_position_is_observed_whole_or_not_at_all(self):
        x = np.arange(9.0)[None, None]
        y = x.copy()
        y[..., 8] = np.nan
        block = Poses(ids=("a",), x=x, y=y, dt=0.1, frame="", origin="")
        assert np.isnan(uniform(block).poses.x[0, 0, 8])

    def test_holes_in_yaw_and_rotation(self):
        rotation = Rotation.from_euler("z", 0.1 * np.arange(9)[:, None]).as_matrix()
        rotation[4] = np.nan
        yaw = 0.1 * np.arange(9)
        yaw[2] = np.nan
        block = poses(np.arange(9.0), dt=0.1, yaw=yaw[None, None], rotation=rotation[None, None])
        got = uniform(block).poses
        np.testing.assert_allclose(got.yaw[0, 0], 0.1 * np.arange(9), atol=1e-12)
        expected = Rotation.from_euler("z", 0.4).as_matrix()
        np.testing.assert_allclose(got.rotation[0, 0, 4], expected, atol=1e-12)

    @pytest.mark.parametrize("bad", [np.inf, -np.inf, 1e308])
    def test_an_absurd_number_spoils_its_own_row_only(self, bad):
        x = normal(2, 2, 20)
        x[0, 1, 7] = bad
        got = uniform(poses(0.5 * x, ticks(20), yaw=x)).poses
        assert not (np.abs(got.x[0, 1]) < 1e9).all()
        assert np.isfinite(got.x[1]).all()
        assert np.isfinite(got.yaw[1]).all()


class TestDuplicates:
    def test_near_simultaneous_poses_are_one_measurement(self):
        """Two clocks in one log write pairs a nanosecond apart; a difference over that is noise."""
        time = np.sort(np.concatenate([0.1 * np.arange(40), 0.1 * np.arange(0, 40, 8) + 1e-9]))
        x = time.copy()
        x[np.diff(time, prepend=-1) < 1e-3] += 1
        got = uniform(poses(x, time))
        assert got.notes["left_out_samples"] == 5
        assert got.poses.instants == 40
        np.testing.assert_allclose(got.poses.x[0, 0], 0.1 * np.arange(40), atol=1e-12)

    def test_the_later_one_stands_in_where_the_earlier_was_not_observed(self):
        """Two tracks on one clock, each seen at its own stamps."""
        time = np.sort(np.concatenate([0.1 * np.arange(30), 0.1 * np.arange(0, 30, 3) + 1e-6]))
        later = np.diff(time, prepend=-1) < 1e-3
        first = np.append(later[1:], False)
        x = np.where([later, first], np.nan, np.round(time, 3))[:, None]
        got = uniform(poses(x, time))
        assert got.notes["filled_samples"] == 0
        np.testing.assert_allclose(got.poses.x[:, 0], [0.1 * np.arange(30)] * 2, atol=1e-12)


class TestNone:
    def test_rows_stay_rows(self):
        x = normal(2, 3, 50)
        x[0, 0, 4] = np.nan
        block = poses(x, ticks(50))
        got = uniform(block, method="none")
        np.testing.assert_array_equal(got.poses.x, block.x)
        np.testing.assert_array_equal(got.poses.time, block.time)
        assert got.poses.dt == round(np.median(np.diff(block.time)), 6)
        assert got.notes["resampling"] == "none: the rows as they stand"
        assert got.notes["filled_samples"] == 0

    @pytest.mark.parametrize("about", [{"time": 0.1 * np.arange(9)}, {"dt": 0.1}])
    def test_dt_must_be_that_of_the_rows(self, about):
        block = poses(np.arange(9.0), **about)
        assert uniform(block, dt=0.1005, method="none").poses.dt == 0.1005
        with pytest.raises(DataError, match=r"expected that of the rows, 0\.1 s, to 1 %"):
            uniform(block, dt=0.102, method="none")


class TestAt:
    def test_where_it_was_observed(self):
        time = np.delete(0.1 * np.arange(40), np.arange(10, 20))
        block = poses(time, 100 + time)
        grid = 100 + np.array([-0.5, 0.0, 0.05, 0.95, 1.5, 2.0, 3.9, 3.91])
        got = at(block, grid)
        expected = [np.nan, 0, 0.05, np.nan, np.nan, 2, 3.9, np.nan]
        np.testing.assert_allclose(got.x[0, 0], expected, atol=1e-9)
        np.testing.assert_array_equal(got.time, grid)
        assert got.dt is None
        assert at(block, grid[1:2], dt=0.5).dt == 0.5

    @pytest.mark.parametrize("given", [0, 1])
    def test_a_step_counts_from_the_start(self, given):
        block = poses(np.arange(9.0), dt=0.5, given=given)
        np.testing.assert_array_equal(at(block, block.times).x, block.x)

    def test_none_takes_what_is_there(self):
        block = poses(np.arange(9.0), 0.5 * np.arange(9))
        got = at(block, np.array([0.5, 0.504, 0.6, 4.0]), method="none")
        np.testing.assert_array_equal(got.x[0, 0], [1, 1, np.nan, 8])

    @pytest.mark.parametrize("method", [*METHODS, "none"])
    def test_one_instant(self, method):
        got = at(poses([3.0], [7.0]), np.array([6.0, 7.0, 8.0]), method=method)
        np.testing.assert_array_equal(got.x[0, 0], [np.nan, 3, np.nan])


@pytest.mark.parametrize("options", [{"method": "spline"}, {"max_gap": -1}, {"max_gap": np.nan}])
def test_wrong_options(options):
    name = next(iter(options))
    with pytest.raises(UsageError, match=f"{name}: got"):
        uniform(poses(np.arange(9.0), dt=0.1), **options)


@given(
    time=st.lists(st.floats(0, 1e4), min_size=1, max_size=12).map(sorted),
    mask=st.integers(0, 2**12 - 1),
    dt=st.none() | st.floats(1e-3, 1e3),
    method=st.sampled_from([*METHODS, "none"]),
    given_start=st.sampled_from([0, 1]),
)
def test_any_times_end(time, mask, dt, method, given_start):
    """Uniform poses or a refusal, whatever is missing."""
    x = np.arange(float(len(time)))
    x[[bool(mask >> bit & 1) for bit in range(len(time))]] = np.nan
    try:
        got = uniform(poses(x, time, given=given_start), dt=dt, method=method)
    except DataError:
        return
    assert json.dumps(got.notes, allow_nan=False)
    values = got.poses.x[0, 0]
    assert not (np.isinf(values) | (np.abs(values) > 100 * len(time))).any()
