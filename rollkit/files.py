"""Writing a file whole or not at all."""

import os
import stat
import tempfile
from pathlib import Path

from rollkit.errors import OutputError, shown

# Besides what the system refuses: links in a circle, and names that are no text.
_REFUSALS = (OSError, RuntimeError, UnicodeError, ValueError)


def check_writable(path: Path) -> None:
    """Refuse, before any work is done, a place that cannot be written to."""
    name = shown(str(path))
    try:
        folder = path.resolve().parent
        if path.is_dir():
            raise OutputError(f"cannot write {name}: it is a folder; expected a file name")
        if not folder.is_dir():
            there = next(one for one in (folder, *folder.parents) if one.exists())
            if not there.is_dir():
                raise OutputError(f"cannot write {name}: {there} is a file, and no folder")
            raise OutputError(
                f"cannot write {name}: folder {folder} does not exist",
                hint=f"mkdir -p {folder}",
            )
        if not os.access(folder, os.W_OK) and _replaceable(path):
            raise OutputError(f"cannot write {name}: no permission to write in {folder}")
    except _REFUSALS as error:
        raise _refused(path, error) from error


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write text, or bytes, to a file beside the path and move it there in one step.

    Whatever happens, the path holds either what it held before or the whole content. A device or a
    pipe, which cannot be replaced, is written to as it is.

    Raises
    ------
    OutputError
        It could not be written; what stood there before still stands.
    """
    temporary: Path | None = None
    try:
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        target = path.resolve()  # through a link: the file it names is replaced, not the link
        if not _replaceable(target):
            target.write_bytes(data)
            return
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".rollkit-")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except _REFUSALS as error:
        raise _refused(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _refused(path: Path, error: Exception) -> OutputError:
    reason = getattr(error, "strerror", None) or error
    name = shown(str(path)).encode("utf-8", "replace").decode()
    return OutputError(f"cannot write {name}: {reason}; what stood there is untouched")


def _replaceable(path: Path) -> bool:
    return not path.exists() or path.is_file()


def _mode(path: Path) -> int:
    """The permissions the file has, or would get if it were opened anew."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
