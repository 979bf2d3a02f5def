"""A progress bar on stderr, for runs that turn out to be long, on a terminal only."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 0.5  # seconds a user waits without wondering


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function to call with (done, total); None where nobody would see a bar."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    shown: Progress | None = None
    task: TaskID | None = None
    started = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal shown, task
        if shown is None and done < total and time.monotonic() - started > _PATIENCE:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

            shown = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            task = shown.add_task(what, total=total)
            shown.start()
        if shown is not None and task is not None:
            shown.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if shown is not None:
            shown.stop()


@contextmanager
def count(what: str) -> Iterator[Callable[[int], None] | None]:
    """A function to call with how many are done, where nobody knows how many there will be."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} {task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done: shown.update(task, completed=done)
