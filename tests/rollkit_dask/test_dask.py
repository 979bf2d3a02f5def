"""Runs on Dask: the same bytes as on this machine alone, whatever happens to the workers."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

import rollkit
from rollkit import DataError, ExecutionError, UsageError, shipping

from .conftest import SHORT, UNIT
from .plugin_files import DEADLY, METRIC, RAISES, SLOW, WRONG

pytest.importorskip("distributed")


def bytes_of(result):
    cells = [list(one.metrics.values()) for one in result.cells]
    every = [list(result.metrics.values()), *cells]
    return json.dumps([[one.to_dict() for one in metrics] for metrics in every])


def on(cluster, source, **options):
    return rollkit.run(source, executor="dask", scheduler=cluster.address, **SHORT | options)


def here(source, **options):
    return rollkit.run(source, **SHORT | options)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of the run's own, with plugin files that are nowhere else."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.chdir(folder)
    files = {"slow": SLOW, "raises": RAISES, "deadly": DEADLY, "top": METRIC.format(factor=1)}
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def once(act):
    """A progress callback that acts when the first part has come."""
    pending = [act]
    return lambda done, total: pending.pop()() if pending else None


def unannounced(capfd):
    """What a run has printed on stderr beside the dashboard's address."""
    lines = capfd.readouterr().err.splitlines()
    return [one for one in lines if not one.startswith("dashboard: http://127.0.0.1:")]


# The same bytes.


@pytest.mark.parametrize(
    "seeds", [(3, 40 * UNIT + 1003), (0, 70 * UNIT + 1)], ids=["exact", "sketch"]
)
def test_metrics_are_those_of_one_worker_and_of_two(cluster, seeds):
    if seeds[1] > 2**20:
        pytest.importorskip("fastdigest")
    dask = bytes_of(on(cluster, "left", seeds=seeds))
    assert dask == bytes_of(here("left", seeds=seeds))
    assert dask == bytes_of(here("left", seeds=seeds, workers=2))


def test_a_sweep_is_the_same(cluster):
    options = {"grid": {"speed": [5, 8]}, "seeds": 3 * UNIT + 5}
    assert bytes_of(on(cluster, "left,right", **options)) == bytes_of(here("left,right", **options))


def test_saved_values_are_the_same(cluster, tmp_path):
    pytest.importorskip("pyarrow")
    options = {"seeds": 3 * UNIT + 5}
    on(cluster, "left", save=tmp_path / "dask.parquet", **options)
    here("left", save=tmp_path / "here.parquet", **options)
    dask, local = ((tmp_path / f"{one}.parquet").read_bytes() for one in ("dask", "here"))
    assert dask == local


def test_a_cluster_of_this_machine(capfd, folder):
    options = {"plugins": ["./top.py"], "seeds": 20 * UNIT}
    before = logging.getLogger("distributed").handlers[:]
    result = rollkit.run("left", executor="dask", workers=2, **SHORT, **options)
    assert bytes_of(result) == bytes_of(here("left", **options, workers=2))
    printed = capfd.readouterr()
    assert printed.out == ""
    # Processes print at once: a line of one may end in a line of the other.
    rest, links = re.subn(r"dashboard: http://127\.0\.0\.1:\d+/status", "", printed.err)
    assert links == 1
    assert set(rest.replace("measured by the file", "*")) == {"*", "\n"}
    assert not [one for one in before if one.level > logging.CRITICAL]


# Plugins.


def test_a_file_travels_by_its_content(cluster, folder):
    options = {"plugins": ["./top.py"], "seeds": 2 * UNIT}
    first = on(cluster, "left", **options)
    assert bytes_of(first) == bytes_of(here("left", **options))
    (folder / "top.py").write_text(METRIC.format(factor=2), encoding="utf-8")
    second = on(cluster, "left", **options)  # the same workers, another content
    assert second.metrics["top_speed"].mean == 2 * first.metrics["top_speed"].mean
    assert "measured by the file" in cluster.log(0) + cluster.log(1)


def test_a_function_travels(cluster):
    def gentle(draws, *, horizon, dt):
        from rollkit import Actions, State

        accel = draws.uniform(round(horizon / dt))
        return State(speed=accel[:, 0] + 5), Actions(accel, 0 * accel, dt)

    assert bytes_of(on(cluster, gentle, seeds=UNIT)) == bytes_of(here(gentle, seeds=UNIT))


def test_a_function_that_no_worker_can_import(cluster, tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("def drive(draws, *, horizon, dt): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    import only_here

    expected = r"tcp://127.0.0.1:\d+: cannot read the run: ModuleNotFoundError: .*'only_here'"
    with pytest.raises(ExecutionError, match=expected):
        on(cluster, only_here.drive)


def test_a_source_that_raises_is_recorded(cluster, folder):
    options = {"plugins": ["./raises.py"], "seeds": 3 * UNIT}
    dask, local = on(cluster, "raises", **options), here("raises", **options)
    assert [one._replace(file=None) for one in dask.failures] == [
        one._replace(file=None) for one in local.failures
    ]
    assert dask.failures[0].message == "no such road"
    assert bytes_of(dask).count("failed") == bytes_of(local).count("failed") > 0


@pytest.mark.parametrize("place", [5, 2 * UNIT + 5])
def test_wrong_data_is_the_callers(cluster, folder, place):
    (folder / "wrong.py").write_text(WRONG.format(place=place), encoding="utf-8")
    options = {"plugins": ["./wrong.py"], "seeds": 4 * UNIT}
    with pytest.raises(DataError) as local:
        here("wrong", **options)
    with pytest.raises(DataError) as dask:
        on(cluster, "wrong", **options)
    assert dask.value.message.partition(": ")[2] == local.value.message.partition(": ")[2]
    assert dask.value.hint == local.value.hint


# Versions.


def test_another_version_is_refused(cluster, monkeypatch):
    true = shipping.versions_of
    doctored = lambda *given: {**true(*given), "numpy": "1.0"}  # noqa: E731
    monkeypatch.setattr(shipping, "versions_of", doctored)
    with pytest.raises(ExecutionError) as caught:
        on(cluster, "left", seeds=UNIT)
    message = caught.value.message
    assert message.startswith("tcp://127.0.0.1:")
    assert f"has numpy {np.__version__}, the run has 1.0" in message
    assert caught.value.hint


def test_another_version_is_refused_of_a_worker_that_joins_later(new_cluster, folder, tmp_path):
    cluster = new_cluster(workers=1)
    other = pretend(tmp_path / "other", "numpy", "9.9")
    join = once(lambda: cluster.add_worker("--no-nanny", PYTHONPATH=other))
    with pytest.raises(ExecutionError, match=r"has numpy 9\.9, the run has"):
        on(cluster, "slow", plugins=["./slow.py"], seeds=60 * UNIT, progress=join)


def pretend(folder, name, version):
    """A folder in which Python finds another version of a library."""
    metadata = folder / f"{name}-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return str(folder)


def test_a_worker_without_this_rollkit(new_cluster, tmp_path):
    older = tmp_path / "older"
    (older / "rollkit_dask").mkdir(parents=True)
    (older / "rollkit_dask" / "__init__.py").touch()
    cluster = new_cluster(workers=0)
    process = cluster.add_worker("--no-nanny", PYTHONPATH=pretend(older, "rollkit", "0.0.1"))
    with pytest.raises(ExecutionError, match=r"No module named 'rollkit_dask\.worker'") as caught:
        on(cluster, "left")
    assert re.search(
        rf"; tcp://127\.0\.0\.1:\d+ has rollkit 0\.0\.1, the run {rollkit.__version__}$",
        caught.value.message,
    )
    assert "rollkit[dask]" in caught.value.hint
    assert process.poll() is None  # it may be at work for others


def test_a_scheduler_needs_no_rollkit(new_cluster, tmp_path):
    (tmp_path / "rollkit").mkdir()
    (tmp_path / "rollkit" / "__init__.py").write_text("raise ImportError('not here')\n")
    cluster = new_cluster(workers=1, PYTHONPATH=str(tmp_path))
    assert bytes_of(on(cluster, "left", seeds=UNIT)) == bytes_of(here("left", seeds=UNIT))


def test_the_library_that_differs_is_named():
    from rollkit_dask.cluster import _different

    packages = {"python": "3.12", "distributed": "2026.8"}
    same, other = {"packages": packages}, {"packages": packages | {"distributed": "2024.8"}}
    versions = {"client": same, "scheduler": same, "workers": {"tcp://a:1": same}}
    assert _different(versions, {}) is None
    versions["workers"]["tcp://b:2"] = other
    assert _different(versions, {}) == "tcp://b:2 has distributed 2024.8, the run 2026.8"
    of_rollkit = {"tcp://a:1": rollkit.__version__, "tcp://b:2": PackageNotFoundError("rollkit")}
    expected = f"tcp://b:2 has rollkit none, the run {rollkit.__version__}"
    assert _different(versions, of_rollkit) == expected


# Workers and schedulers that go.


def test_a_lost_workers_units_are_done_again(new_cluster, folder):
    options = {"plugins": ["./slow.py"], "seeds": 24 * UNIT + 7}
    cluster = new_cluster()
    kill = once(lambda: os.kill(cluster.workers[0].pid, signal.SIGKILL))
    dask = on(cluster, "slow", **options, progress=kill)
    assert cluster.workers[0].wait(timeout=10) == -signal.SIGKILL
    assert bytes_of(dask) == bytes_of(here("slow", **options, params={"wait": 0.0}))


def test_workers_may_be_replaced(new_cluster, folder):
    options = {"plugins": ["./slow.py"], "seeds": 12 * UNIT}
    cluster = new_cluster(workers=1)

    def replace():
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        cluster.add_worker("--no-nanny")

    dask = on(cluster, "slow", **options, progress=once(replace))
    assert bytes_of(dask) == bytes_of(here("slow", **options, params={"wait": 0.0}))


def test_a_unit_that_kills_its_workers(folder):
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        pytest.raises(ExecutionError, match="2 workers died over seeds 0 to ") as caught,
    ):
        rollkit.run(
            "deadly", plugins=["./deadly.py"], executor="dask", workers=2, seeds=UNIT, **SHORT
        )
    assert caught.value.hint


def test_all_workers_gone(new_cluster, folder, short_patience):
    cluster = new_cluster(workers=1)
    kill = once(lambda: os.kill(cluster.workers[0].pid, signal.SIGKILL))
    with pytest.raises(ExecutionError, match=f"{cluster.address} has had no worker for"):
        on(cluster, "slow", plugins=["./slow.py"], seeds=24 * UNIT, progress=kill)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "mute"])
def test_a_scheduler_that_vanishes(new_cluster, folder, short_patience, sign, capfd):
    cluster = new_cluster(workers=1)
    stop = once(lambda: os.kill(cluster.scheduler.pid, sign))
    with pytest.raises(ExecutionError, match=f"scheduler {cluster.address} is gone") as caught:
        on(cluster, "slow", plugins=["./slow.py"], seeds=24 * UNIT, progress=stop)
    assert "\n" not in caught.value.message
    assert not unannounced(capfd)


def test_a_scheduler_that_refuses(short_patience, capfd):
    with socket.socket() as held:  # bound, so that nobody takes it, and not listening
        held.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(ExecutionError, match=f"scheduler {address}: ") as caught:
            rollkit.run("left", executor="dask", scheduler=address)
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("address", ["nonsense", "smoke://127.0.0.1:8786", ""])
def test_no_address(address):
    with pytest.raises(UsageError, match="scheduler: got "):
        rollkit.run("left", executor="dask", scheduler=address)


def test_workers_of_a_cluster_are_its_own(cluster):
    with pytest.raises(UsageError, match=r"workers: got 4 and scheduler tcp://"):
        on(cluster, "left", workers=4)
    assert on(cluster, "left", workers="auto").metrics


# Ends.


@pytest.fixture
def short_patience(monkeypatch):
    from rollkit_dask import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 2.0)
    monkeypatch.setattr(cluster, "PULSE", 0.3)


def test_nothing_stays_behind_an_interrupted_run(folder, tmp_path):
    """Ctrl-C reaches a terminal's whole process group, workers included."""
    script = tmp_path / "script.py"
    script.write_text(
        "import rollkit\n"
        "def started(done, total): print('under way', flush=True)\n"
        "if __name__ == '__main__':\n"
        "    rollkit.run('slow', plugins=['./slow.py'], seeds=10**8, executor='dask', workers=2,\n"
        "                horizon=0.8, dt=0.1, progress=started)\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout.readline() == "under way\n"
            os.killpg(process.pid, signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert errors.count("Traceback") == 1, errors


def test_no_thread_stays_behind(cluster):
    on(cluster, "left")  # which starts what Dask starts once
    before = set(threading.enumerate())
    on(cluster, "left")
    end = time.monotonic() + 10
    while set(threading.enumerate()) - before:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_listing_and_local_runs_do_not_load_distributed():
    code = (
        "import sys, rollkit, rollkit_dask.executor; rollkit.run('left');"
        "assert not {'distributed', 'dask', 'cloudpickle'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_distributed(monkeypatch):
    from rollkit_dask import executor

    monkeypatch.setattr(executor, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as caught:
        rollkit.run("left", executor="dask")
    assert caught.value.hint == "pip install 'rollkit[dask]'"
