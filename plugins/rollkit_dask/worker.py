"""What a Dask worker does: batches of units, with the run loaded once in each process."""

import functools
import os
import pickle
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from rollkit import ExecutionError, Part, RollkitError, Unit, Worker

_lock = threading.Lock()


class Done(NamedTuple):
    """What a batch made, and in how many seconds once the run was loaded."""

    parts: list[Part]
    seconds: float


class Raised(NamedTuple):
    """What a batch raised, as a value: an exception raised in a task is Dask's own trouble."""

    error: Exception


class Call:
    """A call of `work` that whoever unpickles it makes.

    What Dask sends is `pickle.loads` and bytes, which every machine can read. A function of
    rollkit's would end a worker that lacks it: Dask's workers close where they cannot read a
    message. Within a task it is an error like any other, and the scheduler needs no rollkit at all.
    """

    def __init__(self, luggage: bytes, units: Sequence[Unit]) -> None:
        self._given = luggage, units

    def __reduce__(self) -> tuple[Any, ...]:
        return work, self._given


def work(luggage: bytes, units: Sequence[Unit]) -> Done | Raised:
    """The parts of these units, in order, neighbours merged; `luggage` is the pickled job."""
    try:
        worker = _worker(luggage)
        started = time.perf_counter()
        parts = _parts(worker, units)
        return Done(parts, time.perf_counter() - started)
    except Exception as error:
        return Raised(error)


def _worker(luggage: bytes) -> Worker:
    """The one that does this run in this process.

    Raises
    ------
    ExecutionError
        What the run takes is not here, though it was where the run began.
    """
    from distributed import get_worker

    try:
        with _lock:  # a worker may have several threads
            return _loaded(luggage)
    except RollkitError as error:
        raise ExecutionError(f"{get_worker().address}: {error.message}", hint=error.hint) from None
    except Exception as error:
        raise ExecutionError(
            f"{get_worker().address}: cannot read the run: {type(error).__name__}: {error}",
            hint="install the same Python, rollkit and plugins on every worker",
        ) from None


@functools.lru_cache(maxsize=2)  # a worker that stays up sees many runs
def _loaded(luggage: bytes) -> Worker:
    _release_allocator()
    return Worker(pickle.loads(luggage))


def _release_allocator() -> None:
    """Take back how Dask tunes malloc: it would hand every chunk's arrays back to the system.

    rollkit leaves the allocator to whoever tuned it by hand; this value nobody chose.
    """
    import dask.config

    usual = dask.config.get("distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_", None)
    if os.environ.get("MALLOC_TRIM_THRESHOLD_") == str(usual):
        del os.environ["MALLOC_TRIM_THRESHOLD_"]


def _parts(worker: Worker, units: Sequence[Unit]) -> list[Part]:
    """What the run's own tree would make of these units, as far as they reach."""
    nodes: list[tuple[int, Part]] = []  # each with the number of its first unit
    broken: set[int] = set()  # cells that need no more of their units
    for unit in units:
        if unit.cell in broken:
            continue
        nodes.append((unit.number, worker.do(unit)))
        if nodes[-1][1].broken is not None:
            broken.add(unit.cell)
        while len(nodes) > 1 and (both := _pair(*nodes[-2:])) is not None:
            nodes[-2:] = [both]
    return [part for _, part in nodes]


def _pair(left: tuple[int, Part], right: tuple[int, Part]) -> tuple[int, Part] | None:
    """Both merged, where they are the two halves of a larger node."""
    number, earlier = left
    _, later = right
    if earlier.cell != later.cell or earlier.level != later.level:
        return None
    if earlier.broken is not None or later.broken is not None:
        return None
    if number % 2 ** (earlier.level + 1):
        return None
    try:
        return number, earlier.merged(later)
    except RollkitError:  # apart, they show the run what differs, and it names the source
        return None
