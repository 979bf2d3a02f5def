"""JSON lines: cases with a history and a reference, and what each line must hold."""

import json
from pathlib import Path

import numpy as np
import pytest

from rollkit import DataError, File, Poses, read_poses

CASE = {"case": "a", "dt": 0.5, "x": [[1, 2], [1, 3]], "y": [[0, 0], [0, 1]]}


def read(*lines: object, **options) -> list[Poses]:
    text = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines)
    return list(read_poses(File(Path("c.jsonl"), text.encode()), "jsonl", **options))


def test_history_and_reference():
    more = {"history": {"x": [-1, 0], "y": [0, 0]}, "reference": {"x": [1, 2, 3], "y": [0, 0, 0]}}
    (block,) = read({**CASE, **more, "probability": [0.75, 0.25]}, {**CASE, **more, "case": 7})[:1]
    assert (block.ids, block.dt, block.given) == (("a",), 0.5, 0)
    np.testing.assert_array_equal(block.probability, [[0.75, 0.25]])
    np.testing.assert_array_equal(block.history.x, [[[-1, 0]]])
    np.testing.assert_array_equal(block.reference.x, [[[1, 2, 3]]])
    assert (block.history.dt, block.history.given) == (0.5, 1)
    assert (block.reference.dt, block.reference.given) == (0.5, 0)


def test_the_step_of_even_times_is_that_of_the_history():
    case = {"case": "a", "t": [0, 0.5, 1], "x": [0, 1, 2], "y": [0, 0, 0]}
    (block,) = read({**case, "history": {"x": [-1, 0], "y": [0, 0]}})
    assert (block.given, block.history.dt, block.history.time) == (1, 0.5, None)


def test_neither_times_nor_step():
    (block,) = read({"case": "a", "x": [1, 2], "y": [0, 0]})
    assert (block.time, block.dt, block.given) == (None, None, 0)
    assert block.origin == "c.jsonl has neither t nor dt"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[1]", "the line: got a list, expected an object"),
        ('{"x": [1', "is no JSON: Expecting ',' delimiter, at column 9"),
        ('{"x": ' + "[" * 100_000, "is nested too deeply"),
        ({**CASE, "x": "1"}, "x: got '1', expected a list of numbers, or one for each sample"),
        ({**CASE, "x": [[1, 2], [1]]}, "x: got 1 instants in a sample, expected 2"),
        ({**CASE, "x": [[1, True], [1, 2]]}, "x: got a list, expected a list of numbers"),
        ({**CASE, "y": [0, 0]}, "y: got 1 samples of 2 instants, expected 2 of 2, as x has"),
        ({**CASE, "dt": 0}, "dt: got 0, expected a positive number of seconds"),
        ({**CASE, "t": [0, 1, 2]}, "t: got 3 times, expected 2, one for each instant"),
        ({**CASE, "t": [1, 1]}, "time repeats: got 1.0 s"),
        ({**CASE, "probability": [1]}, "probability: got '[1.0]', expected 2 from 0 to 1"),
        ({**CASE, "history": [1]}, "history: got a list, expected an object"),
        ({**CASE, "history": {"x": [1]}}, "history.y: got nothing, expected a list of numbers"),
        ({**CASE, "case": None}, "case: got nothing, expected text or a whole number"),
        ({**CASE, "case": "a"}, "case 'a' comes again; expected it once"),
        ({**CASE, "qw": [1, 1]}, "qx: got nothing, expected a list of numbers"),
        ('{"case": "b", "x": [[1e999]], "y": [[0]]}', "x: got inf, expected a finite number"),
        ('{"case": "b", "x": [[' + "9" * 5000 + ']], "y": [[0]]}', "x: got inf, expected a finite"),
        ('{"case": "b", "x": [[Infinity]], "y": [[0]]}', "x: got inf, expected a finite number"),
    ],
)
def test_bad_lines(line, expected):
    first = {**CASE, "case": "a" if "again" in expected else "first"}
    with pytest.raises(DataError) as error:
        read(first, line)
    assert error.value.message.startswith(f"c.jsonl:2: {expected}")


def test_a_line_of_poses_must_hold_numbers():
    with pytest.raises(DataError, match=r"jsonl:2: y: got '1', expected a number"):
        read({"t": 0, "x": 0, "y": 0}, {"t": 1, "x": 0, "y": "1"})
    with pytest.raises(DataError, match=r"jsonl:2: time: got nan, expected a finite number"):
        read({"t": 0, "x": 0, "y": 0}, {"x": 0, "y": 1})
