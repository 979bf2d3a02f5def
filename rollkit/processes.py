"""Doing units in worker processes, one unit each at a time; parts come back in order.

A process that dies takes only its unit along, which another one does again. When this process
ends, however it ends, the workers' pipes close and they end too.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from typing import Any, NamedTuple

from rollkit.errors import ExecutionError, UsageError
from rollkit.job import Job, Part, Unit, Worker

_TRIES = 2  # processes that may die over one unit
_AHEAD = 2  # units in hand for each process, so that none waits for the slowest


class _Task(NamedTuple):
    """A unit, its place in the order of parts, and how many processes died over it."""

    place: int
    unit: Unit
    deaths: int = 0


class _Raised(NamedTuple):
    """What a unit raised in its process."""

    error: BaseException


def in_processes(job: Job, units: Iterable[Unit], count: int) -> Iterator[Part]:
    """The parts of the units, in order, by so many processes.

    Raises
    ------
    UsageError
        A source that no other process can find.
    ExecutionError
        A process died twice over one unit.
    """
    luggage = _pickled(job)
    context = _context()
    rest = (_Task(place, unit) for place, unit in enumerate(units))
    again: deque[_Task] = deque()
    done: dict[int, Part | _Raised] = {}
    processes: list[_Process] = []
    due = 0
    try:
        while True:
            while _busy(processes) < count:
                # As many units as keep all at work, and no more: parts that wait take memory.
                full = len(done) + _busy(processes) >= _AHEAD * count
                task = again.popleft() if again else None if full else next(rest, None)
                if task is None:
                    break
                _idle(processes, context, luggage).give(task)
            if due in done:
                answer = done.pop(due)
                if isinstance(answer, _Raised):  # in its turn: errors too come in order
                    raise answer.error
                yield answer
                due += 1
                continue
            if not _busy(processes):
                return
            for process in _ready(processes):
                task = process.task
                assert task is not None
                made = process.take()
                if made is not None:
                    done[task.place] = made
                    continue
                processes.remove(process)
                if task.deaths + 1 == _TRIES:
                    done[task.place] = _Raised(_died(task.unit, process.exit_code))
                else:
                    again.append(task._replace(deaths=task.deaths + 1))
    finally:
        for process in processes:
            process.end()


def _idle(processes: "list[_Process]", context: BaseContext, luggage: bytes) -> "_Process":
    """A process with nothing to do, started now if all have something."""
    idle = next((one for one in processes if one.task is None), None)
    if idle is None:
        try:
            idle = _Process(context, luggage)
        except OSError as error:
            raise ExecutionError(
                f"no worker process could be started: {error.strerror or error}",
                hint="use fewer workers",
            ) from None
        processes.append(idle)
    return idle


def _busy(processes: "list[_Process]") -> int:
    return sum(one.task is not None for one in processes)


def _ready(processes: "list[_Process]") -> "list[_Process]":
    pipes = wait([one.pipe for one in processes if one.task is not None])
    return [one for one in processes if one.pipe in pipes]


class _Process:
    """A worker process and the pipe to it."""

    def __init__(self, context: Any, luggage: bytes) -> None:
        self.pipe, theirs = context.Pipe()
        self.task: _Task | None = None
        lifeline, self._lifeline = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_serve, args=(theirs, lifeline, luggage), daemon=True
        )
        self._process.start()
        theirs.close()
        lifeline.close()

    def give(self, task: _Task) -> None:
        """Have it do a unit."""
        self.task = task
        with contextlib.suppress(OSError):  # dead already: `take` will find out
            self.pipe.send(task.unit)

    def take(self) -> "Part | _Raised | None":
        """What it made of its unit, or raised; None where it died over it."""
        self.task = None
        try:
            answer = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            self.end()
            return None
        made: Part | _Raised = answer
        return made

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        self._lifeline.close()

    @property
    def exit_code(self) -> int | None:
        """What it ended with; minus the signal that killed it."""
        code: int | None = self._process.exitcode
        return code


def _serve(pipe: Connection, lifeline: Connection, luggage: bytes) -> None:
    """Do units until nobody sends any more."""
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    # What a plugin prints is no part of what a run prints; Ctrl-C is for the one that reports.
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker: Worker | None = None
    while True:
        try:
            unit = pipe.recv()
        except (EOFError, OSError):
            return
        answer: Part | _Raised
        try:
            worker = worker or Worker(_unpickled(luggage))
            answer = worker.do(unit)
        except Exception as error:
            answer = _Raised(error)
        try:
            pipe.send(answer)
        except OSError:  # nobody waits for it any more
            return


def _end_with(lifeline: Connection) -> None:
    """End this process, in the middle of a unit if need be, when nobody holds the other end."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)


def _pickled(job: Job) -> bytes:
    try:
        return pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise _not_found(error) from None


def _unpickled(luggage: bytes) -> Job:
    try:
        job: Job = pickle.loads(luggage)
    except (pickle.UnpicklingError, AttributeError, ImportError) as error:
        raise _not_found(error) from None
    return job


def _not_found(error: Exception) -> UsageError:
    return UsageError(
        f"the source is a function that worker processes cannot find: {error}",
        hint="define it in a module, at the top level, or use workers=1",
    )


def _died(unit: Unit, code: int | None) -> ExecutionError:
    how, hint = f"exit code {code}", "run it with one worker to see what it does"
    if code is not None and code < 0:
        named = {one.value: one.name for one in signal.Signals}
        how = named.get(-code, f"signal {-code}")
    if how == "SIGKILL":
        hint = "mostly that is a lack of memory: use fewer workers"
    if code == 1:  # an exception while the process started: it imports the script anew
        hint = 'in a script, start runs with several workers under `if __name__ == "__main__":`'
    return ExecutionError(
        f"a worker process died ({how}), and another one after it, over seeds {unit.first} to "
        f"{unit.first + unit.rollouts - 1}",
        hint=hint,
    )


def _context() -> BaseContext:
    """Processes that start clean and soon: forked from a server that has imported the engine."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rollkit.processes"])
    return context
