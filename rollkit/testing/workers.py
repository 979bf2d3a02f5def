"""Checks in worker processes: a plugin that hangs or ends the interpreter takes only itself along.

First one process imports the plugins and says what they declare; then each worker checks one
function at a time, law after law. A process that says nothing for longer than the time limit is
ended, and what it was at is reported; so is what a process was at that ended by itself.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase

from rollkit import discovery
from rollkit.errors import PluginError
from rollkit.testing import checks
from rollkit.testing.records import Record, Verdict
from rollkit.testing.subjects import MetricSubject, Subject
from rollkit.testing.trial import blank

_START = 60.0  # seconds for a process to start and import what it needs

LOADS = "loads"  # the law that comes before all others
_LOADS = "The plugin can be imported and registered."


@dataclass(frozen=True)
class Function:
    """A function that a plugin declares, and the blank records of its laws."""

    plugin: str
    laws: tuple[Record, ...]
    preset: str | None = None  # of which it is a part

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.plugin, self.laws[0].kind, self.laws[0].subject


@dataclass(frozen=True)
class Options:
    """How to check."""

    max_examples: int
    seed: int | None
    database: str | None  # folder of hypothesis's examples; None keeps none


def survey(
    plugins: Iterable[str], *, laws: Iterable[str] | None = None, time_limit: float = 30.0
) -> tuple[list[Function], list[Record]]:
    """What the plugins declare, each function once, and records of plugins that do not load.

    Raises
    ------
    UsageError
        A name that is not installed.
    """
    rest = list(plugins)
    for plugin in rest:
        discovery.find(plugin)  # wrong names first, without importing anything
    wanted = None if laws is None else set(laws)
    found: dict[tuple[str, str, str], Function] = {}
    lost: list[Record] = []
    context = _context()
    while rest:
        process = _Process(context, _declare, tuple(rest))
        try:
            while rest:
                answer = process.receive(_START + time_limit)
                if isinstance(answer, _Lost):
                    lost.append(_not_loaded(rest.pop(0), answer.verdict, answer.message))
                    break
                plugin = rest.pop(0)
                if isinstance(answer, str):
                    lost.append(_not_loaded(plugin, "violated", answer))
                    continue
                for function in answer:
                    kept = [one for one in function.laws if not wanted or one.invariant in wanted]
                    if kept:
                        found.setdefault(function.key, replace(function, laws=tuple(kept)))
        finally:
            process.end()
    return list(found.values()), lost


def run(
    functions: Sequence[Function],
    options: Options,
    *,
    workers: int | None = None,
    time_limit: float = 30.0,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Record]:
    """The records of all laws of all functions, as they come."""
    queue = list(reversed(functions))
    total = sum(len(one.laws) for one in functions)
    done = 0
    running: list[tuple[_Process, list[Record], str]] = []
    context = _context()
    count = min(workers or os.cpu_count() or 1, len(queue))
    try:
        while queue or running:
            while queue and len(running) < count:
                one = queue.pop()
                process = _Process(context, _check, (one, options), time_limit)
                running.append((process, list(one.laws), one.plugin))
            wait([process.pipe for process, _, _ in running], timeout=0.2)
            for entry in list(running):
                process, left, plugin = entry
                answer = process.receive(0.0)
                while isinstance(answer, Record):
                    del left[0]
                    done += 1
                    if progress is not None:
                        progress(done, total)
                    yield answer
                    answer = process.receive(0.0)
                if isinstance(answer, _Lost) and left:
                    done += 1
                    yield replace(left.pop(0), verdict=answer.verdict, message=answer.message)
                if isinstance(answer, _Lost):
                    process.end()
                    running.remove(entry)
                    if left:
                        queue.append(Function(plugin, tuple(left)))
    finally:
        for process, _, _ in running:
            process.end()


@dataclass(frozen=True)
class _Lost:
    """Why a process says nothing any more."""

    verdict: Verdict
    message: str


class _Process:
    """A process that sends what it finds, until it has nothing more to say."""

    def __init__(
        self,
        context: Any,
        target: Callable[..., None],
        arguments: tuple[Any, ...],
        limit: float = 0,
    ) -> None:
        self.pipe, theirs = context.Pipe(duplex=False)
        self._limit = limit
        self._process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()
        self._deadline = time.monotonic() + _START + limit

    def receive(self, patience: float) -> Any:
        """What it sends next; None where it has not sent anything yet and still may."""
        try:
            if self.pipe.poll(patience):
                self._deadline = time.monotonic() + self._limit
                return self.pipe.recv()
        except EOFError:
            self._process.join()
            return _Lost("crashed", f"the interpreter ended with exit code {self._code}")
        if patience or time.monotonic() > self._deadline:
            return _Lost("timeout", f"no answer within {patience or self._limit:g} s")
        return None

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.join()
        self.pipe.close()

    @property
    def _code(self) -> int | None:
        code: int | None = self._process.exitcode
        return code


def _declare(pipe: Connection, *plugins: str) -> None:
    """Send what each plugin declares, or why it does not load."""
    _be_quiet()
    for plugin in plugins:
        try:
            pipe.send([_function(one) for one in checks.subjects(plugin)])
        except PluginError as error:
            pipe.send(error.message)
    pipe.close()


def _function(subject: Subject) -> Function:
    # A bundle brings the functions of others: each is checked as its own plugin's.
    owner = subject.origin.file or subject.origin.plugin
    laws = checks.laws_of(subject)
    preset = subject.spec.preset if isinstance(subject, MetricSubject) else None
    return Function(owner, tuple(blank(law, subject) for law in laws), preset)


def _check(pipe: Connection, function: Function, options: Options) -> None:
    """Send a record of each law."""
    _be_quiet()
    _, kind, name = function.key
    subject = next(
        one
        for one in checks.subjects(function.plugin)
        if (checks.kind_of(one), one.spec.name) == (kind, name)
    )
    pipe.send(None)  # started: the time limit is now that of a check
    folder = options.database
    database = None if folder is None else DirectoryBasedExampleDatabase(folder)
    for law in function.laws:
        record = checks.check(
            checks.law_named(subject, law.invariant),
            subject,
            max_examples=options.max_examples,
            seed=options.seed,
            database=database,
        )
        pipe.send(record)
    pipe.close()


def _be_quiet() -> None:
    """What a plugin prints is no part of a report; Ctrl-C is for the process that reports."""
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _not_loaded(plugin: str, verdict: Verdict, message: str) -> Record:
    return Record(
        plugin=plugin,
        kind="plugin",
        subject=plugin,
        invariant=LOADS,
        statement=_LOADS,
        verdict=verdict,
        message=message,
    )


def _context() -> BaseContext:
    """Processes that start clean and soon: forked from a server that has imported the kit."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rollkit.testing.workers"])
    return context
