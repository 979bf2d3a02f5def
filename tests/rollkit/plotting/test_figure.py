"""The figure of a result, as what it is drawn from."""

import sys

import numpy as np
import pytest

from rollkit.errors import UsageError
from rollkit.plotting import figure, save_figure

from .results import evaluation, run

pytest.importorskip("matplotlib", reason="figures need the extra plot")


@pytest.fixture(scope="module")
def result():
    return run()


@pytest.fixture(scope="module")
def left(result):
    return figure(result)


def axes(figure, title):
    """The panel with that heading."""
    return next(one for one in figure.axes if one.get_title("left").startswith(title))


def lines(panel):
    return [one for one in panel.lines if len(one.get_xdata()) > 2]


def limits(panel):
    """Where the dashed lines are, across or upright."""
    found = []
    for one in panel.lines:
        if one.is_dashed() and len(one.get_xdata()) == 2 and one.get_linewidth() == 1.0:
            ends = (one.get_xdata(), one.get_ydata())
            found += [ends[0][0] if tuple(ends[1]) == (0, 1) else ends[1][0]]
    return sorted(found)


def test_panels(left):
    headings = [one.get_title("left") for one in left.axes]
    assert headings == [
        "Path [m], ahead and to the left of its start",
        "Speed [m/s]",
        "Accel [m/s²]",
        "Curvature [1/m]",
        "Jerk [m/s³]",
        "Lateral accel [m/s²]",
        "max_abs_accel",
        "max_abs_curvature",
        "min_speed",
        "max_abs_jerk",
        "max_abs_curvature_rate",
        "max_abs_lateral_accel",
    ]
    assert left.get_suptitle() == "max_abs_jerk: worst, median and best of 20 rollouts"
    words = [one.get_text() for one in left.axes[0].get_legend().get_texts()]
    assert [one.split(",")[0] for one in words] == [
        *("worst", "median", "best"),
        "limit of a gate",
        "mean",
    ]


def test_lines_are_the_rollouts_and_differ_in_more_than_colour(left, result):
    jerk = lines(axes(left, "Jerk"))
    assert len(jerk) == 3
    worst = jerk[-1]  # on top
    assert np.abs(worst.get_ydata()).max() == pytest.approx(result.metrics["max_abs_jerk"].max)
    assert len({one.get_color() for one in jerk}) == 3
    assert len({(str(one.get_linestyle()), one.get_linewidth()) for one in jerk}) == 3


def test_the_path_is_to_scale_and_has_arrows(left):
    path = left.axes[0]
    left.draw_without_rendering()
    box = path.get_window_extent()
    metres = np.diff(path.get_xlim()) / box.width, np.diff(path.get_ylim()) / box.height
    assert metres[0] == pytest.approx(metres[1], rel=1e-6)
    assert len(path.collections) == 3  # arrows along each
    assert all(0 < len(one.get_offsets()) <= 6 for one in path.collections)


def test_limits_are_drawn_where_they_belong(left):
    assert limits(axes(left, "Jerk")) == [-3.6, 3.6]
    assert limits(axes(left, "Accel")) == []
    assert limits(axes(left, "max_abs_jerk")) == [3.6]
    assert limits(axes(left, "max_abs_lateral_accel")) == [3.0]
    far = axes(left, "min_speed")
    assert limits(far) == []
    assert far.get_xlabel() == "m/s\ngate mean >= -99 (off to the left)"


def test_histograms_hold_every_value_and_the_mean(left, result):
    panel = axes(left, "max_abs_jerk")
    (bars,) = panel.patches
    assert bars.get_data().values.sum() == len(result.values)
    means = [one.get_xdata()[0] for one in panel.lines if tuple(one.get_ydata()) == (0, 1)]
    assert result.metrics["max_abs_jerk"].mean in [pytest.approx(one) for one in means]


def test_samples_are_faint_and_the_reference_is_dotted():
    result, predictions, reference = evaluation(samples=3)
    with pytest.raises(UsageError, match="give the predictions and the reference again"):
        figure(result)
    drawn = figure(result, predictions=predictions, reference=reference)
    worst = drawn.axes[0]
    assert worst.get_title("left") == "Path [m], worst, a"
    *samples, truth = lines(worst)
    assert len(samples) == 3
    assert all(one.get_alpha() < 0.6 for one in samples)
    # The first sample goes as the reference does, 1 m beside it.
    np.testing.assert_allclose(truth.get_ydata() - samples[0].get_ydata(), 1.0, atol=1e-9)
    (legend,) = filter(None, (one.get_legend() for one in drawn.axes))
    words = [one.get_text() for one in legend.get_texts()]
    assert words[0] == "worst, 3 samples"
    assert "reference" in words


def test_one_rollout_of_one_step_has_a_figure_too():
    drawn = figure(run(seeds=(3, 4), gates=(), horizon=0.1))
    assert drawn.get_suptitle() == "seed 3"
    assert [one.get_text() for one in axes(drawn, "Jerk").texts] == ["undefined"]
    assert [one.get_marker() for one in axes(drawn, "Accel").lines] == ["."]


def test_a_file_has_the_same_bytes_for_the_same_run(tmp_path, result, left):
    first = save_figure(result, tmp_path / "a.svg").read_bytes()
    assert first == save_figure(run(), tmp_path / "a.svg").read_bytes()
    assert b"rollkit figure" in first
    assert str(tmp_path).encode() not in first


def test_no_display_is_needed_and_pyplot_is_not_loaded(left):
    assert "matplotlib.pyplot" not in sys.modules
