"""The Parquet writer: killed, out of disk, resumed, refused, and read back exactly."""

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rollkit.errors import DataError, OutputError, UsageError
from rollkit.store import Column, store
from rollkit.store.difference import difference

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("filelock")

COLUMNS = [
    Column("seed", "seed", about="seed of the rollout"),
    Column("source", "text"),
    Column("steps", "count"),
    Column("max_jerk", "number", "m/s^3", "largest jerk"),
    Column("ok", "flag"),
    Column("x", "series", "m"),
]
IDENTITY = {"source": "left", "params": {"speed": 5.0}, "seeds": [0, 4000]}
ROWS, SEGMENTS, LENGTH = 1000, 4, 3


def rows(index, count=ROWS):
    """A segment's rows, the same whenever they are asked for."""
    random = np.random.default_rng(index)
    jerk = random.normal(size=count)
    jerk[::7] = np.nan
    return {
        "seed": np.arange(count, dtype=np.uint64) + np.uint64(2**64 - 1 - count * (index + 1)),
        "source": ["links ↰", "rechts"] * (count // 2),
        "steps": np.full(count, 64),
        "max_jerk": jerk,
        "ok": random.random(count) < 0.5,
        "x": random.normal(size=(count, LENGTH)),
    }


def note(index):
    return {"dt": 0.1, "notes": [f"unit {index} ↰"]}


def write(path, *, first=0, stop=SEGMENTS, finish=True, identity=IDENTITY, **options):
    with store(path, COLUMNS, identity=identity, **options) as out:
        for index in range(max(first, out.done), stop):
            out.append(rows(index), note(index))
        if finish:
            out.finish()
    return path


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def write_and_die(path, step):
    """Be killed at the n-th time something is about to be made safe from a power cut."""
    steps = iter(range(1, 1000))
    safe = os.fsync

    def fsync(descriptor):
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        safe(descriptor)

    os.fsync = fsync
    write(Path(path), resume=True)


def hold(path, *, fork):
    """Hold the file until killed, perhaps with a worker that lives on."""
    with store(Path(path), COLUMNS, identity=IDENTITY) as out:
        out.append(rows(0), note(0))
        worker = os.fork() if fork else None
        if worker != 0:
            print(os.getpid(), worker, flush=True)
        time.sleep(60)


def child(call, **options):
    """This file's function in a process of its own."""
    code = f"import runpy; f = runpy.run_path({__file__!r}); {call}"
    return subprocess.Popen([sys.executable, "-c", code], text=True, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The checksum of a run that nothing interrupted."""
    return sha256(write(tmp_path_factory.mktemp("whole") / "rollouts.parquet"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rollouts.parquet"


def test_every_value_comes_back_exactly(path):
    with store(path, COLUMNS, identity=IDENTITY) as out:
        for index in range(2):
            out.append(rows(index))
        before = [out.segment(index) for index in range(2)]
        out.finish()
        after = [out.segment(index) for index in range(2)]
    for index in range(2):
        for name, expected in rows(index).items():
            for got in (before[index][name], after[index][name]):
                np.testing.assert_array_equal(got, expected, err_msg=name)
    kinds = {name: array.dtype.kind for name, array in before[0].items()}
    assert kinds == {"seed": "u", "source": "O", "steps": "i", "max_jerk": "f", "ok": "b", "x": "f"}
    assert before[0]["seed"].max() == 2**64 - 2


@pytest.mark.parametrize("value", [-0.0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, np.inf])
def test_floats_keep_their_bits(path, value):
    column = Column("a", "number")
    with store(path, [column], identity={}) as out:
        out.append({"a": [value, np.nan]})
        assert out.segment(0)["a"].tobytes() == np.array([value, np.nan]).tobytes()
        out.finish()
    assert pq.read_table(path)["a"].to_pylist() == [value, None]


def test_others_read_plain_types_nulls_and_what_a_column_is(path):
    write(path)
    table = pq.read_table(path)
    types = ["uint64", "string", "int32", "double", "bool", "list<element: double>"]
    assert [str(kind) for kind in table.schema.types] == types
    assert table["max_jerk"].null_count == sum(
        np.isnan(rows(i)["max_jerk"]).sum() for i in range(4)
    )
    notes = table.schema.field("max_jerk").metadata
    assert (notes[b"unit"], notes[b"about"]) == (b"m/s^3", b"largest jerk")
    assert json.loads(table.schema.metadata[b"rollkit"]) == IDENTITY
    file = pq.ParquetFile(path)
    assert file.num_row_groups == SEGMENTS
    encodings = [file.metadata.row_group(0).column(index).encodings for index in (1, 3, 5)]
    assert "RLE_DICTIONARY" in encodings[0]
    assert all("BYTE_STREAM_SPLIT" in one for one in encodings[1:])
    assert names(path.parent) == ["rollouts.parquet"]


def test_undefined_places_in_a_series_are_null_and_come_back(path):
    block = np.array([[1.0, np.nan], [np.nan, np.nan]])
    with store(path, [Column("x", "series")], identity={}) as out:
        out.append({"x": block.T.copy().T})  # in memory as rollkit keeps it, batch contiguous
        np.testing.assert_array_equal(out.segment(0)["x"], block)
        out.append({"x": np.empty((0, 2))})
        assert out.segment(1)["x"].size == 0
        out.finish()
    assert pq.read_table(path)["x"].to_pylist() == [[1.0, None], [None, None]]


@pytest.mark.parametrize("step", range(1, 16))
def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(path, whole, step):
    """Killed as it begins (1 to 4), in a segment or just after it, as it finishes, tidies up (15).

    Two steps a segment, the first of which comes before the segment counts.
    """
    killed = child(f"f['write_and_die']({str(path)!r}, {step})")
    assert killed.wait(timeout=60) == -signal.SIGKILL
    with store(path, COLUMNS, identity=IDENTITY, resume=True) as out:
        assert out.done == min(max(step - 4, 0) // 2, SEGMENTS)
        assert out.finished == (step == 15)
        for index in range(out.done):
            np.testing.assert_array_equal(out.segment(index)["x"], rows(index)["x"])
            assert out.note(index) == note(index)
        for index in range(out.done, SEGMENTS):
            out.append(rows(index), note(index))
        out.finish()
    assert sha256(path) == whole
    assert names(path.parent) == ["rollouts.parquet"]


def test_a_run_that_raises_keeps_its_segments_and_the_earlier_file(path, whole):
    earlier = write(path, identity={"another": "run"}).read_bytes()

    def broken():
        with store(path, COLUMNS, identity=IDENTITY) as out:
            out.append(rows(0), note(0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert path.read_bytes() == earlier
    assert names(path.parent) == ["rollouts.parquet", "rollouts.parquet.partial"]
    assert sha256(write(path, resume=True)) == whole


def test_the_order_of_options_does_not_change_the_bytes(path, whole):
    write(path, identity=dict(reversed(IDENTITY.items())), stop=2, finish=False)
    assert sha256(write(path, resume=True)) == whole


def test_an_interrupted_run_is_thrown_away_only_by_force(path, whole):
    write(path, stop=3, finish=False, identity={"another": "run"})
    with (
        pytest.raises(OutputError, match="keeps 3 whole segments of a run that was interrupted"),
        store(path, COLUMNS, identity=IDENTITY),
    ):
        raise AssertionError
    assert len(list(path.parent.glob("*.partial/*.arrow"))) == 3
    with store(path, COLUMNS, identity=IDENTITY, force=True) as out:
        assert out.done == 0
    assert names(path.parent) == []
    assert sha256(write(path)) == whole


def test_a_finished_run_is_resumed_by_reading_it(path, whole):
    write(path)
    with store(path, COLUMNS, identity=IDENTITY, resume=True) as out:
        assert (out.finished, out.done) == (True, SEGMENTS)
        assert [out.note(index) for index in range(SEGMENTS)] == [note(i) for i in range(SEGMENTS)]
        np.testing.assert_array_equal(out.segment(2)["max_jerk"], rows(2)["max_jerk"])
        with pytest.raises(UsageError, match="is finished"):
            out.append(rows(4))
        out.finish()
    assert sha256(path) == whole
    assert names(path.parent) == ["rollouts.parquet"]


def test_resume_where_nothing_is_starts_anew(path, whole):
    assert sha256(write(path, resume=True)) == whole


@pytest.mark.parametrize("finish", [True, False])
def test_another_runs_file_or_segments_are_not_resumed(path, finish):
    write(path, finish=finish, stop=2)
    before = [sha256(one) for one in sorted(path.parent.rglob("*.*")) if one.is_file()]
    changed = {**IDENTITY, "seeds": [0, 8000], "params": {"speed": 10.0}}
    expected = (
        "cannot resume .*rollouts.parquet: it is another run's: "
        r"params.speed: 5.0 there, 10.0 here; seeds: \[0, 4000\] there, \[0, 8000\] here\n"
        "repeat the earlier call to continue it; --force without --resume starts anew"
    )
    with pytest.raises(UsageError, match=expected):
        write(path, resume=True, identity=changed)
    other = [*COLUMNS[:-1], Column("x", "series", "km")]
    with (
        pytest.raises(UsageError, match=r'column.x.unit: "m" there, "km" here'),
        store(path, other, identity=IDENTITY, resume=True),
    ):
        pass
    assert before == [sha256(one) for one in sorted(path.parent.rglob("*.*")) if one.is_file()]


def test_differences_are_few_short_and_exact():
    assert difference({"a": 1}, {"a": 1}) == ""
    assert difference({"a": 5}, {"a": 5.0}) == "a: 5 there, 5.0 here"
    assert difference({"a": 1}, {"b": 1}) == "b: nothing there, 1 here; a: 1 there, nothing here"
    cells = [{"cells": [{"speed": 5}, {"speed": speed}]} for speed in (10, 20)]
    assert difference(*cells) == "cells.1.speed: 10 there, 20 here"
    many = [dict.fromkeys("abcde", value) for value in (1, "x" * 200)]
    assert difference(*many).endswith("and 2 more")
    assert len(difference(*many)) < 400


@pytest.mark.parametrize("keep", [0, 8, 5000, -1])
def test_a_truncated_segment_is_named(path, keep):
    write(path, stop=3, finish=False)
    damaged = path.parent / "rollouts.parquet.partial" / "000001.arrow"
    content = damaged.read_bytes()
    damaged.write_bytes(content[:keep])
    with pytest.raises(DataError, match=r"000001.arrow is damaged: .*\n.*without --resume"):
        write(path, resume=True)
    damaged.unlink()
    with pytest.raises(DataError, match=r"000001.arrow is damaged"):
        write(path, resume=True)


def test_a_segment_of_another_run_is_refused(path, tmp_path):
    write(path, stop=2, finish=False)
    write(tmp_path / "b.parquet", stop=2, finish=False, identity={})
    (tmp_path / "b.parquet.partial/000001.arrow").replace(f"{path}.partial/000001.arrow")
    with pytest.raises(DataError, match="another run's"):
        write(path, resume=True)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_damaged_identity_is_named(path, text):
    write(path, stop=2, finish=False)
    (path.parent / "rollouts.parquet.partial" / "identity.json").write_text(text)
    with pytest.raises(DataError, match=r"identity.json is damaged"):
        write(path, resume=True)


def test_a_damaged_finished_file_is_named(path):
    write(path)
    content = path.read_bytes()
    path.write_bytes(content[:10] + bytes(len(content) - 5000) + content[len(content) - 4990 :])
    with (
        pytest.raises(DataError, match=r"rollouts.parquet is damaged: "),
        store(path, COLUMNS, identity=IDENTITY, resume=True) as out,
    ):
        out.segment(0)


@pytest.mark.parametrize("content", [b"notes", b"PAR1 or so", None])
@pytest.mark.parametrize("resume", [True, False])
def test_somebody_elses_file_is_left_alone(path, content, resume):
    if content is None:
        pq.write_table(pa.table({"a": [1]}), path)
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="is no Parquet file of rollkit's; it was left alone"):
        write(path, resume=resume)
    assert path.read_bytes() == before
    assert names(path.parent) == ["rollouts.parquet"]
    write(path, resume=resume, force=True)
    assert pq.read_metadata(path).num_row_groups == SEGMENTS


def test_places_that_cannot_be_written(tmp_path):
    (tmp_path / "taken.parquet.partial").write_text("a file")
    for path in (tmp_path, tmp_path / "no" / "a.parquet", Path(os.devnull), tmp_path / ("x" * 250)):
        with pytest.raises(OutputError, match="cannot write"):
            write(path)
    with pytest.raises(OutputError, match=r"cannot write .*taken.parquet: File exists"):
        write(tmp_path / "taken.parquet")
    assert names(tmp_path) == ["taken.parquet.partial"]


def test_a_link_stays_and_the_files_permissions_are_kept(tmp_path, whole):
    target, link = tmp_path / "target.parquet", tmp_path / "link.parquet"
    write(target).chmod(0o640)
    link.symlink_to(target)
    write(link)
    assert link.is_symlink()
    assert (sha256(target), target.stat().st_mode & 0o777) == (whole, 0o640)


def test_a_file_in_the_working_folder_that_is_not_ours_stays(path):
    (path.parent / "rollouts.parquet.partial").mkdir()
    notes = path.parent / "rollouts.parquet.partial" / "notes.txt"
    notes.write_text("mine")
    write(path)
    assert names(notes.parent) == ["notes.txt"]


@pytest.mark.parametrize("fork", [False, True], ids=["alone", "with a worker that lives on"])
def test_two_runs_do_not_write_one_file(path, whole, fork):
    first = child(f"f['hold']({str(path)!r}, fork={fork})", stdout=subprocess.PIPE)
    worker = "None"
    try:
        pid, worker = first.stdout.readline().split()
        expected = rf"rollouts.parquet is being written by another run \(pid {pid}\)\nwait"
        for resume in (False, True):
            with pytest.raises(OutputError, match=expected):
                write(path, resume=resume)
        first.kill()
        first.wait(timeout=60)
        assert sha256(write(path, resume=True)) == whole
    finally:
        first.kill()
        if worker != "None":
            os.kill(int(worker), signal.SIGKILL)
        first.communicate(timeout=60)


def test_one_process_does_not_write_one_file_twice(path):
    with (
        store(path, COLUMNS, identity=IDENTITY),
        pytest.raises(OutputError, match=rf"another run \(pid {os.getpid()}\)"),
    ):
        write(path)


@pytest.fixture
def disk(tmp_path):
    """A disk of 200 kB, and how to make it larger."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(*arguments):
        call = ["mount", "-t", "tmpfs", *arguments, "tmpfs", str(folder)]
        return subprocess.run(call, capture_output=True, text=True, check=False)

    try:
        mounted = mount("-o", "size=200k")
    except FileNotFoundError:
        pytest.skip("no mount on this system")
    if mounted.returncode:
        pytest.skip(f"mounting is not permitted here: {mounted.stderr.strip()}")
    yield folder, lambda: mount("-o", "remount,size=8m")
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_the_whole_segments(disk, whole):
    folder, enlarge = disk
    path = folder / "rollouts.parquet"
    expected = (
        r"cannot write segment (\d) of .*rollouts.parquet: No space left on device; "
        r"whole segments kept in .*rollouts.parquet.partial: \1"
        "\nfree space and run again with --resume"
    )
    with pytest.raises(OutputError, match=expected) as caught:
        write(path)
    assert "\n" not in caught.value.message
    kept = names(folder / "rollouts.parquet.partial")
    assert [one for one in kept if one.endswith(".arrow")] == kept[: len(kept) - 3]
    with pytest.raises(OutputError, match=expected):
        write(path, resume=True)
    enlarge()
    assert sha256(write(path, resume=True)) == whole
    assert names(folder) == ["rollouts.parquet"]


def test_a_disk_that_is_full_when_the_file_is_made(path, whole):
    """The operating system refuses to let a file grow, as a full disk does."""
    earlier = write(path, identity={"another": "run"}).read_bytes()
    largest = 100_000  # more than a segment, less than all
    full = child(
        f"f['write'](f['Path']({str(path)!r}))",
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )
    _, errors = full.communicate(timeout=60)
    assert "rollouts.parquet: File too large; whole segments kept in" in errors
    assert "rollouts.parquet.partial: 4\n" in errors
    assert path.read_bytes() == earlier
    assert sha256(write(path, resume=True)) == whole


def test_a_working_folder_that_vanishes(path):
    with store(path, COLUMNS, identity=IDENTITY) as out:
        out.append(rows(0))
        shutil.rmtree(f"{path}.partial")
        with pytest.raises(OutputError, match=r"segment 1 of .*No such file.*\nmend that and run"):
            out.append(rows(1))
    assert names(path.parent) == []


@pytest.mark.parametrize("library", ["pyarrow", "filelock"])
def test_without_the_libraries_it_says_what_to_install(path, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    expected = rf"writing Parquet needs {library}, which is not installed\npip install 'rollkit\["
    with pytest.raises(UsageError, match=expected):
        write(path)
    assert names(path.parent) == []


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("steps", [1.5, 2.0], "column 'steps': .* expected a count a row"),
        ("steps", [2**40, 1], "column 'steps'"),
        ("seed", [-1, 1], "column 'seed'"),
        ("source", ["\udcff", "a"], "column 'source'"),
        ("max_jerk", ["a", "b"], "column 'max_jerk'"),
        ("x", [1.0, 2.0], "column 'x'"),
        ("ok", [True], "expected one length"),
        ("new", [1, 2], "expected seed, source, steps"),
    ],
)
def test_rows_that_are_not_what_the_columns_say(path, name, values, expected):
    with store(path, COLUMNS, identity=IDENTITY) as out:
        with pytest.raises(DataError, match=expected) as caught:
            out.append({**rows(0, 2), name: values})
        assert "\n" not in caught.value.message
        assert out.done == 0
        out.append(rows(0))
        assert out.done == 1


def test_a_note_is_a_json_value_and_need_not_be(path):
    with store(path, COLUMNS, identity=IDENTITY) as out:
        with pytest.raises(DataError, match=r"note\.dt: got nan, expected a finite number"):
            out.append(rows(0), {"dt": np.nan})
        out.append(rows(0))
        assert out.note(0) is None
        out.finish()
        assert out.note(0) is None


def test_a_name_stands_for_one_column(path):
    twice = [Column("speed", "number"), Column("speed", "count")]
    with pytest.raises(DataError, match="expected each name once"), store(path, twice, identity={}):
        pass
