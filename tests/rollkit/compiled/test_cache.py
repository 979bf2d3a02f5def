"""The cache folder: compiled once, found by the next process, and not needed."""

import os
import subprocess
import sys

import pytest

numba = pytest.importorskip("numba")

from rollkit.compiled import compiler, folder  # noqa: E402

TEXT = """
from numba import types

SIGNATURE = types.boolean(types.float64)


def run(number):
    return number > {0}
"""
PROCESS = """
import sys
from rollkit.compiled import compiler

function = compiler.compiled(sys.stdin.read())
assert function(5.0) and not function(1.0)
print(sum(function.stats.cache_hits.values()))
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path / "deep" / "cache"))
    return tmp_path / "deep" / "cache"


def started(text):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROCESS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def hits(*processes, text):
    for one in processes:
        one.stdin.write(text)
        one.stdin.close()
        one.stdin = None
    answers = [one.communicate()[0] for one in processes]
    assert not any(one.returncode for one in processes)
    return [int(one) for one in answers]


def test_a_second_process_finds_what_the_first_compiled(cache):
    text = TEXT.format(2.0)
    first = hits(started(text), started(text), text=text)  # at once: each may compile
    assert len(first) == 2
    assert hits(started(text), text=text) == [1]
    assert [one.suffix for one in cache.glob("*.*")] == [".py"]


def test_another_text_is_another_kernel(cache):
    assert compiler.compiled(TEXT.format(3.0))(2.5) is False
    assert compiler.compiled(TEXT.format(2.0))(2.5) is True
    assert len(list(cache.glob("*.py"))) == 2


def test_a_folder_that_cannot_be_made_costs_time_only(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path / "file" / "cache"))
    assert compiler.compiled(TEXT.format(4.0))(5.0) is True


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_cannot_be_written_costs_time_only(cache):
    cache.mkdir(parents=True)
    cache.chmod(0o500)
    assert compiler.compiled(TEXT.format(4.5))(5.0) is True


def test_damaged_files_cost_time_only(cache):
    text = TEXT.format(6.0)
    compiler.compiled(text)
    kernels = [one for one in (cache / "__pycache__").iterdir() if one.suffix == ".nbc"]
    assert kernels
    for one in kernels:
        one.write_bytes(one.read_bytes()[:100])
    assert compiler.compiled(text)(7.0) is True


def test_the_folder_is_the_systems_own(monkeypatch, tmp_path):
    monkeypatch.delenv(folder.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert folder.cache_folder() == tmp_path / "rollkit"


def test_nothing_of_numba_is_imported_before_a_kernel_is():
    code = "import sys, rollkit.compiled; print('numba' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.split() == ["False"]
