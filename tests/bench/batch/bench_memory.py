"""Peak resident memory of `rollkit run` over 30 million rollouts against 10 million.

Every process's own high-water mark; with two workers those of all processes are added up.
"""

import pytest
from bench import Bench, number
from commands import peak

SEEDS, MORE = 10_000_000, 30_000_000


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("1 worker", ["--workers", "1"]),
        ("2 processes", ["--workers", "2", "--engine", "numpy"]),
        ("2 workers", ["--workers", "2"]),
        ("2 workers, --save", ["--workers", "2", "--save", "values.parquet"]),
    ],
)
def bench_peak(bench: Bench, what, options):
    if "--save" in options:
        pytest.importorskip("pyarrow")
    few, many = (SEEDS // 8, MORE // 8) if bench.quick else (SEEDS, MORE)
    found: dict[int, int] = {}

    def turn():
        for seeds in (few, many):
            found[seeds] = peak(seeds, *options)[1]

    bench.benchmark.pedantic(turn, rounds=1)
    sizes = " / ".join(f"{number(found[seeds] / 2**20)} MiB" for seeds in (many, few))
    bench.target(
        f"{what}: peak memory of {many / 1e6:g} million rollouts, times that of {few / 1e6:g}",
        found[many] / found[few],
        most=1.1,
        how=sizes,
    )
    bench.target(
        f"{what}: peak memory of {many / 1e6:g} million rollouts, GiB",
        found[many] / 2**30,
        most=1.0,
        how="all processes added up",
    )
