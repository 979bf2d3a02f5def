"""Where a run's numbers come from: versions, platform, revision, input files."""

import hashlib
import importlib.metadata
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rollkit import __version__
from rollkit.errors import shown


def environment(
    argv: Sequence[str] | None, engine: str = "numpy", libraries: Iterable[str] = ()
) -> dict[str, Any]:
    """Versions, platform, engine, command line and the git revision of the working folder."""
    return {
        "rollkit": __version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "numpy": np.__version__,
        "platform": sysconfig.get_platform(),
        "engine": engine,
        "libraries": {name: importlib.metadata.version(name) for name in libraries},
        "argv": None if argv is None else list(argv),
        "git_revision": _git_revision(),
    }


def fingerprints(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Path, size and SHA-256 of each input file."""
    return [
        {"path": shown(str(path)), "bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in dict.fromkeys(paths)
        if path.is_file()
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git_revision() -> str | None:
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # no git here: the revision is unknown
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None


def changed(earlier: Mapping[str, Any]) -> list[str]:
    """What is no longer as it was when an earlier run was made: rollkit, and its inputs."""
    lines = []
    if earlier.get("rollkit") not in (None, __version__):
        lines.append(f"rollkit {earlier['rollkit']} made it, this is {__version__}")
    for one in earlier.get("inputs", []):
        path = Path(one["path"])
        if path.is_file() and _sha256(path) != one["sha256"]:
            lines.append(f"{path} has changed since that run; the numbers may differ")
    return lines
