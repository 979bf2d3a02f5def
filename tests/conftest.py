"""Shared by all tests: hypothesis profiles, the command line, the shared data."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import jsonschema
import pytest

from rollkit.cli import main
from rollkit.results import SCHEMA

hypothesis.settings.register_profile("dev", max_examples=60, deadline=None)
hypothesis.settings.register_profile(
    "ci", max_examples=400, deadline=None, print_blob=True, derandomize=True
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "dev")

ROOT = Path(__file__).parents[1]
_SCHEMA = json.loads(SCHEMA.read_text(encoding="utf-8"))


def check_schema(artifact: dict[str, Any]) -> dict[str, Any]:
    """The artifact, which the shipped schema must accept."""
    jsonschema.validate(artifact, _SCHEMA, cls=jsonschema.Draft202012Validator)
    return artifact


@dataclass
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def artifact(self) -> dict[str, Any]:
        return check_schema(json.loads((self.folder / "metrics.json").read_text(encoding="utf-8")))

    @property
    def means(self) -> dict[str, float]:
        return {one["name"]: one["mean"] for one in self.artifact["metrics"]}

    @property
    def wrote(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    """Run a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        captured = capsys.readouterr()
        return Ran(int(code), captured.out, captured.err, tmp_path)

    return run


@pytest.fixture(scope="session")
def validated():
    """The check that the shipped schema accepts an artifact, which it returns."""
    return check_schema


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded drives and reference numbers beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the recorded drives are not here: no folder ../shared beside the checkout")
    return folder
