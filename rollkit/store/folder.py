"""The working folder of a file that is being written: its lock, its segments, whose they are."""

import errno
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rollkit.errors import DataError, OutputError, shown
from rollkit.files import write_atomically
from rollkit.store.columns import needed

_SEGMENT = re.compile(r"\d{6,}\.arrow")
_TEMPORARY = re.compile(r"\.rollkit-.*|.*\.tmp")  # ours, and those of write_atomically


class Folder:
    """`<target>.partial`: an identity, then `000000.arrow`, `000001.arrow` and so on.

    `name` is the target as the user wrote it; `spent` is set once the folder has served.
    """

    def __init__(self, target: Path, name: str) -> None:
        self.path = target.with_name(f"{target.name}.partial")
        self.name = name
        self.spent = False
        self._identity = self.path / "identity.json"
        self._pid = self.path / "pid"
        self._lock = self.path / "lock"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other run out. A folder that is spent or has no segments is gone afterwards.

        The lock is the kernel's: it vanishes with this process, however that ends, and no worker
        process that outlives it inherits the lock.

        Raises
        ------
        OutputError
            Another run holds it, or the folder cannot be made.
        """
        filelock = needed("filelock", self.name)
        lock = filelock.FileLock(self._lock, thread_local=False)
        try:
            self.path.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise OutputError(
                f"{self.name} is being written by another run{self._holder()}",
                hint="wait for it to end, or write to another file",
            ) from None
        except OSError as error:
            raise self._refused(error) from error
        try:
            self._take_over()
            yield
        finally:
            self._leave()
            lock.release()

    def begin(self, description: Mapping[str, Any]) -> None:
        """Forget what is there and belong to this run from now on."""
        text = json.dumps(description, indent=2, ensure_ascii=False, allow_nan=False)
        try:
            self._clear()
            write_atomically(self._identity, text + "\n")
            sync(self.path)
            sync(self.path.parent)
        except OSError as error:
            raise self._refused(error) from error

    def description(self) -> dict[str, Any] | None:
        """Whose the segments are; None where nothing has begun.

        Raises
        ------
        DataError
            It cannot be read.
        """
        try:
            found = json.loads(self._identity.read_text(encoding="utf-8"))
            return {name: found[name] for name in ("identity", "columns", "column")}
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{shown(str(self._identity))} is damaged: {error!r}",
                hint="run again with --force and without --resume to start anew",
            ) from None

    def segments(self) -> list[Path]:
        """The files of the whole segments, of which none may be missing."""
        whole = sum(1 for one in self.path.iterdir() if _SEGMENT.fullmatch(one.name))
        return [self.segment(index) for index in range(whole)]

    def segment(self, index: int) -> Path:
        """Where a segment lies."""
        return self.path / f"{index:06}.arrow"

    def _clear(self) -> None:
        # First of all whose it is: segments without that are never taken for anybody's.
        self._identity.unlink(missing_ok=True)
        sync(self.path)
        self._sweep(_SEGMENT)

    def _sweep(self, names: re.Pattern[str]) -> None:
        for one in list(self.path.iterdir()):
            if names.fullmatch(one.name):
                one.unlink()

    def _take_over(self) -> None:
        """Remove what a killed run left half written, and say who holds the lock."""
        try:
            self._sweep(_TEMPORARY)
            # Beside the lock, not in it: Windows lets nobody read a locked file.
            self._pid.write_text(str(os.getpid()), encoding="utf-8")
        except OSError as error:
            raise self._refused(error) from error

    def _holder(self) -> str:
        try:
            return f" (pid {int(self._pid.read_text(encoding='utf-8'))})"
        except (OSError, ValueError):  # it has only just begun
            return ""

    def _leave(self) -> None:
        # The folder stays where somebody else put a file into it, and on Windows, which keeps an
        # open lock. It is no run's then, and the next one takes it over.
        with suppress(OSError):
            if self.spent or not self.segments():
                self._clear()
                self._pid.unlink(missing_ok=True)
                self._lock.unlink(missing_ok=True)
                self.path.rmdir()

    def _refused(self, error: OSError) -> OutputError:
        return OutputError(f"cannot write {self.name}: {error.strerror or error}")


def sync(folder: Path) -> None:
    """Have the names in the folder survive a power cut, as the files' contents already do."""
    if os.name != "posix":  # elsewhere a folder cannot be opened, and needs not be
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(descriptor)
