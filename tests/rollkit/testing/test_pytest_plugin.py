"""The laws of a plugin in somebody else's pytest run."""

import subprocess
import sys

import pytest

GOOD = '''
from rollkit import arrays, hookimpl, metric

@metric(unit="m/s", invariant_under=("mirror",))
def quickest(rollout):
    """Largest speed."""
    return arrays.maximum(rollout.speed)

@hookimpl
def rollkit_metrics():
    return [quickest]
'''
BAD = GOOD.replace("rollout.speed", "rollout.trajectory.y")


def run_pytest(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_named_plugin_becomes_test_items(tmp_path):
    (tmp_path / "quick.py").write_text(GOOD)
    answer = run_pytest(tmp_path, "-vv", "--rollkit-check", "./quick.py")
    assert answer.returncode == 0, answer.stdout
    assert "quick::quickest::mirror PASSED" in answer.stdout


def test_a_violation_is_shown_by_its_record_alone(tmp_path):
    (tmp_path / "quick.py").write_text(BAD)
    answer = run_pytest(tmp_path, "--rollkit-check", "./quick.py")
    assert answer.returncode == 1
    assert "quickest: mirror: violated at quick.py:" in answer.stdout
    assert "smallest example:" in answer.stdout
    assert "Traceback" not in answer.stdout
    assert "hypothesis" not in answer.stdout.replace(".hypothesis", "")


def test_an_unknown_plugin_is_a_wrong_call(tmp_path):
    answer = run_pytest(tmp_path, "--rollkit-check", "jrk")
    assert answer.returncode == 4
    assert "unknown plugin 'jrk'; nearest: jerk" in answer.stderr


FOUR_LINES = """\
import pytest
from rollkit.testing import plugin_checks
@pytest.mark.parametrize("check", plugin_checks("./quick.py", max_examples=10))
def test_plugin(check): check()
"""


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (BAD, 1)])
def test_four_lines_are_a_test_file(tmp_path, text, code):
    assert len(FOUR_LINES.splitlines()) == 4
    (tmp_path / "quick.py").write_text(text)
    (tmp_path / "test_quick.py").write_text(FOUR_LINES)
    answer = run_pytest(tmp_path)
    assert answer.returncode == code, answer.stdout


def test_without_the_option_nothing_is_loaded(tmp_path):
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n"
        "def test_nothing():\n"
        "    heavy = {'numpy', 'rollkit.plugins', 'rollkit.testing.checks'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    answer = run_pytest(tmp_path, "-p", "no:hypothesispytest")
    assert answer.returncode == 0, answer.stdout
