"""The values that a result's statistics are made of: kept, or computed once more.

An artifact holds statistics only. Doing it again is worth a report only if it comes to the same
numbers; where it does not, the notes say which differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rollkit.engine import Progress
from rollkit.errors import RollkitError, UsageError
from rollkit.examples.choosing import Result
from rollkit.execution import Execution
from rollkit.poses import Poses
from rollkit.predictions import arguments
from rollkit.predictions.evaluation import evaluate_spec
from rollkit.predictions.results import EvalResult
from rollkit.provenance import changed
from rollkit.reporting.differing import differing
from rollkit.reporting.saved import saved_values
from rollkit.results import RunResult
from rollkit.runner import run_spec
from rollkit.values import Values

_LISTED = 3  # metrics that differ, of which a note gives the numbers


@dataclass(frozen=True)
class Beside:
    """What it takes to do a result again where its artifact does not say: see `collect`."""

    source: Callable[..., Any] | None = None
    predictions: Iterable[Poses] | None = None  # to be gone through more than once
    reference: Iterable[Poses] | None = None
    workers: int | str = 1

    @classmethod
    def of(
        cls,
        result: Result,
        source: Callable[..., Any] | None,
        predictions: Poses | Iterable[Poses] | None,
        reference: Poses | Iterable[Poses] | None,
        workers: int | str,
    ) -> "Beside":
        """What a caller gives, which has to fit the result; a generator is gone through, once.

        Raises
        ------
        UsageError
            The source of an evaluation, poses of a run, or something else than poses.
        """
        run = isinstance(result, RunResult)
        given = {"source": source, "predictions": predictions, "reference": reference}
        for name, one in given.items():
            if one is not None and (name == "source") is not run:
                raise UsageError(f"{name}: {'a run' if run else 'an evaluation'} has none")
        return cls(
            source, _blocks("predictions", predictions), _blocks("reference", reference), workers
        )


class Had(NamedTuple):
    """The values of a result, and what their reader has to know."""

    values: Values
    notes: tuple[str, ...] = ()


def values_of(
    result: Result, path: str | Path | None, beside: Beside, progress: Progress | None = None
) -> Had:
    """The values of every rollout or case: kept with the result, saved beside it, computed again.

    Where that cannot be done there are none, and a note says why. `path` is the artifact's.
    """
    if result.values is not None:
        return Had(result.values)
    saved = None if path is None else saved_values(path, result)
    if saved is not None and not differing(result.metrics, saved):
        return Had(saved, tuple(changed(result.provenance)))
    notes = changed(result.provenance)
    try:
        values = _again(result, beside, progress)
    except RollkitError as error:
        why = f"it cannot be done again, so there are statistics only: {error.message}"
        return Had(_nothing(result), (*notes, why))
    if others := differing(result.metrics, values):
        some = "; ".join(others[:_LISTED])
        more = f"; and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
        notes.append(
            f"done again, {len(others)} of {len(result.metrics)} metrics differ from the artifact, "
            "so inputs or code have changed since; the statistics are those of the artifact, all "
            f"else is of now: {some}{more}"
        )
    return Had(values, tuple(notes))


def _again(result: Result, beside: Beside, progress: Progress | None) -> Values:
    if isinstance(result, RunResult):
        # Either engine computes the same; one that is not installed here is no reason to refuse.
        engine = "numpy" if result.run.engine == "numpy" else "auto"
        again: Result = run_spec(
            replace(result.run, engine=engine),
            source=beside.source,
            progress=progress,
            execution=Execution(workers=beside.workers, keep_values=True),
        )
    else:
        total = result.cases["evaluated"]
        again = evaluate_spec(
            result.eval,  # baselines, too: with one a drive is its own reference
            predictions=beside.predictions,
            reference=beside.reference,
            keep_values=True,
            progress=None if progress is None else lambda done: progress(done, total),
        )
    assert again.values is not None
    return again.values


def _nothing(result: Result) -> Values:
    keys: dict[str, Any] = {"seed": np.empty(0, np.uint64)}
    if isinstance(result, EvalResult):
        keys = {"case": np.empty(0, object)}
    return Values(keys, {name: np.empty(0) for name in result.metrics})


def _blocks(what: str, given: Poses | Iterable[Poses] | None) -> list[Poses] | None:
    if given is None:
        return None
    blocks = arguments.blocks_of(what, given)
    if blocks is None:
        raise UsageError(
            f"{what}: got the path {given!r}, expected poses: the artifact has the paths of files"
        )
    return list(blocks)
