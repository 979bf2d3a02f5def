"""`--plot` and `--save-figure`, as a user types them."""

import io
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("plotext", reason="plots need the extra plot")
pytest.importorskip("matplotlib", reason="figures need the extra plot")


@pytest.fixture
def predictions(tmp_path):
    """Two samples of three straight cases, the second faster."""
    t = 0.1 * np.arange(21)
    x = np.multiply.outer(np.array([[5.0, 6.0], [5.0, 7.0], [5.0, 8.0]]), t)
    about = {"ids": ["a", "b", "c"], "t": t}
    np.savez(tmp_path / "predictions.npz", x=x, y=0 * x, yaw=0 * x, **about)
    np.savez(tmp_path / "reference.npz", x=x[:, 0], y=0 * x[:, 0], yaw=0 * x[:, 0], **about)


def test_plots_stand_between_the_table_and_the_gates(cli):
    ran = cli("run", "--seeds", 20, "--plot", "--gate", "max_abs_jerk <= 3")
    assert ran.code == 1
    table, plots, gates = (
        ran.out.index(one) for one in ("\nmax_abs_jerk ", "max_abs_jerk: worst", "\ngate ")
    )
    assert table < plots < gates
    assert "\x1b" not in ran.out
    assert max(map(len, ran.out.split("\n\n", 1)[1].split("\ngate ")[0].splitlines())) <= 80
    assert "jerk [m/s^3] over time [s], ┈┈ limit -3 and 3" in ran.out


def test_the_table_has_a_column_of_small_histograms(cli):
    rows = cli("run", "--seeds", 20, "--plot", "--horizon", 0.1).out.splitlines()
    head = rows[1].split()
    assert head[-2:] == ["values", "status"]
    place = rows[1].index("values")
    final = next(row for row in rows if row.startswith("final_speed"))
    assert set(final[place : place + 10].strip()) <= set("▁▂▃▄▅▆▇█ ")
    jerk = next(row for row in rows if row.startswith("max_abs_jerk"))
    assert not jerk[place : place + 10].strip()  # undefined
    assert "values" not in cli("run", "--seeds", 20).out


def test_a_figure_is_written_and_is_the_same_again(cli):
    ran = cli("run", "--seeds", 3, "--metrics", "max_abs_jerk", "--save-figure", "a.svg")
    assert (ran.code, ran.err) == (0, "wrote a.svg, metrics.json\n")
    assert "path [m]" not in ran.out
    first = (ran.folder / "a.svg").read_bytes()
    again = cli("run", "--from", "metrics.json", "--save-figure", "a.svg", "--json")
    assert again.code == 0
    assert again.out.startswith("{")
    assert (ran.folder / "a.svg").read_bytes() == first


def test_an_evaluation(cli, predictions):
    ran = cli(
        *("eval", "predictions.npz", "--reference", "reference.npz", "--metrics", "ade,fde"),
        *("--plot", "--save-figure", "cases.pdf"),
    )
    assert ran.code == 0
    assert ran.err.endswith("wrote cases.pdf, metrics.json\n")
    assert "ade: worst, median and best of 3 cases\n  x  worst   c  1.575 m\n" in ran.out
    assert "path of c, 2 samples [m]" in ran.out
    assert "# reference" in ran.out


def test_a_sweep_draws_the_rollouts_of_all_its_cells(cli):
    ran = cli("run", "--scenario", "left,right", "--seeds", 3, "--plot")
    assert ran.code == 0
    assert "of 6 rollouts" in ran.out
    assert "(left)" in ran.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--plot", "--json"), "--plot and --json exclude each other"),
        (("--save-figure", "a.jpg"), "got suffix '.jpg', expected .svg, .png, .pdf"),
        (("--save-figure", "none/a.svg"), "does not exist"),
        (("--save-figure", "theirs.svg"), "is no picture of rollkit's"),
        (("--save-figure", "a.svg", "-o", "a.svg"), "cannot all go to a.svg"),
        (("--plot", "--seeds", 1_000_001), "got 1,000,001 rollouts, expected at most 1,000,000"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_any_work(cli, tmp_path, options, message):
    (tmp_path / "theirs.svg").write_text("<svg/>")
    ran = cli("run", *options)
    assert ran.code == 2
    assert message in ran.err
    assert not ran.out
    assert ran.wrote == ["theirs.svg"]


def test_force_replaces_a_foreign_file(cli, tmp_path):
    (tmp_path / "theirs.svg").write_text("<svg/>")
    options = ("--metrics", "max_abs_jerk", "--save-figure", "theirs.svg", "--force")
    assert cli("run", *options).code == 0


@pytest.mark.parametrize("option", [("--plot",), ("--save-figure", "a.svg")])
def test_without_the_libraries_it_says_what_to_install(cli, monkeypatch, option):
    monkeypatch.setattr("rollkit.cli.plots.find_spec", lambda name: None)
    monkeypatch.setattr("rollkit.pictures.saving.find_spec", lambda name: None)
    ran = cli("run", *option)
    assert ran.code == 2
    assert "pip install 'rollkit[plot]'" in ran.err
    assert not ran.wrote


def test_a_source_that_fails_leaves_nothing_to_draw(cli, tmp_path):
    (tmp_path / "broken.py").write_text(
        "from rollkit import action_source, hookimpl\n"
        "@action_source()\n"
        "def broken(draws, *, horizon, dt):\n"
        "    '''None.'''\n"
        "    raise ValueError('no')\n"
        "@hookimpl\n"
        "def rollkit_action_sources():\n"
        "    return [broken]\n"
    )
    options = ("--plugins", "./broken.py", "--scenario", "broken")
    ran = cli("run", *options, "--plot", "--save-figure", "a.svg")
    assert ran.code == 1
    assert "note: nothing to draw: nothing was rolled out" in ran.err
    assert ran.err.endswith("wrote metrics.json\n")
    assert ran.wrote == ["broken.py", "metrics.json"]


def test_stdout_without_unicode_gets_ascii(cli, monkeypatch):
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", stdout)
    cli("run", "--seeds", 5, "--plot", "--metrics", "max_abs_jerk")
    text = stdout.buffer.getvalue().decode("ascii")
    assert "+--" in text
    assert "###" in text


def test_nothing_heavy_is_imported_without_plots(tmp_path):
    code = (
        "import sys; from rollkit.cli import main; main(['run', '-o', 'a.json']);"
        "print([one for one in ('matplotlib', 'plotext', 'sparklines') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.endswith("[]\n"), done.stderr
