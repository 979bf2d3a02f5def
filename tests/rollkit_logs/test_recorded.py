"""The action source as a whole: what it returns, its notes, its windows, and that it drives."""

import inspect
import json

import numpy as np
import pytest

from rollkit import DataError, Draws, UsageError
from rollkit.declare import spec_of
from rollkit_logs import recorded as plugin
from rollkit_logs.recorded import recorded


@pytest.fixture
def turn(left_turn, write):
    return write("drive.csv", left_turn.csv())


@pytest.mark.parametrize("options", [{}, {"smooth": 0.0}, {"heading": "recorded"}])
@pytest.mark.parametrize("resample", ["cubic", "linear"])
def test_drives_the_left_turn(turn, drive, left_turn, options, resample):
    episodes, rollout = drive(turn, resample=resample, **options)
    assert rollout.batch == (1,)
    assert rollout.dt == 0.1
    np.testing.assert_allclose(rollout.speed, 5, atol=1e-4)
    # A cubic bends a little differently than a circle: 4 in 1000 in the first and last window.
    exact_fit = options.get("smooth") == 0 or options.get("heading") == "recorded"
    atol = 1e-5 if exact_fit else 2e-4
    np.testing.assert_allclose(rollout.curvature, 1 / 20, atol=atol)
    np.testing.assert_allclose(rollout.accel, 0, atol=1e-3)
    assert rollout.deviation.max() < 1e-3
    np.testing.assert_allclose(episodes.reference.x[0], left_turn.x, atol=1e-12)
    np.testing.assert_allclose(episodes.reference.y[0], left_turn.y, atol=1e-12)
    np.testing.assert_allclose(episodes.reference.yaw[0], left_turn.yaw, atol=1e-5)
    np.testing.assert_allclose(episodes.reference.speed[0], 5, atol=1e-4)


def test_every_format_drives_alike(left_turn, write, tmp_path, drive):
    left_turn.parquet(tmp_path / "drive.parquet")
    _, one = drive(write("a.csv", left_turn.csv()))
    others = {
        "tum": drive(write("a.tum", left_turn.tum()))[1],
        "parquet": drive(tmp_path / "drive.parquet")[1],
        "kitti": drive(write("a.txt", left_turn.kitti()), dt=0.1)[1],
        "kitti with times": drive(
            write("a.txt", left_turn.kitti()), times=write("times.txt", left_turn.times())
        )[1],
    }
    for name, other in others.items():
        np.testing.assert_allclose(other.accel, one.accel, atol=1e-9, err_msg=name)
        np.testing.assert_allclose(other.curvature, one.curvature, atol=1e-9, err_msg=name)


def test_irregular_timestamps(log, drive):
    """An accelerating turn, sampled when it pleases."""
    t = np.cumsum(np.random.default_rng(3).uniform(0.06, 0.14, 150))
    distance = 6 * t + 0.25 * t**2
    yaw = 0.02 * distance
    _, rollout = drive(log(t, 50 * np.sin(yaw), 50 * (1 - np.cos(yaw)), yaw))
    np.testing.assert_allclose(rollout.accel, 0.5, atol=0.1)
    np.testing.assert_allclose(rollout.curvature, 0.02, atol=5e-4)
    assert rollout.deviation.max() < 0.01


def test_smoothing_takes_the_noise_out_of_the_jerk(log, drive):
    noise = np.random.default_rng(4).normal(scale=0.01, size=(2, 200))
    t = 0.1 * np.arange(200)
    path = log(t, 8 * t + noise[0], noise[1])
    without, with_it = (drive(path, smooth=smooth)[1] for smooth in (0.0, 1.0))
    assert np.abs(with_it.jerk).max() < np.abs(without.jerk).max() / 5
    assert with_it.deviation.max() < 0.1


def test_notes(turn, left_turn):
    notes = recorded(Draws(0, 1), path=turn, horizon=2.0).notes
    assert json.loads(json.dumps(notes, allow_nan=False)) == notes
    assert notes == {
        "format": "csv",
        "dt": "0.1 s, the median step of 63 instants (column t of drive.csv)",
        "rate_hz": 10.0,
        "frame": "x, y as they stand; yaw, where there is one, counter-clockwise from x",
        "samples": 63,
        "left_out_samples": 0,
        "duration_s": pytest.approx(6.2),
        "recorded_step_median_s": pytest.approx(0.1),
        "recorded_step_jitter_s": pytest.approx(0, abs=1e-12),
        "resampling": "none needed",
        "filled_samples": 0,
        "largest_gap_s": pytest.approx(0.1),
        "smoothing": "Savitzky-Golay, order 3, 11 samples over 1 s",
        "heading": "direction of the smoothed path",
        "standstill_m_s": 0.5,
        "reverse_steps": 0,
        "windows": 3,
        "window_steps": 20,
        "window_s": 2.0,
        "unused_steps": 2,
    }


def test_notes_without_timestamps(write, left_turn):
    path = write("poses.txt", left_turn.kitti())
    notes = recorded(Draws(0, 1), path=path, dt=0.1, smooth=0.1).notes
    assert json.loads(json.dumps(notes, allow_nan=False)) == notes
    assert notes["recorded_step_median_s"] is None
    assert notes["resampling"] == "none needed"
    assert notes["smoothing"] == "none: the window holds 1 of the 5 samples it takes"


def test_notes_count_reversing(log):
    speed = np.interp(np.arange(100), [0, 30, 40, 60, 70, 99], [4, 0, -2, -2, 0, 4])
    x = np.cumsum(speed * 0.1)
    with_yaw = recorded(Draws(0, 1), path=log(0.1 * np.arange(100), x, 0 * x, 0 * x)).notes
    assert with_yaw["reverse_steps"] == pytest.approx(35, abs=2)
    without = recorded(Draws(0, 1), path=log(0.1 * np.arange(100), x, 0 * x)).notes
    assert without == with_yaw


@pytest.mark.parametrize("facing", [None, 0.0])
@pytest.mark.parametrize("noise", [0.05, 0.1, 0.2, 0.3])
def test_noise_at_a_stop_does_not_end_the_drive(noise, facing, log, drive):
    """20 s at a light, with the scatter of satellite positions: no reverse, and on it goes."""
    t = 0.1 * np.arange(600)
    speed = np.interp(t, [0, 18, 20, 40, 42, 60], [8, 8, 0, 0, 8, 8])
    x = np.cumsum(speed * 0.1)
    for seed in range(6):
        scatter = np.random.default_rng(seed).normal(scale=noise, size=(2, 600))
        episodes, rollout = drive(log(t, x + scatter[0], scatter[1], facing))
        assert episodes.notes["reverse_steps"] == 0
        # What is left is the creeping: noise that goes forward is driven.
        assert rollout.deviation.max() < 25 * noise
        assert rollout.speed[0, 430:590].mean() == pytest.approx(8, abs=0.1)


def test_where_the_times_come_from(write, left_turn):
    """A file of them, whose median step is the time step."""
    path = write("poses.txt", left_turn.kitti())
    times = write("times.txt", "".join(f"{t / 4}\n" for t in range(63)))
    notes = recorded(Draws(0, 1), path=path, times=times).notes
    assert notes["dt"].startswith("0.25 s, the median step of 63 instants (")
    assert "times.txt" in notes["dt"]


def test_a_hole_is_driven_as_the_interpolation_has_it(log, drive):
    """2 s without a pose, and a pose without a position."""
    t = np.delete(0.1 * np.arange(100), np.arange(40, 59))
    x = 8 * t
    x[20] = np.nan
    episodes, rollout = drive(log(t, x, 0 * t, 0 * t))
    np.testing.assert_allclose(rollout.speed, 8, atol=1e-6)
    assert episodes.notes["filled_samples"] == 20
    assert episodes.notes["largest_gap_s"] == pytest.approx(2)
    assert rollout.steps == 99


def test_duplicates_are_left_out(log):
    t = np.sort(np.concatenate([0.1 * np.arange(40), 0.1 * np.arange(0, 40, 8) + 1e-9]))
    notes = recorded(Draws(0, 1), path=log(t, 8 * t, 0 * t)).notes
    assert (notes["samples"], notes["left_out_samples"]) == (45, 5)


@pytest.mark.parametrize("end", [0, -1])
def test_a_drive_is_observed_from_its_first_instant_to_its_last(end, log):
    x = np.arange(50.0)
    x[end] = np.nan
    path = log(0.1 * np.arange(50), x, 0 * x)
    with pytest.raises(DataError) as error:
        recorded(Draws(0, 1), path=path)
    assert error.value.message.startswith(
        f"{path}: x was not observed at 1 of 50 instants, the first of them {end % 50}; expected"
    )


@pytest.mark.parametrize(("column", "what"), [("case", "several cases"), ("sample", "2 samples")])
def test_predictions_are_no_drive(column, what, write):
    rows = "".join(f"{one},{t},{t},0\n" for one in "01" for t in range(9))
    path = write("cases.csv", f"{column},t,x,y\n{rows}")
    with pytest.raises(DataError) as error:
        recorded(Draws(0, 1), path=path)
    assert error.value.message == f"{path}: got {what}, expected one recorded drive"
    assert "rollkit eval" in error.value.hint


def test_a_format_by_its_name(turn):
    assert recorded(Draws(0, 1), path=turn, format="csv").notes["format"] == "csv"
    with pytest.raises(UsageError, match="unknown format 'cvs'; nearest: csv"):
        recorded(Draws(0, 1), path=turn, format="cvs")


class TestWindows:
    @pytest.fixture
    def long(self, log):
        t = 0.1 * np.arange(201)
        return log(t, 9 * t + np.sin(t), 3 * np.cos(t / 3))

    def test_windows_follow_each_other(self, long, drive):
        whole, _ = drive(long)
        cut, rollout = drive(long, seeds=(0, 6), horizon=3.2)
        assert cut.actions.accel.shape == (6, 32)
        assert cut.reference.x.shape == (6, 33)
        np.testing.assert_array_equal(cut.actions.accel.ravel(), whole.actions.accel[0, :192])
        np.testing.assert_array_equal(cut.reference.x[1:, 0], cut.reference.x[:-1, -1])
        np.testing.assert_array_equal(cut.initial.x, cut.reference.x[:, 0])
        np.testing.assert_array_equal(rollout.deviation[:, 0], 0)
        assert rollout.deviation.max() < 0.05

    def test_a_seed_is_the_same_window_in_any_run_of_seeds(self, long):
        every = recorded(Draws(0, 6), path=long, horizon=3.2)
        one = recorded(Draws(4, 1), path=long, horizon=3.2)
        np.testing.assert_array_equal(one.actions.curvature[0], every.actions.curvature[4])
        assert one.initial.yaw[0] == every.initial.yaw[4]
        assert one.notes == every.notes

    def test_seed_beyond_the_last(self, long):
        with pytest.raises(UsageError) as error:
            recorded(Draws(4, 3), path=long, horizon=3.2)
        assert error.value.message == (
            "recorded: got seeds 4:7, expected 0:6, as the drive holds 6 windows of 3.2 s"
        )
        assert "--seeds 6" in error.value.hint

    def test_seeds_without_a_horizon(self, long):
        with pytest.raises(UsageError, match="without a horizon the whole drive is one") as error:
            recorded(Draws(0, 2), path=long)
        assert "--horizon" in error.value.hint

    @pytest.mark.parametrize("horizon", [0.01, 20.1])
    def test_horizon_beyond_the_drive(self, long, horizon):
        with pytest.raises(UsageError, match=f"got {horizon} s, expected from one step, 0.1 s, to"):
            recorded(Draws(0, 1), path=long, horizon=horizon)

    def test_the_whole_drive_as_a_horizon(self, long):
        episodes = recorded(Draws(0, 1), path=long, horizon=20.0)
        assert episodes.actions.accel.shape == (1, 200)

    def test_the_nearest_whole_number_of_steps(self, log):
        t = 0.103 * np.arange(201)
        notes = recorded(Draws(0, 1), path=log(t, t, 0 * t), horizon=6.4).notes
        assert notes["window_steps"] == 62
        assert notes["window_s"] == pytest.approx(6.386)


def test_declaration():
    """Brings its own time, and every option says what it is."""
    spec = spec_of(recorded)
    assert spec.own_time
    assert spec.definition.startswith("A recorded drive: ")
    assert [one.name for one in spec.parameters if one.required] == ["path"]
    assert all(one.about.doc for one in spec.parameters)
    assert {one.name for one in spec.parameters} | {"draws", "horizon", "dt"} == set(
        inspect.signature(recorded).parameters
    )


def test_hooks():
    assert plugin.rollkit_action_sources() == [recorded]
    names = [spec_of(metric).name for metric in plugin.rollkit_metrics()]
    assert names == ["mean_deviation", "max_deviation", "final_deviation"]
    assert all(spec_of(metric).needs == ("reference",) for metric in plugin.rollkit_metrics())
