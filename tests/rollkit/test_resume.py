"""Runs that are killed and go on, and files that are another run's."""

import hashlib
import json
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest

import rollkit
from rollkit import DataError, UsageError
from rollkit.errors import OutputError

UNIT = 16_384
SEEDS = 4 * UNIT + 77

POLICY = """
import time
import numpy as np
from rollkit import Actions, State, hookimpl, metric

def drive(draws, *, horizon, dt, wait: float = 0.0):
    time.sleep(wait)
    uniform = draws.uniform(2)
    accel = np.repeat(uniform[:, :1] - 0.5, round(horizon / dt), axis=1)
    return State(speed=5 + uniform[:, 1]), Actions(accel, 0 * accel + 0.01, dt)

@metric(unit="m/s")
def picky(rollout):
    "The speed; nan where it is low, and an error where it is the lucky one."
    speed = rollout.speed[..., 0]
    if (speed > 5.99998).any():
        raise ValueError("too lucky")
    return np.where(speed < 5.1, np.nan, speed)

@hookimpl
def rollkit_metrics():
    return [picky]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "policy.py").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(name, *more, workers=1, seeds=SEEDS):
    return [
        *(sys.executable, "-m", "rollkit", "run", "--source", "./policy.py:drive"),
        *("--plugins", "./policy.py,jerk", "--horizon", "0.8", "--seeds", str(seeds)),
        *("--set", "wait=0.02", "--workers", str(workers), "-o", f"{name}.json"),
        *("--save", f"{name}.parquet", "--save-trajectories", f"{name}.tr.parquet", *more),
    ]


def outcome(folder, name):
    artifact = json.loads((folder / f"{name}.json").read_text())
    files = [folder / f"{name}{end}" for end in (".parquet", ".tr.parquet")]
    digests = [hashlib.sha256(one.read_bytes()).hexdigest() for one in files]
    kept = ("run", "metrics", "failures", "plugins", "statistics")
    return {one: artifact[one] for one in kept}, digests


def killed_after(folder, name, segments, *, workers):
    """Start the run and kill it once so many segments are on the disk."""
    process = subprocess.Popen(
        command(name, workers=workers), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    partial = folder / f"{name}.parquet.partial"
    end = time.monotonic() + 60
    while len(list(partial.glob("*.arrow"))) < segments:
        assert time.monotonic() < end
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize(("segments", "workers"), [(1, 1), (3, 1), (2, 2)])
def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_been(folder, segments, workers):
    whole = subprocess.run(command("whole"), capture_output=True, text=True, check=False)
    assert whole.returncode == 1, "a metric fails in it, and stays failed"
    killed_after(folder, "killed", segments, workers=workers)
    assert not (folder / "killed.parquet").exists()
    resumed = subprocess.run(
        command("killed", "--resume", workers=2), capture_output=True, text=True, check=False
    )
    assert resumed.returncode == 1, resumed.stderr
    expected, got = outcome(folder, "whole"), outcome(folder, "killed")
    assert got == expected
    assert expected[0]["metrics"][0]["status"] == "failed"
    assert not list(folder.glob("*.partial"))


def test_what_is_there_is_not_done_again(folder):
    def run(**more):
        options = {"plugins": ["./policy.py", "speed"], "horizon": 0.8, "seeds": 3 * UNIT}
        return rollkit.run("./policy.py:drive", save="v.parquet", **options, **more)

    def stop(done, total):
        if done >= 2 * UNIT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=stop)
    kept = {one: one.stat().st_mtime_ns for one in folder.glob("v.parquet.partial/*.arrow")}
    assert len(kept) > 1

    def unchanged(done, total):
        assert kept == {one: one.stat().st_mtime_ns for one in kept}

    whole = run(resume=True, progress=unchanged)
    alone = rollkit.run(
        "./policy.py:drive", plugins=["./policy.py", "speed"], horizon=0.8, seeds=3 * UNIT
    )
    assert whole.metrics == alone.metrics


def test_a_file_of_trajectories_that_is_ahead_is_no_trouble(folder):
    """Both files are written after each other: a run may end in between."""

    def run(**more):
        options = {"horizon": 0.8, "seeds": 2 * UNIT + 5, "save": "v.parquet", **more}
        return rollkit.run("left", save_trajectories="t.parquet", **options)

    run()
    expected = [
        hashlib.sha256((folder / one).read_bytes()).hexdigest()
        for one in ("v.parquet", "t.parquet")
    ]
    for one in ("v.parquet", "t.parquet"):
        (folder / one).unlink()

    def stop(done, total):
        if done >= 2 * UNIT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=stop)
    max(folder.glob("v.parquet.partial/*.arrow")).unlink()
    run(resume=True)
    got = [
        hashlib.sha256((folder / one).read_bytes()).hexdigest()
        for one in ("v.parquet", "t.parquet")
    ]
    assert got == expected


def test_values_are_those_of_the_library(folder):
    rollkit.run("left,cruise", seeds=300, save="v.parquet", save_trajectories="t.parquet")
    table = pq.read_table("v.parquet")
    assert table["seed"].to_pylist() == [*range(300)] * 2
    assert set(table["source"].to_pylist()) == {"left", "cruise"}
    assert table["cell"].to_pylist() == [0] * 300 + [1] * 300
    # An option that only the other source has is null.
    assert table["set_start"].to_pylist()[299:301] == [0.2, None]
    assert table.schema.field("max_abs_jerk").metadata[b"unit"] == b"m/s^3"
    alone = rollkit.run("cruise", seeds=(7, 8)).metrics["max_abs_jerk"].mean
    assert table["max_abs_jerk"].to_pylist()[307] == alone
    trajectories = pq.read_table("t.parquet")
    row = trajectories.slice(307, 1).to_pylist()[0]
    assert (row["seed"], row["source"], len(row["x"]), row["dt"]) == (7, "cruise", 65, 0.1)
    assert row["speed"][-1] == rollkit.run("cruise", seeds=(7, 8)).metrics["final_speed"].mean


def test_undefined_is_null(folder):
    rollkit.run("left", horizon=0.1, seeds=3, save="v.parquet")
    table = pq.read_table("v.parquet")
    assert table["max_abs_jerk"].to_pylist() == [None] * 3, "one step has no jerk"
    assert None not in table["final_speed"].to_pylist()


def test_another_runs_file_is_not_resumed(folder):
    rollkit.run("left", seeds=10, save="v.parquet")
    for change, said in [
        ({"seeds": 20}, r"seeds: \[0, 10\] there, \[0, 20\] here"),
        ({"params": {"speed": 9}}, r"params.speed: 8(\.0)? there, 9(\.0)? here"),
        ({"integrator": "euler"}, 'integrator: "rk4" there, "euler" here'),
        ({"plugins": ["jerk"]}, "metrics"),
    ]:
        with pytest.raises(UsageError, match=f"cannot resume v.parquet.*{said}"):
            rollkit.run("left", **{"seeds": 10, "save": "v.parquet", "resume": True, **change})
    same = rollkit.run("left", seeds=10, save="v.parquet", resume=True)
    assert same.metrics == rollkit.run("left", seeds=10).metrics


def test_a_changed_plugin_is_another_run(folder):
    run = {"plugins": ["./policy.py"], "seeds": 10, "save": "v.parquet"}
    rollkit.run("./policy.py:drive", **run)
    (folder / "policy.py").write_text(POLICY.replace("5.1", "5.2"))
    with pytest.raises(UsageError, match=r"inputs\.policy\.py"):
        rollkit.run("./policy.py:drive", **run, resume=True)


def test_a_damaged_segment_is_named(folder):
    def stop(done, total):
        raise KeyboardInterrupt

    run = {"horizon": 0.8, "seeds": 2 * UNIT, "save": "v.parquet"}
    with pytest.raises(KeyboardInterrupt):
        rollkit.run(
            "left", **run, progress=lambda done, total: stop(done, total) if done >= UNIT else None
        )
    segment = folder / "v.parquet.partial" / "000000.arrow"
    segment.write_bytes(segment.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"000000\.arrow is damaged"):
        rollkit.run("left", **run, resume=True)


def test_wrong_calls(folder):
    with pytest.raises(UsageError, match="goes on where an interrupted run left its files"):
        rollkit.run("left", resume=True)
    with pytest.raises(UsageError, match="cannot both go to"):
        rollkit.run("left", save="v.parquet", save_trajectories="./v.parquet")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="is no Parquet file of rollkit's"):
        rollkit.run("left", save="notes.txt")
    assert (folder / "notes.txt").read_text() == "mine"
    rollkit.run("left", save="notes.txt", force=True)
    assert pq.read_table("notes.txt").num_rows == 1


def test_a_run_that_breaks_writes_no_file(folder):
    def broken(draws, *, horizon, dt):
        raise ZeroDivisionError

    result = rollkit.run(broken, seeds=10, save="v.parquet")
    assert result.failures
    assert not (folder / "v.parquet").exists()


def test_what_an_interrupted_run_has_done_is_not_lost_by_mistake(folder):
    def stop(done, total):
        if done >= UNIT:
            raise KeyboardInterrupt

    run = {"horizon": 0.8, "seeds": 2 * UNIT, "save": "v.parquet"}
    with pytest.raises(KeyboardInterrupt):
        rollkit.run("left", **run, progress=stop)
    with pytest.raises(OutputError, match=r"keeps \d whole segments") as caught:
        rollkit.run("left", **run)
    assert "resume goes on with it; force starts anew" in caught.value.hint
    rollkit.run("left", **run, force=True)
    assert not list(folder.glob("*.partial"))


def test_the_artifact_and_the_values_are_two_files(cli):
    ran = cli("run", "--save", "o.parquet", "-o", "./o.parquet")
    assert ran.code == 2
    assert "cannot both go to o.parquet" in ran.err
    assert ran.wrote == []


def test_a_changed_module_is_another_run_too(folder):
    (folder / "module_of_mine.py").write_text(POLICY)
    run = {"seeds": 10, "save": "v.parquet"}
    rollkit.run("module_of_mine:drive", **run)
    (folder / "module_of_mine.py").write_text(POLICY.replace("0.01", "0.02"))
    with pytest.raises(UsageError, match=r"inputs\.module_of_mine\.py"):
        rollkit.run("module_of_mine:drive", **run, resume=True)


def test_another_arithmetic_is_another_run(folder, monkeypatch):
    rollkit.run("left", seeds=10, save="v.parquet")
    monkeypatch.setattr("rollkit.shipping.arithmetic", lambda: "of another processor")
    with pytest.raises(UsageError, match=r"versions\.arithmetic"):
        rollkit.run("left", seeds=10, save="v.parquet", resume=True)


def test_trajectories_alone_are_resumed_as_well(folder):
    def stop(done, total):
        if done >= UNIT:
            raise KeyboardInterrupt

    run = {"horizon": 0.8, "seeds": 2 * UNIT}
    rollkit.run("left", save_trajectories="whole.parquet", **run)
    with pytest.raises(KeyboardInterrupt):
        rollkit.run("left", save_trajectories="t.parquet", progress=stop, **run)
    resumed = rollkit.run("left", save_trajectories="t.parquet", resume=True, **run)
    assert resumed.metrics == rollkit.run("left", **run).metrics
    files = [
        hashlib.sha256((folder / one).read_bytes()).hexdigest()
        for one in ("whole.parquet", "t.parquet")
    ]
    assert files[0] == files[1]


def test_a_metric_called_like_a_column_is_refused(folder):
    (folder / "called.py").write_text(
        POLICY.replace("def picky", "def seed").replace("[picky]", "[seed]")
    )
    with pytest.raises(
        UsageError, match=r"metric 'seed' of plugin called .* has the name of a column"
    ):
        rollkit.run("left", plugins=["./called.py"], save="v.parquet")


def test_true_and_false_are_flags(folder):
    (folder / "flagged.py").write_text(
        POLICY.replace("wait: float = 0.0", "hard: bool = False").replace("time.sleep(wait)", "")
    )
    rollkit.run("./flagged.py:drive", grid={"hard": [True, False]}, seeds=2, save="v.parquet")
    assert pq.read_table("v.parquet")["set_hard"].to_pylist() == [True, True, False, False]
