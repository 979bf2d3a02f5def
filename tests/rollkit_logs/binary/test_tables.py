"""Parquet and Feather: batches, shapes, the data sets, and what is wrong with a table."""

import itertools

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pytest

import rollkit
from rollkit import DataError, UsageError
from rollkit_logs import arrow
from rollkit_logs.readers import argoverse_ego
from rollkit_logs.readers.argoverse_ego import av2_ego
from rollkit_logs.readers.argoverse_forecasting import av2_forecasting
from rollkit_logs.readers.feather import feather
from rollkit_logs.readers.parquet import parquet
from rollkit_logs.readers.physical_ai import physical_ai

from . import drives
from .drives import blocks


@pytest.fixture(params=[1, 2, 3, 7, 1 << 16])
def few_rows(request, monkeypatch):
    """Batches of few rows, so that cases go on from one to the next."""
    monkeypatch.setattr(arrow, "_ROWS", request.param)
    return request.param


def _wide(samples, length, dtype="float64"):
    rng = np.random.default_rng(1)
    case = np.repeat([f"c{i}" for i in range(len(samples))], samples)
    x = [rng.standard_normal(length[i]).tolist() for i in np.repeat(range(len(samples)), samples)]
    return {"case": case, "x": x, "y": [[-v for v in one] for one in x]}


def test_cases_go_on_across_batches(few_rows):
    table = _wide([2, 2, 1, 3], [4, 4, 4, 5])
    for content in (
        drives.parquet({**table, "dt": np.full(8, 0.5), "probability": np.arange(8) / 8}),
        drives.parquet(
            {**table, "dt": np.full(8, 0.5), "probability": np.arange(8) / 8}, row_group_size=3
        ),
    ):
        read = blocks(parquet, content)
        assert [one for block in read for one in block.ids] == ["c0", "c1", "c2", "c3"]
        flat = [list(row) for block in read for case in block.x for row in case]
        assert flat == table["x"]
        share = np.concatenate([block.probability.ravel() for block in read])
        np.testing.assert_array_equal(share, np.arange(8) / 8)
        assert {block.dt for block in read} == {0.5}


def test_long_tables_go_on_across_batches(few_rows):
    case = np.repeat(["a", "b"], [8, 4])
    sample = np.repeat([0, 1, 0], 4)
    t = np.tile(np.arange(4) * 0.1, 3)
    x = np.arange(12.0)
    for kind in (pa.string(), pa.dictionary(pa.int32(), pa.string())):
        columns = {
            "case": pa.array(case.tolist()).cast(kind),
            "sample": sample,
            "t": t,
            "x": x,
            "y": -x,
        }
        read = blocks(parquet, drives.parquet(columns))
        assert [(one.ids, one.x.shape) for one in read] == [
            (("a",), (1, 2, 4)),
            (("b",), (1, 1, 4)),
        ]
        np.testing.assert_array_equal(np.concatenate([one.x.ravel() for one in read]), x)


def test_neighbours_of_one_shape_make_one_block():
    read = blocks(parquet, drives.parquet(_wide([2] * 50, [4] * 50)))
    shapes = [block.x.shape for block in read]
    assert shapes == [(49, 2, 4), (1, 2, 4)]  # the last one might have gone on
    assert (read[0].dt, read[0].time, read[0].given) == (None, None, 0)


def test_null_was_not_observed():
    x = pa.array([[1.0, None, 3.0]], type=pa.list_(pa.float32()))
    (block,) = blocks(parquet, drives.parquet({"x": x, "y": x, "t": [[0.0, 1.0, 2.0]]}))
    np.testing.assert_array_equal(block.x[0, 0], [1, np.nan, 3])
    (block,) = blocks(
        parquet, drives.parquet({"t": [0.0, 1, 2], "x": [1, None, 3], "y": [1, 2, 3]})
    )
    np.testing.assert_array_equal(block.x[0, 0], [1, np.nan, 3])


def test_cases_that_cannot_be_used_are_named():
    table = _wide([2, 2, 1, 1], [4, 4, 0, 3])
    table["x"][1], table["y"][1] = [1.0], [1.0]
    read = blocks(parquet, drives.parquet(table))
    reasons = {block.ids[i]: why for block in read for i, why in block.unusable.items()}
    assert "row 1: the samples of this case differ" in reasons["c0"]
    assert "row 5: this case has no instants" in reasons["c2"]
    assert set(reasons) == {"c0", "c2"}


def test_samples_with_different_times_are_not_usable():
    table = _wide([2, 2], [3, 3])
    table["t"] = [[0.0, 1, 2]] * 3 + [[0.0, 1, 3]]
    _, block = blocks(parquet, drives.parquet(table))
    assert set(block.unusable) == {0}


def test_the_scenario_keeps_gaps_and_types_apart():
    content = drives.parquet(drives.scenario())
    (a,) = blocks(av2_forecasting, content)
    assert a.ids == ("a",)
    assert np.flatnonzero(np.isnan(a.x[0, 0])).tolist() == [3, 4, 5]
    np.testing.assert_allclose(a.speed[0, 0, :3], 5)
    a, b = blocks(av2_forecasting, content, types="all")
    np.testing.assert_allclose(b.time, 0.1 * np.arange(2, 10))
    assert b.whole
    assert [one.ids for one in blocks(av2_forecasting, content, types="focal")] == [("a",)]
    assert [one.ids for one in blocks(av2_forecasting, content, types="pedestrian")] == [("b",)]
    with pytest.raises(UsageError, match="no tracks of type 'tram'") as caught:
        blocks(av2_forecasting, content, types="tram")
    assert "pedestrian, vehicle" in str(caught.value)
    half = drives.scenario(end_timestamp=np.full(27, 3.15986559459579e17 + 4.2e9))
    np.testing.assert_allclose(blocks(av2_forecasting, drives.parquet(half))[0].time[1], 0.2)
    half = {name: one for name, one in half.items() if "_timestamp" not in name}
    (block,) = blocks(av2_forecasting, drives.parquet(half))
    np.testing.assert_allclose(block.time[1], 0.1)
    assert "10 Hz" in block.origin


def test_the_clip_is_the_case_and_its_speed_is_along_the_heading():
    (block,) = blocks(physical_ai, drives.parquet(drives.egomotion()), "abc-1.egomotion.parquet")
    assert block.ids == ("abc-1",)
    np.testing.assert_allclose(block.speed, 5)
    back = drives.egomotion(vx=-5 * np.cos(drives.YAW), vy=-5 * np.sin(drives.YAW))
    np.testing.assert_allclose(blocks(physical_ai, drives.parquet(back))[0].speed, -5)


def test_names_may_be_categories_and_nothing():
    kind = pa.dictionary(pa.int8(), pa.string())
    track = pa.array(["a"] * 19 + ["b"] * 8).cast(kind)
    (a,) = blocks(av2_forecasting, drives.parquet(drives.scenario(track_id=track)))
    assert a.ids == ("a",)
    case = pa.array(["p", "p", None], type=pa.string()).cast(kind)
    table = {"case": case, "x": [[1.0]] * 3, "y": [[1.0]] * 3}
    for content in (drives.parquet(table), drives.feather(table)):
        reader = parquet if content.startswith(b"PAR1") else feather
        assert [one.ids for one in blocks(reader, content)] == [("p",), ("",)]


def test_only_one_reader_recognises_each_file():
    readers = (parquet, feather, av2_ego, av2_forecasting, physical_ai)
    for content, name in (
        (drives.parquet(drives.long_table()), "parquet"),
        (drives.parquet(drives.scenario()), "parquet"),
        (drives.feather(drives.long_table()), "feather"),
        (drives.feather(drives.ego()), "av2_ego"),
        (drives.feather(drives.ego(), compression="uncompressed"), "av2_ego"),
    ):
        specs = [one.__rollkit__ for one in readers]
        assert [one.name for one in specs if one.recognises(content[:4096])] == [name]


WRONG = {
    "no column": (drives.parquet({"time": [1.0], "x": [1.0], "y": [1.0]}), "no column 't'"),
    "type": (
        drives.parquet(drives.long_table(x=[str(i) for i in range(22)])),
        "column 'x': got string, expected numbers",
    ),
    "list": (drives.parquet(drives.long_table(y=[[1.0]] * 22)), "column 'y': got a list a row"),
    "no list": (drives.parquet({"x": [[1.0]], "y": [1.0]}), "column 'y': got one number a row"),
    "text list": (
        drives.parquet({"x": [["1"]], "y": [["1"]]}),
        "column 'x': got list<.*expected numbers",
    ),
    "lengths": (
        drives.parquet({"x": [[1.0], [1.0]], "y": [[1.0], [1.0, 2.0]]}),
        "row 2: column 'y': got 2 instants, expected 1",
    ),
    "again": (
        drives.parquet({"case": [1, 2, 1], "x": [[1.0]] * 3, "y": [[1.0]] * 3}),
        "row 3: case '1' comes again",
    ),
    "wide time": (
        drives.parquet({"t": [[0.0, 1], [2, 1]], "x": [[1.0, 1]] * 2, "y": [[1.0, 1]] * 2}),
        "row 2: time runs backwards",
    ),
    "dt": (drives.parquet({"dt": [0.0], "x": [[1.0]], "y": [[1.0]]}), "row 1: column 'dt': got 0"),
    "quaternion": (
        drives.parquet(drives.egomotion(qw=np.full(22, 2.0))),
        "row 1: got a quaternion of length 2",
    ),
    "stamps": (
        drives.parquet(drives.egomotion(timestamp=np.arange(22)[::-1])),
        "row 2: time runs backwards: got 20",
    ),
    "half a stamp": (
        drives.parquet(drives.egomotion(timestamp=np.arange(22.0))),
        "column 'timestamp': got double",
    ),
    "null stamp": (
        drives.parquet(drives.egomotion(timestamp=pa.array([1, None] + [3] * 20))),
        "row 2: got null",
    ),
    "large stamp": (
        drives.parquet(drives.egomotion(timestamp=np.full(22, 2**64 - 1, np.uint64))),
        "timestamp",
    ),
    "far stamp": (
        drives.parquet(drives.egomotion(timestamp=np.array([-(2**63)] + [2**63 - 1] * 21))),
        "expected a drive",
    ),
    "step twice": (
        drives.parquet(drives.scenario(timestep=np.zeros(27, int))),
        "row 2: track 'a' has timestep 0 twice",
    ),
    "step": (
        drives.parquet(drives.scenario(timestep=np.full(27, 10**15))),
        "row 1: timestep: got 1000000000000000",
    ),
    "span": (drives.parquet(drives.scenario(num_timestamps=np.zeros(27, int))), "num_timestamps 0"),
    "infinite": (drives.parquet(drives.long_table(x=np.full(22, np.inf))), "row 1: x: got inf"),
    "empty": (drives.parquet({k: v[:0] for k, v in drives.egomotion().items()}), "without rows"),
    "magic": (b"PAR2", "starts with b'PAR2'"),
    "short": (b"PAR1", "is no Parquet file"),
    "nothing": (b"", "starts with b''"),
    "old feather": (b"FEA1" + bytes(30), "write version 2"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_tables_are_named(name):
    content, message = WRONG[name]
    with pytest.raises(DataError, match=message) as caught:
        blocks(parquet, content, "bad.parquet")
    assert str(caught.value).startswith("bad.parquet")


def _twice(columns: dict, name: str) -> bytes:
    table = pa.table(columns)
    table = table.append_column(name, table.column(name))
    room = pa.BufferOutputStream()
    with pa.ipc.new_file(room, table.schema) as writer:
        writer.write_table(table)
    return room.getvalue().to_pybytes()


def test_a_column_twice_is_refused():
    for content, name in (
        (_twice(drives.long_table(), "x"), "x"),
        (_twice({"x": [[1.0]], "y": [[1.0]]}, "y"), "y"),
        (_twice(drives.ego(), "qw"), "qw"),
    ):
        with pytest.raises(DataError, match=f"column '{name}' is there twice"):
            blocks(feather, content)
    with pytest.raises(DataError, match="column 'x' is there twice"):
        blocks(physical_ai, _twice(drives.egomotion(), "x"))


def test_damage_is_told_wherever_the_file_is_cut():
    for content in (
        drives.parquet(drives.long_table()),
        drives.feather(drives.long_table()),
        drives.feather(drives.ego()),
        drives.parquet(drives.scenario()),
    ):
        reader = parquet if content.startswith(b"PAR1") else feather
        for length in range(0, len(content), 97):
            with pytest.raises(DataError):
                blocks(reader, content[:length])


def test_a_missing_column_of_a_data_set_is_named():
    columns = {k: v for k, v in drives.scenario().items() if k != "heading"}
    for reader, content, name in (
        (av2_forecasting, drives.parquet(columns), "heading"),
        (physical_ai, drives.parquet(drives.long_table()), "timestamp"),
        (av2_ego, drives.feather(drives.long_table()), argoverse_ego.COLUMNS[0]),
    ):
        with pytest.raises(DataError, match=f"no column '{name}'"):
            blocks(reader, content)


def test_a_folder_is_named(tmp_path):
    for reader in (parquet, feather, av2_ego, av2_forecasting, physical_ai):
        with pytest.raises(DataError, match="got a folder"):
            list(reader(rollkit.File(tmp_path)))


def test_without_pyarrow_the_error_says_how_to_install_it(monkeypatch):
    import sys

    content = drives.parquet(drives.long_table())
    for name in list(itertools.chain(sys.modules)):
        if name == "pyarrow":
            monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=r"rollkit\[parquet\]"):
        blocks(parquet, content)
