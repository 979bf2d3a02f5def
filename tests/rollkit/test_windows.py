"""Cutting tracks into cases: which instants each gets, and what it cannot be cut from."""

from dataclasses import replace

import numpy as np
import pytest

from rollkit import DataError, Poses, UsageError
from rollkit.windows import windows


def tracks(count=2, length=41, **more) -> Poses:
    """Tracks that are 1 m further each step, 1000 m apart."""
    x = 1000.0 * np.arange(count)[:, None, None] + np.arange(length)
    about = {"frame": "plane", "origin": "by hand", "dt": 0.1, "whole": True}
    return Poses(ids=tuple("abcdef"[:count]), x=x, y=-x, **(about | more))


def loop(poses, horizon, history):
    """Window after window, by plain slices."""
    ahead, before = round(horizon / poses.dt), round((history or 0) / poses.dt)
    for track in range(poses.cases):
        start = before
        while start + ahead < poses.instants:
            past = slice(start - before, start + 1)
            yield poses.x[track, :, start : start + ahead + 1], poses.x[track, :, past]
            start += ahead


@pytest.mark.parametrize("history", [None, 0.1, 0.75])
@pytest.mark.parametrize("horizon", [0.1, 0.8, 3.2])
def test_equal_to_a_plain_loop(horizon, history):
    poses = tracks()
    (block,) = windows(poses, horizon=horizon, history=history)
    expected = list(loop(poses, horizon, history))
    np.testing.assert_array_equal(block.x, [one for one, _ in expected])
    np.testing.assert_array_equal(block.y, -block.x)
    count = len(expected) // 2
    assert block.ids == tuple(f"{one}/{number}" for one in "ab" for number in range(count))
    assert (block.given, block.dt, block.time, block.whole) == (1, 0.1, None, False)
    if history is None:
        assert block.history is None
    else:
        np.testing.assert_array_equal(block.history.x, [one for _, one in expected])
        np.testing.assert_array_equal(block.history.x[..., -1], block.x[..., 0])
        assert block.history.ids == block.ids


def test_history_alone_leaves_the_rest_as_one_case():
    (block,) = windows(tracks(), history=1.0)
    assert block.ids == ("a/0", "b/0")
    assert block.x[1, 0].tolist() == list(range(1010, 1041))
    assert block.history.x[0, 0].tolist() == list(range(11))


def test_everything_is_cut_alike():
    rotation = np.broadcast_to(np.eye(3), (2, 1, 41, 3, 3)) * np.arange(41.0)[:, None, None]
    signal = np.broadcast_to(np.arange(41.0), (2, 1, 41))
    whole = tracks(yaw=signal, speed=signal, z=signal, rotation=rotation)
    (block,) = windows(replace(whole, reference=tracks(dt=None)), horizon=2.0, history=0.5)
    assert block.cases == 2
    for name in ("yaw", "speed", "z"):
        np.testing.assert_array_equal(getattr(block, name)[0, 0], np.arange(5, 26))
        np.testing.assert_array_equal(getattr(block.history, name)[1, 0], np.arange(6))
    np.testing.assert_array_equal(block.rotation[1, 0, :, 2, 2], np.arange(5, 26))
    np.testing.assert_array_equal(block.reference.x, block.x)
    assert block.reference.dt == block.dt


def test_what_was_not_observed_stays_so():
    whole = tracks(1)
    x = whole.x.copy()
    x[0, 0, 25] = np.nan
    (block,) = windows(replace(whole, x=x), horizon=1.0)
    assert np.isnan(block.x).any(axis=(1, 2)).tolist() == [False, False, True, False]


def test_the_nearest_whole_number_of_steps():
    (block,) = windows(tracks(1, dt=0.103), horizon=0.6, history=0.25)
    assert block.instants == 7
    assert block.history.instants == 3


@pytest.mark.parametrize(
    ("options", "needed"),
    [({"horizon": 4.1}, "4.1"), ({"horizon": 3, "history": 1.1}, "4.1"), ({"history": 4}, "4.1")],
)
def test_shorter_than_one_window(options, needed):
    (block,) = windows(tracks(unusable={1: "upside down"}), **options)
    assert block.unusable == {
        0: f"got 4 s, expected at least one window of {needed} s, history and horizon",
        1: "upside down",
    }


def test_the_windows_of_an_unusable_track():
    (block,) = windows(tracks(unusable={1: "upside down"}), horizon=2.0)
    assert block.unusable == {2: "upside down", 3: "upside down"}


def test_what_is_not_cut():
    whole, part = tracks(), tracks(whole=False)
    assert windows(whole) == [whole]
    assert windows(part, horizon=1.0) == [part]


@pytest.mark.parametrize("name", ["horizon", "history"])
@pytest.mark.parametrize("seconds", [0.0, 0.04, -1.0, np.nan, np.inf])
def test_less_than_a_step(name, seconds):
    with pytest.raises(UsageError, match=rf"{name}: got {seconds:g} s, expected at least one step"):
        windows(tracks(), **{name: seconds})


def test_tracks_that_cannot_be_cut():
    with pytest.raises(DataError, match="got 1 samples and dt=None, expected a track"):
        windows(tracks(dt=None), horizon=1.0)
    with pytest.raises(UsageError, match="has a history already"):
        windows(tracks(history=tracks(length=5)), history=1.0)
    with pytest.raises(DataError, match="got a reference of 5 instants, expected the track's 41"):
        windows(tracks(reference=tracks(length=5)), horizon=1.0)
