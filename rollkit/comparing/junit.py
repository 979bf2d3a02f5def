"""A comparison as JUnit XML, which CI servers show as tests: a test case for each metric."""

import io
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rollkit.comparing import remarks, words
from rollkit.comparing.results import Comparison, MetricComparison
from rollkit.comparing.saving import JUNIT_SUITE
from rollkit.errors import UsageError

if TYPE_CHECKING:
    from junitparser import TestCase

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_available() -> None:
    """Refuse, before any work, where junitparser is not installed."""
    if find_spec("junitparser") is None:
        raise UsageError(
            "JUnit XML needs junitparser, which is not installed",
            hint="pip install 'rollkit[compare]'",
        )


def junit(comparison: Comparison) -> str:
    """The XML: a failure for a verdict that fails, `skipped` for an undecided one that does not."""
    check_available()
    from junitparser import JUnitXml, TestSuite

    suite = TestSuite(JUNIT_SUITE)
    for name, value in _properties(comparison).items():
        suite.add_property(name, legal(value))
    suite.add_testcases([_case(comparison, one) for one in comparison.ranked])
    xml = JUnitXml(JUNIT_SUITE)
    xml.add_testsuite(suite)
    # Of the whole no count of skipped ones: Jenkins's schema knows none.
    xml.tests, xml.failures, xml.errors = suite.tests, suite.failures, suite.errors
    xml.time = suite.time
    out = io.BytesIO()
    xml.write(out, pretty=True)
    return out.getvalue().decode("utf-8")


def legal(value: str) -> str:
    """The text in one line, without letters that XML cannot hold.

    >>> legal("a\\x00b\\nc")
    'a\\ufffdb c'
    """
    return " ".join(_ILLEGAL.sub("\ufffd", value).split())


def _properties(comparison: Comparison) -> dict[str, str]:
    """What is the same for all test cases."""
    return {
        "base": comparison.base,
        "candidate": comparison.candidate,
        "compared": words.counted(comparison),
        "alpha": f"{comparison.alpha:g}",
        "fail_on": ", ".join(comparison.fail_on) or "never",
        "verdicts": words.tally(comparison),
        **{f"note {at}": one for at, one in enumerate(remarks.notes(comparison), start=1)},
    }


def _case(comparison: Comparison, one: MetricComparison) -> "TestCase":
    from junitparser import Failure, Skipped, TestCase

    # The class is the same for all files: servers know a test again by it and its name.
    case = TestCase(legal(one.name), classname=JUNIT_SUITE.replace(" ", "."), time=0.0)
    message = legal(words.sentence(one))
    if comparison.fails(one):
        failure = Failure(message, type_=words.verdict(one))
        failure.text = _details(one)
        case.result = failure
        return case
    if one.verdict == "undecided":
        case.result = Skipped(message, type_=one.verdict)
    case.system_out = _details(one)
    return case


def _details(one: MetricComparison) -> str:
    lines = {
        "": words.sentence(one),
        "metric": one.definition,
        "better": one.better or "neither side",
        "values": f"{one.n_base} in the base, {one.n_candidate} in the candidate"
        + (f", {one.pairs} pairs" if one.pairs is not None else ""),
        "probability of being worse": words.probability(one.probability_worse),
        "effect size": words.effect(one),
        "p worse": words.p_value(one.p_worse),
        "p better": words.p_value(one.p_better),
        "p equal": words.p_value(one.p_equal),
        "p differs": words.p_value(one.p_differs),
        "tolerance": f"{one.tolerance:g} {one.unit}",
        "method": one.method or words.UNKNOWN,
    }
    return "\n".join(f"{name}: {legal(value)}".removeprefix(": ") for name, value in lines.items())
