"""Where the time step comes from, and the instants it leads to."""

from pathlib import Path

import numpy as np
import pytest

from rollkit_logs.clock import clock
from rollkit_logs.poses import PoseLog, Rows


@pytest.fixture
def poses():
    def made(time=None, count=50) -> PoseLog:
        x = np.arange(float(count if time is None else len(time)))
        rows = Rows(Path("drive.csv"), range(2, len(x) + 2))
        return PoseLog(rows, "plane", x, 0 * x, time=time)

    return made


def test_from_timestamps(poses):
    time = 5.0 + np.cumsum(np.random.default_rng(0).uniform(0.09, 0.12, 50))
    got = clock(poses(time), dt=None, times=None)
    assert got.dt == pytest.approx(np.median(np.diff(time)), abs=1e-6)
    assert got.origin == f"{got.dt:g} s, the median step of the 50 timestamps in drive.csv"
    assert got.jitter == pytest.approx(np.abs(np.diff(time) - np.median(np.diff(time))).max())
    np.testing.assert_allclose(np.diff(got.grid), got.dt)
    assert got.grid[0] == time[0]
    assert time[-1] - got.dt < got.grid[-1] <= time[-1]


@pytest.mark.parametrize("start", [0.0, 1.6e9])  # epoch seconds hold 2e-7 s
def test_a_uniform_log_keeps_its_rows(start, poses):
    got = clock(poses(start + 0.1 * np.arange(4000)), dt=None, times=None)
    assert got.dt == 0.1
    assert len(got.grid) == 4000


def test_dt_as_given(poses):
    got = clock(poses(0.1 * np.arange(51)), dt=0.25, times=None)
    assert got.dt == 0.25
    assert got.grid[-1] == 5.0
    assert got.origin == "0.25 s as given; the 51 timestamps in drive.csv are resampled to it"


def test_rows_dt_apart(poses):
    got = clock(poses(), dt=0.2, times=None)
    np.testing.assert_allclose(got.grid, 0.2 * np.arange(50))
    assert got.origin == (
        "0.2 s as given; drive.csv has no timestamps, its rows are taken as dt apart"
    )
    assert got.step is None
    assert got.jitter is None


def test_times_file(poses, write):
    times = write("times.txt", "".join(f"{t / 4}\n" for t in range(50)))
    got = clock(poses(), dt=None, times=times)
    assert got.dt == 0.25
    assert got.origin == "0.25 s, the median step of the 50 timestamps in times.txt"


def test_near_simultaneous_poses_are_one_measurement(poses):
    """Two clocks in one log write pairs a nanosecond apart; a difference over that is noise."""
    time = np.sort(np.concatenate([0.1 * np.arange(40), 0.1 * np.arange(0, 40, 8) + 1e-9]))
    got = clock(poses(time), dt=None, times=None)
    assert np.count_nonzero(~got.kept) == 5
    assert np.diff(got.time).min() > 0.09
