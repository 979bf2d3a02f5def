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
GATE = ROOT / "docs" / "regression-gate.md"
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


def snippet(key: str, page: Path = PAGE) -> dict:
    """The one YAML text of the page that has this key."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    (found,) = [one for one in map(yaml.safe_load, texts) if key in one]
    return found


def job(page: Path = PAGE) -> dict:
    """The one job of the page's workflow."""
    (found,) = snippet("jobs", page)["jobs"].values()
    return found


def uploads(page: Path = PAGE) -> list[str]:
    """The files that the workflow uploads."""
    (upload,) = [one for one in job(page)["steps"] if "upload-artifact" in one.get("uses", "")]
    return upload["with"]["path"].split()


def steps() -> list[str]:
    return [step["run"].strip() for step in job()["steps"] if "run" in step]


def commands() -> list[str]:
    """The steps of the workflow that are run here: rollkit is installed, so no `pip install`."""
    return [one for one in steps() if not one.startswith("pip install ")]


def hook() -> tuple[dict, dict]:
    """The hook as this repository defines it, and as the page refers to it."""
    (defined,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    ((referred,),) = [repo["hooks"] for repo in snippet("repos")["repos"]]
    return defined, referred


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """As a CI runs a step: a shell that stops at the first error, with this environment active."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path} | quiet | variables,
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
    for name in uploads():
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


# What posts the comment. It writes down its arguments and the file that is the last of them.
GH = """\
#!/bin/sh
for last; do :; done
{ echo "$@"; cat "$last"; } > "$POSTED"
"""
EXPRESSIONS = {"${{ github.token }}": "secret", "${{ github.event.number }}": "12"}
# Who commits, whatever git is told on this machine.
GIT = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "nobody"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "nobody@example.org"),
    **dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), os.devnull),
}


@pytest.fixture
def repository(tmp_path) -> Path:
    """That of the page, with its first commit; beside it stands what a runner has."""
    folder = tmp_path / "repository"
    named = re.compile(r"^<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)
    for name, body in named.findall(GATE.read_text(encoding="utf-8")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, encoding="utf-8")
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    assert run("git init -q && git add . && git commit -qm base", folder, **GIT).returncode == 0
    return folder


def workflow(repository: Path) -> tuple[dict[str, int], str]:
    """The exit code of each step that runs a command; one that fails ends all but `always()`."""
    beside = repository.parent
    runner = {
        **GIT,
        "PATH": os.pathsep.join(
            map(str, (beside, Path(sys.executable).parent, os.environ["PATH"]))
        ),
        "POSTED": str(beside / "posted.md"),
        "GITHUB_STEP_SUMMARY": str(beside / "summary.md"),
    }
    codes: dict[str, int] = {}
    said = ""
    for step in job(GATE)["steps"]:
        assert step.get("if", "always()") == "always()"
        if "run" not in step or step["run"].startswith("pip install "):  # rollkit is here already
            continue
        if "if" not in step and any(codes.values()):
            continue
        given = {name: EXPRESSIONS[value] for name, value in step.get("env", {}).items()}
        done = run(step["run"], repository, **(runner | given))
        codes[step["name"]] = done.returncode
        said += f"== {step['name']}\n{done.stdout}{done.stderr}"
    return codes, said


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        pytest.param(
            "sed -i 's/^JERK = 2.0/JERK = 2.1/' policy.py",
            {"Measure the candidate and hold it to the gates", "Compare"},
            id="jerk_5_percent_higher",
        ),
        pytest.param("sed -i 's/this repository/ours/' policy.py", set(), id="as_before"),
    ],
)
def test_the_regression_gate(change, failing, repository):
    """The page's workflow, on a pull request that makes this change."""
    made = run(f"{change} && git diff --stat --exit-code", repository, **GIT)
    assert made.returncode == 1  # something was changed
    assert run("git commit -qam change", repository, **GIT).returncode == 0
    codes, said = workflow(repository)
    assert {name for name, code in codes.items() if code} == failing, said
    assert set(codes.values()) <= {0, 1}
    assert [name for name in uploads(GATE) if not (repository / name).is_file()] == []
    comparison = (repository / "comparison.md").read_text(encoding="utf-8")
    assert (repository.parent / "summary.md").read_text(encoding="utf-8") == comparison
    arguments, posted = (repository.parent / "posted.md").read_text(encoding="utf-8").split("\n", 1)
    assert arguments.startswith("pr comment 12 ")
    assert posted == comparison
    assert ("worse" in comparison) == bool(failing)
