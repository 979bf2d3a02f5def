"""A real scheduler and real workers, started on loopback and ended with the tests."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("distributed")

UNIT = 16384  # rollouts, in a large run
SHORT = {"horizon": 0.8, "dt": 0.1}  # 8 steps: a unit takes some milliseconds
STARTUP = 60  # seconds, on a busy machine


class Cluster:
    """Processes of `dask scheduler` and `dask worker`."""

    def __init__(self, folder, **environment):
        self.folder = folder
        self.workers = []
        note = folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", "--host=127.0.0.1", "--port=0", f"--scheduler-file={note}",
            "--no-dashboard", "--dashboard-address=127.0.0.1:0", **environment,
        )  # fmt: skip
        self.address = self._until(lambda: json.loads(note.read_text(encoding="utf-8"))["address"])

    def add_worker(self, *options, **environment):
        """One more worker, in a folder of its own; returns once it has one."""
        home = self.folder / f"worker-{len(self.workers)}"
        home.mkdir()
        one = self._start(
            "dask_worker", self.address, "--host=127.0.0.1", "--nthreads=1", "--no-dashboard",
            f"--local-directory={home}", *options, folder=home, **environment,
        )  # fmt: skip
        self.workers.append(one)
        return one

    def log(self, number):
        """What a worker has printed so far."""
        return (self.folder / f"worker-{number}" / "out").read_text(encoding="utf-8")

    def close(self):
        for one in [*self.workers, self.scheduler]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()

    def _start(self, module, *arguments, folder=None, **environment):
        folder = folder or self.folder
        with (folder / "out").open("w", encoding="utf-8") as out:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
                cwd=folder,
                env={**os.environ, **environment},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _until(self, answer):
        end = time.monotonic() + STARTUP
        while True:
            try:
                return answer()
            except (OSError, ValueError, KeyError):
                assert self.scheduler.poll() is None, "the scheduler has ended"
                assert time.monotonic() < end, "the scheduler does not start"
                time.sleep(0.05)


@pytest.fixture
def new_cluster(tmp_path):
    """Makes a scheduler in this environment, and so many workers, which a test may kill."""
    started = []

    def start(workers=2, **environment):
        folder = tmp_path / f"cluster-{len(started)}"
        folder.mkdir()
        started.append(Cluster(folder, **environment))
        for _ in range(workers):
            started[-1].add_worker("--no-nanny")
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A scheduler and two workers that no test harms."""
    one = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        one.add_worker()  # with a nanny, as they are by default
        one.add_worker("--no-nanny")
        yield one
    finally:
        one.close()
