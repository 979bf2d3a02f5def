"""Checks in processes: plugins that hang, crash or print take nothing else along."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

METRIC = '''
import os, sys, time
from rollkit import arrays, hookimpl, metric

@metric(unit="m/s")
def good(rollout):
    """Final speed."""
    return arrays.last(rollout.speed)

@metric(unit="m/s")
def bad(rollout):
    """Final speed, if ever."""
    {fault}
    return arrays.last(rollout.speed)

@hookimpl
def rollkit_metrics():
    return [good, bad]
'''
LAWS = ["--law", "one_number_per_rollout", "--law", "same_input_same_bits"]


def checked(cli, tmp_path, fault, *options):
    (tmp_path / "mine.py").write_text(METRIC.format(fault=fault))
    ran = cli("check", "./mine.py", "--json", "--no-database", *LAWS, *options)
    return ran, {(one["subject"], one["invariant"]): one for one in json.loads(ran.out)}


def test_a_plugin_that_hangs_is_named_and_the_others_go_on(cli, tmp_path):
    ran, found = checked(cli, tmp_path, "time.sleep(1000)", "--time-limit", "1")
    assert ran.code == 1
    for law in LAWS[1::2]:
        assert found["good", law]["verdict"] == "passed"
        assert found["bad", law]["verdict"] == "timeout"
        assert found["bad", law]["message"] == "no answer within 1 s"


@pytest.mark.parametrize(("fault", "code"), [("os._exit(3)", "3"), ("os.abort()", "-6")])
def test_a_plugin_that_ends_the_interpreter_is_reported(cli, tmp_path, fault, code):
    ran, found = checked(cli, tmp_path, fault)
    assert ran.code == 1
    for law in LAWS[1::2]:
        assert found["good", law]["verdict"] == "passed"
        assert found["bad", law]["verdict"] == "crashed"
        assert found["bad", law]["message"] == f"the interpreter ended with exit code {code}"


def test_a_plugin_that_calls_exit_is_a_violation_like_any_other(cli, tmp_path):
    ran, found = checked(cli, tmp_path, "sys.exit('bye')")
    assert ran.code == 1
    assert found["bad", LAWS[1]]["verdict"] == "violated"
    assert found["bad", LAWS[1]]["message"] == "it raised SystemExit: bye"


def test_what_a_plugin_prints_is_no_part_of_the_report(cli, tmp_path):
    ran, found = checked(cli, tmp_path, "print('noise')")
    assert ran.code == 0
    assert {one["verdict"] for one in found.values()} == {"passed"}


@pytest.mark.parametrize(
    ("text", "verdict", "message"),
    [
        ('raise RuntimeError("no calibration")', "violated", "boom.py:1: RuntimeError: no calib"),
        ("import os; os._exit(5)", "crashed", "the interpreter ended with exit code 5"),
    ],
)
def test_a_plugin_that_does_not_load_takes_no_other_along(cli, tmp_path, text, verdict, message):
    (tmp_path / "boom.py").write_text(text + "\n")
    ran = cli("check", "./boom.py", "jerk", "--json", "--no-database", *LAWS)
    assert ran.code == 1
    boom, *jerk = json.loads(ran.out)
    assert (boom["subject"], boom["invariant"], boom["verdict"]) == ("./boom.py", "loads", verdict)
    assert message in boom["message"]
    assert {(one["subject"], one["verdict"]) for one in jerk} == {("max_abs_jerk", "passed")}


def test_ctrl_c_ends_all_of_it_in_one_line(tmp_path):
    code = "from rollkit.cli import main; raise SystemExit(main(['check', '--no-database']))"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(5)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, "", "error: interrupted")
