"""All text plots of a result."""

import pytest

from rollkit.plotting.drawn import drawn
from rollkit.plotting.rows import columns, side_by_side
from rollkit.plotting.terminal import Look, visible
from rollkit.plotting.texts import text_plots

from .results import evaluation, run

pytest.importorskip("plotext", reason="text plots need the extra plot")


@pytest.fixture(scope="module")
def left():
    return drawn(run())


@pytest.fixture(scope="module")
def cases():
    result, predictions, reference = evaluation(samples=3)
    return drawn(result, predictions=predictions, reference=reference)


def panel(text, heading):
    """The rows of the panel below a heading, up to the next empty one."""
    rows = text.splitlines()
    start = next(number for number, row in enumerate(rows) if heading in row)
    stop = next((at for at in range(start, len(rows)) if not rows[at]), len(rows))
    return rows[start:stop]


def test_what_stands_there(left):
    text = text_plots(left, Look())
    assert text.splitlines()[0] == left.title
    assert [row.split()[:4] for row in text.splitlines()[1:4]] == [
        [mark, role, *one.name.split()]
        for mark, role, one in zip("xo+", ("worst", "median", "best"), left.shown, strict=True)
    ]
    for heading in ("path [m], ahead", "speed [m/s] over", "max_abs_accel [m/s^2]"):
        assert heading in text
    assert text.endswith("1 more metric has no histogram here; --metrics picks others")


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_row_is_wider_than_the_terminal(left, cases, width):
    for one in (left, cases):
        for color in (False, True):
            rows = [visible(row) for row in text_plots(one, Look(width, color)).splitlines()]
            assert max(map(len, rows)) <= width
            assert max(map(len, rows)) > 0.8 * min(width, 100)


def test_without_colour_there_is_no_escape_and_letters_tell_lines_apart(left):
    text = text_plots(left, Look())
    assert "\x1b" not in text
    speed = "".join(panel(text, "speed [m/s]")[1:])
    assert {"x", "o", "+"} <= set(speed)
    assert text_plots(left, Look(unicode=False)).isascii()


def test_with_colour_each_line_has_one(left):
    text = text_plots(left, Look(color=True))
    speed = "".join(panel(text, "speed [m/s]")[1:])
    for code in ("\x1b[38;5;1m", "\x1b[38;5;12m"):  # the worst, the best
        assert code in speed
    assert "\x1b[31m━━\x1b[0m" in text


def test_limits_of_gates_are_drawn(left):
    text = text_plots(left, Look())
    heading, *rows = panel(text, "jerk [m/s^3] over")
    assert heading == "jerk [m/s^3] over time [s], ┈┈ limit -3.6 and 3.6"
    assert sum(row.count("┈") > 10 for row in rows) == 2
    below = panel(text, "min_speed")
    assert "gate mean >= -99 (off to" in below[1]
    assert not any("┊" in row[:40] for row in below)
    last = panel(text, "max_abs_lateral_accel")
    assert "gate p95 <= 3" in last[1]
    assert all("┊" in row for row in last[2:-2])


def test_histograms_count(left):
    """The highest bar is as high as the axis says."""
    rows = panel(text_plots(left, Look(40)), "max_abs_accel")
    labels = [float(row.split("┤")[0]) for row in rows if "┤" in row]
    assert max(labels) <= len(left.histograms[0].values)
    assert "mean" in rows[1]


def test_a_case_is_drawn_with_its_samples_and_its_reference(cases):
    text = text_plots(cases, Look())
    assert "  # reference" in text
    one, other, _ = (shown.name for shown in cases.shown)
    rows = panel(text, f"path of {one}, 3 samples [m]")
    assert f"path of {other}, 3 samples [m]" in rows[0]  # side by side
    letters = "".join(rows[1:])
    assert letters.count(".") > 10
    assert letters.count("#") > 10


def test_one_sample_is_marked_where_it_is_meant():
    result, predictions, reference = evaluation(samples=3, rule="all")
    text = text_plots(drawn(result, predictions=predictions, reference=reference), Look())
    assert {"x", ".", "#"} <= set("".join(panel(text, "path of a#2")[1:]))


def test_nothing_to_draw_is_said():
    one = text_plots(drawn(run(seeds=(3, 4), gates=(), horizon=0.1)), Look())
    assert one.splitlines()[0] == "seed 3"
    assert "jerk [m/s^3] over time [s]\n  nothing to draw: fewer than two instants" in one
    assert "max_abs_jerk: undefined" in one
    still = run("straight", gates=(), params={"noise": 0, "speed": 0})
    assert "is the same everywhere" in text_plots(drawn(still), Look())


def test_panels_side_by_side_end_on_one_row():
    first, second = side_by_side([["a", "b"], ["title", "c", "d"], ["e"]], 2, 6)
    assert first == ["        title ", "a       c     ", "b       d     "]
    assert second == ["e     "]
    assert columns(80, 38, 5) == (2, 39)
    assert columns(30, 38, 5) == (1, 30)
    assert columns(500, 38, 2) == (2, 100)
