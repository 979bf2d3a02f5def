"""How batches lie in memory: shapes stay, values stay, and sums do not depend on it."""

import ctypes
import os

import numpy as np
import pytest

from rollkit import arrays, layout, memory
from rollkit.layout import MANY


@pytest.mark.parametrize("batch", [(), (1,), (MANY - 1,), (MANY,), (3, MANY), (0,)])
def test_room_has_the_shape_it_was_asked_for(batch):
    room = layout.empty(batch, 7, np.float32)
    assert room.shape == (*batch, 7)
    assert room.dtype == np.float32
    assert layout.settled(room)
    assert layout.by_instant(room) == (layout.many(batch) and room.size > 0)


@pytest.mark.parametrize("rows", [1, MANY - 1, MANY, 1000])
@pytest.mark.parametrize("lay", [np.ascontiguousarray, np.asfortranarray])
def test_arranging_changes_no_number(rows, lay):
    numbers = lay(np.random.default_rng(0).normal(size=(rows, 65)))
    arranged = layout.arranged(numbers)
    np.testing.assert_array_equal(arranged, numbers)
    if layout.many((rows,)):
        assert layout.by_instant(arranged)


def test_a_batch_of_two_axes_is_arranged_too():
    numbers = np.random.default_rng(0).normal(size=(40, 6, 9))
    arranged = layout.arranged(numbers)
    np.testing.assert_array_equal(arranged, numbers)
    assert arranged.strides[-1] == max(arranged.strides)


REDUCTIONS = ("max_abs", "minimum", "maximum", "mean", "rms", "total", "last")


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("rows", [1, 2, 3, MANY, 500])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_reduction_has_the_same_bits_in_both_layouts_and_alone(name, rows, dtype):
    reduce = getattr(arrays, name)
    numbers = np.random.default_rng(1).normal(size=(rows, 301)).astype(dtype)
    by_row, by_instant = np.ascontiguousarray(numbers), np.asfortranarray(numbers)
    expected = reduce(by_row)
    np.testing.assert_array_equal(reduce(by_instant), expected)
    assert reduce(by_row).dtype == dtype
    assert reduce(numbers[rows - 1]) == expected[-1]
    assert reduce(by_instant[:1])[0] == expected[0]


@pytest.mark.parametrize("name", ["cumulative", "cumulative_clamped"])
@pytest.mark.parametrize("rows", [1, 2, 9, MANY - 1, MANY, 500])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_scan_has_the_same_bits_in_both_layouts_and_alone(name, rows, dtype):
    scan = getattr(arrays, name)
    random = np.random.default_rng(2)
    increments = random.normal(size=(rows, 120)).astype(dtype)
    start = random.uniform(0, 2, rows).astype(dtype)
    whole = scan(start, increments)
    assert whole.dtype == dtype
    np.testing.assert_array_equal(scan(start, np.asfortranarray(increments)), whole)
    for row in {0, rows // 2, rows - 1}:
        np.testing.assert_array_equal(scan(start[row], increments[row]), whole[row])
        np.testing.assert_array_equal(
            scan(start[row : row + 1], increments[row : row + 1])[0], whole[row]
        )


@pytest.mark.parametrize("rows", [1, 5, MANY])
def test_a_clamped_scan_keeps_nan_to_the_end_of_its_row(rows):
    increments = np.full((rows, 6), -1.0)
    increments[0, 2] = np.nan
    got = arrays.cumulative_clamped(np.full(rows, 1.5), increments)
    assert np.isnan(got[0]).tolist() == [False] * 3 + [True] * 4
    assert got[-1].tolist()[:2] == [1.5, 0.5]


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="this C library is not glibc")
@pytest.mark.skipif(
    any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ),
    reason="the allocator was tuned by hand",
)
def test_kept_memory_is_not_mapped_anew():
    import resource

    def faults(count):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(count):
            np.ones(2**18)
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    assert memory.keep()
    faults(3)
    assert faults(50) < 512, "50 arrays of 512 pages"


@pytest.mark.parametrize("variable", ["MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"])
def test_an_allocator_tuned_by_hand_is_left_alone(monkeypatch, variable):
    monkeypatch.setenv(variable, "65536")
    assert not memory.keep.__wrapped__()


def test_without_glibc_nothing_happens(monkeypatch):
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    assert not memory.keep.__wrapped__()
