"""`evaluate_actions` against JAX's and PyTorch's best form, on the same cores, float64.

Each in a process of its own, in which rollkit and the library take turns. Compiling is not timed.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import given
import pytest
from bench import Bench, ms

SCRIPT = Path(__file__).with_name("foreign.py")


@pytest.mark.parametrize("cores", sorted({1, len(os.sched_getaffinity(0))}))
@pytest.mark.parametrize(("library", "title"), [("jax", "JAX"), ("torch", "PyTorch")])
def bench_library(bench: Bench, library, title, cores):
    for needed in (library, "numba"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    rows = given.MANY // 8 if bench.quick else given.MANY
    rounds = 3 if bench.quick else 7
    command = [sys.executable, str(SCRIPT), library, str(cores), str(rows), str(rounds)]
    variables = {name: os.environ[name] for name in os.environ if not name.startswith("OPENBLAS")}
    answers = []

    def turn():
        done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=True)
        *said, answer = done.stdout.splitlines()
        print("\n".join(said))
        answers.append(json.loads(answer))

    bench.benchmark.pedantic(turn, rounds=1)
    found = answers[-1]
    bench.benchmark.extra_info["seconds"] = found["seconds"]
    best = {name: min(times) for name, times in found["seconds"].items()}
    forms = [name for name in best if name not in ("numpy", "numba")]
    fastest = min(forms, key=best.__getitem__)
    for engine in ("numpy", "numba"):
        others = ", ".join(f"{one} {ms(best[one])}" for one in forms)
        bench.compare(
            f"{engine}, {cores} thread{'s' * (cores > 1)}: times faster than {title}",
            best[fastest] / best[engine],
            f"{title} {found['version']}: {others}; rollkit {ms(best[engine])}; values agree to "
            f"{max(found['difference'].values()):.0e}",
        )
