"""JUnit XML: read back by junitparser and by the standard library, whatever the names hold."""

import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit

from .handmade import UNKNOWN, WORSE, comparison, metric

junitparser = pytest.importorskip("junitparser", reason="JUnit XML needs the extra compare")


def told():
    return comparison(
        metric("same", "equal"),
        metric("open"),
        metric("jerk", **WORSE),
        metric("gone", reason="the candidate has none", broken=True, **UNKNOWN),
        notes=("a remark",),
    )


def test_a_case_for_each_metric():
    xml = junitparser.JUnitXml.fromstring(told().to_junit().encode())
    assert (xml.tests, xml.failures, xml.skipped, xml.errors) == (4, 2, 1, 0)
    (suite,) = xml
    assert suite.name == "rollkit compare"
    assert (suite.tests, suite.failures, suite.skipped) == (4, 2, 1)
    properties = {one.name: one.value for one in suite.properties()}
    assert properties["base"] == "base.parquet"
    assert properties["compared"] == "200 pairs by seed"
    assert properties["note 1"] == "a remark"
    cases = {one.name: one for one in suite}
    assert {one.classname for one in suite} == {"rollkit.compare"}
    assert cases["same"].is_passed
    (failure,) = cases["jerk"].result
    assert isinstance(failure, junitparser.Failure)
    assert failure.type == "worse"
    assert failure.message == ("worse: 4 -> 4.2 m/s^3, +0.20 (+5.0%), 95% interval -0.10 to +0.50")
    assert "p worse: <0.001" in failure.text
    assert cases["open"].is_skipped
    assert "effect size: +0.09" in cases["open"].system_out
    (gone,) = cases["gone"].result
    assert gone.message == "broken: the candidate has none"


def test_an_undecided_one_that_fails_is_a_failure():
    failing = comparison(metric("open"), fail_on=("worse", "undecided"))
    root = ElementTree.fromstring(failing.to_junit())
    assert root.find("testsuite/testcase/failure").get("type") == "undecided"
    assert root.find("testsuite/testcase/skipped") is None


def test_the_order_that_schemas_ask_for():
    """Of Jenkins and of Ant: properties, then cases; a result, then its output."""
    root = ElementTree.fromstring(told().to_junit())
    assert root.tag == "testsuites"
    assert set(root.attrib) == {"name", "tests", "failures", "errors", "time"}
    (suite,) = root
    tags = [one.tag for one in suite]
    assert tags == ["properties", *["testcase"] * 4]
    for case in suite.iter("testcase"):
        assert set(case.attrib) == {"name", "classname", "time"}
        inside = [one.tag for one in case]
        assert inside in (["failure"], ["skipped", "system-out"], ["system-out"])


@given(st.text(max_size=30))
def test_any_name_at_all(name):
    made = comparison(metric(name, reason=name), base=name, notes=(name,)).to_junit()
    made.encode("utf-8")
    (case,) = ElementTree.fromstring(made.encode("utf-8")).iter("testcase")
    kept = "".join(one if "\ufffd" >= one >= " " or one in "\t\n\r" else "" for one in name)
    if kept == name and max(name, default="") < "\ud800":
        assert case.get("name") == " ".join(name.split())


def test_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "junitparser", None)
    monkeypatch.setattr("rollkit.comparing.junit.find_spec", lambda name: None)
    with pytest.raises(rollkit.UsageError, match="JUnit XML needs junitparser") as caught:
        told().to_junit()
    assert caught.value.hint == "pip install 'rollkit[compare]'"
