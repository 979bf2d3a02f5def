"""Batches and their merging: wherever units are cut, the run's tree comes out the same."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import Job, Part, Unit, Worker
from rollkit.aggregate import Tree
from rollkit.cell import resolve
from rollkit.plugins import Plugins
from rollkit.spec import RunSpec
from rollkit_dask.batches import Batches
from rollkit_dask.worker import Done, _parts, work

SIZE = 5  # rollouts in a unit, where only the order of merging matters


def job():
    specs = [RunSpec(source=one, horizon=0.4, dt=0.1) for one in ("left", "right")]
    return Job(cells=tuple(resolve(one, Plugins(), [])[0].spec for one in specs))


JOB = job()
LUGGAGE = pickle.dumps(JOB)
WORKER = Worker(JOB)


def units_of(counts):
    return [
        Unit(number, cell, SIZE * number, SIZE)
        for cell, count in enumerate(counts)
        for number in range(count)
    ]


def summed(parts):
    """What a run makes of its parts, to the last bit."""
    trees = [Tree(Part.merged), Tree(Part.merged)]
    for part in parts:
        trees[part.cell].add(part, part.level)
    roots = [tree.root() for tree in trees]
    return [
        {name: vars(one.summary()) for name, one in root.aggregates.items()}
        for root in roots
        if root is not None
    ]


@given(
    counts=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    cuts=st.sets(st.integers(1, 39)),
)
def test_batches_may_be_cut_anywhere(counts, cuts):
    units = units_of(counts)
    edges = [0, *sorted(one for one in cuts if one < len(units)), len(units)]
    answers = [work(LUGGAGE, units[i:j]) for i, j in itertools.pairwise(edges)]
    assert all(isinstance(one, Done) for one in answers)
    parts = [part for one in answers for part in one.parts]
    assert summed(parts) == summed(map(WORKER.do, units))
    assert sum(part.rollouts for part in parts) == SIZE * len(units)


@given(
    count=st.integers(0, 300),
    threads=st.lists(st.integers(1, 5), min_size=300, max_size=300),
    seconds=st.floats(0, 10),
)
def test_a_batch_of_one_cell_is_one_node_of_its_tree(count, threads, seconds):
    units, taken = units_of([count]), []
    batches = Batches(units)
    for known in threads:
        batch = batches.take(known)
        if not batch:
            break
        assert batch[0].number % len(batch) == 0
        assert len(batch) & (len(batch) - 1) == 0
        taken += batch
        batches.learn(len(batch), seconds)
    assert taken == units


def test_values_are_never_merged():
    batches = Batches(units_of([40]), single=True)
    batches.learn(1, 0.001)
    assert len(batches.take(1)) == 1


def test_a_part_of_another_dt_is_left_to_the_run(tmp_path):
    """The worker merges what fits; the run finds the rest and names the source."""
    file = tmp_path / "uneven.py"
    file.write_text(
        "import numpy as np\n"
        "from rollkit import Actions, State\n"
        "def drive(draws, *, horizon=None, dt=None):\n"
        "    late = int(draws.seeds[0]) >= 10\n"
        "    still = np.zeros((len(draws), 4))\n"
        "    return State(speed=still[:, 0]), Actions(still, still, 0.2 if late else 0.1)\n",
        encoding="utf-8",
    )
    cells = resolve(RunSpec(source=f"{file}:drive"), Plugins(), [])
    luggage = pickle.dumps(Job(cells=(cells[0].spec,)))
    done = work(luggage, units_of([4]))
    assert [(part.level, part.dt) for part in done.parts] == [(1, 0.1), (1, 0.2)]
    with pytest.raises(rollkit.DataError, match="expected the same for all"):
        summed(done.parts)


def test_nothing_is_undefined_that_was_not():
    (part,) = work(LUGGAGE, units_of([4])).parts
    assert part.level == 2
    assert np.isfinite(part.aggregates["min_speed"].mean)


def test_a_cell_that_breaks_takes_no_unit_of_another_along(tmp_path):
    """Batches go on from one cell into the next."""
    path = tmp_path / "breaking.py"
    path.write_text(
        "import numpy as np\n"
        "from rollkit import Actions, State\n"
        "def drive(draws, *, horizon, dt, bad: int = -1):\n"
        "    if draws.first == bad:\n"
        "        raise ZeroDivisionError\n"
        "    accel = np.zeros((len(draws), round(horizon / dt)))\n"
        "    return State(speed=5.0), Actions(accel, accel, dt)\n"
    )
    cells = tuple(
        RunSpec(f"{path}:drive", params={"bad": bad}, seeds=(0, 10_240), horizon=0.8, dt=0.1)
        for bad in (4096, -1)
    )
    job = Job(cells)
    parts = _parts(Worker(job), list(job.units()))
    broken, whole = ([part for part in parts if part.cell == cell] for cell in (0, 1))
    assert [part.broken is not None for part in broken] == [False, True]
    assert sum(part.rollouts for part in whole) == 10_240
