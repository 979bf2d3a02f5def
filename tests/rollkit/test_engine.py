"""Runs: chunks, sources of one's own, what is refused and what is recorded."""

import json

import numpy as np
import pytest

import rollkit
from rollkit import Actions, DataError, Episodes, State, UsageError
from rollkit.cell import CHUNK, chunk_size
from rollkit.errors import DeclarationError, PluginError


def steady(draws, *, horizon, dt, speed=8.0):
    """Constant speed, random gentle steering."""
    steps = round(horizon / dt)
    kappa = 0.01 * draws.normal(steps)
    return State(speed=np.full(len(draws), speed)), Actions(np.zeros_like(kappa), kappa, dt)


def test_a_seed_has_the_same_value_in_any_run():
    every = rollkit.run(steady, seeds=CHUNK + 3, plugins=["yaw_rate"])
    worst = every.metrics["max_abs_yaw_rate"]
    alone = rollkit.run(
        steady, seeds=(worst.argmax_seed, worst.argmax_seed + 1), plugins=["yaw_rate"]
    )
    assert alone.metrics["max_abs_yaw_rate"].mean == worst.max


def test_aggregates_are_those_of_the_values():
    result = rollkit.run("left", seeds=3000, metrics=["max_abs_jerk"])
    values = []
    for first in range(0, 3000, 1000):
        draws = rollkit.Draws(first, 1000)
        source = rollkit_source("left")
        initial, actions = source(draws, horizon=6.4, dt=0.1)
        rollout = rollkit.rollout(actions, initial)
        values.append(rollkit.evaluate(rollout, ["max_abs_jerk"])["max_abs_jerk"])
    values = np.concatenate(values)
    got = result.metrics["max_abs_jerk"]
    assert got.n == 3000
    assert got.mean == pytest.approx(values.mean(), rel=1e-12)
    assert got.std == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert got.p95 == pytest.approx(np.quantile(values, 0.95), rel=1e-12)
    assert (got.argmin_seed, got.argmax_seed) == (values.argmin(), values.argmax())


def rollkit_source(name):
    from rollkit.plugins import Plugins

    return Plugins().source(name).spec.function


def test_params_are_recorded_whole_and_the_run_can_be_repeated():
    result = rollkit.run("left", params={"speed": 7}, seeds=4)
    assert result.run.params["speed"] == 7.0
    assert "noise" in result.run.params, "defaults are recorded too"
    spec = result.run
    again = rollkit.run(
        spec.source,
        params=spec.params,
        integrator=spec.integrator,
        seeds=spec.seeds,
        horizon=spec.horizon,
        dt=spec.dt,
    )
    assert json.dumps(again.to_dict()["metrics"]) == json.dumps(result.to_dict()["metrics"])


def test_plugins_decide_the_metrics():
    starter = set(rollkit.run("left").metrics)
    assert len(starter) == 6
    assert set(rollkit.run("left", plugins=["jerk", "curv_rate"]).metrics) == {
        "max_abs_jerk",
        "max_abs_curvature_rate",
    }
    assert set(rollkit.run("left", plugins=["euler"]).metrics) == starter
    assert set(rollkit.run("left", metrics=["rms_yaw_rate"]).metrics) == {"rms_yaw_rate"}
    assert list(rollkit.run("left", plugins=["jerk", "accel"]).metrics) == [
        "max_abs_jerk",
        "max_abs_accel",
    ]


def test_the_metrics_a_source_brings_are_computed_beside_the_starter_set(tmp_path):
    log = tmp_path / "drive.csv"
    rows = "".join(f"{i / 10},{i * 0.5},0.0,0.0\n" for i in range(60))
    log.write_text("t,x,y,yaw\n" + rows)
    result = rollkit.run("recorded", params={"path": log})
    assert {"max_abs_jerk", "final_deviation"} <= set(result.metrics)
    assert result.metrics["final_deviation"].max < 1e-6
    assert result.provenance["inputs"][0]["path"] == str(log)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda n, t: 5, r"returned int, expected \(State, Actions\)"),
        (lambda n, t: (1, 2), r"returned \(int, int\), expected \(State, Actions\)"),
        (lambda n, t: (state(n), actions(n + 1, t)), r"actions \(4, 64\) for 3 seeds"),
        (lambda n, t: (state(n), actions(n, t - 1)), "returned 63 steps, expected 64 for horizon"),
        (lambda n, t: (state(n + 1), actions(n, t)), r"initial state \(4,\) for actions \(3, 64\)"),
        (lambda n, t: (state(n), actions(n, t, dt=0.2)), "dt=0.2 s, was asked for dt=0.1 s"),
        (lambda n, t: (state(n), actions(n, t, value=np.nan)), r"accel is not finite: nan at"),
        (
            lambda n, t: (state(n), Actions(np.zeros((n, t)), np.zeros((n, 2)), 0.1)),
            r"got accel \(3, 64\), curvature \(3, 2\)",
        ),
        (lambda n, t: (state(n, -1.0), actions(n, t)), "initial speed is -1 m/s: integrator 'rk4'"),
    ],
)
def test_wrong_data_from_a_source_stops_the_run_and_says_where(answer, message):
    def wrong(draws, *, horizon, dt):
        return answer(len(draws), round(horizon / dt))

    with pytest.raises(DataError, match=message) as caught:
        rollkit.run(wrong, seeds=3)
    assert "source 'wrong' (" in caught.value.message
    assert "test_engine.py:" in caught.value.message


def state(n, speed=5.0):
    return State(speed=np.full(n, speed))


def actions(n, steps, *, dt=0.1, value=0.0):
    return Actions(np.full((n, steps), value), np.zeros((n, steps)), dt)


def test_a_source_that_raises_fails_every_metric_and_is_recorded(validated):
    def raising(draws, *, horizon, dt):
        if draws.first:
            raise ZeroDivisionError("in the second chunk")
        return state(len(draws)), actions(len(draws), round(horizon / dt))

    result = rollkit.run(raising, seeds=CHUNK + 1)
    assert result.exit_code == 1
    (fault,) = result.failures
    assert (fault.stage, fault.subject, fault.type) == ("compute", "raising", "ZeroDivisionError")
    assert fault.file.endswith("test_engine.py")
    assert {one.status for one in result.metrics.values()} == {"failed"}
    assert {one.n for one in result.metrics.values()} == {0}, "half a run is no run"
    validated(json.loads(result.to_json()))


def test_an_integrator_that_fails_is_recorded(tmp_path):
    path = tmp_path / "drifting.py"
    path.write_text(
        "from rollkit import Trajectory, hookimpl, integrator\n"
        "@integrator(order=1, speed_never_negative=True)\n"
        "def short(initial, actions):\n"
        '    """One instant too few."""\n'
        "    return Trajectory(*[actions.accel] * 4, actions.dt)\n"
        "@hookimpl\n"
        "def rollkit_integrators():\n"
        "    return [short]\n"
    )
    result = rollkit.run("left", integrator="short", plugins=[str(path), "jerk"])
    (fault,) = result.failures
    assert (fault.stage, fault.plugin, fault.line) == ("validate", "drifting", 2)
    assert "returned a trajectory (1, 64), expected (1, 65)" in fault.message
    assert result.metrics["max_abs_jerk"].status == "failed"


def test_episodes_bring_a_reference_and_notes():
    def episodes(draws, *, horizon, dt):
        initial, moves = state(len(draws)), actions(len(draws), round(horizon / dt))
        path = rollkit.rollout(moves, initial, "exact").trajectory
        return Episodes(initial, moves, reference=path, notes={"weather": "dry"})

    result = rollkit.run(episodes, seeds=2, plugins=["recorded"])
    assert result.metrics["max_deviation"].max < 1e-12
    assert result.provenance["source"] == {"weather": "dry"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": 1.05}, "horizon 1.05 s is no multiple of dt 0.1 s"),
        ({"dt": 0}, "dt: got 0, expected a positive number"),
        ({"integrator": "rk5"}, "unknown integrator 'rk5'; nearest: rk4"),
        ({"plugins": ["jrk"]}, "unknown plugin 'jrk'; nearest: jerk"),
        ({"plugins": "jerk"}, r"plugins: got 'jerk', expected a list of names: \['jerk'\]"),
        ({"metrics": ["max_jerk"]}, "unknown metric 'max_jerk'; nearest: max_abs_jerk"),
        ({"metrics": []}, "metrics: got none"),
        ({"params": {"sped": 3}}, "unknown option 'sped' of source 'left'; nearest: speed"),
        ({"params": {"dt": 3}}, "dt is an option of the run"),
        ({"params": {"speed": 1000}}, "source 'left': speed: got 1000"),
        ({"seeds": 0}, "seeds: got 0"),
        ({"plugins": ["./nowhere.py"]}, "plugin file './nowhere.py' does not exist"),
        ({"plugins": ["tests/"]}, "plugin file 'tests/'"),
    ],
)
def test_wrong_calls(options, message):
    with pytest.raises((UsageError, DataError), match=message):
        rollkit.run("left", **options)


def test_names_may_come_from_a_generator():
    names = (one for one in ["min_speed"])
    assert list(rollkit.run("left", metrics=names).metrics) == ["min_speed"]


def test_wrong_sources():
    with pytest.raises(UsageError, match="unknown action source 'lefft'; nearest: left"):
        rollkit.run("lefft")
    with pytest.raises(UsageError, match="no module named 'no_such_module'"):
        rollkit.run("no_such_module:drive")
    with pytest.raises(UsageError, match=r"unknown function 'sinn' of module math; nearest: sin"):
        rollkit.run("math:sinn")
    with pytest.raises(UsageError, match=r"file './nowhere.py' does not exist"):
        rollkit.run("./nowhere.py:drive")
    with pytest.raises(DeclarationError, match="takes no arguments"):
        rollkit.run(lambda: None)


def test_a_function_of_an_importable_module_is_a_source(tmp_path, monkeypatch):
    (tmp_path / "a_policy.py").write_text(
        "import numpy as np\n"
        "from rollkit import Actions, State\n"
        "def drive(draws, *, horizon, dt, accel=0.5):\n"
        "    shape = len(draws), round(horizon / dt)\n"
        "    return State(speed=np.zeros(shape[0])), "
        "Actions(np.full(shape, accel), np.zeros(shape), dt)\n"
    )
    monkeypatch.chdir(tmp_path)
    for reference in ("a_policy:drive", "./a_policy.py:drive"):
        result = rollkit.run(reference, params={"accel": "0.25"}, horizon=4)
        assert result.metrics["final_speed"].mean == pytest.approx(1.0)
        assert result.run.source == reference


def test_progress_is_reported_chunk_by_chunk():
    seen = []
    rollkit.run(
        steady, seeds=2 * CHUNK + 1, progress=lambda done, total: seen.append((done, total))
    )
    total = 2 * CHUNK + 1
    assert seen == [(CHUNK, total), (2 * CHUNK, total), (total, total)]


def policy_file(folder, value, name="pol"):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(
        "import numpy as np\n"
        "from rollkit import Actions, State\n"
        "def drive(draws, *, horizon, dt):\n"
        f"    accel = np.full((len(draws), round(horizon / dt)), {value})\n"
        "    return State(speed=5.0), Actions(accel, 0 * accel, dt)\n"
    )
    return f"{path}:drive"


def test_files_are_told_apart_by_their_place(tmp_path):
    """Two of one name, and one that is called like a module of Python's own."""
    sources = [
        policy_file(tmp_path / "a", 1.0),
        policy_file(tmp_path / "b", 2.0),
        policy_file(tmp_path / "c", 3.0, name="json"),
    ]
    means = [rollkit.run(one, plugins=["accel"]).metrics["max_abs_accel"].mean for one in sources]
    assert means == [1.0, 2.0, 3.0]


def test_a_source_that_ends_the_process_on_import_is_reported(tmp_path):
    path = tmp_path / "leaver.py"
    path.write_text("import sys\n\nsys.exit(0)\n")
    with pytest.raises(PluginError, match=r"load failed at .*leaver\.py:3: SystemExit"):
        rollkit.run(f"{path}:drive")


def test_a_metric_may_raise_anything(tmp_path):
    path = tmp_path / "cancelled.py"
    path.write_text(
        "import asyncio\nfrom rollkit import hookimpl, metric\n"
        '@metric(unit="1")\ndef never(rollout):\n    """Never."""\n'
        "    raise asyncio.CancelledError\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [never]\n"
    )
    result = rollkit.run("left", plugins=[str(path), "jerk"])
    assert result.failures[0].type == "CancelledError"
    assert result.metrics["max_abs_jerk"].status == "ok"


def test_a_wrong_reference_is_the_sources(tmp_path):
    def short(draws, *, horizon, dt):
        moves = actions(len(draws), round(horizon / dt))
        path = rollkit.rollout(moves, state(len(draws))).trajectory
        cut = rollkit.Trajectory(
            path.x[:, 1:], path.y[:, 1:], path.yaw[:, 1:], path.speed[:, 1:], dt
        )
        return Episodes(state(len(draws)), moves, reference=cut)

    with pytest.raises(DataError, match=r"source 'short' .*returned a reference \(1, 64\)"):
        rollkit.run(short)


def test_a_source_keeps_to_one_time_step():
    def changing(draws, *, horizon=None, dt=None):
        return state(len(draws)), actions(len(draws), 8, dt=0.1 if draws.first == 0 else 0.2)

    with pytest.raises(DataError, match=r"returned 8 steps of 0\.2 s, after 8 of 0\.1 s"):
        rollkit.run(changing, seeds=CHUNK + 1)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), object(), 1j])
def test_options_that_no_artifact_can_hold_are_refused(value):
    def source(draws, *, horizon, dt, option=value): ...

    with pytest.raises(DataError, match="source 'source': option: got"):
        rollkit.run(source)


@pytest.mark.parametrize("value", [np.float32(2), np.ones(2), (1.0, 2.0), None, [3]])
def test_options_that_an_artifact_can_hold_are_recorded(value, validated):
    def source(draws, *, horizon, dt, option=value):
        return state(len(draws)), actions(len(draws), round(horizon / dt))

    validated(json.loads(rollkit.run(source).to_json()))


def test_notes_are_strict_json_or_refused():
    def noting(draws, *, horizon, dt, bad=False):
        moves = actions(len(draws), round(horizon / dt))
        notes = {"n": np.int64(3), "bad": np.nan if bad else 0}
        return Episodes(state(len(draws)), moves, notes=notes)

    assert rollkit.run(noting).provenance["source"] == {"n": 3, "bad": 0}
    with pytest.raises(DataError, match=r"notes\.bad: got nan"):
        rollkit.run(noting, params={"bad": True})


def test_statistics_that_overflow_are_a_failure(tmp_path, validated):
    path = tmp_path / "large.py"
    path.write_text(
        "from rollkit import hookimpl, metric\n"
        '@metric(unit="1")\ndef large(rollout):\n    """Large."""\n'
        "    return 1e300 * (rollout.speed[..., 0] - 8)\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [large]\n"
    )
    result = rollkit.run("left", plugins=[str(path)], seeds=10)
    assert result.metrics["large"].status == "failed"
    assert "overflow" in result.metrics["large"].error
    validated(json.loads(result.to_json()))


def test_what_is_asked_of_a_broken_plugin_is_not_merely_unknown(tmp_path):
    path = tmp_path / "boom.py"
    path.write_text('raise RuntimeError("no calibration")\n')
    for options in ({"metrics": ["top"]}, {"integrator": "mine"}):
        with pytest.raises(PluginError, match="no calibration"):
            rollkit.run("left", plugins=[str(path)], **options)


def test_a_plugin_file_may_be_called_like_a_builtin(tmp_path):
    path = tmp_path / "left.py"
    path.write_text(
        "from rollkit import hookimpl, metric\n"
        '@metric(unit="m/s")\ndef first_speed(rollout):\n    """First."""\n'
        "    return rollout.speed[..., 0]\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [first_speed]\n"
    )
    result = rollkit.run("left", plugins=[str(path), str(path)])
    assert result.ok
    assert list(result.metrics) == ["first_speed"]


def test_only_plugins_that_took_part_are_listed():
    result = rollkit.run("left", metrics=["rms_yaw_rate"])
    assert {one.name for one in result.plugins} == {"yaw_rate", "left", "rk4"}


def test_long_rollouts_come_in_small_chunks():
    assert chunk_size(64) == CHUNK
    assert chunk_size(512) == CHUNK
    assert 0 < chunk_size(100_000) < 20
    with pytest.raises(UsageError, match="more than 10000000 steps"):
        rollkit.run("straight", horizon=1e12)
