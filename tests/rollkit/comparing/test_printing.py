"""What a terminal shows of names and numbers that nobody expects."""

import math
import re

import pytest

from rollkit.cli.comparisons import print_comparison, report
from rollkit.comparing import words

from .handmade import WORSE, comparison, metric

HOSTILE = "\x1b[2J\x07\r\n\u202e"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"difference": 1.25e12, "low": 1.2e12, "high": 1.3e12}, "+1.25e+12"),
        (
            {"difference": 123456789012.0, "low": 123456789000.0, "high": 123456789024.0},
            "+1.23456789e+11",
        ),
        ({"difference": -1e300, "low": -1.7e308, "high": 1.7e308}, "-1e+300"),
        ({"difference": 4e300, "low": None, "high": None}, "+4e+300"),
        ({"difference": math.inf, "low": -math.inf, "high": math.inf}, "-"),
        ({"difference": 123456789.0, "low": 123456700.0, "high": 123456900.0}, "+123456789"),
    ],
)
def test_huge_differences_have_few_digits(values, said):
    one = metric(base_mean=1.0, candidate_mean=2.0, **values)
    assert words.difference(one) == said
    assert len(words.interval(one)) < 40


@pytest.mark.parametrize(
    ("base", "difference", "said"),
    [
        (1.0, 12345.0, "+1.23e+6%"),
        (1.0, 1.89061115e18, "+1.89e+20%"),
        (-1e-3, 1e307, "+1.00e+312%"),
        (1.0, math.inf, "-"),
        (1.0, 9000.0, "+900,000%"),
    ],
)
def test_huge_shares_have_an_exponent(base, difference, said):
    one = metric(base_mean=base, candidate_mean=base + difference, difference=difference)
    assert words.percent(one) == said


def test_no_name_reaches_the_terminal_as_an_order(capsys):
    name = f"a{HOSTILE}b"
    metrics = [metric(name, **WORSE, unit=name, reason=name), metric(f"c{name}", reason=name)]
    told = comparison(*metrics, base=name, candidate=name, notes=(name,), only_base=3)
    print_comparison(told)
    report(told)
    shown = "".join(capsys.readouterr())
    assert "a [2J b" in shown
    assert re.sub(r"\n", "", shown).isprintable()
    assert len([line for line in shown.splitlines() if line.startswith("failed:")]) == 1


def test_names_without_end_are_clipped(capsys):
    long = "n" * 10_000
    told = comparison(
        metric(long, **WORSE, unit=long), metric(f"{long}o", reason=long), base=long, candidate=long
    )
    print_comparison(told)
    report(told)
    assert len("".join(capsys.readouterr())) < 6000


def test_of_many_equal_metrics_the_first_have_a_row(capsys):
    same = {"verdict": "equal", "candidate_mean": 4.0, "difference": 0.0, "low": 0.0, "high": 0.0}
    print_comparison(comparison(*(metric(f"m{at}", **same) for at in range(12))))
    out = capsys.readouterr().out
    assert len(re.findall(r"^m\d+ +equal", out, re.M)) == 8
    assert "\nequal, without a row: m8, m9, m10, m11\n12 of 12 metrics equal\n" in out
