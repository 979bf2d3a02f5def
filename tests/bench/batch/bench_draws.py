"""`Draws.uniform` chunk by chunk, against `Generator.random` on one big array that is there."""

import numpy as np
import pytest
from bench import Bench

import rollkit

NUMBERS, CHUNK = 2**23, 2048


@pytest.mark.parametrize("k", [1, 4, 16])
def bench_uniform(bench: Bench, k):
    rows = NUMBERS // k
    whole = np.zeros(NUMBERS)
    generator = np.random.Generator(np.random.PCG64DXSM(0))

    def in_chunks():
        for first in range(0, rows, CHUNK):
            rollkit.Draws(first, CHUNK).uniform(k)

    found = bench.best(9, ours=in_chunks, whole=lambda: generator.random(out=whole))
    ours, theirs = (1e9 * found[name] / NUMBERS for name in ("ours", "whole"))
    bench.target(
        f"draws, {k} a seed: times as long a number as `Generator.random`",
        ours / theirs,
        most=2.0,
        how=f"{ours:.3g} / {theirs:.3g} ns a number, chunks of {CHUNK} seeds",
    )
