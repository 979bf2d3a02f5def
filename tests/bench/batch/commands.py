"""`rollkit run` as a process: how long it takes in all, and how much memory it and its own take."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import given

ROLLKIT = [sys.executable, "-m", "rollkit", "run", *given.RUN]


def run(seeds: int, *options: str) -> float:
    """Seconds from the start of the process to its end."""
    with _process(seeds, options) as (process, started):
        code = process.wait()
        seconds = time.perf_counter() - started
    _check(process, code)
    return seconds


def peak(seeds: int, *options: str) -> tuple[int, int]:
    """Largest resident memory in bytes: of the largest process, and of all of them added up.

    Each process's own high-water mark, so the sum may be more than ever was used at once; pages
    that processes share count for each.
    """
    marks: dict[tuple[int, str], int] = {}
    with _process(seeds, options) as (process, _):
        while process.poll() is None:
            for one in _family(process.pid):
                with contextlib.suppress(OSError, KeyError):
                    key, mark = _high_water(one)
                    marks[key] = max(mark, marks.get(key, 0))
            time.sleep(0.02)
    _check(process, process.returncode)
    return max(marks.values()), sum(marks.values())


@contextlib.contextmanager
def _process(seeds: int, options: tuple[str, ...]) -> Iterator[tuple[subprocess.Popen, float]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [*ROLLKIT, "--seeds", str(seeds), *options]
        variables = {**os.environ, "PYTHONWARNINGS": "default"}
        with Path(folder, "stderr").open("wb") as errors:
            started = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=errors
            )
            try:
                yield process, started
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        if process.returncode:
            print(Path(folder, "stderr").read_text(encoding="utf-8"), file=sys.stderr)


def _check(process: subprocess.Popen, code: int) -> None:
    if code:
        raise RuntimeError(f"exit code {code}: {' '.join(process.args)}")


def _family(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold anything, even parentheses.
            fields = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(place.parent.name))
    found = [root]
    for one in found:
        found += children.get(one, [])
    return found


def _high_water(process: int) -> tuple[tuple[int, str], int]:
    """Which program a process is, and its high-water mark: both change when it starts another."""
    text = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    facts = dict(line.split(":", 1) for line in text.splitlines())
    return (process, facts["Name"].strip()), int(facts["VmHWM"].split()[0]) * 1024
