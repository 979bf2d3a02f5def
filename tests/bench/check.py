"""How long `rollkit check` takes over all built-ins: python tests/bench/check.py [RUNS]

With the defaults: 50 examples of every law, a worker for each core. Target: 60 s on two cores.
"""

import json
import os
import subprocess
import sys
import time

COMMAND = [sys.executable, "-m", "rollkit", "check", "--json", "--no-database"]


def main() -> None:
    """Print seconds, checks and examples per second, for each run."""
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        start = time.perf_counter()
        answer = subprocess.run(COMMAND, stdout=subprocess.PIPE, check=False)
        seconds = time.perf_counter() - start
        records = json.loads(answer.stdout)
        failed = sum(one["verdict"] not in ("passed", "skipped") for one in records)
        examples = sum(one["examples"] for one in records)
        print(
            f"{seconds:.1f} s on {os.cpu_count()} cores: {len(records)} checks, {failed} failed, "
            f"{len(records) / seconds:.0f} checks/s, {examples / seconds:.0f} examples/s"
        )


if __name__ == "__main__":
    main()
