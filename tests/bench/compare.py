"""How fast two files of values are compared: python tests/bench/compare.py [ROWS] [METRICS]

Prints the time of `rollkit.compare` as a multiple of what Arrow needs to read both files, in one
process and in turns; of seeds in one order, of seeds in another order, and of cases, which are
text; without a tolerance and with one of 5 %. Target: at most 10 times. For information also the
command line, with its start, and memory.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from timing import times

from rollkit.comparing import compare
from rollkit.store import Column, store

SEGMENT = 1 << 16
REPEATS = 3


def metric_columns(count):
    """Columns as runs write them."""
    about = {"plugin": "made", "version": 1, "better": "lower", "bounds": [0, None], "preset": None}
    return [Column(f"m{i}", "number", "m", f"made up, {i}", about) for i in range(count)]


def run_of(rows, noise):
    """The identity of a run."""
    cell = {
        "source": noise,
        "params": {},
        "grid": {},
        "integrator": "rk4",
        "plugins": None,
        "metrics": None,
        "presets": [],
        "gates": [],
        "seeds": [0, rows],
        "horizon": 6.4,
        "dt": 0.1,
        "engine": "numpy",
        "vehicle": None,
    }
    return {"holds": "values", "cells": [cell], "metrics": {}, "versions": {}, "inputs": {}}


def write(path, key, keys, values):
    """A file of values, a row a key."""
    kind = "seed" if key == "seed" else "text"
    columns = [Column(key, kind), Column("cell" if key == "seed" else "sample", "count")]
    if key == "seed":
        identity = run_of(len(keys), path.stem)
    else:
        from rollkit.predictions.spec import EvalSpec

        identity = EvalSpec(predictions=path.stem).to_dict()
    with store(path, [*columns, *metric_columns(len(values))], identity=identity) as file:
        for start in range(0, len(keys), SEGMENT):
            here = slice(start, start + SEGMENT)
            rows = {one.name: keys[here] for one in columns[:1]}
            rows[columns[1].name] = np.zeros(len(keys[here]), dtype=np.int32)
            file.append({**rows, **{f"m{i}": one[here] for i, one in enumerate(values)}})
        file.finish()


def main(rows=1_000_000, metrics=10):
    """Print the ratios."""
    random = np.random.default_rng(0)
    base = random.gamma(2.0, 1.0, size=(metrics, rows))
    candidate = base + random.normal(0, 0.3, size=base.shape)
    order = random.permutation(rows)
    seeds = np.arange(rows, dtype=np.uint64)
    names = np.array([f"scene-{i:07d}/frame-{i % 97:03d}" for i in range(rows)], dtype=object)
    print(f"{rows:,} rows, {metrics} metrics; target: at most 10 times the reading")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{side}.parquet" for side in ("base", "candidate")]
        for what, key, keys, places in (
            ("seeds, in one order", "seed", seeds, slice(None)),
            ("seeds, in another order", "seed", seeds, order),
            ("cases, in one order", "case", names, slice(None)),
            ("cases, in another order", "case", names, order),
        ):
            write(paths[0], key, keys, base)
            write(paths[1], key, keys[places], candidate[:, places])
            reading, comparing, tolerant = times(
                lambda: [parquet.read_table(one) for one in paths],
                lambda: compare(*paths),
                lambda: compare(*paths, tolerance="5%"),
                repeats=REPEATS,
            )
            print(
                f"{what:24} reading {reading * 1e3:6.0f} ms, comparing {comparing * 1e3:6.0f} ms: "
                f"{comparing / reading:.1f} times; with a tolerance {tolerant / reading:.1f} times"
            )
            call = [sys.executable, "-m", "rollkit", "compare", "--fail-on", "never"]
            (whole,) = times(
                lambda call=call: subprocess.run(
                    [*call, *map(str, paths)], capture_output=True, check=True
                ),
                repeats=REPEATS,
            )
            held = [memory(code, paths) for code in (READ, COMPARED)]
            print(
                f"{'':24} the command line, with its start: {whole / reading:.1f} times; "
                f"memory {held[1]:.0f} MB, of nothing but reading {held[0]:.0f} MB"
            )


START = "import sys; import pyarrow.parquet as p, scipy.special, rollkit.comparing as c; "
PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
READ = "kept = [p.read_table(one) for one in sys.argv[1:]]"
COMPARED = "c.compare(*sys.argv[1:])"


def memory(code, paths):
    """The largest memory of a process that does this, beyond what it starts with; MB."""
    whole = f"{START}start = {PEAK}; {code}; print({PEAK} - start)"
    call = [sys.executable, "-c", whole, *map(str, paths)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
