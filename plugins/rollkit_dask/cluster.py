"""Clusters: one of this machine's, or one that runs; and saying in one line what ails them."""

import logging
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from distributed import Client, Future, KilledWorker, LocalCluster
from distributed.comm import get_address_host_port
from distributed.versions import VersionMismatchWarning

from rollkit import ExecutionError, UsageError

PATIENCE = 20.0  # seconds to wait for a scheduler's answer, or for its first or next worker
PULSE = 5.0  # seconds without a result after which to ask the scheduler how it is
_SAME = ("python", "distributed", "dask", "cloudpickle", "msgpack")


class Cluster:
    """A scheduler and its workers, as a run sees them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.address = str(client.scheduler.address)
        self._threads = 0
        self._asked = 0.0
        self._alone: float | None = None  # since when there has been no worker

    def threads(self) -> int:
        """Threads of all workers, which come and go."""
        if not self._threads or time.monotonic() - self._asked > PULSE:
            self.check()
        return max(1, self._threads)

    def submit(self, *call: Any, key: str) -> Future:
        """A task that calls the first argument with the others.

        Raises
        ------
        ExecutionError
            The scheduler is gone.
        """
        try:
            return self.client.submit(*call, key=key)
        except (OSError, RuntimeError) as error:
            raise self._vanished(error) from None

    def result(self, future: Future, what: str) -> Any:
        """What a task made; `what` names the task's work where it is lost.

        Raises
        ------
        ExecutionError
            The scheduler or the workers are gone.
        """
        while True:
            try:
                return future.result(timeout=PULSE)
            except TimeoutError:
                self.check()
            except (CancelledError, OSError) as error:
                raise self._vanished(error) from None
            except KilledWorker as error:
                raise ExecutionError(
                    f"{error.allowed_failures + 1} workers died over {what}, or over what they had "
                    f"beside it; the last was {error.last_worker.address}",
                    hint="mostly a lack of memory: use fewer workers, or give each more; the "
                    "workers' own logs say more",
                ) from None
            except Exception as error:
                raise self._unfit(error) from None

    def check(self) -> None:
        """See that the scheduler answers, and that there are workers.

        Raises
        ------
        ExecutionError
            It does not, or there have been none for a while.
        """
        self._asked = time.monotonic()
        try:
            threads = self.client.sync(self.client.scheduler.ncores, callback_timeout=PATIENCE)
        except (OSError, CancelledError, RuntimeError, AttributeError) as error:
            raise self._vanished(error) from None
        self._threads = sum(threads.values())
        if threads:
            self._alone = None
            return
        self._alone = self._alone or self._asked
        if self._asked - self._alone > PATIENCE:
            raise ExecutionError(
                f"scheduler {self.address} has had no worker for {PATIENCE:g} s",
                hint=f"start some: dask worker {self.address}",
            )

    def wait(self) -> None:
        """Wait for the first worker.

        Raises
        ------
        ExecutionError
            There is none.
        """
        self.check()
        while not self._threads:
            time.sleep(0.1)
            self.check()

    def _vanished(self, error: BaseException) -> ExecutionError:
        return ExecutionError(
            f"scheduler {self.address} is gone, or has dropped the run: {_text(error)}",
            hint="start it and its workers again, then the run; one that saves goes on with resume",
        )

    def _unfit(self, error: Exception) -> ExecutionError:
        """What Dask itself could not do: mostly the machines have different software."""
        message = f"scheduler {self.address}: {_text(error)}"
        try:
            of_rollkit = self.client.run(version, "rollkit", on_error="return")
            different = _different(self.client.get_versions(), of_rollkit)
        except Exception as silent:  # it is only asked for a better message
            different = f"its versions are unknown: {_text(silent)}"
        return ExecutionError(
            f"{message}; {different}" if different else message,
            hint="install the same Python and the same rollkit[dask] on the scheduler and on every "
            "worker",
        )


@contextmanager
def joined(address: str) -> Iterator[Cluster]:
    """The cluster of a scheduler that runs; it goes on running afterwards."""
    try:
        get_address_host_port(address)
    except ValueError as error:
        raise UsageError(
            f"scheduler: got {address!r}: {error}", hint="expected tcp://host:port"
        ) from None
    with quiet(), _client(address) as client:
        cluster = Cluster(client)
        cluster.wait()
        _announce(client)
        yield cluster


@contextmanager
def started(workers: int) -> Iterator[Cluster]:
    """A cluster of this machine's, of so many processes, which ends with the run."""
    with ExitStack() as stack:
        stack.enter_context(quiet())
        try:
            local = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0" if find_spec("bokeh") else None,
                silence_logs=_NOTHING,
                preload=["rollkit_dask.preload"],
            )
        except (OSError, RuntimeError) as error:
            raise ExecutionError(
                f"no cluster on this machine: {_text(error)}",
                hint="in a script, call rollkit.run under `if __name__ == '__main__':`",
            ) from None
        stack.enter_context(local)
        client = stack.enter_context(_client(local))
        _announce(client)
        yield Cluster(client)


@contextmanager
def _client(where: "str | LocalCluster") -> Iterator[Client]:
    try:
        with warnings.catch_warnings():
            # Workers check what the numbers depend on; the rest is named where it does harm.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            client = Client(where, timeout=PATIENCE, set_as_default=False)
    except (OSError, ImportError) as error:
        raise ExecutionError(
            f"scheduler {where}: {_text(error)}",
            hint="is it running, and is that its address? start one with: dask scheduler",
        ) from None
    with client:
        yield client


def _announce(client: Client) -> None:
    """Print where the dashboard is, if there is one."""
    try:
        link = client.dashboard_link
    except KeyError:  # the scheduler offers none
        link = None
    if link:
        print(f"dashboard: {link}", file=sys.stderr)


_NOTHING = logging.CRITICAL + 1


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Dask's log off the terminal: what matters of it is said in one error.

    Handlers that the user has added write on, to files or wherever.
    """
    terminal = [
        one
        for one in logging.getLogger("distributed").handlers
        if type(one) is logging.StreamHandler
    ]
    levels = [one.level for one in terminal]
    for one in terminal:
        one.setLevel(_NOTHING)
    try:
        yield
    finally:
        for one, level in zip(terminal, levels, strict=True):
            one.setLevel(level)


def _different(versions: Mapping[str, Any], of_rollkit: Mapping[str, Any]) -> str | None:
    """The first library of which a machine has another version than this process.

    `versions` are those of what Dask needs, everywhere; `of_rollkit` is each worker's, or an error.
    """
    for place, theirs in of_rollkit.items():
        if theirs != version("rollkit"):
            none = isinstance(theirs, PackageNotFoundError)
            return f"{place} has rollkit {'none' if none else theirs}, the run {version('rollkit')}"
    here = versions["client"]["packages"]
    others = {"the scheduler": versions["scheduler"], **versions["workers"]}
    for place, there in others.items():
        for name in _SAME:
            theirs = there["packages"].get(name)
            if theirs != here.get(name):
                return f"{place} has {name} {theirs}, the run {here.get(name)}"
    return None


def _text(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
