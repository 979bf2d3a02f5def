"""Running somebody else's code: where it came from, and what went wrong in it.

A plugin may raise anything anywhere. Inside `guarded` that becomes a `Failure` that names the
plugin, its distribution and the line, and the work around it goes on.
"""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rollkit.declare import where
from rollkit.errors import Failure, InvalidReturn, shown

_CORE = str(Path(__file__).parent) + os.sep


class Origin(NamedTuple):
    """Where a plugin comes from."""

    plugin: str
    module: str
    distribution: str | None = None
    version: str | None = None
    builtin: bool = False
    file: str | None = None  # of a plugin that is a file rather than a distribution

    @property
    def key(self) -> str:
        """What tells it from others: a file its place, any other plugin its name."""
        return self.plugin if self.file is None else os.path.realpath(self.file)

    def __str__(self) -> str:
        if self.distribution:
            return f"plugin {self.plugin} ({self.distribution} {self.version})"
        return f"plugin {self.plugin} ({shown(self.file or self.module)})"


def failure(
    origin: Origin,
    stage: str,
    error: BaseException,
    *,
    subject: str | None = None,
    function: Callable[..., Any] | None = None,
) -> Failure:
    """What went wrong, with the line of the plugin's own code that did it.

    Where that line is not on the stack, since the error was found in what `function` returned, it
    is the line of the function.
    """
    file, line = _place(error, origin)
    if file is None and function is not None:
        file, line = where(function)
    if isinstance(error, InvalidReturn):
        stage = "validate"
    text = " ".join(str(getattr(error, "message", error)).split())
    return Failure(
        plugin=origin.plugin,
        distribution=origin.distribution,
        version=origin.version,
        stage=stage,
        type=type(error).__name__,
        message=text or "no message",
        file=file and shown(file),
        line=line,
        subject=subject,
    )


class guarded:
    """A block in which whatever is raised becomes a recorded failure.

    A plugin may raise anything, and may call sys.exit: all of it is recorded, none is lost. Only
    Ctrl-C and the errors in `passing` get through.
    """

    def __init__(
        self,
        origin: Origin,
        stage: str,
        failures: list[Failure] | None = None,
        *,
        subject: str | None = None,
        function: Callable[..., Any] | None = None,
        passing: tuple[type[Exception], ...] = (),
    ) -> None:
        self.fault: Failure | None = None  # what went wrong in the block
        self._passing = passing
        self._failures = failures
        self._failure = functools.partial(
            failure, origin, stage, subject=subject, function=function
        )

    def __enter__(self) -> "guarded":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None or isinstance(error, (KeyboardInterrupt, GeneratorExit, *self._passing)):
            return False
        self.fault = self._failure(error)
        if self._failures is not None:
            self._failures.append(self.fault)
        return True


def _place(error: BaseException, origin: Origin) -> tuple[str | None, int | None]:
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno
    import traceback  # only on the way to an error

    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(("<", _CORE))
    ]
    # The innermost line of the plugin's own; a library it called is not where to look first.
    own = [frame for frame in frames if _belongs(frame.filename, origin)]
    chosen = (own or frames)[-1:]
    return (chosen[0].filename, chosen[0].lineno) if chosen else (None, None)


def _belongs(file: str, origin: Origin) -> bool:
    if origin.file is not None:
        return os.path.realpath(file) == os.path.realpath(origin.file)
    home = origin.module.partition(":")[0].replace(".", os.sep)
    return f"{os.sep}{home}{os.sep}" in file or file.endswith(f"{os.sep}{home}.py")
