"""The fixtures of the batch benchmarks: interleaved timing, and the records that it makes.

A ratio is only worth something where both sides met the same machine. So the forms that are
compared take turns, A B A B, in one process, and of each the best time counts.
"""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Table:
    """Rows that belong together; the first cell of a row is its name."""

    header: tuple[str, ...]
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)


TABLES = {
    "targets": ("what", "measured", "target", "met", "how"),
    "comparisons": ("what", "measured", "how"),
    "sizes": ("rollouts", "numpy, euler", "numba, euler", "numpy, rk4", "numba, rk4"),
}


@dataclass
class Bench:
    """What a benchmark measures with and records into, beside pytest-benchmark's own record."""

    benchmark: Any
    tables: dict[str, Table]
    quick: bool

    def best(self, rounds: int, **forms: Callable[[], Any]) -> dict[str, float]:
        """Best seconds of each form, in interleaved rounds after one to warm up.

        A form that returns a float has timed itself. One call a benchmark: its fixture is used up.
        """
        return self._interleaved(2 if self.quick else rounds, 1, forms)

    def once(self, rounds: int, **forms: Callable[[], Any]) -> dict[str, float]:
        """The same without a round to warm up, for forms that take long and start cold anyway."""
        return self._interleaved(1 if self.quick else rounds, 0, forms)

    def _interleaved(
        self, rounds: int, warmup: int, forms: dict[str, Callable[[], Any]]
    ) -> dict[str, float]:
        times: dict[str, list[float]] = {name: [] for name in forms}

        def turn() -> None:
            for name, form in forms.items():
                times[name].append(timed(form))

        self.benchmark.pedantic(turn, rounds=rounds, warmup_rounds=warmup)
        self.benchmark.extra_info["seconds"] = times
        return {name: min(some[warmup:]) for name, some in times.items()}

    def target(
        self,
        what: str,
        ratio: float,
        *,
        least: float | None = None,
        most: float | None = None,
        how: str = "",
    ) -> None:
        """Record a ratio that has a target."""
        met = ratio >= least if least is not None else ratio <= most
        goal = f"at least {least:g}" if least is not None else f"at most {most:g}"
        self.record("targets", what, number(ratio), goal, "yes" if met else "**no**", how)

    def compare(self, what: str, ratio: float, how: str = "") -> None:
        """Record a ratio that has none."""
        self.record("comparisons", what, number(ratio), how)

    def record(self, table: str, *row: str) -> None:
        """Record a row of a table, and print it."""
        self.tables[table].rows[row[0]] = row
        self.benchmark.extra_info.setdefault(table, []).append(row)
        print("  " + " | ".join(row), flush=True)


class Plugin:
    """Hands the fixture `bench` to the benchmarks, and keeps what they record."""

    def __init__(self, quick: bool) -> None:
        self.quick = quick
        self.tables = {name: Table(header) for name, header in TABLES.items()}

    @pytest.fixture
    def bench(self, benchmark: Any) -> Iterable[Bench]:
        print()
        yield Bench(benchmark, self.tables, self.quick)
        gc.collect()


def timed(form: Callable[[], Any]) -> float:
    """Seconds that a form takes, by the clock or by its own account."""
    started = time.perf_counter()
    answer = form()
    seconds = time.perf_counter() - started
    return answer if isinstance(answer, float) else seconds


def number(value: float) -> str:
    """Three digits: 0.0123, 1.23, 12.3, 1230."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def ms(seconds: float) -> str:
    """Milliseconds, or seconds where there are many."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
