"""Writing whole or not at all: full disks, folders that cannot be written, other people's files."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from rollkit.errors import OutputError
from rollkit.files import check_writable, write_atomically


def test_it_writes_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "one")
    write_atomically(path, "two")
    assert path.read_text() == "two"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_permissions_are_the_usual_ones_and_kept(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "one")
    plain = tmp_path / "plain"
    plain.write_text("")
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o640)
    write_atomically(path, "two")
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_device_is_written_to_and_never_replaced():
    write_atomically(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_device_is_an_error():
    with pytest.raises(OutputError, match="No space left on device"):
        write_atomically(Path("/dev/full"), "text")


def test_places_that_cannot_be_written_to(tmp_path):
    with pytest.raises(OutputError, match="it is a folder"):
        check_writable(tmp_path)
    with pytest.raises(OutputError, match="does not exist\nmkdir -p"):
        check_writable(tmp_path / "no" / "metrics.json")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file is a file, and no folder$"):
        check_writable(tmp_path / "file" / "deep" / "metrics.json")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc on this system")
def test_a_folder_that_nobody_can_write_to(cli):
    ran = cli("run", "-o", "/proc/metrics.json")
    assert ran.code == 2
    assert ran.err.startswith("error: cannot write /proc/metrics.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="no permission"):
        check_writable(tmp_path / "metrics.json")


def test_a_disk_that_fills_up_leaves_the_earlier_artifact(cli):
    """The operating system refuses to let a file grow, as a full disk does."""
    first = cli("run", "--scenario", "straight")
    before = (first.folder / "metrics.json").read_bytes()
    answer = subprocess.run(
        [sys.executable, "-c", "from rollkit.cli import main; raise SystemExit(main(['run']))"],
        cwd=first.folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert answer.returncode == 2
    assert "error: cannot write metrics.json: File too large" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert (first.folder / "metrics.json").read_bytes() == before
    assert first.wrote == ["metrics.json"]
    assert json.loads(before)


def test_names_the_system_refuses(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (tmp_path / ("x" * 300), loop, tmp_path / "\udcff\x00"):
        with pytest.raises(OutputError, match="cannot write"):
            write_atomically(path, "text")
    write_atomically(tmp_path / ("y" * 250), "a long name that is allowed")


def test_threads_that_write_one_file_each_write_it_whole(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    path = tmp_path / "a.json"
    texts = [str(i) * 10_000 for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_atomically(path, text), texts * 10))
    assert path.read_text() in texts
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
