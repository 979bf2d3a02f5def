"""Doing rollouts again: seeds of a run rolled out, cases of an evaluation read once more."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rollkit.again import command
from rollkit.arrays import Array
from rollkit.cell import resolve
from rollkit.chunk import rolled_out, work_through
from rollkit.draws import Draws
from rollkit.errors import DataError, UsageError
from rollkit.examples.choosing import Result, rows_of
from rollkit.examples.example import Example, Wanted
from rollkit.model import Actions, Trajectory
from rollkit.plugins import Plugins
from rollkit.poses import Poses
from rollkit.predictions.actions import Fitting
from rollkit.predictions.results import EvalResult
from rollkit.predictions.rollouts import cases_of, past_of, rollout_of
from rollkit.predictions.spec import IN_MEMORY
from rollkit.results import RunResult
from rollkit.rollouts import Rollout
from rollkit.values import Values
from rollkit.vehicles import Vehicle

_SAME = 1e-6


def examples_of(
    result: Result,
    wanted: Sequence[Wanted],
    values: Values | None = None,
    *,
    source: Callable[..., Any] | None = None,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
) -> list[Example]:
    """Do these rollouts of a result again, in the order in which they are wanted.

    Parameters
    ----------
    result : RunResult or EvalResult
        Of a run or an evaluation, or read from an artifact.
    wanted : sequence of Wanted
    values : Values, optional
        What the metrics said of each rollout.
    source : function, optional
        The action source of a run, where its name does not find it.
    predictions, reference : iterable of Poses, optional
        What was evaluated, where no file holds it.

    Returns
    -------
    list of Example
        Those that are there: a case that the file no longer has is left out, and so is a rollout
        whose values are not those given: its source is another one by now.

    Raises
    ------
    UsageError, DataError, PluginError
        What was rolled out or evaluated is no longer there, or no longer works.
    """
    if isinstance(result, RunResult):
        found: Iterable[Example] = _of_run(result, wanted, source, values)
    else:
        found = _of_evaluation(result, wanted, predictions, reference)
    return [replace(one, values=_values(one.wanted, values)) for one in found]


def _of_run(
    result: RunResult,
    wanted: Sequence[Wanted],
    source: Callable[..., Any] | None,
    values: Values | None,
) -> Iterator[Example]:
    plugins = Plugins()
    cells = resolve(result.run, plugins, plugins.load(result.run.plugins or ()), function=source)
    for one in wanted:
        if (one.cell or 0) >= len(cells):
            continue  # the artifact names a cell that its run has not
        cell, seed = cells[one.cell or 0], one.seed or 0
        measured = work_through(cell, Draws(seed, 1), "numpy").values
        if not _same(measured, _values(one, values)):
            continue
        rollout = rolled_out(cell, Draws(seed, 1))
        beside = rollout.reference
        rollout = replace(rollout, reference=None if beside is None else _row(beside, 0))
        again = command(cell.spec, seed, _metric(one, result)) if source is None else None
        yield Example(one, rollout, again=again)


def _metric(wanted: Wanted, result: RunResult) -> str:
    """The metrics that the rollout was chosen for, the first of all where none is named."""
    why = " ".join(wanted.why)
    named = [name for name in result.metrics if name in re.split(r"[^\w@]+", why)]
    return ",".join(named) or next(iter(result.metrics), "")


def _same(now: Mapping[str, Array], then: Mapping[str, float]) -> bool:
    """Whether a rollout done again is the one that was measured; engines round differently."""
    return all(
        np.isclose(now[name][0], value, rtol=_SAME, atol=_SAME, equal_nan=True)
        for name, value in then.items()
        if name in now
    )


def _of_evaluation(
    result: EvalResult,
    wanted: Sequence[Wanted],
    predictions: Iterable[Poses] | None,
    reference: Iterable[Poses] | None,
) -> list[Example]:
    spec = result.eval
    if predictions is None and IN_MEMORY in (spec.predictions, spec.reference):
        raise UsageError(
            "what was evaluated was in memory, and no file holds it",
            hint="give the predictions and the reference again",
        )
    plugins = Plugins()
    plugins.load(spec.plugins or ())
    cases = cases_of(spec, plugins, predictions=predictions, reference=reference)
    left = list(wanted)
    found: dict[Wanted, Example] = {}
    for block in cases.blocks:
        rows = {case: row for row, case in enumerate(block.ids)}
        for one in list(left):
            if (row := rows.get(one.case or "")) is not None:
                alone = block.rows(np.array([row]))
                found[one] = _example(alone, one, spec.vehicle, cases.fitting)
                left.remove(one)
        if not left:
            break
    if wanted and not found:
        raise DataError(f"{spec.predictions}: none of its cases is one of those evaluated then")
    return [found[one] for one in wanted if one in found]


def _example(poses: Poses, wanted: Wanted, vehicle: Vehicle | None, fitting: Fitting) -> Example:
    """The only case of a block, with the actions that the metrics saw."""
    past = past_of(poses)
    rollout, fitted = fitting.beside(rollout_of(poses, vehicle), past)
    actions = rollout.actions if fitted.known is not None and fitted.known.all() else None
    alone = Rollout(
        _row(rollout.trajectory, 0),
        actions and Actions(actions.accel[0], actions.curvature[0], actions.dt),
        vehicle=rollout.vehicle,
        reference=None if rollout.reference is None else _row(rollout.reference, 0),
        probability=None if rollout.probability is None else rollout.probability[0],
        given=rollout.given,
        sampled=True,
    )
    return Example(wanted, alone, history=None if past is None else _row(past, 0))


def _row(trajectory: Trajectory, row: int) -> Trajectory:
    """One trajectory of a batch `(n, ...)`."""
    return Trajectory(
        trajectory.x[row],
        trajectory.y[row],
        trajectory.yaw[row],
        trajectory.speed[row],
        trajectory.dt,
        recorded={name: rate[row] for name, rate in trajectory.recorded.items()},
    )


def _values(wanted: Wanted, values: Values | None) -> dict[str, float]:
    """The first of its rows: of several samples each has its own."""
    if values is None or not len(rows := rows_of(values, wanted)):
        return {}
    return {name: float(values[name][rows[0]]) for name in values}
