"""What the docs tell users to put into their CI works: the commands are run as they are written."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "testing-your-plugin.md"
PLUGIN = "my_metric.py"

GOOD = """\
from rollkit import arrays, hookimpl, metric


@metric(unit="m/s^3", better="lower", bounds=(0, None), needs="actions", min_steps=2)
def peak_jerk(rollout):
    '''Largest magnitude of jerk.'''
    return arrays.max_abs(rollout.jerk)


@hookimpl
def rollkit_metrics():
    return [peak_jerk]
"""
# One number for all rollouts: against the laws, and a failed metric in a run.
BROKEN = GOOD.replace("arrays.max_abs(rollout.jerk)", "abs(rollout.jerk).max()")


def snippet(key: str) -> dict:
    """The one YAML text of the page that has this key."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    (found,) = [one for one in map(yaml.safe_load, texts) if key in one]
    return found


def steps() -> list[str]:
    (job,) = snippet("jobs")["jobs"].values()
    return [step["run"].strip() for step in job["steps"] if "run" in step]


def commands() -> list[str]:
    """The steps of the workflow that are run here: rollkit is installed, so no `pip install`."""
    return [one for one in steps() if not one.startswith("pip install ")]


def hook() -> tuple[dict, dict]:
    """The hook as this repository defines it, and as the page refers to it."""
    (defined,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    ((referred,),) = [repo["hooks"] for repo in snippet("repos")["repos"]]
    return defined, referred


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As a CI runs a step: a shell that stops at the first error, with this environment active."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


both = pytest.mark.parametrize(
    ("plugin", "code"), [pytest.param(GOOD, 0, id="good"), pytest.param(BROKEN, 1, id="broken")]
)


def test_the_workflow_checks_and_runs():
    assert [shlex.split(one)[:2] for one in commands()] == [
        ["rollkit", "check"],
        ["rollkit", "run"],
    ]
    assert len(steps()) == len(commands()) + 1  # what is left out here: one `pip install`


@both
@pytest.mark.parametrize("command", commands())
def test_the_workflow(command, plugin, code, tmp_path):
    (tmp_path / PLUGIN).write_text(plugin, encoding="utf-8")
    done = run(command, tmp_path)
    assert done.returncode == code, done.stdout + done.stderr


def test_the_workflow_leaves_the_files_that_it_uploads(tmp_path):
    (tmp_path / PLUGIN).write_text(BROKEN, encoding="utf-8")
    for command in commands():
        run(command, tmp_path)
    (job,) = snippet("jobs")["jobs"].values()
    (upload,) = [one for one in job["steps"] if "upload-artifact" in one.get("uses", "")]
    for name in upload["with"]["path"].split():
        assert (tmp_path / name).is_file(), name


def test_the_hook_is_defined_and_referred_to():
    defined, referred = hook()
    assert defined["id"] == referred["id"] == "rollkit-check"
    assert (defined["language"], defined["types"]) == ("python", ["python"])


@both
def test_the_hook(plugin, code, tmp_path):
    """As pre-commit calls it: the entry, the arguments, the files that match, relative paths."""
    defined, referred = hook()
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / PLUGIN).write_text(plugin, encoding="utf-8")
    (folder / "helper.py").write_text("nothing = None\n", encoding="utf-8")
    paths = sorted(str(one.relative_to(tmp_path)) for one in folder.iterdir())
    files = [one for one in paths if re.search(referred["files"], one)]
    assert files == [f"metrics/{PLUGIN}"]
    done = run(f"{defined['entry']} {shlex.join([*referred['args'], *files])}", tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
