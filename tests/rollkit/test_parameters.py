"""Parameters: text to values, ranges, and messages that say what was expected."""

from pathlib import Path
from typing import Annotated, Literal

import pytest

from rollkit import Param, UsageError
from rollkit.declare import source_spec


def source(
    draws,
    *,
    horizon,
    dt,
    speed: Annotated[float, Param("m/s", 1, 25, "how fast")] = 10.0,
    count: Annotated[int, Param("1", low=0)] = 3,
    flag: bool = False,
    file: Path | None = None,
    method: Literal["linear", "none"] = "linear",
    name: str = "a",
    untyped=2.5,
):
    """A source with options of every type."""


SPEC = {one.name: one for one in source_spec(source).parameters}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("speed", "12", 12.0),
        ("speed", 12, 12.0),
        ("count", "4", 4),
        ("flag", "true", True),
        ("flag", "0", False),
        ("file", "a/b", Path("a/b")),
        ("file", "none", None),
        ("file", None, None),
        ("method", "none", "none"),
        ("name", "7", "7"),
        ("untyped", "3", 3.0),
    ],
)
def test_text_becomes_the_declared_type(name, text, value):
    got = SPEC[name].convert(text, owner="x")
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("speed", "fast", "x: speed: got 'fast', expected a number"),
        ("speed", "99", "x: speed: got 99.0, expected 1 .. 25 m/s"),
        ("speed", "nan", "x: speed: got nan, expected 1 .. 25 m/s"),
        ("speed", True, "x: speed: got True, expected a number"),
        ("count", "1.5", "x: count: got '1.5', expected a whole number"),
        ("count", 1.5, "x: count: got 1.5, expected a whole number"),
        ("count", "-1", "x: count: got -1, expected >= 0"),
        ("flag", "maybe", "x: flag: got 'maybe', expected true or false"),
        ("method", "cubic", "x: method: got 'cubic', expected one of linear, none"),
    ],
)
def test_what_does_not_fit_is_refused(name, text, message):
    with pytest.raises(UsageError) as caught:
        SPEC[name].convert(text, owner="x")
    assert caught.value.message == message


def test_ranges_in_words():
    assert SPEC["speed"].range == "1 .. 25"
    assert SPEC["count"].range == ">= 0"
    assert SPEC["method"].range == "linear | none"
    assert SPEC["name"].range == ""
