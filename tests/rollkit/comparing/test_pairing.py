"""Pairs: by seed or case, whatever the order, the type of the key, or the number of its rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import DataError
from rollkit.comparing.pairing import Pairing, means, paired_by_key, units
from rollkit.comparing.tables import InMemory

NAN = np.nan


def table(key, values, part=None):
    """A table with one metric."""
    key = np.array(key, dtype=object) if len(key) and isinstance(key[0], str) else np.asarray(key)
    part = None if part is None else np.asarray(part)
    return InMemory(len(key), key, part, {"m": np.asarray(values, dtype=float)})


def arrow_table(key, values, part=None, *, chunks=1):
    """The same, as Arrow reads it, in several chunks."""
    arrow = pytest.importorskip("pyarrow")
    made = table(key, values, part)
    pieces = np.array_split(made.key, chunks)
    made.key = arrow.chunked_array([arrow.array(list(one), arrow.string()) for one in pieces])
    return made


def pairs(base, candidate, *, what="seed", cells=True):
    """The pairing and the columns of both sides."""
    found = paired_by_key(("BASE", "CAND"), what, base, candidate, cells=cells)
    return found, found.columns(base.column("m"), candidate.column("m"))


def test_by_hand():
    base = table([3, 1, 2, 9], [30, 10, 20, 90])
    candidate = table([2, 7, 3, 1], [21, 71, NAN, 11])
    found, columns = pairs(base, candidate)
    assert (found.pairs, found.only_base, found.only_candidate) == (3, 1, 1)
    np.testing.assert_array_equal(columns.base, [10, 20, 30])  # in the order of the seeds
    np.testing.assert_array_equal(columns.candidate, [11, 21, NAN])
    assert (columns.only_base, columns.only_candidate) == (1, 0)


@pytest.mark.parametrize("make", [table, arrow_table])
def test_cases_are_text(make):
    base, candidate = make(["b", "a", "c"], [2, 1, 3]), make(["c", "b"], [33, 22])
    found, columns = pairs(base, candidate, what="case")
    assert (found.pairs, found.only_base, found.only_candidate) == (2, 1, 0)
    np.testing.assert_array_equal(columns.base, [2, 3])
    np.testing.assert_array_equal(columns.candidate, [22, 33])


def test_the_text_of_a_file_and_of_memory_go_together():
    base = arrow_table(["b", "a", "c"], [2, 1, 3], chunks=3)
    found, columns = pairs(base, table(["a", "b"], [1, 2]), what="case")
    assert found.pairs == 2
    np.testing.assert_array_equal(columns.base, columns.candidate)
    found, columns = pairs(table([1, 2], [1, 2]), arrow_table(["2", "1"], [2, 1]), what="case")
    np.testing.assert_array_equal(columns.base, columns.candidate)


def test_files_of_several_chunks():
    names = [f"case {one}" for one in range(20)]
    base = arrow_table(names, range(20), chunks=7)
    candidate = arrow_table(names[::-1][:15], range(20)[::-1][:15], chunks=4)
    found, columns = pairs(base, candidate, what="case")
    assert found.pairs == 15
    np.testing.assert_array_equal(columns.base, columns.candidate)


def test_seeds_of_another_type_and_huge_ones_stay_exact():
    huge = 2**64 - 1
    base = table(np.array([huge, huge - 1], dtype=np.uint64), [2, 1])
    found, columns = pairs(base, base)
    assert found.pairs == 2
    candidate = table(np.array([1, 2], dtype=np.int64), [10, 20])
    found, columns = pairs(table(np.array([2, 1], dtype=np.uint64), [2, 1]), candidate)
    np.testing.assert_array_equal(columns.base * 10, columns.candidate)


def test_equal_keys_of_many_rows_are_taken_as_they_are():
    keys = list(range(3000))
    found, columns = pairs(table(keys, keys), table(keys, keys))
    assert found == Pairing(3000)
    assert found.base.places is None
    np.testing.assert_array_equal(columns.base, keys)


def test_samples_are_averaged_first_and_one_without_a_value_spoils_its_case():
    base = table(["a", "a", "b", "b"], [1, 3, 5, 7], [0, 1, 0, 1])
    candidate = table(["b", "b", "b", "a", "a", "a"], [6, 7, 8, 1, NAN, 3], [0, 1, 2, 0, 1, 2])
    found, columns = pairs(base, candidate, what="case", cells=False)
    assert found.pairs == 2
    np.testing.assert_array_equal(columns.base, [2, 6])
    np.testing.assert_array_equal(columns.candidate, [NAN, 7])
    assert (columns.only_base, columns.only_candidate) == (1, 0)


def test_the_cells_of_a_seed_go_together_one_by_one():
    base = table([0, 1, 0, 1], [1, 2, 10, 20], [0, 0, 1, 1])
    candidate = table([1, 0, 1, 0], [22, 12, 3, NAN], [1, 1, 0, 0])
    found, columns = pairs(base, candidate)
    assert found.pairs == 2
    np.testing.assert_array_equal(columns.base, [10, 11])  # of seed 0 the second cell alone
    np.testing.assert_array_equal(columns.candidate, [12, 12.5])
    assert (columns.only_base, columns.only_candidate) == (1, 0)


def test_a_value_that_both_sides_lack_is_nobodys():
    for part in (None, [0, 0, 0]):
        base, candidate = (table([1, 2, 3], [NAN, 2, one], part) for one in (3, NAN))
        _, columns = pairs(base, candidate)
        assert (columns.only_base, columns.only_candidate) == (1, 0)


def test_a_seed_counts_once_however_many_of_its_cells_are_lost():
    base = table([0, 0, 1, 1], [1, 2, 3, 4], [0, 1, 0, 1])
    candidate = table([0, 0, 1, 1], [NAN, NAN, 3, 4], [0, 1, 0, 1])
    _, columns = pairs(base, candidate)
    assert (columns.only_base, columns.only_candidate) == (1, 0)


def test_seeds_without_a_partner_are_left_out_of_sweeps():
    base = table([0, 0, 1, 1], [1, 2, 3, 4], [0, 1, 0, 1])
    candidate = table([1, 1, 2, 2], [5, 6, 7, 8], [0, 1, 0, 1])
    found, columns = pairs(base, candidate)
    assert (found.pairs, found.only_base, found.only_candidate) == (1, 1, 1)
    np.testing.assert_array_equal([*columns.base, *columns.candidate], [3.5, 5.5])


def test_equal_keys_of_many_samples_are_averaged_all_the_same():
    keys, parts = np.repeat(np.arange(1500), 2), np.tile([0, 1], 1500)
    side = table(keys, np.arange(3000), parts)
    found, columns = pairs(side, side, what="case", cells=False)
    assert found.pairs == 1500
    np.testing.assert_array_equal(columns.base, 2 * np.arange(1500) + 0.5)


def test_a_cell_that_one_side_lacks_is_left_out():
    base, candidate = table([0, 0], [1, 5], [0, 1]), table([0, 0], [9, 2], [2, 0])
    _, columns = pairs(base, candidate)
    np.testing.assert_array_equal([*columns.base, *columns.candidate], [1, 2])


@pytest.mark.parametrize("make", [table, arrow_table])
def test_a_key_that_is_there_twice_is_refused(make):
    right, wrong = make(["a", "b", "c"], [1, 2, 3]), make(["c", "a", "c"], [1, 2, 3])
    with pytest.raises(DataError, match=r"^CAND: case c is there 2 times, expected once"):
        pairs(right, wrong, what="case")
    with pytest.raises(DataError, match=r"^BASE: case c is there 2 times"):
        pairs(wrong, right, what="case")
    with pytest.raises(DataError, match=r"^BASE: case c is there 2 times"):
        pairs(wrong, wrong, what="case")


def test_a_sample_that_is_there_twice_is_refused():
    wrong = table(["a", "a", "b", "a"], [1, 2, 3, 4], [0, 1, 0, 1])
    with pytest.raises(DataError, match=r"case a is there 2 times with the same part 1"):
        units("X", "case", wrong)


def test_no_key_in_common_is_refused_with_examples():
    base, candidate = table(range(5), range(5)), table([7, 8], [0, 0])
    with pytest.raises(DataError) as caught:
        pairs(base, candidate)
    assert caught.value.message == (
        "BASE and CAND have no seed in common: 0, 1, 2, ... there, 7, 8 here"
    )


def test_units_of_one_side():
    group, count = units("X", "case", table(["b", "b", "a", "a"], [1, 3, 5, 9], [0, 1, 0, 1]))
    np.testing.assert_array_equal(means(np.array([1.0, 3, 5, 9]), group, count), [2, 7])
    assert units("X", "seed", table([1, 2], [1, 2])) == (None, 2)
    assert units("X", "row", InMemory(4, None, None, {})) == (None, 4)


keys = st.lists(st.integers(0, 30), unique=True, min_size=1)


@given(keys, keys, st.booleans())
def test_as_a_plain_loop_finds_them(there, here, text):
    def name(key):
        return f"case {key:02d}" if text else key

    base, candidate = (table([name(one) for one in side], side) for side in (there, here))
    common = sorted({*there} & {*here})
    if not common:
        with pytest.raises(DataError):
            pairs(base, candidate)
        return
    found, columns = pairs(base, candidate)
    np.testing.assert_array_equal(columns.base, common)
    np.testing.assert_array_equal(columns.candidate, common)
    assert found.only_base == len({*there} - {*here})
    assert found.only_candidate == len({*here} - {*there})
