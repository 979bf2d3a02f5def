"""How often `compare` calls what is not there: python tests/bench/false_alarms.py [--simulations N]

Null comparisons are simulated: the candidate's values come from the distribution of the base's. Of
each kind this prints the share in which `worse` is called at 5 %, and the share of 95 % intervals
that hold the true difference. Beside our methods stands the bootstrap of scipy.stats, percentile
and BCa, of 999 resamples and fewer simulations, as it takes its time. Then the same with a
difference: a constant one (which moves an interval and changes nothing else), and one in
proportion, where paired differences are skewed as the values are. Last the families: ten metrics
of which none has changed, the share of comparisons with any `worse`, and with any after Holm's
correction, of half as many simulations.

Correlated pairs: four of five have the same value on both sides. (A part that both sides share
cancels in the difference; such pairs behave as independent ones do.)

Target at normal, heavy-tailed and zero-inflated shapes: 3 to 7 % and 93 to 97 %. What is outside is
marked with `*`, or `**` where it is by more than two standard errors of the simulation.
"""

import argparse
import os
import time
import warnings
from concurrent.futures import ProcessPoolExecutor

# The workers are the parallelism.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.stats import bootstrap

from rollkit.comparing.statistics.holm import holm
from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.unpaired import moments, unpaired

ALPHA, RESAMPLES, BATCH, METRICS = 0.05, 999, 100, 10
SHAPES = ("normal", "heavy-tailed", "lognormal", "zero-inflated")
MEANS = {"normal": 5.0, "heavy-tailed": 5.0, "lognormal": np.exp(1.125), "zero-inflated": 0.2}
DESIGNS = ("pairs, independent", "pairs, correlated", "not paired")
SIZES = (30, 200)
CHANGES = ("none", "+ 1", "x 1.2")


def draw(rng, shape, size):
    """Values of a shape."""
    if shape == "normal":
        return 5.0 + rng.normal(size=size)
    if shape == "heavy-tailed":  # Student's t, 3 degrees of freedom
        return 5.0 + rng.standard_t(3, size)
    if shape == "lognormal":
        return rng.lognormal(0.0, 1.5, size)
    return rng.exponential(size=size) * (rng.random(size) < 0.2)  # 80 % are 0


def sides(rng, shape, design, size):
    """Both sides under the null; correlated: four values of five are the same on both."""
    base, candidate = draw(rng, shape, size), draw(rng, shape, size)
    if design == "pairs, correlated":
        candidate = np.where(rng.random(size) < 0.2, candidate, base)
    return base, candidate


def changed(candidate, shape, change):
    """The candidate's values after a change, and the true difference of the means."""
    if change == "+ 1":
        return candidate + 1.0, 1.0
    if change == "x 1.2":
        return candidate * 1.2, 0.2 * MEANS[shape]
    return candidate, 0.0


def ours(base, candidate, design):
    """Estimates of a batch of comparisons, one a row."""
    if design == "not paired":
        return [unpaired(moments(a), moments(b)) for a, b in zip(base, candidate, strict=True)]
    return paired(zip(base, candidate, strict=True))


def difference(candidate, base=None, axis=-1):
    """The statistic that is resampled: of both sides, or of the paired differences."""
    mean = np.mean(candidate, axis=axis)
    return mean if base is None else mean - np.mean(base, axis=axis)


def by_bootstrap(base, candidate, design, truth, seed):
    """Of one comparison, percentile then BCa: whether `worse` is called, the interval holds.

    BCa is undefined where hardly any pair differs; this counts as an interval that holds.
    """
    data = (candidate, base) if design == "not paired" else (candidate - base,)
    result, answers = None, []
    for method in ("percentile", "BCa"):
        intervals = []
        for level in (1 - 2 * ALPHA, 0.95):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = bootstrap(
                    data,
                    difference,
                    method=method,
                    confidence_level=level,
                    bootstrap_result=result,  # resampled once, for all four
                    n_resamples=0 if result else RESAMPLES,
                    rng=seed,
                )
            intervals.append(result.confidence_interval)
        (worse, _), (low, high) = intervals
        answers += [worse > 0.0, np.isnan(low) or low <= truth <= high]
    return answers


def single(task):
    """Shares of one metric compared again and again: ours, percentile, BCa."""
    shape, design, n, change, simulations, bootstraps = task
    rng = np.random.default_rng([SHAPES.index(shape), DESIGNS.index(design), n])
    ours_found, others = [], []
    for start in range(0, simulations, BATCH):
        count = min(BATCH, simulations - start)
        base, candidate = sides(rng, shape, design, (count, n))
        candidate, truth = changed(candidate, shape, change)
        for one in ours(base, candidate, design):
            holds = one.low is None or one.low <= truth <= one.high
            ours_found.append([one.p_above(0.0) <= ALPHA, holds])
        for row in range(max(0, min(count, bootstraps - start))):
            others.append(by_bootstrap(base[row], candidate[row], design, truth, row))
    return [*np.mean(ours_found, axis=0), *(np.mean(others, axis=0) if others else ())]


def family(task):
    """The share of comparisons of ten metrics with any `worse`: as it is, and corrected."""
    shape, design, n, simulations = task
    rng = np.random.default_rng([SHAPES.index(shape), DESIGNS.index(design), n, METRICS])
    found = []
    for _ in range(simulations * METRICS // BATCH):
        base, candidate = sides(rng, shape, design, (BATCH, n))
        p_values = [one.p_above(0.0) for one in ours(base, candidate, design)]
        for first in range(0, len(p_values), METRICS):
            ten = p_values[first : first + METRICS]
            found.append([min(ten) <= ALPHA, min(holm(ten)) <= ALPHA])
    return np.mean(found, axis=0)


def marked(share, low, high, simulations):
    """A share in per cent, marked where it is outside its band."""
    off = max(low - share, share - high)
    bound = low if share < low else high
    marks = "*" * sum((off > 0.0, off > 2 * np.sqrt(bound * (1 - bound) / simulations)))
    return f"{100 * share:5.1f}{marks:2}"


def print_singles(pool, change, simulations, bootstraps):
    """The table of a change."""
    kinds = [(shape, design, n) for design in DESIGNS for shape in SHAPES for n in SIZES]
    rows = pool.map(single, [(*kind, change, simulations, bootstraps) for kind in kinds])
    told = "no difference" if change == "none" else f"candidate {change}"
    print(f"\n{told}: worse at 5 % (share, %), interval of 95 % holds (share, %)")
    names = ("ours", "percentile", "BCa") if bootstraps else ("ours",)
    print(" " * 44 + "".join(f"{name:17}" for name in names).rstrip())
    for (shape, design, n), row in zip(kinds, rows, strict=True):
        line = f"{design:20} {shape:14} {n:5}  "
        for index in range(len(names)):
            count = bootstraps if index else simulations
            called, held = row[2 * index : 2 * index + 2]
            band = (0.03, 0.07) if change == "none" else (0.0, 1.0)
            line += f" {marked(called, *band, count)} {marked(held, 0.93, 0.97, count)} "
        print(line.rstrip(), flush=True)


def main():
    """Print the tables and how long they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--bootstraps", type=int, default=500)
    options = parser.parse_args()
    simulations, bootstraps = options.simulations, min(options.bootstraps, options.simulations)
    start = time.perf_counter()
    print(f"{simulations} simulations a line, {bootstraps} of the bootstraps")
    with ProcessPoolExecutor() as pool:
        for change in CHANGES:
            print_singles(pool, change, simulations, 0 if change == "+ 1" else bootstraps)
        kinds = [(shape, design, n) for design in DESIGNS for shape in SHAPES for n in SIZES]
        rows = pool.map(family, [(*kind, simulations // 2) for kind in kinds])
        print(f"\nno difference in {METRICS} metrics: any worse (share, %), any after Holm")
        for (shape, design, n), (plain, corrected) in zip(kinds, rows, strict=True):
            line = f"{design:20} {shape:14} {n:5}    {100 * plain:5.1f}  {100 * corrected:5.1f}"
            print(line, flush=True)
    print(f"\n{time.perf_counter() - start:.0f} s on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
