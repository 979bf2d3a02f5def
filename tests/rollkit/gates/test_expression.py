"""The language of gates: what is said is what is read, and a mistake is pointed at."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit.errors import UsageError
from rollkit.gates.expression import COMPARISONS, STATISTICS, Expression, as_horizon, parse

expressions = st.builds(
    Expression,
    metric=st.from_regex(r"[^\W\d]\w*", fullmatch=True),
    comparison=st.sampled_from(list(COMPARISONS)),
    limit=st.floats(allow_nan=False, allow_infinity=False),
    statistic=st.sampled_from([None, *STATISTICS]),
    at=st.none() | st.floats(1e-300, 1e300).map(as_horizon),
)


@given(expressions)
def test_what_is_written_is_read(expression):
    assert parse(str(expression)) == expression


@given(expressions, st.lists(st.sampled_from([" ", "\t", "\n", "\u00a0"]), min_size=1))
def test_space_means_nothing(expression, spaces):
    parts = re.findall(r"[-+.\w]+|<=|>=|==|\S", str(expression))
    # No space within a number, and the s of a horizon may stand apart.
    assert parse("".join(spaces).join(["", *parts, ""])) == expression


@given(st.text(max_size=80) | st.text("p95(max_abs_jerk)@3s<=>.-+e ", max_size=40))
def test_any_text_is_an_expression_or_refused(text):
    said, error = None, None
    try:
        said = parse(text)
    except UsageError as raised:
        error = raised
    if error is None:
        assert parse(str(said)) == said
        return
    assert "\n" not in error.message
    shown, caret = error.hint.split("\n")
    assert caret.strip() == "^"
    assert len(caret) <= len(shown) + 1
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max_abs_jerk <= 4.13", Expression("max_abs_jerk", "<=", 4.13)),
        ("p95(max_abs_jerk)<=4", Expression("max_abs_jerk", "<=", 4.0, "p95")),
        ("mean( min_ade ) < 1.2", Expression("min_ade", "<", 1.2, "mean")),
        ("rate(missed) <= .05", Expression("missed", "<=", 0.05, "rate")),
        ("min_ade@3s>=-1e-3", Expression("min_ade", ">=", -0.001, None, 3.0)),
        ("max(ade@0.5 s) == +2", Expression("ade", "==", 2.0, "max", 0.5)),
        ("rate > 0", Expression("rate", ">", 0.0)),  # a metric of that name
        ("größe < 1", Expression("größe", "<", 1.0)),
    ],
)
def test_by_hand(text, said):
    assert parse(text) == said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "got the end at character 1, expected a metric, or a statistic of one"),
        ("max_abs_jerk", "got the end at character 13, expected one of <, <=, >, >=, =="),
        ("jerk <=", "got the end at character 8, expected a number"),
        ("jerk = 4", "got '=' at character 6, expected one of <,"),
        ("jerk != 4", "got '!' at character 6, expected one of"),
        ("jerk =< 4", "got '=' at character 6, expected one of"),
        ("4 >= jerk", "got '4' at character 1, expected a metric"),
        ("0 < jerk < 4", "got '0' at character 1"),
        ("jerk < 4 < 5", "got '<' at character 10, expected the end: each gate is one comparison"),
        ("jerk < 4 and speed > 1", "got 'and' at character 10, expected the end"),
        ("jerk < four", "got 'four' at character 8, expected a number"),
        ("jerk < nan", "got 'nan' at character 8, expected a number"),
        ("jerk < 1e999", "got '1e999' at character 8, expected a number that is finite"),
        ("jerk < 95%", "got '%' at character 10, expected the end"),
        ("p90(jerk) < 4", "got 'p90' at character 1, expected a statistic: min, max, mean, std,"),
        ("p95(jerk <= 4", "got '<=' at character 10, expected ')'"),
        ("p95() <= 4", "got ')' at character 5, expected a metric"),
        ("p95(max(jerk)) <= 4", "got '(' at character 8, expected ')'"),
        ("ade@ < 4", "got '<' at character 6, expected a horizon in seconds, as in @3s"),
        ("ade@3 < 4", "got '<' at character 7, expected 's', as in @3s"),
        ("ade@3sec < 4", "got 'sec' at character 6, expected 's'"),
        ("ade@0s < 4", "got '0' at character 5, expected a positive number of seconds"),
        ("ade@-3s < 4", "got '-3' at character 5, expected a positive number of seconds"),
        ("jerk < 4 # all", "got '#' at character 10, expected the end"),
        ("jerk < ４", "got '４' at character 8, expected a number"),
        ("jerk\x00 < 4", "got '\\x00' at character 5"),
        ("a.b < 4", "got '.' at character 2"),
        ("__import__('os').system('true')", "got '__import__' at character 1, expected a stat"),
        ("jerk < __import__('os').getpid()", "got '__import__' at character 8"),
        ("lambda: 0", "got ':' at character 7"),
        ("(" * 900, "got '(' at character 1"),
        ("a" * 2000, "got 2000 characters, expected at most 1000"),
        (4.13, "got float, expected text"),
        (None, "got NoneType, expected text"),
    ],
)
def test_mistakes_are_pointed_at(text, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        parse(text)


def test_the_caret_stands_below_the_mistake():
    text = "p95(" + "x" * 80 + " <= 4"
    with pytest.raises(UsageError) as caught:
        parse(text)
    shown, caret = caught.value.hint.split("\n")
    assert shown[len(caret) - 1 :] == "<= 4"
    assert len(shown) < 70


def test_long_text_is_refused_like_any_other():
    for text in ("a" * 1000, "1" * 1000, "-" * 1000, " " * 1000, "e" * 999 + "(", "1e" * 500):
        with pytest.raises(UsageError):
            parse(text)


@given(st.sampled_from(list(COMPARISONS)), st.floats(-9, 9), st.floats(-9, 9))
def test_the_margin_is_negative_exactly_beyond_the_limit(comparison, limit, value):
    said = Expression("x", comparison, limit)
    truth = {"<": value < limit, ">": value > limit, "==": value == limit}
    truth |= {"<=": truth["<"] or truth["=="], ">=": truth[">"] or truth["=="]}
    assert said.holds(value) == truth[comparison]
    strict = comparison in ("<", ">")
    assert said.holds(value) == (said.margin(value) > 0 if strict else said.margin(value) >= 0)


def test_nan_never_holds():
    assert not any(Expression("x", one, 0.0).holds(math.nan) for one in COMPARISONS)
