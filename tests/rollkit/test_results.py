"""The artifact: strict, whole, read back as it was written, and refused when it is none."""

import json

import pytest

import rollkit
from rollkit.errors import DataError, OutputError


@pytest.fixture(scope="module")
def result():
    return rollkit.run("left", seeds=5, plugins=["jerk", "speed"])


def test_it_reads_back_as_it_was_written(result, tmp_path):
    path = result.save(tmp_path / "metrics.json")
    again = rollkit.read_result(path)
    assert again == result
    assert again.to_json() == path.read_text(encoding="utf-8")


def test_the_schema_accepts_it(result, validated):
    validated(json.loads(result.to_json()))


def test_undefined_is_null_and_has_a_reason(validated):
    result = rollkit.run("left", horizon=0.1, metrics=["max_abs_jerk"])
    one = result.metrics["max_abs_jerk"]
    assert (one.status, one.n, one.n_undefined, one.mean) == ("undefined", 0, 1, None)
    assert one.error == "needs 2 steps, the rollouts have 1"
    assert result.ok, "undefined is no failure"
    validated(json.loads(result.to_json()))


def test_everything_that_varies_stands_in_one_object(result):
    again = rollkit.run("left", seeds=5, plugins=["jerk", "speed"]).to_dict()
    first = result.to_dict()
    assert set(first.pop("volatile")) == set(again.pop("volatile"))
    assert json.dumps(first) == json.dumps(again)


def test_other_files_are_left_alone(result, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(OutputError, match="is no artifact of rollkit's; it was left alone"):
        result.save(path)
    assert path.read_text() == "mine"
    result.save(path, force=True)
    assert rollkit.read_result(path).ok


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; expected a metrics.json"),
        ("PAR1....PAR1", "is a Parquet file; expected a metrics.json"),
        ("{", "is no JSON"),
        ("[]", "is no artifact of rollkit's"),
        ('{"schema_version": -1, "provenance": {"rollkit": "0"}}', "is no artifact of rollkit's"),
        ('{"schema_version": true, "provenance": {"rollkit": "0"}}', "is no artifact of rollkit's"),
        ('{"schema_version": 1}', "is no artifact of rollkit's"),
        ('{"schema_version": 1, "provenance": {"rollkit": "0"}}', "damaged artifact: KeyError"),
        (
            '{"schema_version": 1, "provenance": {"rollkit": "0"}, "comparison": {}}',
            "records a comparison, expected a run or an evaluation",
        ),
        ('{"schema_version": 99, "provenance": {"rollkit": "9"}}', "schema version 99"),
    ],
)
def test_what_is_no_artifact(tmp_path, text, message):
    path = tmp_path / "metrics.json"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        rollkit.read_result(path)


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "metrics.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="is no JSON"):
        rollkit.read_result(path)
    with pytest.raises(DataError, match="cannot read"):
        rollkit.read_result(tmp_path)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"seeds": [0, -5]}, r"run\.seeds\[1\]: got -5, expected 0 or more"),
        ({"seeds": [5, 5]}, "seeds: got"),
        ({"seeds": [0.0, 5.0]}, r"run\.seeds\[0\]: got 0\.0, expected integer"),
        ({"seeds": 3}, r"run\.seeds: got 3, expected array"),
        ({"seeds": [3]}, r"run\.seeds: got 1 values, expected 2"),
        ({"horizon": "6.4"}, 'horizon: got "6.4", expected number or null'),
        ({"dt": 10**400}, "dt: got 10+[.]{3}, expected number or null"),
        ({"source": 5}, "source: got 5, expected string"),
        ({"integrator": None}, "integrator: got null, expected string"),
        ({"params": [1]}, "params: got a list, expected object"),
        ({"plugins": "jerk"}, 'plugins: got "jerk", expected array or null'),
        ({"engine": "abacus"}, 'engine: got "abacus", expected one of numpy, numba'),
        ({"grid": {"speed": {}}}, r"run\.grid\.speed: got an object, expected array"),
    ],
)
def test_a_run_section_that_was_edited_wrongly(result, tmp_path, section, message):
    data = result.to_dict()
    data["run"].update(section)
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps(data))
    with pytest.raises(DataError, match=message):
        rollkit.read_result(path)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"schema_version": 1, "provenance": null}'])
def test_odd_json_is_no_artifact(tmp_path, text):
    path = tmp_path / "metrics.json"
    path.write_text(text)
    with pytest.raises(DataError, match="is no"):
        rollkit.read_result(path)


def test_infinity_never_reaches_a_file(result):
    import dataclasses

    broken = dataclasses.replace(result, volatile={"duration_s": float("inf")})
    with pytest.raises(ValueError, match="Out of range float"):
        broken.to_json()
