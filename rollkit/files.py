"""Writing a file whole or not at all."""

import os
import stat
from pathlib import Path

from rollkit.errors import OutputError


def check_writable(path: Path) -> None:
    """Refuse, before any work is done, a place that cannot be written to."""
    folder = path.resolve().parent
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; expected a file name")
    if not folder.is_dir():
        raise OutputError(
            f"cannot write {path}: folder {folder} does not exist", hint=f"mkdir -p {folder}"
        )
    if not os.access(folder, os.W_OK) and _replaceable(path):
        raise OutputError(f"cannot write {path}: no permission to write in {folder}")


def write_atomically(path: Path, text: str) -> None:
    """Write the text to a file beside the path and move it there in one step.

    Whatever happens, the path holds either what it held before or the whole text. A device or a
    pipe, which cannot be replaced, is written to as it is.

    Raises
    ------
    OutputError
        The text could not be written; what stood there before still stands.
    """
    target = path.resolve()  # through a link: the file it names is replaced, not the link
    temporary: Path | None = None
    try:
        if not _replaceable(target):
            target.write_text(text, encoding="utf-8")
            return
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}; what stood there is untouched"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _replaceable(path: Path) -> bool:
    return not path.exists() or path.is_file()


def _mode(path: Path) -> int:
    """The permissions the file has, or would get if it were opened anew."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
