"""Values that are kept: the same whoever computes them, and nothing of what failed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rollkit
from rollkit import evaluate_predictions
from rollkit.values import Kept

from .predictions.made import poses, random

BROKEN = Path(__file__).parents[1] / "broken_plugins"
METRICS = ["max_abs_jerk", "min_speed"]


def named(ids, samples):
    """Predictions and references of cases of these names."""
    both = random(3, cases=len(ids), samples=samples, steps=6)
    return [replace(one, ids=tuple(ids)) for one in both]


def kept(source="left", **options):
    return rollkit.run(source, **{"metrics": METRICS, **options}, keep_values=True)


def same(values, others):
    assert list(values) == list(others)
    assert list(values.keys) == list(others.keys)
    for name in values.keys:
        np.testing.assert_array_equal(values.keys[name], others.keys[name])
    for name in values:
        np.testing.assert_array_equal(values[name], others[name])


def test_they_are_what_the_statistics_are_made_of():
    result = kept(seeds="100:5100")
    np.testing.assert_array_equal(result.values.keys["seed"], np.arange(100, 5100))
    assert result.values.keys["seed"].dtype == np.uint64
    for name, one in result.metrics.items():
        column = result.values[name]
        assert column.dtype == np.float64
        assert len(column) == len(result.values) == 5000
        assert (one.n, one.min, one.max) == (5000, column.min(), column.max())
        assert one.mean == pytest.approx(column.mean(), rel=1e-12)
        assert one.argmax_seed == 100 + int(np.argmax(column))


def test_nothing_is_kept_unless_asked_for():
    result = rollkit.run("left", metrics=METRICS)
    assert result.values is None
    assert "values" not in result.to_dict()
    assert "values" not in kept().to_dict()


def test_two_workers_keep_what_one_does():
    same(kept(seeds=5000, workers=1).values, kept(seeds=5000, workers=2).values)


def test_a_sweep_keeps_its_cells_one_after_the_other():
    sweep = kept("left,right", grid={"speed": [6, 8]}, seeds=3)
    assert sweep.values.keys["cell"].tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert sweep.values.keys["seed"].tolist() == [0, 1, 2] * 4
    for number, cell in enumerate(sweep.cells):
        rows = sweep.values.keys["cell"] == number
        for name in METRICS:
            assert cell.metrics[name].max == sweep.values[name][rows].max()


def test_they_go_to_memory_and_to_a_file_alike_and_survive_an_interruption(tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet needs the extra parquet")
    alone = kept(seeds=40000)
    file = tmp_path / "values.parquet"

    def stop(done, total):
        if done > 20000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(seeds=40000, save=file, progress=stop)
    assert (tmp_path / "values.parquet.partial").exists()
    both = kept(seeds=40000, save=file, resume=True)
    same(both.values, alone.values)
    from pyarrow import parquet

    table = parquet.read_table(file)
    for name in METRICS:
        np.testing.assert_array_equal(table.column(name).to_numpy(), alone.values[name])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_metric_that_fails_at_last_has_no_values_at_all(workers):
    plugins = [str(BROKEN / "raises_late.py"), "jerk"]
    result = kept(metrics=None, plugins=plugins, seeds=5000, workers=workers)
    assert result.metrics["broken"].status == "failed"
    assert np.isnan(result.values["broken"]).all()
    assert not np.isnan(result.values["max_abs_jerk"]).any()


def breaks_at(seed):
    def source(draws, *, horizon, dt):
        """Straight on, but for those who draw a certain seed."""
        if seed in draws.seeds:
            raise ArithmeticError("no such seed")
        steps = np.zeros((len(draws), round(horizon / dt)))
        return rollkit.State(speed=np.full(len(draws), 5.0)), rollkit.Actions(steps, steps, dt)

    return source


@pytest.mark.parametrize("seed", [0, 39_999])
def test_a_source_that_fails_leaves_no_rows(seed):
    result = kept(breaks_at(seed), seeds=40_000, horizon=0.2)
    assert result.failures
    assert len(result.values) == 0
    assert list(result.values) == METRICS
    assert result.values["min_speed"].shape == (0,)
    assert result.values.keys["seed"].dtype == np.uint64


def test_undefined_values_are_nan():
    result = kept("straight", metrics=["max_abs_jerk"], horizon=0.1, seeds=3)
    assert result.metrics["max_abs_jerk"].status == "undefined"
    assert np.isnan(result.values["max_abs_jerk"]).all()


def test_an_evaluation_keeps_its_cases():
    predicted, went = named("abcde", samples=4)
    result = evaluate_predictions(predicted, went, metrics=["ade", "min_ade"], keep_values=True)
    assert list(result.values.keys) == ["case"]
    assert "".join(result.values.keys["case"]) == "abcde"
    for name, one in result.metrics.items():
        assert one.mean == pytest.approx(result.values[name].mean(), rel=1e-12)
        assert one.argmax_case == result.values.keys["case"][np.argmax(result.values[name])]


def test_all_samples_have_rows_of_their_own():
    predicted, went = named("abcde", samples=4)
    asked = {"metrics": ["ade", "min_ade"], "samples": "all", "keep_values": True}
    result = evaluate_predictions(predicted, went, **asked)
    values = result.values
    assert "".join(values.keys["case"]) == "aaaabbbbccccddddeeee"
    assert values.keys["sample"].tolist() == [0, 1, 2, 3] * 5
    worst = int(np.argmax(values["ade"]))
    assert result.metrics["ade"].argmax_case == (
        f"{values.keys['case'][worst]}#{values.keys['sample'][worst]}"
    )
    np.testing.assert_array_equal(values["min_ade"], np.repeat(values["min_ade"][::4], 4))


def test_blocks_of_different_numbers_of_samples_are_one_table():
    blocks = [
        poses(np.arange(3.0) * np.ones((1, count, 1)), ids=[name])
        for name, count in (("a", 1), ("b", 3))
    ]
    went = poses(np.arange(3.0) * np.ones((2, 1, 1)), ids=["a", "b"])
    asked = {"metrics": ["ade"], "samples": "all", "keep_values": True}
    values = evaluate_predictions(blocks, went, **asked).values
    assert list(zip(values.keys["case"], values.keys["sample"], strict=True)) == [
        ("a", 0), ("b", 0), ("b", 1), ("b", 2),
    ]  # fmt: skip


def test_of_single_samples_the_case_says_all():
    predicted, went = random(3, cases=2, samples=1, steps=6)
    asked = {"metrics": ["ade"], "samples": "all", "keep_values": True}
    assert list(evaluate_predictions(predicted, went, **asked).values.keys) == ["case"]


def test_parts_that_lack_a_metric_are_undefined_there():
    one, other = Kept(), Kept()
    one.add({"seed": np.arange(2)}, {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])})
    other.add({"seed": np.arange(2, 3)}, {"a": np.array([5.0])})
    values = one.without({"b"}).joined(other).values(["a", "b", "c"], {"seed": np.arange(0)})
    assert values["a"].tolist() == [1, 2, 5]
    assert np.isnan(values["b"]).all()
    assert values["c"].shape == (3,)
    assert values.keys["seed"].tolist() == [0, 1, 2]
