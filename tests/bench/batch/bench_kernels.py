"""`evaluate_actions` on given actions: against plain NumPy, a loop per sample, reading memory.

The best reading that NumPy offers is `np.dot(x, x)`: a maximum or a sum takes longer over the same
memory. Both arrays together are 268 MB, far more than any cache.
"""

from concurrent.futures import ThreadPoolExecutor

import given
import numpy as np
import plain
import pytest
from bench import Bench, ms

import rollkit

SAMPLES = 200  # of the loop per sample


def evaluate(actions, engine, workers=1):
    return rollkit.evaluate_actions(
        actions, given.start(), "euler", given.METRICS, engine=engine, workers=workers
    )


@pytest.fixture(scope="module")
def actions():
    return given.actions(given.MANY)


@pytest.mark.parametrize(("engine", "least"), [("numpy", 2.5), ("numba", 8.0)])
def bench_plain_numpy(bench: Bench, actions, engine, least):
    pytest.importorskip(engine)
    ours = evaluate(actions, engine)  # compiled from here on
    theirs = plain.vectorised(actions.accel, actions.curvature, given.DT, 8.0)
    difference = max(float(np.abs(ours[name] - theirs[name]).max()) for name in given.METRICS)
    found = bench.best(
        5,
        plain=lambda: plain.vectorised(actions.accel, actions.curvature, given.DT, 8.0),
        ours=lambda: evaluate(actions, engine),
    )
    bench.target(
        f"{engine}, 1 thread: times faster than plain vectorised NumPy",
        found["plain"] / found["ours"],
        least=least,
        how=f"{ms(found['plain'])} / {ms(found['ours'])}; values agree to {difference:.0e}",
    )


@pytest.mark.parametrize(("engine", "least"), [("numpy", 100.0), ("numba", 250.0)])
def bench_per_sample(bench: Bench, actions, engine, least):
    pytest.importorskip(engine)
    few = actions.rows(slice(SAMPLES))
    found = bench.best(
        5,
        loop=lambda: plain.per_sample(few.accel, few.curvature, given.DT, 8.0),
        ours=lambda: evaluate(actions, engine),
    )
    loop, ours = found["loop"] / SAMPLES, found["ours"] / given.MANY
    bench.target(
        f"{engine}, 1 thread: times faster than a Python loop per sample",
        loop / ours,
        least=least,
        how=f"{1e6 * loop:.0f} µs / {1e6 * ours:.3g} µs a rollout",
    )


def bench_reading(bench: Bench, actions):
    halves = np.split(actions.accel.reshape(-1), 2), np.split(actions.curvature.reshape(-1), 2)
    bytes_read = actions.accel.nbytes + actions.curvature.nbytes

    def read(half):
        return [np.dot(one[half], one[half]) for one in halves]

    with ThreadPoolExecutor(2) as pool:
        forms = {
            "read1": lambda: [read(0), read(1)],
            "read2": lambda: list(pool.map(read, (0, 1))),
            "numpy": lambda: evaluate(actions, "numpy"),
        }
        if not _missing("numba"):
            forms["numba"] = lambda: evaluate(actions, "numba")
            forms["numba2"] = lambda: evaluate(actions, "numba", workers=2)
        found = bench.best(7, **forms)
    if "numba2" in found:
        bench.target(
            "numba, 2 threads: times as long as reading the actions with 2 threads",
            found["numba2"] / found["read2"],
            most=3.5,
            how=f"{ms(found['numba2'])} / {ms(found['read2'])}",
        )
    speed = {name: bytes_read / seconds / 1e9 for name, seconds in found.items()}
    for name, what, base in [
        ("numpy", "numpy, 1 thread", "read1"),
        ("numba", "numba, 1 thread", "read1"),
        ("numba2", "numba, 2 threads", "read2"),
    ]:
        if name in speed:
            bench.compare(
                f"{what}: share of the memory's reading speed",
                speed[name] / speed[base],
                f"{speed[name]:.3g} of {speed[base]:.3g} GB/s",
            )


def _missing(library):
    try:
        pytest.importorskip(library)
    except pytest.skip.Exception:
        return True
    return False
