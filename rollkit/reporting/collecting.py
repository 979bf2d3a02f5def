"""What a report shows, collected: values, the rows of a table, a few examples, a comparison."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rollkit.comparing import compare
from rollkit.engine import Progress
from rollkit.errors import RollkitError
from rollkit.examples.again import examples_of
from rollkit.examples.choosing import (
    Result,
    deciding,
    extremes,
    judged,
    merged,
    metric_of,
    rows_of,
)
from rollkit.examples.example import Example, Wanted
from rollkit.poses import Poses
from rollkit.reporting.again import Beside, Had, values_of
from rollkit.reporting.labels import labels_of, title_of
from rollkit.reporting.reading import read
from rollkit.reporting.report import Report, Shown
from rollkit.reporting.rows import worst_first
from rollkit.results import RunResult
from rollkit.values import Values

MOST_ROWS = 10_000
MOST_EXAMPLES = 24
_NAMED = 3


def collect(
    result: Result | str | Path,
    *,
    base: Result | str | Path | None = None,
    title: str | None = None,
    anyway: bool = False,
    source: Callable[..., Any] | None = None,
    predictions: Poses | Iterable[Poses] | None = None,
    reference: Poses | Iterable[Poses] | None = None,
    most_rows: int = MOST_ROWS,
    most_examples: int = MOST_EXAMPLES,
    workers: int | str = 1,
    progress: Progress | None = None,
) -> Report:
    """Collect what a report of a result shows.

    Values that were not kept are computed again; what cannot be had any more is left out, and a
    note of the report says so.

    Parameters
    ----------
    result : RunResult, EvalResult or path
        Of a run or an evaluation, or the artifact of one.
    base : likewise, optional
        What to compare it with.
    title : str, optional
        By default what was run or evaluated.
    anyway : bool
        Compare different definitions, too.
    source : function, optional
        The action source of a run, where its name does not find it.
    predictions, reference : Poses or iterable of Poses, optional
        What was evaluated, where no file holds it.
    most_rows, most_examples : int
        How many rows the table lists, and how many rollouts there are to draw, at most.
    workers : int or "auto"
        Who shares a run that is done again.
    progress : callable, optional
        Called with the rollouts or cases done and to do.

    Returns
    -------
    Report

    Raises
    ------
    DataError
        No artifact, or one of a newer rollkit.
    UsageError
        Base and result cannot be compared.

    Examples
    --------
    >>> import rollkit
    >>> from rollkit.reporting.collecting import collect
    >>> result = rollkit.run("left", metrics=["max_abs_jerk"], seeds=100, keep_values=True)
    >>> found = collect(result)
    >>> found.title, len(found.shown.rows), found.shown.rows[0]
    ('left, 100 rollouts', 100, np.int64(80))
    >>> [one.name for one in found.shown.examples]
    ['seed 80', 'seed 13', 'seed 41']
    """
    one, labels = read(result), labels_of(result, base)
    beside = Beside.of(one, source, predictions, reference, workers)
    had = values_of(one, _path(result), beside, progress)
    title = title_of(one) if title is None else title
    wanted = chosen(one, had.values)[:most_examples]
    shown, notes = _shown(labels.shown, one, had, beside, wanted, most_rows)
    if base is None:
        return Report(title=title, shown=shown, notes=notes)
    other, beside = read(base), Beside(source, workers=workers)
    before = values_of(other, _path(base), beside, progress)
    comparison = compare(
        _with(other, before.values),
        _with(one, had.values),
        anyway=anyway,
        names=(labels.base, labels.shown),
    )
    theirs = _there(other, before.values, wanted)
    shown_base, more = _shown(labels.base, other, before, beside, theirs, most_rows)
    return Report(
        title=title,
        shown=shown,
        base=shown_base,
        comparison=comparison,
        notes=(*notes, *(f"{labels.base}: {note}" for note in more)),
    )


def chosen(result: Result, values: Values) -> list[Wanted]:
    """Which rollouts to look at: the worst of gates, then the extremes of what is judged."""
    asked = [metric_of(gate, values) for gate in result.gates]
    names = dict.fromkeys([*asked, *judged(result.metrics.values())])
    among = [one for one in names if one is not None]
    return merged([*deciding(result), *extremes(result, values, among)])


def _shown(
    label: str,
    result: Result,
    had: Had,
    beside: Beside,
    wanted: Sequence[Wanted],
    most_rows: int,
) -> tuple[Shown, tuple[str, ...]]:
    """One result with its rows and examples, and what is missing."""
    notes = list(had.notes)
    rows = worst_first(result, had.values, judged(result.metrics.values()), most_rows)
    if len(rows) < (count := len(had.values)):
        notes.append(f"the table lists the {len(rows):,} worst of {count:,}")
    examples: list[Example] = []
    try:
        examples = examples_of(
            result,
            wanted,
            had.values,
            source=beside.source,
            predictions=beside.predictions,
            reference=beside.reference,
        )
    except RollkitError as error:
        if not any(error.message in note for note in notes):
            notes.append(f"no rollouts are drawn: {error.message}")
    else:
        notes += _not_drawn(wanted, examples)
    shown = Shown(
        label=label, result=result, values=had.values, rows=rows, examples=tuple(examples)
    )
    return shown, tuple(notes)


def _not_drawn(wanted: Sequence[Wanted], examples: Sequence[Example]) -> list[str]:
    """The note on those that are no longer what was measured, where there are any."""
    there = {one.wanted for one in examples}
    lost = [one.name for one in wanted if one not in there]
    if not lost:
        return []
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    named = f"{', '.join(lost[:_NAMED])}{more}"
    return [f"not drawn, since done again they are not what was measured: {named}"]


def _there(result: Result, values: Values, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those of them that this result has, too."""
    if isinstance(result, RunResult):
        first, stop = result.run.seeds
        cells = range(len(result.cells)) if result.cells else (None,)
        return [one for one in wanted if one.cell in cells and first <= (one.seed or 0) < stop]
    if len(values):
        return [one for one in wanted if len(rows_of(values, one))]
    return list(wanted)


def _with(result: Result, values: Values) -> Result:
    """The result with its values, where there are any."""
    return replace(result, values=values if len(values) else None)


def _path(given: Result | str | Path) -> str | Path | None:
    return given if isinstance(given, str | Path) else None
