"""Which engine computes, and that the choice can be repeated."""

import numpy as np
import pytest

import rollkit
from rollkit import Actions, PluginError, State, UsageError, integrator, metric
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
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert choose("auto", 2**40) == "numpy"
    with pytest.raises(UsageError, match="numba is not installed") as caught:
        choose("numba", 1)
    assert caught.value.hint == "pip install 'rollkit[fast]'"


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
