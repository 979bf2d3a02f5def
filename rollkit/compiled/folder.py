"""Where generated kernels are kept: a folder of the user's, so that each is compiled only once."""

import os
import sys
import tempfile
from pathlib import Path

VARIABLE = "ROLLKIT_CACHE_DIR"


def cache_folder() -> Path:
    """The folder: `$ROLLKIT_CACHE_DIR`, or `rollkit` where the system keeps users' caches."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "rollkit/cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/rollkit"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rollkit"


def stored(name: str, text: str) -> Path | None:
    """The file of that name and text in the folder; None where it cannot be written.

    Several processes may write it at once: each moves a whole file into place, and as numba knows
    a file by its time and size, all give it the same time.
    """
    path = cache_folder() / name
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.utime(temporary, (0, 0))
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except (OSError, RuntimeError):  # no such right, no such room; no home at all
        return None
    return path
