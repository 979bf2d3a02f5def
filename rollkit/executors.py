"""Who does the units of a job on this machine: this process, its threads, or others beside it."""

import operator
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from rollkit.errors import UsageError
from rollkit.job import Job, Part, Unit, Worker

if TYPE_CHECKING:
    from concurrent.futures import Future

# Steps of a run below which starting processes takes longer than they save.
_WORTH_SHARING = 2**23

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def counted(workers: int | str) -> int | None:
    """The number of workers that is asked for; None for `auto`.

    Raises
    ------
    UsageError
        No whole number of 1 or more, and not `auto`.
    """
    if workers == "auto":
        return None
    try:
        count = int(workers) if isinstance(workers, str) else operator.index(workers)
    except (TypeError, ValueError):
        count = 0
    if count < 1 or isinstance(workers, bool):
        raise UsageError(f"workers: got {workers!r}, expected a number of 1 or more, or auto")
    return count


def workers_for(workers: int | str, job: Job) -> int:
    """How many workers of this machine to use; `auto` is one for each core if it is worth it."""
    count = counted(workers)
    if count is None:
        # A function that only this process knows stays in it.
        little = job.steps is not None and job.steps < _WORTH_SHARING
        count = 1 if little or job.function is not None else cores()
    return min(count, job.count)  # there is nothing to do for more


def locally(
    job: Job,
    worker: Worker,
    units: Iterable[Unit],
    count: int,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Part]:
    """The parts of the units, in order, by so many workers of this machine.

    Several are processes, with compiled kernels too: those hold no lock, but the source that draws
    the actions does, and it takes most of a run's time.
    """
    if count == 1:
        return (worker.do(unit, progress) for unit in units)
    from rollkit.processes import in_processes  # deferred: most runs need none

    return in_processes(job, units, count)


def in_order(
    function: Callable[[_Item], _Answer], items: Iterable[_Item], count: int
) -> Iterator[_Answer]:
    """What the function makes of each item, in order, by so many threads."""
    from concurrent.futures import ThreadPoolExecutor  # deferred: most runs need none

    with ThreadPoolExecutor(count) as pool:
        waiting: deque[Future[_Answer]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * count:  # answers that wait take memory
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
