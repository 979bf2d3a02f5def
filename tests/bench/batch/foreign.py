"""One process of the comparison with JAX and PyTorch: python foreign.py LIBRARY CORES ROWS ROUNDS

The cores are taken away before anything is loaded, so that every library sees as many as it is to
use. What is measured goes to the last line of stdout, as JSON.
"""

import importlib
import json
import os
import sys
import time


def main(library: str, cores: int, rows: int, rounds: int) -> None:
    """Interleave rollkit's engines and the library's forms."""
    os.environ["JAX_ENABLE_X64"] = "1"
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    import given
    import numpy as np

    import rollkit

    actions = given.actions(rows)

    def ours(engine):
        return lambda: rollkit.evaluate_actions(
            actions, given.start(), "euler", given.METRICS, engine=engine, workers=cores
        )

    theirs = importlib.import_module(f"{library}_forms")
    forms = theirs.forms(actions.accel, actions.curvature, given.DT, 8.0)
    expected = ours("numpy")()
    wrong = {
        name: max(float(np.abs(np.asarray(got[one]) - expected[one]).max()) for one in expected)
        for name, got in ((name, form()) for name, form in forms.items())
    }
    # numba's threads and the library's must not be counted as the other's: they take turns.
    every = {"numpy": ours("numpy"), "numba": ours("numba"), **forms}
    times = {name: [] for name in every}
    for form in every.values():
        form()
    for _ in range(rounds):
        for name, form in every.items():
            started = time.perf_counter()
            form()
            times[name].append(time.perf_counter() - started)
    version = importlib.import_module(library).__version__
    print(json.dumps({"version": version, "seconds": times, "difference": wrong}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
