"""Dask with 2 local workers against 2 workers without it, over 10 million rollouts.

Start-up apart: of each, what a run of one seed takes is subtracted.
"""

import pytest
from bench import Bench, ms
from commands import run

SEEDS = 10_000_000


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def bench_dask(bench: Bench, engine):
    pytest.importorskip("distributed")
    pytest.importorskip(engine)
    seeds = SEEDS // 20 if bench.quick else SEEDS
    plain = "--engine", engine, "--workers", "2"
    with_dask = *plain, "--executor", "dask"
    found = bench.once(
        2,
        dask_start=lambda: run(1, *with_dask),
        start=lambda: run(1, *plain),
        dask=lambda: run(seeds, *with_dask),
        local=lambda: run(seeds, *plain),
    )
    dask, local = found["dask"] - found["dask_start"], found["local"] - found["start"]
    how = (
        f"{ms(dask)} / {ms(local)}; start-up {ms(found['dask_start'])} and {ms(found['start'])} "
        "apart"
    )
    beside = "processes"
    what = f"{engine}: 2 Dask workers over {seeds:,} rollouts, times as long as 2 {beside}"
    if engine == "numpy":
        bench.target(what, dask / local, most=1.25, how=how)
    else:
        bench.compare(what, dask / local, how)
