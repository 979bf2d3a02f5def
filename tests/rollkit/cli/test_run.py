"""`rollkit run`, as a user types it."""

import errno
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rollkit.cli.output import printing

MAIN = [sys.executable, "-c", "from rollkit.cli import main; raise SystemExit(main())"]


def test_alone_it_runs_the_left_turn_and_writes_the_artifact(cli):
    ran = cli("run")
    assert ran.code == 0
    assert ran.err == "wrote metrics.json\n"
    assert ran.out.splitlines()[0] == "left, rk4, seed 0, 64 steps of 0.1 s"
    assert ran.artifact["run"]["seeds"] == [0, 1]
    assert len(ran.means) == 6


def test_plugins_choose_exactly_their_metrics(cli):
    ran = cli("run", "--plugins", "jerk,curv_rate")
    assert set(ran.means) == {"max_abs_jerk", "max_abs_curvature_rate"}


def test_a_thousand_seeds_in_any_case_with_another_integrator(cli):
    ran = cli("run", "--scenario", "LEFT", "--seeds", 1000, "--integrator", "euler")
    assert ran.code == 0
    artifact = ran.artifact
    assert {one["n"] for one in artifact["metrics"]} == {1000}
    assert artifact["run"]["source"] == "left"
    assert (artifact["run"]["seeds"], artifact["run"]["integrator"]) == ([0, 1000], "euler")
    assert "1000 rollouts, seeds 0 to 999" in ran.out


def metrics_section(path):
    """The text of the `metrics` section as it stands in the file."""
    text = path.read_text(encoding="utf-8")
    return text[text.index('"metrics": [\n') : text.index('"statistics": {')]


@pytest.mark.parametrize("source", ["s_curve", "random_smooth"])
def test_from_repeats_a_run_byte_for_byte(cli, tmp_path, source):
    first = cli("run", "--scenario", source, "--seeds", "5:3000", "--set", "speed=9")
    again = cli("run", "--from", "metrics.json", "-o", "again.json")
    assert (first.code, again.code) == (0, 0)
    assert metrics_section(tmp_path / "again.json") == metrics_section(tmp_path / "metrics.json")
    assert json.loads((tmp_path / "again.json").read_text())["run"] == first.artifact["run"]


def test_from_excludes_what_would_change_the_run(cli):
    cli("run")
    ran = cli("run", "--from", "metrics.json", "--seeds", "5", "--set", "speed=9")
    assert ran.code == 2
    assert "it excludes --seeds, --set" in ran.err


def test_from_warns_when_an_input_has_changed(cli, tmp_path):
    plugin = tmp_path / "top.py"
    plugin.write_text(METRIC)
    cli("run", "--plugins", "./top.py")
    plugin.write_text(METRIC + "# changed\n")
    ran = cli("run", "--from", "metrics.json")
    assert ran.code == 0
    assert "warning: top.py has changed since that run" in ran.err


METRIC = '''
from rollkit import arrays, hookimpl, metric

@metric(unit="m/s")
def top_speed(rollout):
    """Largest speed, max v."""
    return arrays.maximum(rollout.speed)

@hookimpl
def rollkit_metrics():
    return [top_speed]
'''


def test_a_metric_of_ones_own_in_a_file(cli, tmp_path):
    (tmp_path / "my_metric.py").write_text(METRIC)
    ran = cli(
        "run", "--plugins", "./my_metric.py,speed", "--scenario", "straight", "--set", "noise=0"
    )
    assert ran.code == 0
    assert ran.means["top_speed"] == ran.means["min_speed"] == 10.0
    (own,) = [one for one in ran.artifact["plugins"] if one["name"] == "my_metric"]
    assert own["distribution"] is None
    assert ran.artifact["provenance"]["inputs"][0]["path"] == "my_metric.py"


def test_json_prints_the_artifact(cli):
    ran = cli("run", "--json")
    assert json.loads(ran.out) == ran.artifact


def test_set_reaches_the_source(cli):
    ran = cli("run", "--scenario", "straight", "--set", "speed=12", "--set", "noise=0")
    assert ran.means["final_speed"] == 12.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plugins", "jrk"], "unknown plugin 'jrk'; nearest: jerk"),
        (["--plugins", ","], "--plugins: got ',', expected names"),
        (["--metrics", "max_jerk"], "unknown metric 'max_jerk'; nearest: max_abs_jerk"),
        (["--scenario", "lefft"], "unknown action source 'lefft'; nearest: left"),
        (["--integrator", "rk5"], "unknown integrator 'rk5'; nearest: rk4"),
        (["--set", "sped=3"], "unknown option 'sped' of source 'left'; nearest: speed"),
        (["--set", "speed"], "--set speed: expected name=value"),
        (["--set", "speed=1", "--set", "speed=2"], "--set speed: given twice, '1' and '2'"),
        (["--set", "speed=fast"], "speed: got 'fast', expected a number"),
        (["--horizon", "1.05"], "horizon 1.05 s is no multiple of dt 0.1 s"),
        (["--dt", "0"], "dt: got 0.0, expected a positive number of seconds"),
        (["--dt", "-0.1"], "dt: got -0.1"),
        (["--seeds", "0"], "seeds: got '0'"),
        (["--seeds", "9:3"], "seeds: got '9:3'"),
        (["--seed", "1", "--seeds", "2"], "--seed and --seeds exclude each other"),
        (["--from", "nowhere.json"], "cannot read nowhere.json"),
        (["-o", "no/where.json"], "folder"),
        (["-o", "."], "it is a folder"),
        (["--seed", "x"], "Invalid value for '--seed'"),
        (["--sceario", "left"], "No such option"),
        (["left"], "unexpected extra argument"),
        (["--source", "recorded"], "source 'recorded' needs path"),
        (["--source", "recorded", "--set", "path=x.csv"], "x.csv: no such file"),
    ],
)
def test_wrong_calls_end_in_2_and_write_nothing(cli, arguments, message):
    ran = cli("run", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert ran.wrote == []


def test_a_policy_that_returns_nan_names_its_file_and_line(cli, tmp_path):
    (tmp_path / "policy.py").write_text(
        "import numpy as np\n"
        "from rollkit import Actions, State\n\n"
        "def drive(draws, *, horizon, dt):\n"
        "    shape = len(draws), round(horizon / dt)\n"
        "    lost = np.full(shape, np.nan)\n"
        "    return State(speed=5.0), Actions(lost, np.zeros(shape), dt)\n"
    )
    ran = cli("run", "--source", "./policy.py:drive")
    assert ran.code == 2
    assert "policy.py:4): accel is not finite: nan at [0, 0]" in ran.err
    assert ran.wrote == ["__pycache__", "policy.py"] or ran.wrote == ["policy.py"]


def test_someone_elses_file_is_left_alone(cli, tmp_path):
    (tmp_path / "metrics.json").write_text('{"mine": 1}')
    ran = cli("run")
    assert ran.code == 2
    assert "is no artifact of rollkit's; it was left alone" in ran.err
    assert cli("run", "--force").code == 0


def test_debug_shows_the_traceback(cli):
    from rollkit.errors import UsageError

    with pytest.raises(UsageError):
        cli("run", "--plugins", "jrk", "--debug")


def test_a_bug_in_rollkit_is_called_one(cli, monkeypatch):
    monkeypatch.setattr("rollkit.runner.execute", lambda *_, **__: 1 / 0)
    ran = cli("run")
    assert ran.code == 3
    assert "a bug in rollkit: ZeroDivisionError" in ran.err


def test_the_verbs_explain_themselves(cli):
    assert "rollkit run --plugins ./my_metric.py" in cli("--help").out
    assert "--scenario" in cli("run", "--help").out
    assert cli("--version").out.startswith("rollkit 0.")
    assert cli("run", "-h").code == 0
    assert "unknown verb 'rn'; nearest: run" in cli("rn").err
    alone = cli()
    assert alone.code == 2
    assert "Usage: rollkit" in alone.err


SLOW = """
import time, numpy as np
from rollkit import Actions, State

def drive(draws, *, horizon, dt):
    shape = len(draws), round(horizon / dt)
    time.sleep(0.7)
    return State(speed=np.ones(shape[0])), Actions(np.zeros(shape), np.zeros(shape), dt)
"""


def test_ctrl_c_ends_in_130_and_leaves_the_earlier_artifact(cli, tmp_path):
    first = cli("run")
    before = (tmp_path / "metrics.json").read_bytes()
    assert first.code == 0
    (tmp_path / "slow.py").write_text(SLOW)
    process = subprocess.Popen(
        [*MAIN, "run", "--source", "slow:drive", "--seeds", "100000"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.strip() == "error: interrupted"
    assert (tmp_path / "metrics.json").read_bytes() == before


def in_terminal(arguments, folder):
    """What a command prints on a terminal."""
    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    process = subprocess.Popen(
        [*MAIN, *arguments], cwd=folder, stdout=child, stderr=child, env=environment
    )
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(parent)
    assert process.wait() == 0
    return shown.decode()


def test_a_terminal_gets_a_rich_table(tmp_path):
    shown = in_terminal(["run"], tmp_path)
    assert "━" in shown or "─" in shown
    assert "max_abs_jerk" in shown
    assert "\x1b[" in shown, "in colour"


def test_a_long_run_shows_a_progress_bar(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    shown = in_terminal(["run", "--source", "slow:drive", "--seeds", "6000"], tmp_path)
    assert "2048/6000" in shown or "4096/6000" in shown
    assert Path(tmp_path / "metrics.json").exists()


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)  # gone before the first byte
    answer = subprocess.run(
        [*MAIN, "run", "--json"], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert answer.returncode == 0
    assert answer.stderr == b"wrote metrics.json\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_that_cannot_be_printed_is_an_error(tmp_path):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        answer = subprocess.run(
            [*MAIN, "run"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert answer.returncode == 2
    assert b"error: cannot print: No space left on device" in answer.stderr


def test_an_error_of_another_file_is_none_of_stdout():
    with pytest.raises(OSError, match="too long"), printing():
        raise OSError(errno.ENAMETOOLONG, "too long", "values.parquet")


def test_closed_streams_do_not_matter(tmp_path):
    for closed in (">&-", "2>&-"):
        command = f"{sys.executable} -m rollkit run {closed}"
        answer = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=False)
        assert answer.returncode == 0, answer.stderr
        assert (tmp_path / "metrics.json").exists()
        (tmp_path / "metrics.json").unlink()


NOISY = METRIC.replace("from rollkit", "import os\nprint('loaded')\nos.chdir('/')\nfrom rollkit", 1)


def test_what_a_plugin_prints_and_where_it_goes_does_not_matter(cli, tmp_path):
    (tmp_path / "noisy.py").write_text(NOISY)
    ran = cli("run", "--plugins", "./noisy.py", "--json")
    assert json.loads(ran.out) == ran.artifact
    assert "loaded" in ran.err


def test_from_says_why_a_function_of_a_session_cannot_run_again(cli, tmp_path):
    cli("run")
    data = json.loads((tmp_path / "metrics.json").read_text())
    data["run"]["source"] = "__main__:drive"
    (tmp_path / "metrics.json").write_text(json.dumps(data))
    ran = cli("run", "--from", "metrics.json")
    assert ran.code == 2
    assert "was a function of a Python session" in ran.err


def test_from_keeps_none(cli, tmp_path):
    (tmp_path / "optional.py").write_text(
        "import numpy as np\nfrom rollkit import Actions, State\n"
        "def drive(draws, *, horizon, dt, name: str = None, limit: float = None):\n"
        "    assert name is None and limit is None\n"
        "    accel = np.zeros((len(draws), round(horizon / dt)))\n"
        "    return State(speed=5.0), Actions(accel, accel, dt)\n"
    )
    assert cli("run", "--source", "optional:drive").code == 0
    assert cli("run", "--from", "metrics.json").code == 0


def test_a_place_that_cannot_be_written_to_is_refused_before_any_work(cli, tmp_path):
    (tmp_path / "marking.py").write_text(
        "from pathlib import Path\n"
        "def drive(draws, *, horizon, dt):\n"
        "    Path('was-called').touch()\n"
    )
    assert cli("run", "--source", "marking:drive", "-o", "no/where.json").code == 2
    assert not (tmp_path / "was-called").exists()


def test_undefined_values_are_counted_in_the_table(cli, tmp_path):
    (tmp_path / "late.py").write_text(
        "import numpy as np\nfrom rollkit import hookimpl, metric\n"
        '@metric(unit="1")\ndef quick(rollout):\n    """1 where it starts faster than 8 m/s."""\n'
        "    return np.where(rollout.speed[..., 0] > 8, 1, np.nan)\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [quick]\n"
    )
    ran = cli("run", "--plugins", "./late.py", "--seeds", "20")
    (one,) = ran.artifact["metrics"]
    assert 0 < one["n_undefined"] < 20
    header, row = ran.out.splitlines()[1:3]
    assert header.endswith("undefined")
    assert row.endswith(str(one["n_undefined"]))
