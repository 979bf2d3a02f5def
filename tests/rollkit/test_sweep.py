"""Sweeps: which cells, in which order, and that each is the run it says it is."""

import json

import numpy as np
import pytest

import rollkit
from rollkit import UsageError
from rollkit.aggregate import Aggregate
from rollkit.job import Part
from rollkit.spec import RunSpec, single


def test_a_cell_is_the_run_of_its_own(validated):
    sweep = rollkit.run(
        "left,right",
        grid={"speed": [6, 8]},
        integrator="euler,rk4",
        params={"noise": 0.5},
        seeds=50,
    )
    validated(sweep.to_dict())
    assert [(one.source, one.integrator, one.params["speed"]) for one in sweep.cells] == [
        (source, integrator, speed)
        for source in ("left", "right")
        for integrator in ("euler", "rk4")
        for speed in (6.0, 8.0)
    ]
    for number, cell in enumerate(sweep.cells):
        alone = rollkit.run(
            cell.source,
            integrator=cell.integrator,
            params={"speed": cell.params["speed"], "noise": 0.5},
            seeds=50,
        )
        for name, one in alone.metrics.items():
            got = cell.metrics[name]
            assert (got.mean, got.std, got.p95, got.argmax_seed) == (
                one.mean,
                one.std,
                one.p95,
                one.argmax_seed,
            )
            assert got.argmax_cell == number


def test_totals_are_over_all_rollouts():
    sweep = rollkit.run("left,s_curve", seeds=40, plugins=["jerk", "speed"])
    values = np.concatenate(
        [
            rollkit.evaluate(_rollouts(source, 40), ["min_speed"])["min_speed"]
            for source in ("left", "s_curve")
        ]
    )
    total = sweep.metrics["min_speed"]
    assert total.n == 80
    assert total.mean == pytest.approx(values.mean(), rel=1e-12)
    assert total.std == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert total.p95 == pytest.approx(np.quantile(values, 0.95), rel=1e-12)
    where = int(np.argmin(values))
    assert (total.argmin_cell, total.argmin_seed) == (where // 40, where % 40)
    assert total.min == sweep.cells[total.argmin_cell].metrics["min_speed"].min


def _rollouts(source, count):
    from rollkit.plugins import Plugins

    spec = Plugins().source(source).spec
    options = {one.name: one.default for one in spec.parameters}
    initial, actions = spec.function(rollkit.Draws(0, count), horizon=6.4, dt=0.1, **options)
    return rollkit.rollout(actions, initial)


def test_one_run_is_no_sweep(validated):
    result = rollkit.run("left")
    assert result.cells == ()
    assert result.metrics["min_speed"].argmin_cell is None
    assert validated(result.to_dict())["cells"] == []


def test_a_sweep_is_read_and_repeated(tmp_path):
    sweep = rollkit.run("left,right", grid={"speed": ["6", 8]}, seeds=5)
    sweep.save(tmp_path / "metrics.json")
    again = rollkit.read_result(tmp_path / "metrics.json")
    assert again.cells == sweep.cells
    assert again.metrics == sweep.metrics
    assert again.run.grid == {"speed": (6.0, 8.0)}
    assert rollkit.runner.run_spec(again.run).metrics == sweep.metrics


def test_sources_of_different_time_steps_in_one_sweep(tmp_path, validated):
    (tmp_path / "own.py").write_text(
        "import numpy as np\n"
        "from rollkit import Actions, State\n"
        "def drive(draws, *, horizon=None, dt=None, step: float = 0.5):\n"
        "    accel = np.zeros((len(draws), 4))\n"
        "    return State(speed=5.0), Actions(accel, accel, step)\n"
    )
    result = rollkit.run(f"{tmp_path}/own.py:drive", grid={"step": [0.5, 0.25]})
    assert [one.dt for one in result.cells] == [0.5, 0.25]
    assert validated(result.to_dict())["provenance"]["time"]["dt"] is None


def test_a_metric_that_only_one_cell_has_is_summed_up_over_that_cell():
    def part(cell, *names):
        made = Part(cell, 0, 2)
        for name in names:
            made.aggregates[name] = Aggregate(cell=cell)
            made.aggregates[name].add(0, np.array([1.0, 3.0]) + cell)
        return made

    total = part(0, "common").joined(part(1, "common", "own"))
    assert total.rollouts == 4
    summaries = {name: one.summary() for name, one in total.aggregates.items()}
    assert (summaries["common"].n, summaries["common"].mean) == (4, 2.5)
    assert (summaries["own"].n, summaries["own"].argmax_cell) == (2, 1)


def test_spaces_around_names_do_not_matter():
    specs = list(single(RunSpec("left, right", integrator="rk4 ,euler", grid={"speed": (5,)})))
    assert [(one.source, one.integrator) for one in specs][1] == ("left", "euler")


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("left,left", {}, "names 'left' twice"),
        ("left,LEFT", {}, "cells 0 and 1 of the sweep are the same"),
        ("left", {"grid": {"speed": [6, 6.0]}}, "cells 0 and 1 of the sweep are the same"),
        ("left", {"grid": {"speed": 6}}, r"grid: speed: got 6, expected a list of values: \[6\]"),
        ("left", {"grid": {"speed": "6,8"}}, "grid: speed: got '6,8', expected a list"),
        (7, {}, "source: got 7, expected a name or a list of names"),
        ("left,", {}, "expected a name, or names separated by commas"),
        ("left,lefft", {}, "unknown action source 'lefft'"),
        ("left", {"grid": {"speed": []}}, "speed: got an empty list"),
        ("left", {"grid": {"speed": [5]}, "params": {"speed": 5}}, "speed: given twice"),
        ("left", {"grid": {"sped": [5, 6]}}, "unknown option 'sped' of source 'left'"),
        ("left", {"grid": {"speed": [5, 1000]}}, "speed: got 1000"),
        ("left,random_smooth", {"grid": {"start": [0.1, 1]}}, "of source 'random_smooth'"),
        ("left", {"integrator": "rk4,rk5"}, "unknown integrator 'rk5'"),
    ],
)
def test_wrong_sweeps(source, options, message):
    with pytest.raises(UsageError, match=message):
        rollkit.run(source, **options)


def test_the_table_has_a_row_for_each_cell(cli):
    ran = cli(
        "run",
        "--scenario",
        "left,right",
        "--set",
        "speed=6,8",
        "--seeds",
        20,
        "--plugins",
        "jerk,speed",
    )
    title, head, *rows = ran.out.splitlines()
    assert title == "mean of each cell, 20 rollouts, seeds 0 to 19, 64 steps of 0.1 s"
    assert head.split()[:2] == ["source", "speed"]
    assert "max_abs_jerk [m/s^3]" in head
    assert [row.split()[:2] for row in rows[:4]] == [
        ["left", "6"],
        ["left", "8"],
        ["right", "6"],
        ["right", "8"],
    ]
    assert rows[4].startswith("all ")
    assert len(ran.artifact["cells"]) == 4
    first = (ran.folder / "metrics.json").read_text()
    assert cli("run", "--from", "metrics.json").code == 0
    second = json.loads((ran.folder / "metrics.json").read_text())
    assert second["metrics"] == json.loads(first)["metrics"]


def test_a_comma_in_a_value(cli, tmp_path):
    (tmp_path / "named.py").write_text(
        "import numpy as np\nfrom rollkit import Actions, State\n"
        "def drive(draws, *, horizon, dt, name: str):\n"
        "    accel = np.zeros((len(draws), round(horizon / dt)))\n"
        "    return State(speed=float(len(name))), Actions(accel, accel, dt)\n"
    )
    ran = cli("run", "--source", "./named.py:drive", "--set", r"name=a\,b,c")
    assert [one["params"]["name"] for one in ran.artifact["cells"]] == ["a,b", "c"]


def test_an_option_given_twice_is_told_how_to_sweep(cli):
    ran = cli("run", "--set", "speed=5", "--set", "speed=6")
    assert ran.code == 2
    assert "--set speed=5,6" in ran.err


def test_lists_of_names_serve_as_well():
    listed = rollkit.run(["left", "right"], integrator=["euler", "rk4"], seeds=3)
    assert listed.metrics == rollkit.run("left,right", integrator="euler,rk4", seeds=3).metrics


BREAKING = """
import numpy as np
from rollkit import Actions, State

def drive(draws, *, horizon, dt, bad: bool = False):
    if bad:
        raise ZeroDivisionError("no such road")
    accel = np.zeros((len(draws), round(horizon / dt)))
    return State(speed=5.0), Actions(accel, accel, dt)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_cell_that_breaks_leaves_the_others_alone(tmp_path, validated, workers):
    (tmp_path / "breaking.py").write_text(BREAKING)
    save = tmp_path / "values.parquet"
    result = rollkit.run(
        f"{tmp_path}/breaking.py:drive",
        grid={"bad": [True, False]},
        seeds=20_000,
        horizon=0.8,
        workers=workers,
        save=save,
    )
    broken, whole = (one.metrics["min_speed"] for one in result.cells)
    assert (broken.status, whole.status, whole.n, whole.min) == ("failed", "ok", 20_000, 5.0)
    assert result.metrics["min_speed"].status == "failed", "half a sweep is no sweep"
    (fault,) = result.failures
    assert fault.message == "no such road"
    assert not save.exists()
    assert validated(result.to_dict())["volatile"]["saved"] == []


def test_the_total_of_cells_that_share_their_seeds_has_no_interval():
    sweep = rollkit.run("left,right", seeds=10)
    total, cell = sweep.metrics["min_speed"], sweep.cells[0].metrics["min_speed"]
    assert total.stderr is total.ci95_low is total.ci95_high is None
    assert cell.ci95_low < cell.mean < cell.ci95_high


def test_a_cell_whose_options_do_not_fit_together_leaves_the_others_alone(cli):
    """The largest speed is too much for the bend of one of the sources."""
    ran = cli(
        *("run", "--scenario", "left,right,s_curve", "--set", "speed=5,10,20", "--seeds", 20),
        *("--plugins", "jerk", "--save", "v.parquet"),
    )
    assert ran.code == 1
    statuses = [one["metrics"][0]["status"] for one in ran.artifact["cells"]]
    assert statuses == ["ok"] * 8 + ["failed"]
    assert "s_curve: compute failed" in ran.err
    assert "not written, since a source or an integrator failed: v.parquet" in ran.err
    assert ran.wrote == ["metrics.json"]


def test_values_that_read_alike_are_told_apart(cli):
    ran = cli("run", "--set", "speed=8.0000001,8.0000002", "--plugins", "jerk")
    assert ran.code == 0, ran.err
    assert [row.split()[0] for row in ran.out.splitlines()[2:]] == ["8.0000001", "8.0000002", "all"]


def test_what_is_saved_is_not_kept_in_memory(tmp_path, monkeypatch):
    from rollkit import engine

    held = []
    original = engine.Tree.add

    def add(self, part, level=0):
        held.append(bool(part.values or part.trajectories))
        original(self, part, level)

    monkeypatch.setattr(engine.Tree, "add", add)
    rollkit.run(
        "left,right", seeds=3, save=tmp_path / "v.parquet", save_trajectories=tmp_path / "t.parquet"
    )
    assert held == [False, False]
