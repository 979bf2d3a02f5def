"""The executor `dask`: units in batches, a batch a task, parts in order."""

import itertools
import pickle
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rollkit import Job, Part, Unit, UsageError, executor, hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from distributed import Future

    from rollkit_dask.batches import Batches
    from rollkit_dask.cluster import Cluster

_AHEAD = 3  # tasks for each thread: one it does, one it has, one that waits for its turn


@executor()
def dask(
    job: Job, units: Iterable[Unit], *, workers: int | str = 1, scheduler: str | None = None
) -> Iterator[Part]:
    """Dask workers: processes of this machine, or those of a scheduler that runs."""
    if find_spec("distributed") is None:
        raise UsageError(
            "executor dask needs distributed, which is not installed",
            hint="pip install 'rollkit[dask]'",
        )
    from rollkit_dask.batches import Batches

    luggage = _packed(job)
    with _cluster(workers, scheduler) as cluster:
        batches = Batches(list(units), single=job.keep_values or job.keep_trajectories)
        yield from _in_order(cluster, luggage, batches)


def _cluster(workers: int | str, scheduler: str | None) -> "AbstractContextManager[Cluster]":
    from dask.system import CPU_COUNT

    from rollkit_dask.cluster import joined, started

    if scheduler is None:
        return started(CPU_COUNT if workers == "auto" else int(workers))
    if workers not in (1, "1", "auto"):
        raise UsageError(
            f"workers: got {workers} and scheduler {scheduler}, which has workers of its own",
            hint="leave workers out",
        )
    return joined(scheduler)


def _packed(job: Job) -> bytes:
    import cloudpickle  # comes with distributed; takes along what no worker could import

    try:
        luggage: bytes = cloudpickle.dumps(job)
    except Exception as error:  # whatever an object's own pickling raises
        raise UsageError(
            f"source {job.cells[0].source}: cannot be sent to workers: {error}",
            hint="define it in a module, at the top level",
        ) from None
    return luggage


def _in_order(cluster: "Cluster", luggage: bytes, batches: "Batches") -> Iterator[Part]:
    """The parts of all batches, in order, so many tasks ahead that no worker waits for this."""
    from rollkit_dask.worker import Call, Raised

    run = f"rollkit-{uuid.uuid4().hex}"  # tells its tasks from those of any other run
    waiting: deque[tuple[Future, Sequence[Unit]]] = deque()
    for number in itertools.count():
        threads = cluster.threads()
        if batch := batches.take(threads):
            call = pickle.dumps(Call(luggage, batch))
            task = cluster.submit(pickle.loads, call, key=f"{run}-{number}")
            waiting.append((task, batch))
            if len(waiting) < _AHEAD * threads:
                continue
        if not waiting:
            return
        task, batch = waiting.popleft()
        answer = cluster.result(task, _seeds(batch))
        task.release()  # or the workers would keep it
        if isinstance(answer, Raised):
            raise answer.error
        batches.learn(len(batch), answer.seconds)
        yield from answer.parts


def _seeds(batch: "Sequence[Unit]") -> str:
    first, last = batch[0], batch[-1]
    return f"seeds {first.first} to {last.first + last.rollouts - 1}"


@hookimpl
def rollkit_executors():
    return [dask]
