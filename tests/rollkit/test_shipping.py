"""What travels with a job: plugins by name and version, files by content."""

import importlib.metadata
from pathlib import Path

import pytest

from rollkit import ExecutionError, UsageError, Worker
from rollkit.guard import Origin
from rollkit.job import Job, Unit
from rollkit.shipping import places_of, relocated, unpack, versions_of
from rollkit.spec import RunSpec

METRIC = """
from rollkit import hookimpl, metric

@metric(unit="m/s")
def first_speed(rollout):
    "Speed at the start."
    {body}

@hookimpl
def rollkit_metrics():
    return [first_speed]
"""
RETURNS = "return rollout.speed[..., 0]"
SPEC = RunSpec("left", params={}, seeds=(0, 3), horizon=0.8, dt=0.1)


def spec(*plugins):
    return RunSpec("left", plugins=plugins, seeds=(0, 3), horizon=0.8, dt=0.1)


def test_files_are_found_before_a_plugin_can_change_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(METRIC.format(body=RETURNS))
    (tmp_path / "drive.py").write_text("")
    asked = RunSpec("./drive.py:go,left", plugins=("./mine.py", "jerk"))
    places = places_of(asked)
    assert places == {"./mine.py": tmp_path / "mine.py", "./drive.py": tmp_path / "drive.py"}
    moved = relocated(RunSpec("./drive.py:go", plugins=asked.plugins), places)
    assert moved.source == f"{tmp_path}/drive.py:go"
    assert moved.plugins == (f"{tmp_path}/mine.py", "jerk")
    with pytest.raises(UsageError, match="does not exist"):
        places_of(RunSpec("left", plugins=("./other.py",)))


def test_a_file_that_is_not_here_is_unpacked_and_reported_by_its_name(tmp_path):
    name = str(tmp_path / "elsewhere" / "mine.py")
    source = METRIC.format(body='raise ValueError("no")')
    job = Job((spec(name),), files={name: source.encode()})
    part = Worker(job).do(Unit(0, 0, 0, 3))
    fault = part.faults["first_speed"]
    assert fault.file == name
    assert fault.line == source.splitlines().index('    raise ValueError("no")') + 1
    assert not Path(name).exists()


def test_a_file_that_is_here_with_another_content_is_not_taken(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(METRIC.format(body="return rollout.speed[..., 0] * 0"))
    job = Job((spec(str(path)),), files={str(path): METRIC.format(body=RETURNS).encode()})
    part = Worker(job).do(Unit(0, 0, 0, 3))
    assert part.aggregates["first_speed"].summary().min > 1


def test_other_versions_are_refused():
    for name, version in [("numpy", "1.0"), ("python", "2.7"), ("no-such-library", "3")]:
        with pytest.raises(ExecutionError, match=f"has {name} .*, the run has {version}") as caught:
            unpack([SPEC], {}, {name: version})
        assert "same versions" in caught.value.hint
    cells, _ = unpack([SPEC], {}, versions_of([], ["numpy"]))
    assert cells[0].source.spec.name == "left"


def test_versions_are_those_of_the_distributions_that_take_part():
    origins = [Origin("x", "x", "numpy", importlib.metadata.version("numpy")), Origin("y", "y")]
    found = versions_of(origins, ["hypothesis"])
    assert set(found) == {"python", "arithmetic", "rollkit", "numpy", "hypothesis"}


def test_a_plugin_that_does_not_load_there_is_an_error(tmp_path):
    name = str(tmp_path / "elsewhere" / "mine.py")
    with pytest.raises(ExecutionError, match="ModuleNotFoundError") as caught:
        Worker(Job((spec(name),), files={name: b"import no_such_module\n"}))
    assert "files travel alone" in caught.value.hint
