"""Panels of text against curves that are known."""

import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rollkit.pictures.frame import Span, to_scale
from rollkit.plotting.terminal import (
    Bars,
    Curve,
    Look,
    Mark,
    Panel,
    draw_bars,
    draw_curves,
    room,
    visible,
)
from rollkit.plotting.ticks import ticks

pytest.importorskip("plotext", reason="text plots need the extra plot")

X = Mark("x", "red")
PANEL = Panel(48, 22, Span(0.0, 10.0), Span(0.0, 10.0))
EDGE = 8  # columns of labels and the axis


def places(rows, letter="x"):
    """Columns and rows, from the bottom up, of a letter within the axes."""
    inside = rows[:-2]
    return [
        (column - EDGE, len(inside) - 1 - number)
        for number, row in enumerate(inside)
        for column, one in enumerate(row)
        if one == letter and column >= EDGE
    ]


def test_a_straight_line_is_straight():
    x = np.linspace(0, 10, 30)
    found = places(draw_curves(PANEL, [Curve(x, x, X)], Look()))
    columns, rows = room(PANEL.width, PANEL.height)
    assert {column for column, _ in found} == set(range(columns))
    for column, row in found:
        assert row == pytest.approx(column * (rows - 1) / (columns - 1), abs=1.01)


def test_a_circle_is_round():
    """Twice as many columns as rows: characters are twice as high as wide."""
    angle = np.linspace(0, 2 * np.pi, 200)
    columns, rows = room(68, 32)
    wide, high = to_scale(Span(-5, 5), Span(-5, 5), columns / (2 * rows))
    panel = Panel(68, 32, wide, high)
    found = places(draw_curves(panel, [Curve(5 * np.cos(angle), 5 * np.sin(angle), X)], Look()))
    across = [column for column, _ in found]
    up = [row for _, row in found]
    assert (max(across) - min(across) + 1) / 2 == pytest.approx(max(up) - min(up) + 1, abs=1)
    middle = (max(across) + min(across)) / 2, (max(up) + min(up)) / 2
    radii = [np.hypot((column - middle[0]) / 2, row - middle[1]) for column, row in found]
    assert max(radii) - min(radii) < 1.6


def test_holes_are_left_open():
    x, y = np.array([0.0, 3.0, np.nan, 7.0, 10.0]), np.full(5, 5.0)
    found = {column for column, _ in places(draw_curves(PANEL, [Curve(x, y, X)], Look()))}
    columns, _ = room(PANEL.width, PANEL.height)
    assert not [one for one in found if 0.35 * columns < one < 0.65 * columns]
    assert min(found) == 0
    assert max(found) == columns - 1


def test_a_limit_is_a_line_from_left_to_right_at_its_height():
    rows = draw_curves(PANEL, [], Look(), limits=(7.5, 99.0))
    dotted = [number for number, row in enumerate(rows) if row.count("┈") > 30]
    assert dotted == [5]  # of 20 rows, a quarter from the top


def test_the_last_curve_is_on_top():
    line = np.array([0.0, 10.0])
    rows = draw_curves(PANEL, [Curve(line, line, X), Curve(line, line, Mark("o"))], Look())
    assert not places(rows, "x")
    assert places(rows, "o")


def test_bars_are_as_high_as_they_should_be_and_limits_cross_them():
    panel = Panel(48, 12, Span(0.0, 4.0), Span(0.0, 10.0))
    bars = Bars(np.array([10.0, 0.0, 5.0, 0.0]), np.arange(5.0))
    rows = draw_bars(panel, bars, Look(unicode=False), limits=[3.5])
    inside = [row[EDGE:] for row in rows[:-2]]
    heights = ["".join(row[at : at + 1] for row in inside).count("#") for at in (5, 15, 25, 35)]
    assert heights[1] == heights[3] == 0
    assert heights[0] == 10
    assert heights[2] == pytest.approx(5, abs=1)
    assert all("|" in row[30:40] for row in inside)


def test_no_background_is_painted():
    """Whatever the terminal has stays; a limit has the colour of text."""
    x = np.linspace(0, 10, 50)
    rows = draw_curves(PANEL, [Curve(x, np.sin(x) + 5, X)], Look(True, True), limits=[5.0])
    assert any("┈" in row for row in rows)
    assert not any(re.search(r"\x1b\[(4\d|10\d)", row) for row in rows)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("color", [False, True])
def test_rows_are_as_wide_as_was_asked(width, color):
    x = np.linspace(0, 10, 50)
    panel = PANEL._replace(width=width)
    rows = draw_curves(panel, [Curve(x, np.sin(x) + 5, X)], Look(width, color), limits=[5.0])
    assert {len(visible(row)) for row in rows} == {width}
    assert len(rows) == panel.height
    assert any("\x1b" in row for row in rows) == color
    assert any("⠀" < letter <= "⣿" for row in rows for letter in row) == color


def test_ascii_is_ascii():
    x = np.linspace(0, 10, 50)
    for color in (False, True):
        look = Look(80, color, unicode=False)
        rows = draw_curves(PANEL, [Curve(x, x, X)], look, limits=[5.0])
        rows += draw_bars(PANEL, Bars(np.array([3.0, 9.0]), np.array([0.0, 5.0, 10.0])), look)
        assert all(row.isascii() for row in rows)


def test_long_curves_keep_their_peaks():
    x = np.linspace(0, 10, 100_000)
    y = np.full(len(x), 1.0)
    y[61_234] = 9.5
    found = places(draw_curves(PANEL, [Curve(x, y, X)], Look()))
    assert max(row for _, row in found) >= 18


spans = st.sampled_from([(0, 10), (-1e300, 1e300), (5, 5 + 1e-12), (0, 5e-324), (-3, -2)])


@settings(max_examples=30)
@given(hnp.arrays(float, 6), hnp.arrays(float, 6), spans, spans)
@example(np.full(6, np.nan), np.zeros(6), (0, 1), (0, 1))
@example(np.arange(6.0), np.full(6, 1e300), (0, 1), (0, 1))
def test_nothing_breaks_it(x, y, wide, high):
    panel = Panel(48, 22, Span(*wide), Span(*high))
    rows = draw_curves(panel, [Curve(x, y, X)], Look(), limits=[0.0])
    assert {len(row) for row in rows} == {panel.width}


def test_the_figure_of_the_library_is_left_empty():
    import plotext

    draw_curves(PANEL, [Curve(np.arange(3.0), np.arange(3.0), X)], Look())
    assert "x" not in plotext.figure.build().string(True)


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e9), st.integers(2, 12))
def test_ticks_are_round_and_not_too_many(low, span, most):
    high = low + span
    found = ticks(low, high, most)
    assert len(found) <= most
    assert all(low - 1e-6 * span <= one <= high + 1e-6 * span for one in found)
    assert found == sorted(set(found))
