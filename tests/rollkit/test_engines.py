"""Which engine computes, and that the choice can be repeated."""

import sys

import numpy as np
import pytest

import rollkit
from rollkit import Actions, PluginError, State, UsageError, engines, integrator, metric
from rollkit.engines import choose

NAMES = ["max_abs_jerk", "rms_lateral_accel", "path_length"]


def some(rows, steps=20):
    random = np.random.default_rng(0)
    shape = (rows, steps)
    actions = Actions(random.normal(size=shape), 0.05 * random.normal(size=shape), 0.1)
    return actions, State(speed=random.uniform(0, 10, rows))


def test_auto_compiles_much_work_only():
    pytest.importorskip("numba")
    assert choose("auto", 2**25) == "numba"
    assert choose("auto", 2**25 - 1) == "numpy"
    assert choose("auto", None) == "numpy"
    assert choose("numba", 1) == "numba"


def test_without_numba_auto_is_numpy_and_numba_an_error(monkeypatch):
    monkeypatch.setattr(engines, "_numba_problem", lambda: "numba is not installed")
    assert choose("auto", 2**40) == "numpy"
    with pytest.raises(UsageError, match="numba is not installed") as caught:
        choose("numba", 1)
    assert caught.value.hint == "pip install 'rollkit[fast]'"


def test_a_numba_that_does_not_load_is_like_none(monkeypatch, tmp_path):
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs NumPy 2.3 or less')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    monkeypatch.setattr(engines, "_numba_problem", engines._numba_problem.__wrapped__)
    assert choose("auto", 2**40) == "numpy"
    with pytest.raises(UsageError, match="numba does not load: ImportError: Numba needs NumPy"):
        choose("numba", 1)


def test_an_unknown_engine():
    with pytest.raises(UsageError, match="unknown engine 'nunba'; nearest: numba"):
        rollkit.run("left", engine="nunba")
    with pytest.raises(UsageError, match="workers: got 0"):
        rollkit.evaluate_actions(*some(3), workers=0)


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_threads_change_no_bit(engine):
    pytest.importorskip(engine)
    actions, initial = some(40_000)
    one = rollkit.evaluate_actions(actions, initial, "rk4", NAMES, engine=engine, workers=1)
    two = rollkit.evaluate_actions(actions, initial, "rk4", NAMES, engine=engine, workers=2)
    for name in NAMES:
        np.testing.assert_array_equal(one[name], two[name])


def test_what_is_not_compiled_runs_beside_it_unharmed():
    pytest.importorskip("numba")

    @metric(unit="m/s")
    def median_speed(rollout):
        """Median speed."""
        return np.sort(rollout.speed, axis=-1)[..., rollout.steps // 2]

    actions, initial = some(5_000)
    got = rollkit.evaluate_actions(
        actions, initial, "euler", [*NAMES, median_speed], engine="numba"
    )
    expected = rollkit.evaluate(rollkit.rollout(actions, initial, "euler"), [*NAMES, median_speed])
    assert list(got) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(got[name], values, rtol=1e-12, atol=1e-12)


def test_metrics_that_these_rollouts_lack_are_undefined_with_any_engine():
    pytest.importorskip("numba")
    actions, initial = some(100, steps=1)
    got = rollkit.evaluate_actions(actions, initial, "euler", NAMES, engine="numba")
    assert np.isnan(got["max_abs_jerk"]).all()
    assert not np.isnan(got["path_length"]).any()
    only = rollkit.evaluate_actions(actions, initial, "euler", ["max_abs_jerk"], engine="numba")
    assert np.isnan(only["max_abs_jerk"]).all()


def test_errors_are_numpys_with_any_engine():
    """A kernel that leaves its range hands over to NumPy, which says what is wrong."""
    pytest.importorskip("numba")

    @integrator(order=1, speed_never_negative=True)
    def reversing(initial, actions):
        """Speed without a clamp."""
        speed = rollkit.arrays.cumulative(initial.speed, actions.accel * actions.dt)
        still = rollkit.arrays.cumulative(initial.x, speed[..., 1:] * 0)
        return rollkit.Trajectory(still, still, still, speed, actions.dt)

    actions = Actions(np.full((4, 5), -9.0), np.zeros((4, 5)), 1.0)
    for engine in ("numpy", "numba"):
        with pytest.raises(rollkit.DataError, match="returned a speed below 0"):
            rollkit.evaluate_actions(actions, State(speed=1.0), reversing, engine=engine)


def test_a_metric_outside_its_bounds_is_found_in_a_kernel_too():
    pytest.importorskip("numba")

    @metric(unit="m/s", bounds=(0, 1))
    def top_speed(rollout):
        """Largest speed."""
        return rollkit.arrays.maximum(rollout.speed)

    for engine in ("numpy", "numba"):
        with pytest.raises(PluginError, match="outside its bounds"):
            rollkit.evaluate_actions(*some(100), metrics=[top_speed], engine=engine)


def test_float32_stays_float32():
    pytest.importorskip("numba")
    actions, initial = some(100)
    narrow = Actions(actions.accel.astype(np.float32), actions.curvature.astype(np.float32), 0.1)
    start = State(speed=initial.speed.astype(np.float32))
    got = rollkit.evaluate_actions(narrow, start, metrics=NAMES, engine="numba")
    assert {one.dtype for one in got.values()} == {np.dtype(np.float32)}


def test_the_artifact_says_which_engine_ran_and_repeats_it(tmp_path, validated):
    pytest.importorskip("numba")
    result = rollkit.run("left", seeds=300, engine="numba")
    data = validated(result.to_dict())
    assert data["run"]["engine"] == data["provenance"]["engine"] == "numba"
    assert set(data["provenance"]["libraries"]) == {"numba", "llvmlite"}
    result.save(tmp_path / "metrics.json")
    again = rollkit.runner.run_spec(rollkit.read_result(tmp_path / "metrics.json").run)
    assert again.metrics == result.metrics
    beside = rollkit.run("left", seeds=300, engine="numpy")
    for name, one in beside.metrics.items():
        assert result.metrics[name].mean == pytest.approx(one.mean, rel=1e-12)


GAIN = 2.0


def test_what_a_metric_looks_up_is_looked_up_again():
    pytest.importorskip("numba")

    @metric(unit="m/s")
    def scaled(rollout):
        """Largest speed, times the gain."""
        return rollkit.arrays.maximum(rollout.speed) * GAIN

    def value():
        got = rollkit.evaluate_actions(*some(5), metrics=[scaled], engine="numba")
        return got["scaled"]

    first = value()
    globals()["GAIN"] = 3.0
    try:
        np.testing.assert_allclose(value(), first * 1.5)
    finally:
        globals()["GAIN"] = 2.0


def test_keywords_keep_their_meaning_in_a_kernel():
    pytest.importorskip("numba")

    @metric(unit="s")
    def moving(rollout):
        """Time that the vehicle moves."""
        speed = rollout.speed[..., :-1]
        return rollkit.arrays.total(
            rollkit.arrays.time_moving(speed, dt=rollout.dt, accel=rollout.accel)
        )

    got = [
        rollkit.evaluate_actions(*some(70), metrics=[moving], engine=engine)["moving"]
        for engine in ("numpy", "numba")
    ]
    np.testing.assert_allclose(got[0], got[1], rtol=1e-12)


def test_a_metric_that_writes_to_a_signal_fails_with_any_engine():
    pytest.importorskip("numba")

    @metric(unit="km/h")
    def writing(rollout):
        """Largest speed, by way of a mistake."""
        speed = rollout.speed
        speed *= 3.6
        return rollkit.arrays.maximum(speed)

    for engine in ("numpy", "numba"):
        with pytest.raises(PluginError, match="read-only"):
            rollkit.evaluate_actions(*some(70), metrics=[writing], engine=engine)
