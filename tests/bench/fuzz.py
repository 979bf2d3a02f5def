"""Damaged files by the hundred thousand: python tests/bench/fuzz.py --reader csv --inputs 100000

Prints the outcomes, the slowest input and the peak of memory. What is neither poses nor an error of
rollkit's own ends the run, with the number that makes its input again: --first NUMBER --inputs 1.
"""

import argparse
import random
import resource
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "rollkit_logs"))
from binary.seeds import SEEDS as BINARY
from binary.seeds import prepared
from fuzzing import SEEDS, mutated, outcomes, tally

ALL = {**SEEDS, **BINARY}


def main() -> None:
    """Mutate the seed of one reader, each input by a random generator of its own number."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reader", choices=ALL, required=True)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("error")
    seed, reader = ALL[options.reader], options.reader.partition("__")[0]
    outcomes(reader, prepared(options.reader, seed))  # imports are no part of the memory
    before = _peak()
    counts: Counter[str] = Counter()
    slowest, total = (0.0, 0), time.perf_counter()
    for number in range(options.first, options.first + options.inputs):
        content = prepared(options.reader, mutated(seed, random.Random(number)))
        start = time.perf_counter()
        try:
            counts[outcomes(reader, content)] += 1
        except BaseException:
            print(f"{options.reader}: input {number}: {content[:2000]!r}", file=sys.stderr)
            raise
        slowest = max(slowest, (time.perf_counter() - start, number))
    print(
        f"{options.reader}: {options.inputs} inputs in {time.perf_counter() - total:.0f} s: "
        f"{tally(counts)}; slowest {slowest[0] * 1e3:.1f} ms (input {slowest[1]}); "
        f"peak {_peak():.0f} MB, {_peak() - before:.0f} MB above the start"
    )


def _peak() -> float:
    """MB, as Linux counts them."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
