"""Where comparisons go: JSON and JUnit XML, never over a file of another kind."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rollkit.errors import DataError, OutputError, UsageError, shown
from rollkit.files import check_writable, write_atomically
from rollkit.results import parsed

if TYPE_CHECKING:
    from rollkit.comparing.results import Comparison

JUNIT_SUITE = "rollkit compare"  # the name of the suite, by which our files are known
_HEAD = 1 << 12  # bytes of a file's beginning


class Places(NamedTuple):
    """Where `rollkit compare` writes a comparison to, besides stdout."""

    out: str | None
    junit: str | None
    force: bool

    @property
    def named(self) -> list[str]:
        """The files that are asked for."""
        return [one for one in (self.out, self.junit) if one is not None]

    def check(self, *sides: str) -> None:
        """Refuse, before any work, places that cannot be written to or hold something else.

        Raises
        ------
        UsageError, OutputError
        """
        taken = {os.path.realpath(one): one for one in sides}
        for one in self.named:
            if (place := os.path.realpath(one)) in taken:
                raise UsageError(f"{one}: expected another place than {taken[place]}")
            taken[place] = one
        if self.out is not None:
            check_comparison(Path(self.out), force=self.force)
        if self.junit is not None:
            from rollkit.comparing.junit import check_available

            check_available()
            check_junit(Path(self.junit), force=self.force)

    def write(self, told: "Comparison") -> None:
        """Write them: each whole, and only where both can be made."""
        texts = told.to_json(), told.to_junit() if self.junit is not None else ""
        if self.out is not None:
            save_comparison(Path(self.out), texts[0], force=self.force)
        if self.junit is not None:
            save_junit(Path(self.junit), texts[1], force=self.force)


def check_comparison(path: Path, *, force: bool) -> None:
    """Refuse a place that cannot be written to, or that holds no comparison of rollkit's."""
    _check(path, "comparison", "-o PATH", ours=_is_comparison, force=force)


def check_junit(path: Path, *, force: bool) -> None:
    """Likewise for JUnit XML."""
    _check(path, "JUnit file", "--junit FILE", ours=_is_junit, force=force)


def save_comparison(path: Path, text: str, *, force: bool) -> Path:
    """Write a comparison's JSON, whole or not at all."""
    check_comparison(path, force=force)
    write_atomically(path, text)
    return path


def save_junit(path: Path, text: str, *, force: bool) -> Path:
    """Write a comparison's JUnit XML, whole or not at all."""
    check_junit(path, force=force)
    write_atomically(path, text)
    return path


def _check(
    path: Path, kind: str, option: str, *, ours: Callable[[Path], bool], force: bool
) -> None:
    check_writable(path)
    if path.is_file() and path.stat().st_size and not force and not ours(path):
        raise OutputError(
            f"{shown(str(path))} exists and is no {kind} of rollkit's; it was left alone",
            hint=f"choose another place with {option}, or replace it with --force",
        )


def _is_comparison(path: Path) -> bool:
    try:
        return "comparison" in parsed(path)
    except DataError:
        return False


def _is_junit(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise OutputError(f"cannot read {shown(str(path))}: {error.strerror}") from None
    return f'name="{JUNIT_SUITE}"'.encode() in head
