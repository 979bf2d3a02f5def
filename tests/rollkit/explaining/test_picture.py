"""The picture, as the figure that it is drawn from, and as a file."""

import re
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import rollkit
from rollkit.errors import UsageError
from rollkit.pictures import saving

from .drives import driven
from .mine import doubled, narrow, plain, referring, varying

pytest.importorskip("matplotlib", reason="pictures need the extra plot")

ACCELS = [[0, 1.6, 0, 0]]


def explained(*presets, accels=ACCELS, **others):
    return rollkit.explain(driven(accels, **others), presets=list(presets))


def panels(told):
    """The axes of the checks, without the path and the legend."""
    return told.figure().axes[2:]


def signals(axes):
    return [one for one in axes.lines if len(one.get_xdata()) > 2]


def limits(axes):
    levels = [one for one in axes.lines if tuple(one.get_xdata()) == (0, 1)]
    return sorted(one.get_ydata()[0] for one in levels)


def marks(axes):
    return [one for one in axes.lines if len(one.get_xdata()) == 1]


def words(axes):
    """The verdicts above a panel, from left to right."""
    from matplotlib.text import Text

    return [one.get_text() for one in axes.artists[0].findobj(Text)] if axes.artists else []


def test_a_panel_for_each_check_with_every_preset_in_it():
    accel, speed = panels(explained(plain, doubled))
    assert [accel.get_title("left"), speed.get_title("left")] == [
        "Acceleration [m/s²]",
        "Speed [m/s]",
    ]
    one, other = signals(accel)
    np.testing.assert_allclose(one.get_xdata(), [0.25, 0.75, 1.25, 1.75])
    np.testing.assert_allclose(other.get_ydata(), [0, 3.2, 0, 0], atol=1e-12)
    assert one.get_color() != other.get_color()
    assert one.get_linestyle() != other.get_linestyle()
    assert limits(accel) == [-3, 3]
    assert limits(speed) == [30]
    assert words(accel) == ["ok", "FAIL"]


def test_the_worst_instant_is_marked_filled_where_it_fails():
    passing, failing = marks(panels(explained(plain, doubled))[0])
    assert (passing.get_xdata()[0], passing.get_ydata()[0]) == pytest.approx((0.75, 1.6))
    assert (failing.get_xdata()[0], failing.get_ydata()[0]) == pytest.approx((0.75, 3.2))
    assert passing.get_markerfacecolor() == "white"
    assert failing.get_markerfacecolor() == failing.get_color()
    assert passing.get_marker() != failing.get_marker()


def test_what_is_beyond_a_limit_is_shaded():
    accel, speed = panels(explained(doubled))
    shaded = [one for one in accel.collections for path in one.get_paths() if len(path.vertices)]
    assert len(shaded) == 1
    corners = shaded[0].get_paths()[0].vertices
    assert (corners[:, 1].min(), corners[:, 1].max()) == pytest.approx((3.0, 3.2))
    assert not any(len(path.vertices) for one in speed.collections for path in one.get_paths())


def test_limits_are_grey_where_they_are_everybodys():
    shared = panels(explained(plain, doubled))[0]
    assert len({one.get_color() for one in shared.lines if tuple(one.get_xdata()) == (0, 1)}) == 1
    apart = panels(explained(plain, narrow))[0]
    colors = {
        one.get_ydata()[0]: one.get_color()
        for one in apart.lines
        if tuple(one.get_xdata()) == (0, 1)
    }
    lines = [one.get_color() for one in signals(apart)]
    assert colors == {-3: lines[0], 3: lines[0], 1: lines[1]}


def test_limits_that_vary_and_numbers_of_all_instants():
    together, mean = panels(explained(varying, accels=[[0, 3, 3, 0]]))
    signal, least, most = signals(together)  # the two checks of one signal share a panel
    np.testing.assert_allclose(most.get_ydata(), [4, 3, 2, 1])
    np.testing.assert_allclose(least.get_ydata(), [-4, -3, -2, -1])
    np.testing.assert_allclose(signal.get_ydata(), [0, 3, 3, 0], atol=1e-12)
    level = next(one for one in together.lines if len(one.get_xdata()) == 2)
    assert words(together) == ["accel FAIL", "accel_rms FAIL"]
    assert set(level.get_ydata()) <= {1.5, np.sqrt(4.5)} or level.get_ydata()[0] > 0
    assert limits(together) == [1.5]
    assert words(mean) == []


def test_a_preset_without_signals_is_named_and_leaves_its_panel_empty():
    told = explained(plain, referring)
    figure = told.figure()
    names = [one.get_text() for one in figure.axes[1].get_legend().get_texts()]
    assert names[:2] == ["plain", "referring (undefined)"]
    (alone,) = panels(explained(referring))
    assert alone.texts[0].get_text() == "undefined: the rollouts have no reference"
    assert not alone.lines


@pytest.mark.parametrize("count", [1, 3, 4, 6, 8])
def test_panels_share_their_time_and_only_the_lowest_name_it(count):
    from rollkit import Check, preset

    checks = tuple(Check(name=f"v{i}", unit="m/s", high=1.0 * i) for i in range(count))

    @preset(project="ours", checks=checks)
    def many(rollout):
        """Speeds."""
        return {one.name: rollout.speed for one in checks}

    told = explained(many)
    some = panels(told)
    assert len(some) == count
    columns = 1 if count <= 3 else 2
    named = [one.get_xlabel() for one in some]
    assert named == [""] * (count - columns) + ["time [s]"] * columns
    assert len({one.get_xlim() for one in some}) == 1


def test_the_path_is_seen_from_its_start_and_all_of_it_is_in_view():
    angle = np.linspace(0, 2, 9)
    x, y = 5 + 20 * np.sin(angle), 7 - 20 * np.cos(angle)
    turn = np.deg2rad(30)
    poses = driven([[0] * 8], dt=0.5)
    poses = rollkit.Poses(
        ids=("a",),
        x=[[np.cos(turn) * x - np.sin(turn) * y]],
        y=[[np.sin(turn) * x + np.cos(turn) * y]],
        yaw=[[angle + turn]],
        dt=0.5,
        frame="plane",
        origin="made",
    )
    figure = rollkit.explain(poses, presets=[plain]).figure()
    figure.draw_without_rendering()
    path = figure.axes[0]
    line = path.lines[0]
    np.testing.assert_allclose(line.get_xdata(), 20 * np.sin(angle), atol=1e-9)
    np.testing.assert_allclose(line.get_ydata(), 20 - 20 * np.cos(angle), atol=1e-9)
    for data, (low, high) in (
        (line.get_xdata(), path.get_xlim()),
        (line.get_ydata(), path.get_ylim()),
    ):
        assert low < data.min()
        assert data.max() < high
    box = path.get_window_extent()
    metres = np.diff(path.get_xlim()) / box.width, np.diff(path.get_ylim()) / box.height
    assert metres[0] == pytest.approx(metres[1], rel=1e-6)


def test_what_stands_still_has_a_scale_too():
    figure = rollkit.explain(driven([[0, 0, 0]], speed=0.0), presets=[plain]).figure()
    figure.draw_without_rendering()
    low, high = figure.axes[0].get_ylim()
    assert high - low >= 1.9


def test_words_above_the_panels_do_not_overlap():
    """Verdicts of six presets, a long title, a case that is called something strange."""
    from rollkit import Check, preset

    long = Check(name="accel", unit="m/s^2", high=1.0, meaning="the acceleration " * 6)

    @preset(project="ours", checks=(long,))
    def wordy(rollout):
        """Long."""
        return {"accel": rollout.speed[..., 1:]}

    told = explained(
        wordy, plain, doubled, narrow, varying, referring, ids=("clip $1_{2^$ 七 " * 12,)
    )
    figure = told.figure()
    saving.drawn(told.figure, ".svg", "explain")
    right = figure.bbox.x1
    assert figure.get_suptitle().count("\n") >= 1
    for axes in figure.axes[2:]:
        if axes.artists:
            title = axes._left_title.get_window_extent()
            verdicts = axes.artists[0].get_window_extent()
            assert title.x1 < verdicts.x0
            assert verdicts.x1 < right
    for one in figure.axes:
        assert one.get_tightbbox().x0 >= 0
        assert one.get_tightbbox().x1 <= right


def test_the_file_is_the_same_every_time_and_holds_no_date_and_no_place(tmp_path):
    told = explained(plain, doubled)
    path = told.save(tmp_path / "one.svg")
    content = path.read_bytes()
    assert content == saving.drawn(told.figure, ".svg", "explain")
    assert str(tmp_path).encode() not in content
    assert not re.search(rb"20\d\d-\d\d-\d\d", content)
    assert ElementTree.fromstring(content).tag.endswith("svg")


def test_the_users_settings_change_nothing():
    import matplotlib as mpl

    told = explained(plain)
    before = saving.drawn(told.figure, ".svg", "explain")
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30.0, "svg.fonttype": "none"}):
        assert saving.drawn(told.figure, ".svg", "explain") == before
        assert mpl.rcParams["font.size"] == 30


def test_other_suffixes_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"got suffix '\.jpg', expected \.svg, \.png, \.pdf"):
        explained(plain).save(tmp_path / "a.jpg")


def test_no_display_is_needed_and_pyplot_is_not_loaded():
    explained(plain).figure()
    assert "matplotlib.pyplot" not in sys.modules
