"""Histories: where they end, what is missing in them, and whom that concerns."""

import numpy as np
import pytest

from rollkit import DataError, evaluate_predictions

from .made import poses

SPEEDS = np.array([3.0, 6.0, 9.0, 12.0])[:, None, None]  # m/s
AHEAD, BEFORE = 0.1 * np.arange(1, 31), 0.1 * np.arange(-10, 1)
ACTIONS = ["max_abs_accel", "max_abs_curvature", "fde"]


def predicted(*, holes=(), rows=slice(None), since=0.0, **others):
    """Four cases that drive off at constant acceleration, and the way they came."""
    before = SPEEDS * BEFORE + 0 * SPEEDS
    for row, instant in holes:
        before[row, 0, instant] = np.nan
    x = SPEEDS * AHEAD + 0.3 * AHEAD**2
    ids = ("a", "b", "c", "d")[rows]
    return poses(
        x[rows], 0.1 * x[rows], ids=ids, time=since + AHEAD, given=0,
        history=poses(before[rows], ids=ids, time=since + BEFORE),
        reference=poses(x[rows], 0.1 * x[rows], ids=ids, time=since + AHEAD, given=0), **others,
    )  # fmt: skip


def numbers(result):
    lines = list(result.metrics.items())
    for one in result.baselines:
        lines += [(f"{one.name} {name}", line) for name, line in one.metrics.items()]
    return {name: (line.n, line.n_undefined, line.mean, line.max) for name, line in lines}


@pytest.mark.parametrize("fit", ["differences", "spline", "alpamayo", "waymax"])
def test_a_hole_in_one_history_changes_no_other_case(fit):
    """Whatever block it happens to be in."""
    options = {"metrics": ACTIONS, "fit": fit, "samples": "all"}
    holes = [(1, -1), *((2, instant) for instant in range(2, 9))]
    together = evaluate_predictions(predicted(holes=holes), **options)
    apart = (predicted(holes=holes, rows=slice(row, row + 1)) for row in range(4))
    expected = numbers(evaluate_predictions(apart, **options))
    for name, values in numbers(together).items():
        assert values == pytest.approx(expected[name], rel=1e-12, abs=1e-12)


def test_a_baseline_has_actions_where_it_has_poses():
    past = predicted(holes=[(1, -1)]).history
    went = poses(SPEEDS * np.append(0, AHEAD), dt=0.1)
    one = poses(went.x, 1, dt=0.1, history=past, reference=went)
    result = evaluate_predictions(one, metrics=ACTIONS, baselines=["constant-velocity"])
    (baseline,) = result.baselines
    assert [(line.n, line.n_undefined) for line in baseline.metrics.values()] == [(3, 1)] * 3
    assert baseline.metrics["max_abs_accel"].max == pytest.approx(0, abs=1e-9)
    assert baseline.metrics["fde"].max == pytest.approx(0, abs=1e-9)
    assert result.metrics["max_abs_accel"].n == 4


@pytest.mark.parametrize("timed", [False, True])
@pytest.mark.parametrize(("gap", "known"), [(None, 4), (0.3, 4), (0.1, 3), (0.0, 3)])
def test_gaps_in_a_history_are_filled_as_asked(timed, gap, known):
    """All of 0.3 s but its ends; hold-last-action needs three instants."""
    before = SPEEDS * BEFORE[-4:]
    before[2, 0, 1:3] = np.nan
    when = {"time": BEFORE[-4:]} if timed else {"dt": 0.1}
    one = poses(SPEEDS * AHEAD, dt=0.1, given=0, history=poses(before, **when))
    result = evaluate_predictions(
        one, metrics=["path_length"], baselines=["hold-last-action"], max_gap=gap
    )
    assert result.baselines[0].metrics["path_length"].n == known


@pytest.mark.parametrize("since", [-7.0, 100.0, 1.7e9])
def test_the_origin_of_time_changes_nothing(since):
    named = [*ACTIONS, "path_length"]  # which begins at the start
    options = {"metrics": named, "baselines": ["constant-velocity"], "at": [1.0]}
    expected = numbers(evaluate_predictions(predicted(), **options))
    got = numbers(evaluate_predictions(predicted(since=since), **options))
    for name, values in expected.items():
        assert got[name] == pytest.approx(values, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("late", [-0.1, 0.1, 5.0])
def test_a_history_that_does_not_end_at_the_start_is_an_error(late):
    past = poses(SPEEDS * BEFORE, time=BEFORE + late)
    one = poses(SPEEDS * AHEAD, time=AHEAD, given=0, history=past)
    with pytest.raises(DataError, match=f"history of case '0': ends at {late:g} s, expected the"):
        evaluate_predictions(one, baselines=["stationary"])


def test_one_pose_tells_no_speed():
    """Neither to a baseline, which would stand still, nor to a fit, which would start from 0."""
    one = poses(
        SPEEDS * AHEAD, time=AHEAD, given=0, history=poses(0 * SPEEDS, time=[0.0]),
        reference=poses(SPEEDS * AHEAD, time=AHEAD, given=0),
    )  # fmt: skip
    with pytest.raises(DataError, match="got a history of 1 instants, expected 2 or more, or its"):
        evaluate_predictions(one, metrics=["ade"], baselines=["constant-velocity"])
    fitted = evaluate_predictions(one, metrics=["max_abs_accel"], fit="alpamayo")
    assert fitted.metrics["max_abs_accel"].max < 0.1


def test_the_speed_of_a_single_pose_is_undefined():
    result = evaluate_predictions(poses([[[1.0]]], given=0), metrics=["final_speed"])
    assert result.metrics["final_speed"].n_undefined == 1


def test_predicted_speeds_are_kept_whatever_the_history_lacks():
    speed = np.full((4, 1, 30), 5.0)
    result = evaluate_predictions(predicted(speed=speed), metrics=["final_speed", "fde"])
    assert result.metrics["final_speed"].max == 5.0
    assert result.metrics["fde"].max == 0.0
