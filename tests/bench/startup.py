"""How long `rollkit --help` and `rollkit run` take to start, as ratios within one run.

python tests/bench/startup.py

Targets: `rollkit --help` at most 5 times `python -c pass`; `rollkit run` at most 1.5 times
`python -c "import numpy, click, rich.table, pluggy"`. The commands are interleaved, so that a busy
machine slows all of them, and the median of each is compared.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 25
ROLLKIT = str(Path(sys.executable).with_name("rollkit"))
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "rollkit --help": [ROLLKIT, "--help"],
    "python -c imports": [sys.executable, "-c", "import numpy, click, rich.table, pluggy"],
    "rollkit run": [ROLLKIT, "run"],
}


def measure() -> dict[str, float]:
    """Median seconds of each command."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS + 1):
            for name, command in COMMANDS.items():
                started = time.perf_counter()
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(found[1:]) for name, found in times.items()}  # first: warm-up


def main() -> None:
    """Print the medians and the two ratios."""
    found = measure()
    for name, seconds in found.items():
        print(f"{name:18} {seconds * 1e3:7.1f} ms")
    for name, base, target in (
        ("rollkit --help", "python -c pass", 5.0),
        ("rollkit run", "python -c imports", 1.5),
    ):
        print(f"{name} / {base}: {found[name] / found[base]:.2f} (target: at most {target})")


if __name__ == "__main__":
    main()
