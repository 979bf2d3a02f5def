"""Two workers against one: `rollkit run` in all, then processes and threads with each engine.

The first measures what a user gets. The second calls the executors themselves, without start-up:
time runs from the first part that comes back to the last.
"""

import time

import pytest
from bench import Bench, ms
from commands import run
from given import DT, PLUGINS, STEPS

from rollkit.cell import resolve
from rollkit.executors import in_order, locally
from rollkit.job import Job, Worker
from rollkit.plugins import Plugins
from rollkit.processes import in_processes
from rollkit.quantiles import for_rollouts
from rollkit.spec import RunSpec

SEEDS = 4_000_000


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def bench_two_workers(bench: Bench, engine):
    pytest.importorskip(engine)
    seeds = SEEDS // 10 if bench.quick else SEEDS
    found = bench.once(
        4,
        one=lambda: run(seeds, "--engine", engine, "--workers", "1"),
        two=lambda: run(seeds, "--engine", engine, "--workers", "2"),
    )
    what = f"{engine}: `rollkit run` over {seeds:,} seeds, 2 workers, times faster than 1"
    how = f"{ms(found['one'])} / {ms(found['two'])} in all"
    if engine == "numpy":
        bench.target(what, found["one"] / found["two"], least=1.7, how=how)
    else:
        bench.compare(what, found["one"] / found["two"], how)


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def bench_processes_or_threads(bench: Bench, engine):
    pytest.importorskip(engine)
    job = _job(engine, SEEDS // 10 if bench.quick else SEEDS)
    worker = Worker(job)

    found = bench.once(
        3,
        alone=lambda: _from_the_first(locally(job, worker, job.units(), 1)),
        threads=lambda: _from_the_first(in_order(worker.do, job.units(), 2)),
        processes=lambda: _from_the_first(in_processes(job, job.units(), 2)),
    )
    for name in ("processes", "threads"):
        bench.compare(
            f"{engine}: 2 {name}, times faster than 1, without start-up",
            found["alone"] / found[name],
            f"{ms(found['alone'])} / {ms(found[name])} a million rollouts",
        )


def _job(engine, seeds) -> Job:
    plugins = Plugins()
    spec = RunSpec(
        source="left",
        integrator="euler",
        plugins=tuple(PLUGINS),
        seeds=(0, seeds),
        horizon=STEPS * DT,
        dt=DT,
        engine=engine,
    )
    cells = resolve(spec, plugins, plugins.load(spec.plugins))
    return Job(cells=tuple(one.spec for one in cells), engine=engine, quantiles=for_rollouts(seeds))


def _from_the_first(parts) -> float:
    """Seconds for a million rollouts, from the first part that comes to the last."""
    parts = iter(parts)
    next(parts)
    started, rollouts = time.perf_counter(), 0
    for part in parts:
        rollouts += part.rollouts
    return (time.perf_counter() - started) / rollouts * 1e6
