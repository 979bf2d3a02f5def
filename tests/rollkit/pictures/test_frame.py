"""Where a path is seen from, and the scale of a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import Trajectory
from rollkit.pictures.frame import Span, from_start, to_scale

some = st.floats(-1e6, 1e6)
span = st.tuples(some, some).map(lambda both: Span(min(both), max(both)))


@given(span, span, st.floats(0.1, 10))
def test_a_metre_is_as_long_in_both_directions_and_all_of_it_is_in_view(wide, high, shape):
    x, y = to_scale(wide, high, shape)
    assert (x.high - x.low) / (y.high - y.low) == pytest.approx(shape, rel=1e-6)
    for inner, outer in ((wide, x), (high, y)):
        free = 1e-9 * max(map(abs, outer))
        assert outer.low - free <= inner.low
        assert inner.high <= outer.high + free
    assert y.high - y.low >= 2 * (1 - 1e-6)  # a scale is to be seen of what stands still, too


@given(some, some, st.floats(-10, 10))
def test_a_path_begins_at_the_origin_and_looks_ahead(x, y, yaw):
    one = Trajectory(
        x + np.array([0, 2 * np.cos(yaw)]),
        y + np.array([0, 2 * np.sin(yaw)]),
        np.full(2, yaw),
        np.full(2, 2.0),
        1.0,
    )
    seen = from_start(one, one)
    np.testing.assert_allclose(seen.x, [0, 2], atol=1e-8)
    np.testing.assert_allclose(seen.y, [0, 0], atol=1e-8)
    np.testing.assert_allclose(seen.yaw, 0, atol=1e-12)


def test_what_has_no_first_pose_is_seen_from_the_first_that_is_known():
    hole = np.nan
    one = Trajectory([hole, 3.0, 4.0], [hole, 1.0, 1.0], [hole, 0.0, 0.0], [1.0] * 3, 1.0)
    np.testing.assert_array_equal(from_start(one, one).x, [hole, 0, 1])
