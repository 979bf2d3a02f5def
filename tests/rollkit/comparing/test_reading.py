"""What a side may be named by, and everything that is none: one clear line each."""

import datetime
import json
import sys

import numpy as np
import pytest

import rollkit
from rollkit import DataError, RollkitError, UsageError
from rollkit.comparing.definitions import differences
from rollkit.comparing.knowing import known_metrics
from rollkit.comparing.reading import side_of

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

METRIC = b'{"better": "lower", "bounds": [0, null], "plugin": "p", "preset": null, "version": 1}'
ASKED = {"metrics": ["max_abs_jerk", "min_speed"], "seeds": 12}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run's artifact, values and trajectories; read by tests that must not change them."""
    folder = tmp_path_factory.mktemp("made")
    files = {"save": folder / "v.parquet", "save_trajectories": folder / "t.parquet"}
    rollkit.run("left", **ASKED, **files).save(folder / "m.json")
    return folder


@pytest.fixture
def artifact(made):
    """The artifact's JSON, to be changed."""
    return json.loads((made / "m.json").read_text(encoding="utf-8"))


def refused(given, kind=RollkitError):
    """The error's one line."""
    with pytest.raises(kind) as caught:
        side_of(given, "base")
    assert "\n" not in caught.value.message
    return caught.value.message


def written(path, columns, metadata=None):
    """A Parquet file of somebody else's."""
    table = arrow.table(columns)
    parquet.write_table(table.replace_schema_metadata(metadata), path)
    return path


def test_an_artifact_brings_its_values(made):
    side = side_of(made / "m.json", "base")
    assert (side.key, list(side.metrics)) == ("seed", ASKED["metrics"])
    assert side.settings["dt"] == 0.1
    assert side.settings["horizon"] == pytest.approx(6.4)
    assert (side.notes, side.together) == ((), None)
    loaded = side.table.load(["min_speed"])
    assert loaded.rows == 12
    assert np.mean(loaded.column("min_speed")) == pytest.approx(side.told["min_speed"].moments.mean)


def test_a_file_of_values_says_the_same_of_itself(made):
    artifact, values = (side_of(made / name, "base") for name in ("m.json", "v.parquet"))
    assert values.metrics == artifact.metrics
    assert values.cells == artifact.cells
    assert values.work == artifact.work
    assert values.settings == {**artifact.settings, "horizon": 6.4}
    assert (values.told, values.name) == ({}, str(made / "v.parquet"))


def test_an_evaluation_says_the_same_in_both_files(tmp_path):
    x = np.arange(5.0)
    random = np.random.default_rng(0)

    def poses(samples):
        return rollkit.Poses(
            ids=("a", "b", "c"),
            x=x + random.normal(0, 0.1, (3, samples, 5)),
            y=np.zeros((3, samples, 5)),
            dt=0.5,
            frame="plane",
            origin="by hand",
        )

    asked = {"metrics": ["ade", "min_ade"], "at": [1.0], "samples": "all"}
    file = tmp_path / "v.parquet"
    rollkit.evaluate_predictions(poses(2), poses(1), **asked, save=file).save(tmp_path / "m.json")
    artifact, values = (side_of(one, "base") for one in (tmp_path / "m.json", file))
    assert artifact.key == values.key == "case"
    assert artifact.metrics == values.metrics
    assert (
        artifact.together
        == values.together
        == "the samples of a case are not independent of each other"
    )
    common = {name: artifact.settings[name] for name in values.settings}
    assert common == values.settings
    said = {"dt": 0.5, "horizon": 2.0, "samples": "all", "at": [1.0], "samples of a case": 2}
    assert said.items() <= common.items()
    loaded = artifact.table.load(["ade"])
    np.testing.assert_array_equal(loaded.part, [0, 1, 0, 1, 0, 1])


def test_values_are_found_beside_the_artifact_and_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = rollkit.run("left", **ASKED, save="v.parquet")
    assert result.volatile["saved"] == ["v.parquet"]
    (tmp_path / "inner").mkdir()
    result.save("inner/m.json")
    assert side_of("inner/m.json", "base").table is not None  # here
    (tmp_path / "v.parquet").rename("inner/v.parquet")
    assert side_of("inner/m.json", "base").table is not None  # beside it
    (tmp_path / "inner" / "v.parquet").unlink()
    side = side_of("inner/m.json", "base")
    assert side.table is None
    assert "v.parquet is not there" in side.notes[0]


@pytest.mark.parametrize(
    ("source", "asked", "why"),
    [
        ("right", {}, "another source, or other options"),
        ("left", {"params": {"speed": 9}}, "another source, or other options"),
        ("left", {"seeds": 13}, "other seeds"),
        ("left", {"metrics": ["min_speed"]}, "other metrics"),
    ],
)
def test_values_of_another_run_are_not_taken(tmp_path, source, asked, why):
    file = tmp_path / "v.parquet"
    rollkit.run("left", **ASKED, save=file).save(tmp_path / "m.json")
    rollkit.run(source, **{**ASKED, **asked}, save=file)
    side = side_of(tmp_path / "m.json", "base")
    assert side.table is None
    assert why in side.notes[0]


@pytest.mark.parametrize("change", ["cut", "text", "empty"])
def test_damaged_values_are_refused_where_missing_ones_are_a_note(tmp_path, change):
    file = tmp_path / "v.parquet"
    rollkit.run("left", **ASKED, save=file).save(tmp_path / "m.json")
    file.write_bytes({"cut": file.read_bytes()[:-50], "text": b"hello", "empty": b""}[change])
    said = refused(tmp_path / "m.json", DataError)
    assert f"m.json: its values: {file} is damaged" in said


def test_presets_are_compared_by_their_revision(tmp_path):
    file = tmp_path / "v.parquet"
    asked = {"metrics": ["alpamayo_comfort"], "presets": ["alpamayo_comfort"], "seeds": 2}
    artifact = side_of(rollkit.run("left", **asked, save=file), "base")
    values = side_of(file, "candidate")
    (name,) = (one for one in artifact.settings if one.startswith("preset "))
    assert values.settings[name] == artifact.settings[name]
    assert len(values.settings[name].split()) == 2  # project and commit
    table = parquet.read_table(file)
    fields = []
    for one in table.schema:
        said = json.loads(one.metadata.get(b"rollkit_metric", b"null"))
        if said is not None and said["preset"] is not None:
            said["revision"] = "another one"
        notes = {} if said is None else {b"rollkit_metric": json.dumps(said)}
        fields.append(one.with_metadata({**one.metadata, **notes}))
    parquet.write_table(table.cast(arrow.schema(fields, metadata=table.schema.metadata)), file)
    (line,) = differences(values, side_of(file, "candidate"), ["min_speed"])
    assert line == f"{name}: {artifact.settings[name]} there, another one here"


def test_values_that_were_saved_before_metrics_were_declared(tmp_path):
    file = tmp_path / "v.parquet"
    result = rollkit.run("left", **ASKED, save=file)
    table = parquet.read_table(file)
    fields = [
        one.with_metadata({k: v for k, v in one.metadata.items() if k != b"rollkit_metric"})
        for one in table.schema
    ]
    parquet.write_table(table.cast(arrow.schema(fields, metadata=table.schema.metadata)), file)
    side = side_of(file, "base")
    assert list(side.metrics) == ASKED["metrics"]
    assert (side.metrics["min_speed"].unit, side.metrics["min_speed"].better) == ("m/s", None)
    found, _ = known_metrics(ASKED["metrics"], side)
    assert found["max_abs_jerk"].better == "lower"
    result.save(tmp_path / "m.json")
    assert side_of(tmp_path / "m.json", "base").table is not None


def test_a_result_brings_the_values_that_it_kept():
    result = rollkit.run("left", **ASKED, keep_values=True)
    side = side_of(result, "base")
    assert (side.name, side.key) == ("base", "seed")
    np.testing.assert_array_equal(
        side.table.load([]).column("min_speed"), result.values["min_speed"]
    )
    assert side_of(rollkit.run("left", **ASKED), "base", "mine").table is None


def test_arrays_by_name():
    side = side_of({"jerk": [1, 2, 3]}, "base")
    assert (side.key, list(side.metrics), side.metrics["jerk"].unit) == (None, ["jerk"], None)
    side = side_of({"seed": [4, 5], "cell": [0, 1], "jerk": [1, 2]}, "base")
    assert (side.key, list(side.metrics)) == ("seed", ["jerk"])
    side = side_of({"id": ["a", "b"], "jerk": np.float32([1, 2])}, "base")
    assert side.key == "case"


def test_what_is_masked_is_undefined():
    masked = np.ma.array([1, 99, 3], mask=[False, True, False])
    given = {"a": masked, "b": [1.0, None, 3.0], "c": masked.astype(np.float32)}
    side = side_of({"case": np.array(["x", 4, "z"], object), **given}, "base")
    for name in given:
        np.testing.assert_array_equal(side.table.load([name]).column(name), [1, np.nan, 3])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "base: got a mapping without metrics"),
        ({"seed": [1]}, "base: got a mapping without metrics"),
        ({"a": [1, 2], "b": [1]}, "base: b: got shape (1,), expected columns `(n,)` of one length"),
        ({"a": [[1, 2]]}, "base: a: got shape (1, 2)"),
        ({"a": 3}, "base: a: got shape ()"),
        ({"a": ["x"]}, "base: a: got no numbers"),
        ({"seed": [1], "a": [1, 2]}, "base: seed: got shape (1,)"),
        ({"seed": [], "a": []}, "base: a: got no rows"),
        ({"case": [["a"], ["b", "c"]], "a": [1, 2]}, "base: case: got no column, expected whole"),
        ({"seed": [1, 1], "cell": [0, -1], "a": [1, 2]}, "base: cell: got -1, expected numbers"),
        (
            {"seed": [1, 2], "cell": [0, 2**70], "a": [1, 2]},
            f"base: cell: got {2**70}, expected numbers from 0 to 2147483647",
        ),
        ({3: [1.0]}, "base: got a column called 3, expected names: text"),
        ({"a": np.array(["2026-01-01"], "M8[s]")}, "base: a: got no numbers"),
        ({"a": np.array([np.datetime64("2026-01-01")], object)}, "base: a: got no numbers"),
        ({"a": [datetime.date(2026, 1, 1)]}, "base: a: got no numbers"),
        ({"a": [1 + 2j]}, "base: a: got no numbers"),
        ({"a": ["1.5"]}, "base: a: got no numbers"),
        ({"seed": [1.5], "a": [1]}, "base: seed: got float64, expected whole numbers or text"),
        ({"seed": [True], "a": [1]}, "base: seed: got bool, expected whole numbers or text"),
        ({"case": np.array([None]), "a": [1]}, "base: case: got None, expected whole numbers or"),
        (
            {"case": ["a"], "sample": [0.5], "a": [1]},
            "base: sample: got float64, expected whole numbers",
        ),
        (
            {"seed": np.ma.array([1, 2], mask=[0, 1]), "a": [1, 2]},
            "base: seed: row 1: got nothing, expected whose row it is",
        ),
    ],
)
def test_arrays_that_are_none(columns, said):
    assert refused(columns).startswith(said)


def test_somebody_elses_file(tmp_path):
    schema = arrow.schema([arrow.field("gap", arrow.float32(), metadata={"unit": "m"})])
    gap = arrow.array([1.5, None, 2.5], arrow.float32())
    table = arrow.table({"gap": gap}, schema=schema)
    table = table.append_column("id", arrow.array(["a", "b", "c"]).dictionary_encode())
    for name, values in {"hits": [1, 2, 3], "late": [True, False, True]}.items():
        table = table.append_column(name, arrow.array(values))
    for name, values in {"town": ["x", "y", "z"], "path": [[1.0], [2.0], [3.0]]}.items():
        table = table.append_column(name, arrow.array(values))
    parquet.write_table(table, tmp_path / "theirs.parquet")
    side = side_of(tmp_path / "theirs.parquet", "base")
    assert (side.key, list(side.metrics)) == ("case", ["gap", "hits", "late"])
    assert [one.unit for one in side.metrics.values()] == ["m", None, None]
    loaded = side.table.load(list(side.metrics))
    np.testing.assert_array_equal(loaded.column("gap"), [1.5, np.nan, 2.5])
    np.testing.assert_array_equal(loaded.column("late"), [1, 0, 1])


def test_places_that_hold_nothing(tmp_path):
    assert "cannot read" in refused(tmp_path / "nowhere.json")
    assert "is a folder" in refused(tmp_path)
    (tmp_path / "empty.parquet").touch()
    assert "is empty" in refused(tmp_path / "empty.parquet")
    assert "cannot read" in refused("a\0b")
    assert refused(3) == "base: got int, expected a path, a result, or arrays by name"


def test_texts_that_are_no_artifact(tmp_path, made, artifact):
    path = tmp_path / "m.json"
    whole = (made / "m.json").read_text(encoding="utf-8")
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")
    assert "is no JSON" in refused(path, DataError)
    path.write_text('{"a": 1}', encoding="utf-8")
    assert "is no artifact of rollkit's" in refused(path, DataError)
    path.write_bytes(b"\xff\xfe\0\1")
    assert "is no JSON" in refused(path, DataError)
    other = {**artifact, "comparison": {}}
    other.pop("run")
    path.write_text(json.dumps(other), encoding="utf-8")
    assert "records neither a run nor an evaluation" in refused(path, DataError)
    path.write_text(json.dumps({**artifact, "metrics": [{"name": "x"}]}), encoding="utf-8")
    assert "is a damaged artifact" in refused(path, DataError)


@pytest.mark.parametrize("kind", ["run", "eval"])
def test_newer_artifacts_are_refused_and_older_read(tmp_path, artifact, kind):
    path = tmp_path / "m.json"
    path.write_text(json.dumps({**artifact, "schema_version": 2}), encoding="utf-8")
    assert "schema version 2, this rollkit reads up to 1" in refused(path, DataError)
    if kind == "run":
        for name in ("presets", "gates", "statistics"):  # as they were written once
            artifact.pop(name)
        path.write_text(json.dumps({**artifact, "schema_version": 0}), encoding="utf-8")
        assert list(side_of(path, "base").metrics) == ASKED["metrics"]


def test_files_that_are_no_parquet(tmp_path, made):
    path = tmp_path / "v.parquet"
    path.write_text("hello", encoding="utf-8")
    assert "is no Parquet file, whatever its name says" in refused(path, DataError)
    whole = (made / "v.parquet").read_bytes()
    for end in (6, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:end])
        assert "is damaged" in refused(path, DataError)
    at = len(whole) // 4
    path.write_bytes(whole[:at] + bytes(200) + whole[at + 200 :])
    with pytest.raises(DataError, match=r"damaged"):
        side_of(path, "base").table.load(ASKED["metrics"])


def test_trajectories_have_no_values(made):
    assert "holds trajectories, expected values" in refused(made / "t.parquet", DataError)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"a": [1.0]}, "has no column seed, case or id, which say whose each row is; got a"),
        ({"seed": [1], "town": ["x"]}, "has no column of numbers beside seed; got seed, town"),
        ({"seed": [1], "path": [[1.0, 2.0]]}, "has no column of numbers beside seed"),
        ({"seed": [1.5], "a": [1.0]}, "column seed: got double, expected whole numbers or text"),
        ({"seed": [[1]], "a": [1.0]}, "column seed: got list"),
        ({"case": ["a"], "sample": ["x"], "a": [1.0]}, "column sample: got string, expected whole"),
    ],
)
def test_columns_that_cannot_be_compared(tmp_path, columns, said):
    assert said in refused(written(tmp_path / "v.parquet", columns), DataError)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"seed": arrow.array([], arrow.int64()), "a": arrow.array([], arrow.float64())},
            "no rows",
        ),
        ({"seed": [1, None], "a": [1.0, 2.0]}, "row 1: seed: got nothing"),
        ({"seed": [1, 2], "cell": [0, None], "a": [1.0, 2.0]}, "row 1: cell: got nothing"),
        ({"seed": [1, 2], "cell": [0, -1], "a": [1.0, 2.0]}, "cell: got -1, expected numbers from"),
    ],
)
def test_rows_that_cannot_be_compared(tmp_path, columns, said):
    side = side_of(written(tmp_path / "v.parquet", columns), "base")
    with pytest.raises(DataError, match=said):
        side.table.load(["a"])


@pytest.mark.parametrize(
    "identity", [b"{", b"[1]", b"\xff", b'{"cells": [{}]}', b'{"cells": []}', b'{"x": 1}']
)
def test_a_damaged_description(tmp_path, identity):
    field = arrow.field("a", arrow.float64(), metadata={"rollkit_metric": METRIC, "unit": b"m"})
    schema = arrow.schema([arrow.field("seed", arrow.int64()), field])
    table = arrow.table({"seed": [1], "a": [1.0]}, schema=schema)
    parquet.write_table(
        table.replace_schema_metadata({b"rollkit": identity}), tmp_path / "v.parquet"
    )
    assert "description is damaged" in refused(tmp_path / "v.parquet", DataError)


@pytest.mark.parametrize("metric", [b"{", b"[]", b"{}", b'{"bounds": [0]}'])
def test_a_damaged_declaration(tmp_path, metric):
    field = arrow.field("a", arrow.float64(), metadata={"rollkit_metric": metric})
    schema = arrow.schema([arrow.field("seed", arrow.int64()), field])
    parquet.write_table(arrow.table({"seed": [1], "a": [1.0]}, schema=schema), tmp_path / "v")
    assert "description is damaged" in refused(tmp_path / "v", DataError)


def test_without_arrow_the_line_says_what_to_install(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError) as caught:
        side_of(made / "v.parquet", "base")
    assert "reading Parquet needs pyarrow" in caught.value.message
    assert caught.value.hint == "pip install 'rollkit[parquet]'"
    with pytest.raises(UsageError, match=r"m.json: its values: .*v.parquet: reading Parquet needs"):
        side_of(made / "m.json", "base")


def test_columns_of_one_name(tmp_path):
    for names in (["seed", "a", "a"], ["seed", "seed", "a"]):
        table = arrow.Table.from_arrays([arrow.array([1, 2])] * 3, names=names)
        parquet.write_table(table, tmp_path / "v.parquet")
        twice = max(names, key=names.count)
        said = f"v.parquet: got several columns '{twice}', expected each name once"
        assert refused(tmp_path / "v.parquet", DataError).endswith(said)


def test_a_column_whose_name_is_no_text(tmp_path):
    path = written(tmp_path / "v.parquet", {"seed": [1, 2], "gap": [1.0, 2.0]})
    path.write_bytes(path.read_bytes().replace(b"gap", b"g\xffp"))
    assert "v.parquet is damaged" in refused(path, DataError)


def test_an_artifact_whose_values_have_an_impossible_name(tmp_path, artifact):
    path = tmp_path / "m.json"
    for name in ("v" * 2000, "v\x1b" * 2000):
        artifact["volatile"]["saved"] = [name]
        path.write_text(json.dumps(artifact), encoding="utf-8")
        said = refused(path, DataError)
        assert "volatile.saved: cannot read v" in said
        assert len(said) < 400 + len(str(path))
        assert said.isprintable()


def test_an_artifact_whose_inputs_have_no_path(tmp_path):
    poses = rollkit.Poses(
        ids=("a",), x=[[[0.0, 1.0, 2.0]]], y=[[[0.0, 0.0, 0.0]]], dt=0.5, frame="", origin=""
    )
    artifact = rollkit.evaluate_predictions(poses, poses, metrics=["ade"]).to_dict()
    artifact["provenance"]["inputs"] = [{"sha256": "12ab"}]
    (tmp_path / "m.json").write_text(json.dumps(artifact), encoding="utf-8")
    said = refused(tmp_path / "m.json", DataError)
    assert said.endswith("is a damaged artifact: provenance.inputs: got a file without 'path'")
