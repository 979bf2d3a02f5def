"""All batch benchmarks, in one command.

python tests/bench/batch/run.py [--quick] [--update docs/performance.md] [NAME ...]

NAME is one of kernels, foreign, draws, sizes, runs, workers, dask, memory; without any, all are
measured, which takes about half an hour. `--quick` takes small sizes and few rounds, to see that
everything works. `--update` writes the tables into a page, between its markers.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = ("kernels", "foreign", "draws", "sizes", "runs", "workers", "dask", "memory")


def main() -> int:
    """Run pytest-benchmark over the files that were named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument("--update", type=Path, metavar="PAGE", help="write the tables into a page")
    parser.add_argument("--json", metavar="FILE", help="pytest-benchmark's own record, every time")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}")

    if options.quick and options.update is not None:
        parser.error("--quick measures nothing that belongs on a page")

    # Whoever reads memory with BLAS is to use the threads that the benchmark gives it.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import pytest
    from bench import Plugin
    from page import machine, printed, update

    plugin = Plugin(options.quick)
    files = [str(HERE / f"bench_{name}.py") for name in options.names or NAMES]
    settings = ["python_files=bench_*.py", "python_functions=bench_*", "filterwarnings=default"]
    code = pytest.main(
        [
            *files,
            "--noconftest",
            "--capture=no",
            "--benchmark-quiet",
            "--benchmark-disable-gc",
            *(part for one in settings for part in ("-o", one)),
            *([f"--benchmark-json={options.json}"] if options.json else []),
        ],
        plugins=[plugin],
    )
    print(f"\n{machine()}{' (quick: these figures mean little)' if options.quick else ''}")
    print(printed(plugin.tables))
    if options.update is not None:
        update(options.update, plugin.tables)
        print(f"wrote {options.update}", file=sys.stderr)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
