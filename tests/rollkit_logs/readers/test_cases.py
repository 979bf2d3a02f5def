"""Files of many cases: how rows become cases and samples, and cases blocks."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import DataError, File, Poses, read_poses

T3 = (0.0, 0.1, 0.2)


def read(text: str, name: str = "cases.csv", **options) -> list[Poses]:
    return list(read_poses(File(Path(name), text.encode()), **options))


def long(cases: dict[str, dict[str, tuple[tuple[float, ...], float]]]) -> str:
    """A CSV table: case -> sample -> its times, and an x to tell it by."""
    rows = [
        f"{case},{sample},{t!r},{x!r},{index},{0.5}\n"
        for case, samples in cases.items()
        for sample, (times, x) in samples.items()
        for index, t in enumerate(times)
    ]
    return "case,sample,t,x,y,probability\n" + "".join(rows)


def test_two_cases_of_two_samples():
    samples = {"0": (T3, 1.0), "1": (T3, 2.0)}
    (block,) = read(long({"a": samples, "b": samples}))
    assert (block.ids, block.whole, block.given) == (("a", "b"), False, 1)
    np.testing.assert_array_equal(block.x, [[[1.0] * 3, [2.0] * 3]] * 2)
    np.testing.assert_array_equal(block.y, [[[0, 1, 2]] * 2] * 2)
    np.testing.assert_array_equal(block.probability, [[0.5, 0.5]] * 2)
    np.testing.assert_array_equal(block.time, T3)


def test_other_instants_are_another_block():
    one, later = {"0": (T3, 1.0)}, {"0": ((0.0, 0.2, 0.4), 1.0)}
    blocks = read(long({"a": one, "b": one, "c": later, "d": one, "e": {"0": (T3[:2], 1.0)}}))
    assert [block.ids for block in blocks] == [("a", "b"), ("c",), ("d",), ("e",)]


def test_samples_that_do_not_go_together_are_one_unusable_case():
    good = {"0": (T3, 1.0), "1": (T3, 1.0)}
    other = {"0": (T3, 1.0), "1": ((0.0, 0.1, 0.3), 1.0)}
    short = {"0": (T3, 1.0), "1": (T3[:2], 1.0)}
    blocks = read(long({"a": good, "b": other, "c": short, "d": good}))
    reasons = {block.ids[row]: reason for block in blocks for row, reason in block.unusable.items()}
    assert reasons == {
        "b": "cases.csv:8: its samples have different times",
        "c": "cases.csv:17: this sample has 2 instants, the first of the case 3",
    }
    assert [one for block in blocks for one in block.ids] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,0,0\nb,0,0\na,1,0\n", "cases.csv:4: case 'a' comes again; expected its rows together"),
        ("a,0,0\na,0,0\n", "cases.csv:3: time repeats: got 0.0 s, expected more than 0.0 s"),
        ("a,1,0\na,0,0\n", "cases.csv:3: time runs backwards from 1.0 s: got 0.0 s, expected"),
        ("a,1,0\nb,0,0\nb,nan,0\n", "cases.csv:4: time: got nan, expected a finite number"),
        ("a,1,0\nb,0,0,1\n", "cases.csv:3: got 4 fields, expected 3 as in the header"),
        ("a,1,0\nb,0,1e10\n", "cases.csv:3: x: got 1e+10, expected a finite number up to 1e+09"),
    ],
)
def test_bad_rows(rows, expected):
    text = "case,t,x,y\n" + rows.replace("\n", ",0\n")
    expected = expected.replace("4 fields, expected 3", "5 fields, expected 4")
    with pytest.raises(DataError) as error:
        read(text)
    assert error.value.message.startswith(expected)


def test_samples_whose_rows_are_apart():
    rows = "0,0,0,0\n1,0,0,0\n0,1,0,0\n"
    with pytest.raises(DataError, match=r"csv:4: sample '0' comes again"):
        read("sample,t,x,y\n" + rows)


def test_probability():
    with pytest.raises(DataError, match=r"csv:3: probability: got 0\.4, expected one for a sample"):
        read("t,x,y,probability\n0,0,0,0.5\n1,0,0,0.4\n")
    with pytest.raises(DataError, match=r"csv:2: probability: got -1, expected 0 to 1"):
        read("t,x,y,probability\n0,0,0,-1\n")


@pytest.mark.parametrize(
    ("times", "start", "expected"),
    [
        ((0.0, 0.5), "auto", 1),
        ((0.5, 1.0), "auto", 0),
        ((1e9, 1e9 + 1), "auto", 1),
        ((0.5, 1.0), "included", 1),
        ((0.0, 0.5), "missing", 0),
    ],
)
def test_whether_the_start_is_there(times, start, expected):
    (block,) = read(long({"a": {"0": (times, 1.0)}}), start=start)
    assert block.given == expected


@pytest.mark.parametrize(
    ("times", "before", "expected"),
    [((7.5, 8.0), (6.5, 7.0), 0), ((7.0, 7.5), (6.5, 7.0), 1), ((0.5, 1.0), (0.0, 0.5), 1)],
)
def test_the_start_is_where_a_history_ends(tmp_path, times, before, expected):
    """At any origin of time, and in files of either kind."""
    one = {"case": "a", "t": times, "x": [0, 1], "y": [0, 0]}
    past = {"t": before, "x": [-2, -1], "y": [0, 0]}
    (block,) = read(json.dumps(one | {"history": past}), "cases.jsonl")
    assert block.given == expected
    arrays = {"x": [[0.0, 1]], "y": [[0.0, 0]], "history_x": [[-2.0, -1]], "history_y": [[0.0, 0]]}
    np.savez(tmp_path / "cases.npz", t=times, history_t=before, **arrays)
    (block,) = read_poses(tmp_path / "cases.npz")
    assert block.given == expected


def test_a_file_larger_than_what_is_read_at_once():
    """Cases that go on beyond the end of a piece, of which a block is no larger than it."""
    count, instants = 3000, 64
    rows = np.arange(count * instants)
    lines = [f"{row // instants},{row % instants},{row}.125,0.0000000000" for row in rows.tolist()]
    blocks = read("case,t,x,y\n" + "\n".join(lines))
    assert len(blocks) > 1
    assert [one for block in blocks for one in block.ids] == [str(one) for one in range(count)]
    x = np.concatenate([block.x for block in blocks])
    np.testing.assert_array_equal(x.reshape(-1), rows + 0.125)


@given(
    cases=st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 4), st.sampled_from([0.1, 0.5])), max_size=8
    ).filter(len)
)
def test_every_case_comes_out_as_it_went_in(cases):
    table, listed = {}, []
    for index, (samples, instants, dt) in enumerate(cases):
        times = tuple(dt * one for one in range(instants))
        table[f"c{index}"] = {str(k): (times, 10.0 * index + k) for k in range(samples)}
        x = [[10.0 * index + k] * instants for k in range(samples)]
        y = [list(range(instants)) for _ in range(samples)]
        listed.append({"case": f"c{index}", "t": times, "x": x, "y": y})
    objects = "".join(json.dumps(one) + "\n" for one in listed)
    for blocks in (read(long(table)), read(objects, "cases.jsonl")):
        assert [one for block in blocks for one in block.ids] == list(table)
        seen = [(x, block.time) for block in blocks for x in block.x]
        for (x, time), one in zip(seen, listed, strict=True):
            np.testing.assert_array_equal(x, one["x"])
            np.testing.assert_array_equal(time, one["t"])
