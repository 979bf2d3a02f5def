"""How often `compare` calls what is not there: python tests/bench/false_alarms.py [--simulations N]

Null comparisons are simulated: the candidate's values come from the distribution of the base's. Of
each kind this prints the share in which `worse` is called at 5 %, and the share of 95 % intervals
that hold the true difference. Beside our methods stands the bootstrap of scipy.stats, percentile
and BCa, of 999 resamples and fewer simulations, as it takes its time.

Then the same with a difference: a constant one (which moves an interval and changes nothing else),
and one in proportion, where paired differences are skewed as the values are. Each test is then held
against just the true difference, where none is right: that it is above it, below it, or, by both
tests, equal within a tolerance of as much; each is to be called in at most 5 %.
Then tolerances of 5 % of the base's mean, where just that is the true difference: `worse`, `better`
and `equal` are each to be called in at most 5 %, though the mean has an error of its own.
Then families: ten metrics of which none has changed, the share of comparisons with any `worse`, and
with any after Holm's correction, of half as many simulations. Last rare events: 0 in all cases of
the base, 1 in some of the candidate; how often these are called equal within just their rate, by
the spread of the differences alone and with the bounds of the metric.

Correlated pairs: four of five have the same value on both sides. (A part that both sides share
cancels in the difference; such pairs behave as independent ones do.)

Target at normal, heavy-tailed and zero-inflated shapes: 3 to 7 % and 93 to 97 %. What is outside is
marked with `*`, or `**` where it is by more than two standard errors of the simulation.

`--update docs/statistics.md` writes the tables into that page, between its markers.
"""

import argparse
import os
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# The workers are the parallelism.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.append(str(Path(__file__).parent / "batch"))

import numpy as np
from bench import Table
from page import put, update
from scipy.stats import bootstrap

from rollkit.comparing.statistics.holm import holm
from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.unpaired import moments, unpaired
from rollkit.comparing.tolerances import Size
from rollkit.comparing.weighing import weighed_pairs

ALPHA, RESAMPLES, BATCH, METRICS = 0.05, 999, 100, 10
SHAPES = ("normal", "heavy-tailed", "lognormal", "zero-inflated")
MEANS = {"normal": 5.0, "heavy-tailed": 5.0, "lognormal": np.exp(1.125), "zero-inflated": 0.2}
DESIGNS = ("pairs, independent", "pairs, correlated", "not paired")
SIZES = (30, 200)
RARE, EVENTS = (30, 200, 2000, 5000), (1, 3, 10)  # cases, and events that are expected in them
SHARE, MEAN, CORRELATIONS = 0.05, 5.0, (0.0, 0.9, 0.999)  # of the base's mean, in its deviations

NULL, SHIFTED, SCALED = "none", "+ 1", "x 1.2"
HOW_OFTEN = ("worse", "interval")
HEADERS = {
    NULL: (
        *("no difference", *HOW_OFTEN, "percentile: worse", "percentile: interval"),
        *("BCa: worse", "BCa: interval"),
    ),
    SHIFTED: ("candidate + 1", *HOW_OFTEN),
    SCALED: (
        *("candidate x 1.2", *HOW_OFTEN, "percentile: interval", "BCa: interval"),
        *("called above", "called below", "called equal"),
    ),
}


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
    """Of one metric compared again and again: our shares, then those of the bootstraps.

    Ours: `worse`, the interval holds; against the true difference: called above, below, equal.
    """
    shape, design, n, change, simulations, bootstraps = task
    rng = np.random.default_rng([SHAPES.index(shape), DESIGNS.index(design), n])
    ours_found, others = [], []
    for start in range(0, simulations, BATCH):
        count = min(BATCH, simulations - start)
        base, candidate = sides(rng, shape, design, (count, n))
        candidate, truth = changed(candidate, shape, change)
        for one in ours(base, candidate, design):
            holds = one.low is None or one.low <= truth <= one.high
            edges = one.p_above(truth) <= ALPHA, one.p_below(truth) <= ALPHA, equal(one, truth)
            ours_found.append([one.p_above(0.0) <= ALPHA, holds, *edges])
        for row in range(max(0, min(count, bootstraps - start))):
            others.append(by_bootstrap(base[row], candidate[row], design, truth, row))
    return np.mean(ours_found, axis=0), np.mean(others, axis=0) if others else ()


def equal(one, tolerance):
    """Whether an estimate is called equal, by both one-sided tests."""
    return max(one.p_above(-tolerance), one.p_below(tolerance)) <= ALPHA


def rare(task):
    """The share of comparisons that are called equal within the rate of the candidate's events.

    By the spread of the differences, and with the bounds 0 and 1.
    """
    n, events, simulations = task
    rng = np.random.default_rng([n, events])
    candidates = (rng.random(n) < events / n for _ in range(simulations))
    size = Size(events / n)
    found = weighed_pairs((np.zeros(n), one.astype(float), size) for one in candidates)
    return np.mean([[one.p_equal() <= ALPHA, one.p_equal(1.0) <= ALPHA] for one in found], axis=0)


def edge(task):
    """Normal values whose true difference is just the tolerance, a share of the base's mean.

    The shares of `worse` and `equal`, then, where it is as much to the other side, of `better`.
    """
    correlation, change, n, simulations = task
    rng = np.random.default_rng([round(1000 * correlation), change == "+", n])
    found = []
    for _ in range(simulations):
        base, other = MEAN + rng.normal(size=(2, n))
        other = MEAN + correlation * (base - MEAN) + np.sqrt(1 - correlation**2) * (other - MEAN)
        up, down = (
            other + side * SHARE * MEAN if change == "+" else other * (1 + side * SHARE)
            for side in (1, -1)
        )
        found.append((base, up, down))
    size = Size(SHARE, relative=True)
    up = weighed_pairs((base, up, size) for base, up, _ in found)
    down = weighed_pairs((base, down, size) for base, _, down in found)
    called = [
        [one.upper.above <= ALPHA, one.p_equal() <= ALPHA, other.lower.below <= ALPHA]
        for one, other in zip(up, down, strict=True)
    ]
    return np.mean(called, axis=0)


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
    """A share in per cent, marked where it is outside its band: as Markdown has it."""
    off = max(low - share, share - high)
    bound = low if share < low else high
    marks = "*" * sum((off > 0.0, off > 2 * np.sqrt(bound * (1 - bound) / simulations)))
    return f"{marks}{100 * share:.1f}{marks}"


def kinds():
    """What is simulated, and what a row is called."""
    for design in DESIGNS:
        for shape in SHAPES:
            for n in SIZES:
                yield f"{design}; {shape}, n = {n}", (shape, design, n)


def singles(pool, change, simulations, bootstraps):
    """The table of a change."""
    tasks = [(*kind, change, simulations, bootstraps) for _, kind in kinds()]
    table = Table(HEADERS[change])
    for (name, _), (found, others) in zip(kinds(), pool.map(single, tasks), strict=True):
        worse, holds, *edges = found
        alarms = (0.03, 0.07) if change == NULL else (0.0, 1.0)
        cells = [marked(worse, *alarms, simulations), marked(holds, 0.93, 0.97, simulations)]
        for called, held in zip(others[::2], others[1::2], strict=True):
            cells += [marked(called, *alarms, bootstraps)] * (change == NULL)
            cells += [marked(held, 0.93, 0.97, bootstraps)]
        if change == SCALED:
            cells += [marked(one, 0.0, 0.07, simulations) for one in edges]
        table.rows[name] = (name, *cells)
    return table


def families(pool, simulations):
    """The table of ten metrics: of all shapes the lowest share to the highest."""
    table = Table((f"no difference in {METRICS} metrics", "any worse", "any after Holm"))
    tasks = [(*kind, simulations // 2) for _, kind in kinds()]
    found = {}
    for (_, design, n, _), shares in zip(tasks, pool.map(family, tasks), strict=True):
        found.setdefault(f"{design}; n = {n}", []).append(100 * shares)
    for name, shares in found.items():
        bounds = zip(np.min(shares, axis=0), np.max(shares, axis=0), strict=True)
        table.rows[name] = (name, *(f"{low:.1f} to {high:.1f}" for low, high in bounds))
    return table


def edges(pool, simulations):
    """The table of tolerances in %."""
    table = Table((f"at {SHARE:.0%} of the base's mean", "worse", "equal", "better"))
    tasks = [
        (correlation, change, n, simulations)
        for correlation in CORRELATIONS
        for change in ("+", "x")
        for n in SIZES
    ]
    for (correlation, change, n, _), shares in zip(tasks, pool.map(edge, tasks), strict=True):
        name = f"correlation {correlation:g}; {'constant' if change == '+' else 'in proportion'}"
        table.rows[f"{name}, n = {n}"] = (
            f"{name}, n = {n}",
            *(marked(one, 0.0, 0.07, simulations) for one in shares),
        )
    return table


def events(pool, simulations):
    """The table of rare events."""
    heads = [f"{one} expected{also}" for one in EVENTS for also in ("", ", bounds known")]
    table = Table(("pairs", *heads))
    tasks = [(n, one, simulations // 2) for n in RARE for one in EVENTS]
    shares = [f"{100 * share:.1f}" for both in pool.map(rare, tasks) for share in both]
    for row, n in enumerate(RARE):
        table.rows[f"{n:,}"] = (f"{n:,}", *shares[row * len(heads) : (row + 1) * len(heads)])
    return table


def show(table):
    """Print a table, in %."""
    columns = zip(table.header, *table.rows.values(), strict=True)
    widths = [max(map(len, column)) for column in columns]
    for first, *others in (table.header, *table.rows.values()):
        cells = (f"{one:>{width}}" for one, width in zip(others, widths[1:], strict=True))
        print("  ".join([f"{first:{widths[0]}}", *cells]))
    print(flush=True)


def main():
    """Print the tables and how long they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--bootstraps", type=int, default=500)
    parser.add_argument("--update", type=Path, metavar="PAGE", help="write the tables into a page")
    options = parser.parse_args()
    simulations, bootstraps = options.simulations, min(options.bootstraps, options.simulations)
    start = time.perf_counter()
    tables = {}
    with ProcessPoolExecutor() as pool:
        for name, make in {
            "null": lambda: singles(pool, NULL, simulations, bootstraps),
            "shifted": lambda: singles(pool, SHIFTED, simulations, 0),
            "scaled": lambda: singles(pool, SCALED, simulations, bootstraps),
            "edges": lambda: edges(pool, simulations // 2),
            "families": lambda: families(pool, simulations),
            "rare": lambda: events(pool, simulations),
        }.items():
            tables[name] = make()
            show(tables[name])
    seconds = time.perf_counter() - start
    told = (
        f"{simulations:,} simulations a row, {bootstraps:,} of the bootstraps, "
        f"{simulations // 2:,} of tolerances in %, of ten metrics and "
        f"of rare events; {seconds:.0f} s on "
        f"{os.cpu_count()} cores."
    )
    print(told)
    if options.update is not None:
        del tables["shifted"]  # as the null, but for how surely it is seen
        update(options.update, tables)
        put(options.update, "simulations", told)


if __name__ == "__main__":
    main()
