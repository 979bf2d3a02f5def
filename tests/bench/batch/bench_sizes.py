"""Cost of a rollout-step against the number of rollouts, from 1 to 10 million, both engines.

`evaluate_actions` with one worker. The smallest are timed in a fresh process; the largest takes
10 GB of actions, or as many as fit in three quarters of what is free.
"""

import functools
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import few
import given
import pytest
from bench import Bench, number

MANY = [10_000, 100_000, 1_000_000, 10_000_000]

COLUMNS = [(engine, integrator) for integrator in ("euler", "rk4") for engine in ("numpy", "numba")]
WAYS = [one for one in COLUMNS if importlib.util.find_spec(one[0])]


def bench_few(bench: Bench):
    ways = [",".join(way) for way in WAYS]
    command = [sys.executable, few.__file__, "2" if bench.quick else "7", *ways]
    answers = []

    def turn():
        answers.append(json.loads(subprocess.check_output(command)))

    bench.benchmark.pedantic(turn, rounds=1)
    found = bench.benchmark.extra_info["seconds"] = answers[-1]
    for rows in few.SIZES:
        record(bench, rows, {way: found[f"{rows} {' '.join(way)}"] for way in WAYS})
    for engine, integrator in WAYS:
        one, many = (
            1e9 * found[f"{rows} {engine} {integrator}"] / rows / given.STEPS for rows in (1, 1000)
        )
        what = f"{engine}, {integrator}: a step of 1 rollout, times that of 1,000"
        how = f"{number(one)} / {number(many)} ns"
        if engine == "numpy":  # which `auto` takes for so few
            bench.target(what, one / many, most=100, how=how)
        else:
            bench.compare(what, one / many, how)


@pytest.mark.parametrize("rows", MANY)
def bench_many(bench: Bench, rows):
    if bench.quick and rows > MANY[1]:
        pytest.skip("quick")
    rows = fitting(rows)
    actions = given.actions(rows)
    forms = {" ".join(way): functools.partial(few.evaluate, actions, *way) for way in WAYS}
    if rows < MANY[-1]:
        found = bench.best(5, **forms)
    else:
        for way in WAYS:  # compiled from here on
            few.evaluate(actions.rows(slice(1)), *way)
        found = bench.once(2, **forms)
    record(bench, rows, {way: found[" ".join(way)] for way in WAYS})


def record(bench: Bench, rows, seconds):
    cells = [
        f"{number(1e9 * seconds[way] / rows / given.STEPS)} ns" if way in seconds else "-"
        for way in COLUMNS
    ]
    bench.record("sizes", f"{rows:,}", *cells)


def fitting(rows) -> int:
    """So many rollouts, or as many millions as there is memory for."""
    memory = Path("/proc/meminfo").read_text(encoding="utf-8")
    free = int(re.search(r"MemAvailable: +(\d+) kB", memory)[1]) * 1024
    fits = int(0.75 * free / (2 * 8 * given.STEPS)) // 1_000_000 * 1_000_000
    if fits >= rows:
        return rows
    print(f"  {free / 1e9:.0f} GB are free: {fits:,} rollouts instead of {rows:,}")
    return fits
