"""How large a difference may be: every form a caller may give it in."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import UsageError
from rollkit.comparing.tolerances import Size, sizes


@pytest.mark.parametrize(
    ("given", "jerk", "others"),
    [
        (None, None, None),
        (0.1, Size(0.1), Size(0.1)),
        (2, Size(2.0), Size(2.0)),
        ("0.1", Size(0.1), Size(0.1)),
        (" 5 % ", Size(0.05, True), Size(0.05, True)),
        ("0", Size(0.0), Size(0.0)),
        ("jerk=5%", Size(0.05, True), None),
        ("2%, jerk = 0.5", Size(0.5), Size(0.02, True)),
        ("other=1,jerk=2", Size(2.0), None),
        ({"jerk": "5%", "other": 1}, Size(0.05, True), None),
        ("jerk@3s=1e-3", None, None),
    ],
)
def test_every_form_is_read(given, jerk, others):
    found = sizes("tolerance", given)
    assert found.of("jerk") == jerk
    assert found.of("something") == others


def test_a_horizon_is_part_of_a_name():
    assert sizes("tolerance", "ade@3s=1e-3").of("ade@3s") == Size(1e-3)


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ("", "got ''"),
        ("much", "got 'much'"),
        ("5%%", "got '5%%'"),
        (-1, "got -1"),
        ("-5%", "got '-5%'"),
        ("nan", "got 'nan'"),
        (math.inf, "got inf"),
        (True, "got True"),
        ("1,2", "two for all metrics"),
        ("jerk=1,jerk=2", "'jerk' twice"),
        ("=1", "got '=1'"),
        ("jerk=", "jerk: got ''"),
        ({"jerk": "x"}, "jerk: got 'x'"),
        ([1], "got [1]"),
    ],
)
def test_what_is_no_size_is_refused(given, got):
    with pytest.raises(UsageError) as caught:
        sizes("tolerance", given)
    assert caught.value.message.startswith("tolerance")
    assert got in caught.value.message
    assert "\n" not in caught.value.message


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(UsageError, match="unknown metric 'max_jerk' of it; nearest: max_abs_jerk"):
        sizes("tolerance", "max_jerk=1").check("it", ["max_abs_jerk"])


@given(st.floats(0, 100), st.floats(-1e6, 1e6))
def test_a_share_is_of_the_magnitude_of_the_mean(share, mean):
    assert Size(share, True).of(mean) == share * abs(mean)
    assert Size(share).of(mean) == share
    assert Size(share, True).of(None) == 0
