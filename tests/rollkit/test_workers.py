"""The same bytes however a run is carried out, and workers that die."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

import rollkit
from rollkit import ExecutionError, UsageError
from rollkit.execution import Execution
from rollkit.executors import cores, workers_for
from rollkit.job import Job
from rollkit.spec import RunSpec

UNIT = 16_384
SHORT = {"horizon": 0.8, "seeds": 2 * UNIT + 5_000}  # ten units of 4,096, the last one short

POLICY = """
import os
import time
import numpy as np
from rollkit import Actions, State

def drive(draws, *, horizon, dt, wait: float = 0.0, dies: int = -1, once: str = "", bad: int = -1):
    time.sleep(wait)
    if draws.first == dies and not (once and os.path.exists(once)):
        if once:
            open(once, "w").close()
        os.kill(os.getpid(), 9)
    if draws.first == bad:
        raise ZeroDivisionError("at this seed")
    uniform = draws.uniform(2)
    accel = np.repeat(uniform[:, :1] - 0.5, round(horizon / dt), axis=1)
    return State(speed=5 + uniform[:, 1]), Actions(accel, 0 * accel + 0.01, dt)
"""


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.py"
    path.write_text(POLICY)
    return f"{path}:drive"


def metrics(result):
    assert not result.failures, result.failures
    return json.dumps([one.to_dict() for one in result.metrics.values()])


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_the_bytes_are_the_same_on_one_worker_on_two_and_when_resumed(tmp_path, engine):
    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")

    def run(name, **options):
        files = [tmp_path / f"{name}.{kind}.parquet" for kind in ("values", "trajectories")]
        result = rollkit.run(
            "left",
            plugins=["starter", "lateral_accel", "path_length"],
            engine=engine,
            save=files[0],
            save_trajectories=files[1],
            **SHORT,
            **options,
        )
        assert result.provenance["engine"] == result.run.engine == engine
        return metrics(result), *map(digest, files)

    alone = run("one", workers=1)
    assert run("two", workers=2) == alone
    stopped = {"seen": 0}

    def stop(done, total):
        stopped["seen"] += 1
        if done > UNIT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("three", workers=1, progress=stop)
    assert (tmp_path / "three.values.parquet.partial").is_dir()
    assert run("three", workers=2, resume=True) == alone
    assert not (tmp_path / "three.values.parquet.partial").exists()
    assert run("three", workers=1, resume=True) == alone, "a finished run may be resumed as well"


def test_a_sweep_is_the_same_on_one_worker_and_on_two():
    def run(workers):
        result = rollkit.run(
            "left,right", grid={"speed": [6, 8]}, horizon=0.8, seeds=UNIT + 100, workers=workers
        )
        return json.dumps([result.to_dict()[name] for name in ("metrics", "cells")])

    assert run(1) == run(2)


def test_a_worker_that_dies_costs_nothing_but_time(policy, tmp_path):
    whole = rollkit.run(policy, **SHORT)
    mark = tmp_path / "it-died"
    died = rollkit.run(policy, workers=2, params={"dies": UNIT, "once": str(mark)}, **SHORT)
    assert mark.exists()
    assert metrics(died) == metrics(whole)


def test_a_unit_that_kills_every_worker_ends_the_run_and_nothing_is_written(policy, tmp_path):
    save = tmp_path / "values.parquet"
    with pytest.raises(ExecutionError, match=r"died \(SIGKILL\).*seeds 16384 to 20479") as caught:
        rollkit.run(policy, workers=2, params={"dies": UNIT}, save=save, **SHORT)
    assert "fewer workers" in caught.value.hint
    assert not save.exists()


def test_a_source_that_raises_on_a_worker_is_recorded(policy):
    result = rollkit.run(policy, workers=2, params={"bad": UNIT}, **SHORT)
    (fault,) = result.failures
    assert (fault.type, fault.message, fault.stage) == (
        "ZeroDivisionError",
        "at this seed",
        "compute",
    )
    assert fault.file.endswith("policy.py")
    assert (
        fault.line
        == POLICY.splitlines().index('        raise ZeroDivisionError("at this seed")') + 1
    )
    assert {one.status for one in result.metrics.values()} == {"failed"}


def test_wrong_data_on_a_worker_is_the_users_to_mend(tmp_path):
    path = tmp_path / "wrong.py"
    path.write_text(POLICY.replace("0 * accel + 0.01", "0 * accel / 0"))
    with pytest.raises(rollkit.DataError, match="curvature is not finite"):
        rollkit.run(f"{path}:drive", workers=2, **SHORT)


def test_a_metric_that_fails_on_a_worker_leaves_the_others_alone(policy, tmp_path):
    path = tmp_path / "late.py"
    path.write_text(
        "from rollkit import hookimpl, metric\n"
        '@metric(unit="m/s")\n'
        "def picky(rollout):\n"
        '    """The speed, if it is not the lucky one."""\n'
        "    if (rollout.speed[..., 0] > 5.9999).any():\n"
        '        raise ValueError("too lucky")\n'
        "    return rollout.speed[..., 0]\n"
        "@hookimpl\n"
        "def rollkit_metrics():\n"
        "    return [picky]\n"
    )
    plugins = [str(path), "jerk"]
    both = [rollkit.run(policy, plugins=plugins, workers=n, **SHORT) for n in (1, 2)]
    for one in both:
        assert one.metrics["picky"].status == "failed"
        assert one.metrics["max_abs_jerk"].status == "ok"
        assert len(one.failures) == 1, "the first of many alike"
    assert both[0].failures == both[1].failures
    assert both[0].metrics == both[1].metrics


def test_a_function_that_no_other_process_finds_is_refused():
    def mine(draws, *, horizon, dt):
        raise AssertionError

    with pytest.raises(UsageError, match="a function that worker processes cannot find") as caught:
        rollkit.run(mine, workers=2, **SHORT)
    assert "workers=1" in caught.value.hint


@pytest.mark.parametrize("workers", [0, -1, "two", 1.5, True, None, "1.5"])
def test_workers_are_counted(workers):
    with pytest.raises(UsageError, match="workers: got"):
        rollkit.run("left", workers=workers)


def test_auto_shares_what_is_worth_sharing():
    small = Job((RunSpec("left", seeds=(0, 100), horizon=6.4, dt=0.1),))
    large = Job((RunSpec("left", seeds=(0, 10**7), horizon=6.4, dt=0.1),))
    unknown = Job((RunSpec("recorded", seeds=(0, 100)),))
    assert workers_for("auto", small) == 1
    assert workers_for("auto", large) == cores()
    assert workers_for("auto", unknown) == 1, "a single unit cannot be shared"
    assert workers_for("3", large) == 3
    assert workers_for("3", small) == 1, "more than units have nothing to do"


def test_a_scheduler_needs_its_executor():
    with pytest.raises(UsageError, match="the local executor has none"):
        rollkit.run("left", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(UsageError, match="unknown executor 'dusk'; nearest: dask"):
        rollkit.run("left", executor="dusk")


def test_how_a_run_is_carried_out_is_written_where_runs_may_differ():
    result = rollkit.run(
        "left", plugins=["jerk"], horizon=0.8, seeds=UNIT + 1, workers=2, engine="numpy"
    )
    assert result.volatile["workers"] == 2
    assert result.volatile["executor"] == "local"
    assert Execution().workers == 1


def test_a_plugin_that_does_not_load_is_recorded_on_any_number_of_workers(tmp_path):
    (tmp_path / "broken.py").write_text("raise RuntimeError('no')\n")
    plugins = ["jerk", str(tmp_path / "broken.py")]
    results = [rollkit.run("left", plugins=plugins, workers=n, **SHORT) for n in (1, 2)]
    assert results[0].metrics == results[1].metrics
    assert results[0].failures == results[1].failures
    assert [one.type for one in results[1].failures] == ["RuntimeError"]


ERRORS = """
import time
import numpy as np
from rollkit import Actions, State, UsageError

class Mine(UsageError):
    def __init__(self, what, why):
        super().__init__(f"{what}: {why}", hint="mend it")

def drive(draws, *, horizon, dt, soon: bool = False):
    if draws.first == 0 and not soon:
        time.sleep(0.5)
        raise ZeroDivisionError("the first of them")
    raise Mine("speed", "too fast")
"""


def test_errors_come_in_the_order_of_the_seeds_and_in_one_piece(tmp_path):
    (tmp_path / "errors.py").write_text(ERRORS)
    source = f"{tmp_path}/errors.py:drive"
    for workers in (1, 2):
        first = rollkit.run(source, workers=workers, **SHORT)
        assert [one.message for one in first.failures] == ["the first of them"]
        with pytest.raises(UsageError, match="speed: too fast") as caught:
            rollkit.run(source, params={"soon": True}, workers=workers, **SHORT)
        assert caught.value.hint == "mend it"


EXECUTORS = """
import dataclasses
from rollkit import Worker, executor, hookimpl

def parts(job, units):
    worker = Worker(job)
    return [worker.do(unit) for unit in units]

@executor()
def loses(job, units, *, workers, scheduler):
    "Forgets one."
    yield from parts(job, units)[:-1]

@executor()
def skips(job, units, *, workers, scheduler):
    "Forgets one in the middle."
    made = parts(job, units)
    yield from [made[0], *made[2:]]

@executor()
def repeats(job, units, *, workers, scheduler):
    "Hands one over twice."
    made = parts(job, units)
    yield from [made[0], *made]

@executor()
def swaps(job, units, *, workers, scheduler):
    "Does not wait its turn."
    yield from reversed(parts(job, units))

@executor()
def merges(job, units, *, workers, scheduler):
    "Merges the first two."
    made = parts(job, units)
    yield from [made[0].merged(made[1]), *made[2:]]

@hookimpl
def rollkit_executors():
    return [loses, skips, repeats, swaps, merges]
"""


@pytest.fixture
def executors_of_ones_own(tmp_path):
    (tmp_path / "own_executors.py").write_text(EXECUTORS)
    return [str(tmp_path / "own_executors.py"), "jerk"]


@pytest.mark.parametrize("name", ["loses", "skips", "repeats", "swaps"])
def test_an_executor_that_loses_or_repeats_a_rollout_is_found_out(executors_of_ones_own, name):
    with pytest.raises(ExecutionError, match=f"executor {name} returned .*; expected"):
        rollkit.run("left", plugins=executors_of_ones_own, executor=name, **SHORT)


def test_an_executor_may_merge_what_nobody_saves(executors_of_ones_own, tmp_path):
    run = {"plugins": executors_of_ones_own, **SHORT}
    merged = rollkit.run("left", executor="merges", **run)
    assert metrics(merged) == metrics(rollkit.run("left", **run))
    with pytest.raises(ExecutionError, match="units merged, without their values"):
        rollkit.run("left", executor="merges", save=tmp_path / "v.parquet", **run)


SCRIPT = """
import rollkit
if __name__ == "__main__":
    rollkit.run({policy!r}, workers=2, params={{"wait": 60.0}}, horizon=0.8, seeds=10**6)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_workers_end_with_the_process_that_started_them(policy, tmp_path):
    """Even if it is killed, and cannot say good-bye."""
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT.format(policy=policy)))
    process = subprocess.Popen([sys.executable, str(script)], start_new_session=True)
    try:
        workers = _wait(lambda: len(_family(process.pid)) >= 3 and _family(process.pid))
        process.kill()
        process.wait()
        assert _wait(lambda: not [one for one in workers if _alive(one)])
    finally:
        os.killpg(process.pid, signal.SIGKILL) if _family(process.pid) else None


def _family(group):
    """Processes of a session, as /proc knows them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == group and _alive(int(entry.name)):
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def _alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def _wait(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError("waited in vain")
