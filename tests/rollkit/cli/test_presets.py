"""Presets on the command line: the list, what one says of itself, verdicts side by side."""

import json
import shlex

import numpy as np
import pytest

from rollkit.cli import output, preset_tables, summaries, tables

STEPS = 30
SPEED = np.array([8.0, 9.0, 11.0, 12.0])  # of four cases, m/s
SIDE = np.array([0.0, 1.5, -3.0, 0.0])  # how far aside they drive, m


@pytest.fixture
def cases(tmp_path):
    """Four cases, straight ahead; the reference is in the middle of the lane."""
    seconds = 0.1 * np.arange(1, STEPS + 1)
    x, y = SPEED[:, None] * seconds, SIDE[:, None] + 0 * seconds
    write(tmp_path / "cases.npz", x, y, "abcd")
    write(tmp_path / "one.npz", x[2:3], y[2:3], "c")
    write(tmp_path / "samples.npz", np.stack([x, x + seconds], axis=1), np.stack([y, y], 1), "abcd")
    return tmp_path


def write(path, x, y, ids):
    first = x[:, 0] if x.ndim == 3 else x
    np.savez(
        path, x=x, y=y, yaw=0 * x, ref_x=first, ref_y=0 * first, ref_yaw=0 * first, dt=0.1,
        ids=np.array(list(ids)),
        history_x=first[:, :1] * np.arange(-9, 1),
        history_y=np.zeros((len(first), 10)),
    )  # fmt: skip


@pytest.fixture
def terminal(monkeypatch):
    """What a terminal of 80 columns gets."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    for module in (output, preset_tables, summaries, tables):
        monkeypatch.setattr(module, "on_terminal", lambda: True)


def lines(text):
    """The lines of a table as lists of words."""
    return [line.split() for line in text.splitlines()]


def row(text, label):
    """What stands after this label, single spaces between."""
    line = next(line for line in text.splitlines() if line.startswith(label))
    return " ".join(line[len(label) :].split())


# The list.


def test_the_list_has_every_builtin_and_those_of_plugins(cli, fleets):
    from rollkit.plugins import PRESETS, Plugins

    builtin = Plugins()
    builtin.load([PRESETS])
    ran = cli("presets", "--plugins", "./fleets.py", "--json")
    listed = json.loads(ran.out)
    assert ran.code == 0, ran.err
    assert [one["name"] for one in listed] == ["ours", "theirs", *builtin.presets]
    assert listed[0] == {
        "name": "ours",
        "plugin": "fleets",
        "project": "our/fleet",
        "commit": "abc1234",
        "file": "limits.py",
        "definition": "Slower than 10 m/s, and no more than 2 m aside. More is uncomfortable.",
        "checks": ["speed", "side", "side_rms"],
        "corrects": None,
    }
    head, ours, theirs, *_ = cli("presets", "--plugins", "./fleets.py").out.splitlines()
    assert head.split() == ["preset", "project", "checks", "what", "it", "judges"]
    assert ours.split(maxsplit=4) == [
        "ours", "our/fleet", "@abc1234", "3", "Slower than 10 m/s, and no more than 2 m aside",
    ]  # fmt: skip
    assert "corrects ours: Slower than 11.5 m/s" in theirs


def test_a_plugin_that_fails_is_reported_and_the_rest_listed(cli, fleets, tmp_path):
    (tmp_path / "broken.py").write_text("import nothing_of_the_kind\n")
    ran = cli("presets", "--plugins", "./broken.py,./fleets.py")
    assert ran.code == 1
    assert ran.err.startswith("failed: plugin broken: load failed at broken.py:1")
    assert "our/fleet" in ran.out


# One of them.


def test_show_says_what_a_reader_of_the_number_must_know(cli, fleets):
    ran = cli("presets", "show", "ours", "--plugins", "./fleets.py")
    assert ran.code == 0, ran.err
    text = ran.out
    assert text.startswith("preset ours: our/fleet @abc1234 limits.py\n\nSlower than 10 m/s")
    for line in (
        "The formula: |y| <= 2.",
        "corrected by: theirs",
        "of K samples: first: the first sample of a case",
        "score: mean of scores: every case is judged, the mean over the cases is the share",
        "metrics: 11: ours, ours_speed, ours_speed_margin ...",
        "note: The lane is straight.",
        "quirk: aside of the start",
        "  It is aside of where the car starts; it should be aside of its lane.",
        "  changes: y",
        "  breaks: se2",
    ):
        assert f"\n{line}" in text, line
    assert ["speed", "m/s", "(-inf,", "10)", "every", "instant", "speed"] in lines(text)
    assert row(text, "side_rms").startswith("m none root of the mean square over time how")
    assert row(text, "ours_end") == "m Distance to the reference at the end."
    assert "\x1b" not in text


def test_show_of_a_corrected_one_names_the_faithful_one_and_where_limits_come_from(cli, fleets):
    text = cli("presets", "--plugins", "./fleets.py", "show", "theirs").out
    assert "corrects: ours\nneeds: at least 3 steps\nof K samples: as --samples says\n" in text
    assert row(text, "speed").endswith(" a paper")


def test_show_as_json_has_all_of_it(cli, fleets):
    shown = json.loads(cli("presets", "show", "Ours", "--plugins", "fleets.py", "--json").out)
    assert shown["documentation"].endswith("The formula: |y| <= 2.")
    assert shown["corrected_by"] == ["theirs"]
    assert shown["quirks"][0]["breaks"] == ["se2"]
    assert shown["own_metrics"][0]["needs"] == ["reference"]
    assert shown["checks"][1]["limits"] == "[-2, 2]"
    assert json.loads(cli("presets", "--json", "--plugins", "fleets.py", "show", "ours").out) == (
        shown
    )


def test_every_builtin_can_be_explained(cli):
    names = [one["name"] for one in json.loads(cli("presets", "--json").out)]
    for name in names:
        ran = cli("presets", "show", name)
        assert ran.code == 0, ran.err
        assert ran.out.startswith(f"preset {name}: "), name


def test_an_unknown_preset_has_its_nearest_named(cli, fleets):
    ran = cli("presets", "show", "theis", "--plugins", "./fleets.py")
    assert ran.code == 2
    assert "unknown preset 'theis'; nearest: theirs" in ran.err
    assert cli("run", "--preset", "theis", "--plugins", "./fleets.py").code == 2


# Side by side.


def test_options_are_called_as_they_are_spelt(cli, cases):
    for option in ("--preset", "--baseline"):
        assert f"error: {option}: got ','" in cli("eval", "cases.npz", option, ",").err


def test_metrics_of_presets_do_not_bury_the_others(cli, cases):
    hint = cli("eval", "cases.npz", "--metrics", "max_abs_jrk").err.splitlines()[1]
    assert "max_abs_jerk, " in hint
    assert "nuplan" not in hint
    assert hint.endswith("; `rollkit presets show NAME` has those of a preset")


def test_verdicts_of_many_cases_are_shares_side_by_side(cli, cases, fleets):
    ran = cli("eval", "cases.npz", "--plugins", "./fleets.py")
    assert ran.code == 0, ran.err
    assert ran.out == (
        "cases.npz, 4 cases, 30 steps of 0.1 s\n"
        "presets: share of 4 cases that pass, or mean value\n"
        "check       unit  judged by        ours  theirs\n"
        "all checks        mean of scores   0.50    0.25\n"
        "all checks        score of means   FAIL    FAIL\n"
        "speed       m/s   < 10             0.50\n"
        "speed       m/s   < 11.5                   0.75\n"
        "side        m     [-2, 2]          0.75    0.75\n"
        "side_rms    m                     1.125\n"
        "side_rms    m     rms < 1                  0.50\n"
        "end         m                     1.125    2.25\n"
        "judged differently: all checks, speed\n"
        "theirs: its project reports the score of means\n"
    )
    assert ran.err == (
        "note: presets judge differently; rollkit explain metrics.json --preset ours,theirs "
        "shows why\n"
        "wrote metrics.json\n"
    )


def test_the_note_of_verdicts_that_differ_can_be_followed(cli, cases, fleets):
    err = cli("eval", "cases.npz", "--plugins", "./fleets.py", "-o", "my run.json").err
    call = err[err.index("rollkit explain") : err.index(" shows why")]
    ran = cli(*shlex.split(call)[1:])
    assert ran.code == 0, ran.err
    assert "speed: ours" in ran.out


def test_other_metrics_keep_their_own_table(cli, cases, fleets):
    out = cli("eval", "cases.npz", "--plugins", "./fleets.py,fde", "--at", "1,9").out
    about, _, fde, title, *table = out.splitlines()
    assert about == "cases.npz, 4 cases, 30 steps of 0.1 s"
    assert fde.split() == ["fde", "m", "1.125", "2.775", "3", "1.125", "-"]
    assert title.startswith("presets: share of 4 cases")
    assert not any("ours_" in line for line in table)
    assert row(out, "end @1s") == "m 1.125 2.25"
    assert row(out, "end @9s") == "m - -"


def test_a_single_case_is_shown_with_its_worst_value_when_and_how_far(cli, cases, fleets):
    ran = cli("eval", "one.npz", "--plugins", "./fleets.py", "--baseline", "stationary")
    about, title, _, *table = ran.out.splitlines()
    assert about.startswith("one.npz, 1 case")
    assert title == "presets: worst value, when, and how far from its limit"
    assert [" ".join(line.split()) for line in table] == [
        "all checks FAIL FAIL",
        "stationary ok ok",
        "speed m/s < 10 11 at 0.1 s FAIL by 1",
        "speed m/s < 11.5 11 at 0.1 s ok by 0.5",
        "side m [-2, 2] -3 at 0.1 s FAIL by 1 -3 at 0.1 s FAIL by 1",
        "side_rms m 3",
        "stationary m 0",
        "side_rms m rms < 1 3 FAIL by 2",
        "end m 3 6",
        "stationary m 33 66",
        "judged differently: speed",
    ]


def test_a_single_case_with_a_mean_over_its_samples_is_a_share(cli, cases, fleets):
    still, steps = np.zeros((1, 2, 9)), np.arange(9.0)
    x = np.array([[1.0 * steps, 1.2 * steps]])  # 10 and 12 m/s
    np.savez(cases / "two.npz", x=x, y=still, yaw=still, dt=0.1)
    out = cli("eval", "two.npz", "--plugins", "./fleets.py", "--samples", "mean").out
    assert row(out, "speed") == "m/s < 10 10 at 0.1 s FAIL by 0"  # ours takes the first
    assert row(out, "speed       m/s   < 11.5") == "0.50"
    assert row(out, "all checks  ") == "mean of scores FAIL 0.50"


def test_the_rule_over_samples_that_a_project_has_is_said(cli, cases, fleets):
    out = cli("eval", "samples.npz", "--plugins", "./fleets.py").out
    assert "ours: first of the samples, as its project has it\n" in out
    assert row(out, "speed") == "m/s < 10 0.50"  # of the first samples
    out = cli("eval", "samples.npz", "--plugins", "./fleets.py", "--samples", "all").out
    assert "as its project has it" not in out
    assert "share of all samples of 4 cases" in out
    assert row(out, "speed") == "m/s < 10 0.38"  # of 8, 9, 11, 12 m/s and each 1 m/s faster


def test_a_run_is_shown_likewise(cli, fleets):
    one = cli(
        "run", "--scenario", "straight", "--set", "speed=8", "--set", "noise=0",
        "--plugins", "./fleets.py",
    )  # fmt: skip
    assert one.code == 0, one.err
    assert "8 at 0 s ok by 3.5" in one.out
    assert "undefined, the rollouts have no reference: ours end, theirs end" in one.out
    many = cli("run", "--seeds", "3", "--plugins", "./fleets.py,speed")
    assert many.out.splitlines()[3].startswith("final_speed")
    assert "presets: share of 3 rollouts that pass" in many.out
    assert "explain" not in many.err


def test_a_sweep_has_the_verdicts_of_each_cell_and_of_all(cli, fleets):
    ran = cli(
        "run", "--scenario", "straight", "--set", "speed=8,11,13", "--set", "noise=0",
        "--plugins", "./fleets.py",
    )  # fmt: skip
    assert "presets: share that passes in each cell, or mean value\nspeed  ours  ours_s" in ran.out
    cells = [line.split() for line in ran.out.splitlines()[3:7]]
    assert [(one[0], one[1], one[4]) for one in cells] == [
        ("8", "ok", "ok"),
        ("11", "FAIL", "ok"),
        ("13", "FAIL", "FAIL"),
        ("all", "0.33", "0.67"),
    ]
    assert "presets: share of 3 rollouts of all cells that pass" in ran.out
    seeds = cli(
        "run", "--scenario", "straight", "--set", "speed=8,13", "--seeds", "2",
        "--plugins", "./fleets.py,jerk",
    )  # fmt: skip
    assert "max_abs_jerk" in seeds.out.splitlines()[1]
    assert "ours" not in seeds.out.splitlines()[1]


def test_why_a_verdict_is_undefined_is_said_once(cli, fleets):
    ran = cli("run", "--horizon", "0.2", "--plugins", "./fleets.py", "--seeds", "2")
    assert row(ran.out, "all checks").endswith(" -")
    assert "undefined, needs 3 steps, the rollouts have 2: theirs\n" in ran.out
    # Of predictions the first instant is a step, too: what is counted is said.
    x = np.zeros((2, 3))
    np.savez(fleets.parent / "short.npz", x=x, y=x, yaw=x, dt=0.1)
    ran = cli("eval", "short.npz", "--plugins", "./fleets.py")
    assert "short.npz, 2 cases, 3 steps" in ran.out
    assert "undefined, needs 3 steps, the rollouts of 3 instants have 2: theirs\n" in ran.out


def test_cases_in_which_a_verdict_is_undefined_are_counted(cli, cases, fleets):
    y = np.zeros((4, STEPS))
    x = np.tile(0.5 * np.arange(1, STEPS + 1), (4, 1))
    (cases / "holes.py").write_text(
        "import numpy as np\nfrom rollkit import Check, hookimpl, preset\n"
        "@preset(project='x', checks=(Check(name='speed', unit='m/s', high=9.0),))\n"
        "def holes(rollout):\n    'Fast.'\n"
        "    return {'speed': np.where(rollout.trajectory.x > 20, np.nan, rollout.speed)}\n"
        "@hookimpl\ndef rollkit_presets():\n    return [holes]\n"
    )
    x[1] *= 2
    np.savez(cases / "far.npz", x=x, y=y, yaw=y, dt=0.1)
    out = cli("eval", "far.npz", "--plugins", "./holes.py").out
    assert row(out, "all checks").endswith(" 1.00 of 3")  # those that are known
    assert row(out, "speed ").endswith(" 1.00 of 3")
    assert "undefined in 1 of 4: holes\n" in out


def test_the_checks_that_make_a_verdict_undefined_are_named(cli, cases):
    (cases / "holes.py").write_text(
        "from rollkit import Check, hookimpl, preset\n"
        "checks = [Check(name=name, unit='m/s', high=9.0) for name in ('speed', 'other')]\n"
        "@preset(project='x', checks=tuple(checks))\n"
        "def holes(rollout):\n    'Fast.'\n"
        "    return {'speed': rollout.speed, 'other': rollout.speed * float('nan')}\n"
        "@hookimpl\ndef rollkit_presets():\n    return [holes]\n"
    )
    out = cli("eval", "cases.npz", "--plugins", "./holes.py").out
    assert "undefined, for every rollout: holes (other)\n" in out


def test_presets_without_a_check_in_common_do_not_differ(cli, cases, fleets):
    (cases / "slow.py").write_text(
        "from rollkit import Check, hookimpl, preset\n"
        "@preset(project='x', checks=(Check(name='elsewhere', unit='m', high=-1.0),))\n"
        "def slow(rollout):\n    'Never.'\n    return {'elsewhere': 0 * rollout.speed}\n"
        "@hookimpl\ndef rollkit_presets():\n    return [slow]\n"
    )
    both = ("--plugins", "./slow.py,./fleets.py", "--preset")
    assert "judged differently" in cli("eval", "cases.npz", *both, "slow,ours,theirs").out
    assert "judged differently" not in cli("eval", "cases.npz", *both, "slow,ours").out
    ran = cli("eval", "one.npz", "--plugins", "./slow.py", "--preset", "slow,nuplan_comfort")
    assert "judged differently" not in ran.out
    assert "judge differently" not in ran.err


def test_a_verdict_alone_has_no_score_of_means(cli, cases, fleets):
    ran = cli("eval", "cases.npz", "--plugins", "jerk", "--gate", "mean(nuplan_comfort) >= 0")
    assert row(ran.out, "all checks").endswith(" 1.00")
    assert "score of means" not in ran.out


def test_metrics_that_are_picked_by_name_are_metrics_like_any_other(cli, cases, fleets):
    ran = cli(
        "eval", "cases.npz", "--plugins", "./fleets.py", "--metrics", "ours,theirs_speed_time"
    )
    assert [line.split()[0] for line in ran.out.splitlines()[2:]] == ["ours", "theirs_speed_time"]
    ran = cli("run", "--plugins", "./fleets.py", "--metrics", "ours_side")
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == ["metric", "ours_side"]


def test_a_preset_that_fails_says_so_in_its_column_and_once_below(cli, cases, fleets):
    text = fleets.read_text().replace('"y": rollout.trajectory.y}', '"y": missing}', 1)
    fleets.write_text(text)
    line = next(n for n, text in enumerate(text.splitlines(), 1) if "missing" in text)
    ran = cli("eval", "cases.npz", "--plugins", "./fleets.py")
    assert ran.code == 1
    assert row(ran.out, "all checks").endswith(" failed 0.25")
    assert row(ran.out, "side  ").endswith(" failed 0.75")
    assert (
        f"failed: plugin fleets, ours: compute failed at fleets.py:{line}: NameError: name "
        "'missing' is not defined (and 9 more likewise)\n"
    ) in ran.err


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0.00"), (0.001, "<0.01"), (0.996, ">0.99"), (1, "1.00")]
)
def test_all_and_none_are_said_of_all_and_none_only(share, text):
    from types import SimpleNamespace

    assert preset_tables.verdict(SimpleNamespace(mean=share, n_undefined=0)) == text


# On a terminal.


def test_many_presets_stay_readable_on_80_columns(cli, cases, fleets, terminal):
    text = fleets.read_text()
    more = text[text.index("@preset") : text.index("@hookimpl")]
    names = [f"a_preset_with_a_long_name_{number}" for number in range(4)]
    every = text.index("@hookimpl")
    for name in names:
        again = more.replace("def ours(", f"def {name}(").replace("def theirs(", f"def {name}_b(")
        again = again.replace("metrics=(ours_end,),", "").replace("metrics=(theirs_end,),", "")
        text = text[:every] + again + text[every:]
    listed = ", ".join([*names, *(f"{name}_b" for name in names)])
    text = text.replace("return [ours, theirs]", f"return [ours, theirs, {listed}]")
    fleets.write_text(text)
    out = cli("eval", "cases.npz", "--plugins", "./fleets.py").out
    table = out[: out.index("judged differently")]
    assert max(map(len, table.splitlines())) <= 80
    assert table.count("check ") >= 2  # several parts
    assert table.count("0.75") == 3 * 5  # every cell is there, whole
    assert table.count(" end ") == 1  # where somebody has it


def test_a_single_case_on_a_terminal_has_verdicts_in_lines_of_their_own(
    cli, cases, fleets, terminal
):
    out = cli("eval", "one.npz", "--plugins", "./fleets.py").out
    assert max(map(len, out.splitlines())) <= 80
    assert ["FAIL", "by", "1", "FAIL", "by", "1"] in lines(out)


def test_the_list_and_an_explanation_fit_a_terminal(cli, fleets, terminal):
    for arguments in (["presets"], ["presets", "show", "ours"]):
        out = cli(*arguments, "--plugins", "./fleets.py").out
        assert max(map(len, out.splitlines())) <= 80
