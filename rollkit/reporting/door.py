"""Reports: from a result, or the path of an artifact, to a file."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rollkit.engine import Progress
from rollkit.errors import InvalidReturn, OutputError, PluginError, UsageError, shown
from rollkit.examples.choosing import Result
from rollkit.files import check_writable, write_atomically
from rollkit.guard import guarded
from rollkit.options import listed
from rollkit.poses import Poses
from rollkit.reporting.choosing import Reporter, reporter_for
from rollkit.reporting.collecting import collect
from rollkit.reporting.report import Report

# Near the beginning of every report, by which an earlier one of ours is known.
_MARK = re.compile(rb"generator\W+(content\W+)?rollkit report\b")
_BEGINNING = 1 << 16  # bytes
_DEFAULT = "report.html"


def report(
    result: Result | str | Path,
    out: str | Path | None = None,
    *,
    base: Result | str | Path | None = None,
    reporter: str | None = None,
    title: str | None = None,
    plugins: Sequence[str] = (),
    force: bool = False,
    anyway: bool = False,
    source: Callable[..., Any] | None = None,
    predictions: Poses | Iterable[Poses] | None = None,
    reference: Poses | Iterable[Poses] | None = None,
    workers: int | str = 1,
    progress: Progress | None = None,
) -> Path:
    """Write a report of a run or an evaluation: what `rollkit report` does.

    Parameters
    ----------
    result : RunResult, EvalResult or path
        What the report is about, or its artifact. Rollouts are done again to be drawn, and so are
        values that were not kept; a note in the report says what could not be had any more.
    out : path, optional
        The file; its suffix says what kind of report it is. `report.html` by default.
    base : likewise, optional
        What to compare the result with, side by side.
    reporter : str, optional
        Who makes the report, whatever the suffix.
    title : str, optional
        By default what was run or evaluated.
    plugins : sequence of str
        Plugins that bring reporters: names or paths of files.
    force : bool
        Replace a file there that is no report of rollkit's.
    anyway : bool
        Compare different definitions, too.
    source : function, optional
        The action source of the run, where its name does not find it.
    predictions, reference : Poses or iterable of Poses, optional
        What was evaluated, where no file holds it.
    workers : int or "auto"
        Processes to share a run that is done again.
    progress : callable, optional
        Called with the rollouts or cases done and to do.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError, DataError
        A wrong call or wrong data: an unknown reporter or suffix, no artifact.
    PluginError
        The reporter failed; nothing is written.
    OutputError
        The place cannot be written to, or holds something else.

    Examples
    --------
    A reporter of one's own, in a file that is a plugin:

    >>> import pathlib, tempfile, rollkit
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "notes.py").write_text('''
    ... from rollkit import hookimpl, reporter
    ...
    ... @reporter(suffixes=(".txt",))
    ... def notes(report):
    ...     "What was run, and a metric of it."
    ...     one = report.shown.result.metrics["path_length"]
    ...     return f"{report.title}: {one.mean:g} {one.unit}"
    ...
    ... @hookimpl
    ... def rollkit_reporters():
    ...     return [notes]
    ... ''')
    >>> result = rollkit.run("straight", params={"noise": 0}, seeds=3, metrics=["path_length"])
    >>> path = report(result, folder / "all.txt", plugins=[str(folder / "notes.py")])
    >>> print(path.read_text())
    straight, 3 rollouts: 64 m
    """
    place = place_for(out, reporter=reporter, plugins=plugins, force=force, inputs=(result, base))
    return place.write(
        collect(
            result,
            base=base,
            title=title,
            anyway=anyway,
            source=source,
            predictions=predictions,
            reference=reference,
            workers=workers,
            progress=progress,
        )
    )


class Place(NamedTuple):
    """Where a report goes, and who makes it."""

    path: Path
    reporter: Reporter

    def write(self, report: Report) -> Path:
        """Have the report made, and write it whole or not at all.

        Raises
        ------
        PluginError, UsageError
            The reporter failed, or cannot work here.
        OutputError
            It could not be written.
        """
        write_atomically(self.path, content_of(report, self.reporter))
        return self.path


def place_for(
    out: str | Path | None,
    *,
    reporter: str | None = None,
    plugins: Sequence[str] = (),
    force: bool = False,
    inputs: Sequence[object] = (),
) -> Place:
    """The place and the reporter, looked at before any work; `inputs` are what it is made from."""
    target = Path(_DEFAULT if out is None else out)
    chosen = reporter_for(target, reporter, listed("plugins", plugins))
    if out is None and chosen.spec.suffixes:
        target = target.with_suffix(chosen.spec.suffixes[0])
    target = target.absolute()  # wherever a plugin may change to
    check_place(target, force=force, inputs=inputs)
    return Place(target, chosen)


def check_place(path: Path, *, force: bool, inputs: Sequence[object] = ()) -> None:
    """Refuse, before any work, a place where the report cannot or should not go.

    Raises
    ------
    UsageError
        The place is that of one of the inputs.
    OutputError
        It cannot be written to, or holds something else than a report.
    """
    for one in inputs:
        if isinstance(one, str | Path) and Path(one).resolve() == path.resolve():
            raise UsageError(f"the report cannot go to {shown(str(path))}: it is made from it")
    check_writable(path)
    if path.is_file() and path.stat().st_size and not force and not _ours(path):
        raise OutputError(
            f"{shown(str(path))} exists and is no report of rollkit's; it was left alone",
            hint="choose another place with -o PATH, or replace it with --force",
        )


def content_of(report: Report, reporter: Reporter) -> bytes:
    """The content of the file, as the reporter makes it.

    Raises
    ------
    PluginError
        The reporter failed, or returned something else.
    UsageError
        The reporter cannot work here: it needs what is not installed, say.
    """
    spec = reporter.spec
    with guarded(
        reporter.origin,
        "compute",
        subject=spec.name,
        function=spec.function,
        passing=(UsageError,),
    ) as attempt:
        content = spec.function(report)
        if isinstance(content, str):
            return content.encode("utf-8")
        if isinstance(content, bytes):
            return content
        raise InvalidReturn(f"returned {type(content).__name__}, expected text or bytes")
    assert attempt.fault is not None
    raise PluginError(attempt.fault)


def _ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _MARK.search(file.read(_BEGINNING)) is not None
    except OSError as error:
        raise OutputError(f"cannot read {shown(str(path))}: {error.strerror}") from None
