"""Checks in worker processes: a plugin that hangs or ends the interpreter takes only itself along.

Each worker checks one function at a time, law after law, and says which one it is at. One that says
nothing for longer than the time limit is ended and replaced; so is one that ends by itself.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase

from rollkit.testing import checks
from rollkit.testing.records import Record
from rollkit.testing.subjects import Subject

_START = 60.0  # seconds for a worker to start and import what it needs


@dataclass(frozen=True)
class Task:
    """The laws to check of one function of a plugin."""

    plugin: str
    subject: str
    laws: tuple[str, ...]
    max_examples: int
    seed: int | None
    database: str | None  # folder of hypothesis's examples; None keeps none


def tasks(
    plugins: Iterable[str],
    *,
    laws: Iterable[str] | None = None,
    max_examples: int,
    seed: int | None,
    database: str | None,
) -> list[Task]:
    """A task for each function that the plugins declare, each function once."""
    wanted = None if laws is None else set(laws)
    found: dict[tuple[str, str], Task] = {}
    for plugin in plugins:
        for subject in checks.subjects(plugin):
            names = [law.name for law in checks.laws_of(subject)]
            chosen = tuple(name for name in names if wanted is None or name in wanted)
            # A bundle brings the functions of others: each is checked as its own plugin's.
            owner = subject.origin.file or subject.origin.plugin
            key = (owner, f"{checks.kind_of(subject)} {subject.spec.name}")
            if chosen and key not in found:
                found[key] = Task(owner, subject.spec.name, chosen, max_examples, seed, database)
    return list(found.values())


def run(
    todo: list[Task],
    *,
    workers: int | None = None,
    time_limit: float = 30.0,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Record]:
    """The records of all tasks, as they come."""
    queue = list(reversed(todo))
    total = sum(len(task.laws) for task in todo)
    done = 0
    running: list[_Worker] = []
    context = _context()
    count = min(workers or os.cpu_count() or 1, len(todo))
    try:
        while queue or running:
            while queue and len(running) < count:
                running.append(_Worker(context, queue.pop(), time_limit))
            ready = wait([one.pipe for one in running], timeout=0.2)
            for worker in list(running):
                for record in worker.records(worker.pipe in ready):
                    done += 1
                    if progress is not None:
                        progress(done, total)
                    yield record
                if worker.rest is not None:
                    running.remove(worker)
                    if worker.rest.laws:
                        queue.append(worker.rest)
    finally:
        for worker in running:
            worker.end()


class _Worker:
    """A process that checks one task."""

    def __init__(self, context: Any, task: Task, time_limit: float) -> None:
        self._task = task
        self._limit = time_limit
        self._left = list(task.laws)
        self.rest: Task | None = None  # what is still to do once the process has ended
        self.pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(theirs, task), daemon=True)
        self._process.start()
        theirs.close()
        self._deadline = time.monotonic() + _START + time_limit

    def records(self, ready: bool) -> Iterator[Record]:
        """What came in; for a process that is gone or silent, what that means."""
        try:
            while ready and self.pipe.poll():
                record = self.pipe.recv()
                self._deadline = time.monotonic() + self._limit
                if record is not None:
                    self._left.remove(record.invariant)
                    yield record
        except EOFError:
            self._process.join()
            if self._left:
                code = self._process.exitcode
                yield self._lost("crashed", f"the interpreter ended with exit code {code}")
            self.end()
            return
        if time.monotonic() > self._deadline:
            yield self._lost("timeout", f"no answer within {self._limit:g} s")
            self.end()

    def end(self) -> None:
        """End the process, and say what it left undone."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        self.rest = replace(self._task, laws=tuple(self._left))

    def _lost(self, verdict: Any, message: str) -> Record:
        law = self._left.pop(0)
        subject = _subject(self._task)
        blank = checks.blank(checks.law_named(subject, law), subject)
        return replace(blank, verdict=verdict, message=message)


def _subject(task: Task) -> Subject:
    return next(one for one in checks.subjects(task.plugin) if one.spec.name == task.subject)


def _work(pipe: Connection, task: Task) -> None:
    """What a worker process does."""
    sys.stdout = sys.stderr  # what a plugin prints is no part of a report
    subject = _subject(task)
    pipe.send(None)  # started: the time limit is now that of a check
    database = None if task.database is None else DirectoryBasedExampleDatabase(task.database)
    for name in task.laws:
        record = checks.check(
            checks.law_named(subject, name),
            subject,
            max_examples=task.max_examples,
            seed=task.seed,
            database=database,
        )
        pipe.send(record)
    pipe.close()


def _context() -> BaseContext:
    """Processes that start clean and soon: forked from a server that has imported the kit."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rollkit.testing.workers"])
    return context
