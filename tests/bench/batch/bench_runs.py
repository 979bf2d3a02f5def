"""`rollkit run` in all against its kernel alone: start-up, drawing, statistics and artifact.

The kernel is `evaluate_actions`, one worker, on the very actions that the run draws.
"""

import given
import pytest
from bench import Bench, ms, number
from commands import run

import rollkit

SEEDS = 1_000_000


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def bench_in_all(bench: Bench, engine):
    pytest.importorskip(engine)
    seeds = SEEDS // 10 if bench.quick else SEEDS
    initial, actions = given.driven(seeds)

    def kernel():
        rollkit.evaluate_actions(actions, initial, "euler", given.METRICS, engine=engine)

    found = bench.best(
        3,
        kernel=kernel,
        run=lambda: run(seeds, "--engine", engine, "--workers", "1"),
        least=lambda: run(1, "--engine", engine, "--workers", "1"),
    )
    bench.target(
        f"{engine}: `rollkit run` over {seeds:,} seeds in all, times its kernel alone",
        found["run"] / found["kernel"],
        most=4.0,
        how=f"{ms(found['run'])} / {ms(found['kernel'])}; one seed takes {ms(found['least'])}",
    )
    cost = 1e9 * (found["run"] - found["least"]) / seeds / given.STEPS
    bench.compare(
        f"{engine}: `rollkit run` without start-up, times its kernel alone",
        (found["run"] - found["least"]) / found["kernel"],
        f"{number(cost)} ns a rollout-step more than a run of one seed",
    )
