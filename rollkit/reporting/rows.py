"""Which rows a table lists, the worst first: beyond the limits of gates, then by their ranks."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.examples.choosing import Result, metric_of
from rollkit.gates.expression import COMPARISONS, Expression, parse
from rollkit.layout import Array
from rollkit.values import Values

_NO_ROLLOUT = ("std", "n")  # statistics that no rollout is the worst of


def worst_first(
    result: Result, values: Values, metrics: Sequence[str], most: int
) -> npt.NDArray[np.intp]:
    """At most so many rows of the values, the worst first.

    Worse is what is beyond the limits of more gates; of equals, what is among the worst few by one
    of these metrics: by the share of rollouts that are better. Of equals again, the first.
    """
    beyond = _beyond(result, values)
    rank = np.zeros(len(values))
    for name in metrics:
        better = result.metrics[name].better
        if better is not None:
            np.fmax(rank, _share_better(values[name], better), out=rank)
    return np.lexsort((-rank, -beyond))[:most]


def _beyond(result: Result, values: Values) -> npt.NDArray[np.intp]:
    """How many gates each row is beyond the limit of."""
    count = np.zeros(len(values), np.intp)
    for gate in result.gates:
        expression = parse(gate.expr)
        name = metric_of(gate, values)
        if name is not None and expression.statistic not in _NO_ROLLOUT:
            count += ~_holds(expression, values[name])
    return count


def _holds(expression: Expression, column: Array) -> npt.NDArray[np.bool_]:
    """Whether each value is as it should be; one that is undefined fails a gate on every one."""
    compare: Callable[[Any, Any], Any] = COMPARISONS[expression.comparison]
    holds = np.asarray(compare(column, expression.limit))
    return holds if expression.statistic is None else holds | np.isnan(column)


def _share_better(column: Array, better: str) -> Array:
    """The share of values that are better than each; 0 of one that is undefined."""
    worse_is_more = column if better == "lower" else -column
    defined = np.sort(worse_is_more[~np.isnan(worse_is_more)])
    share = np.searchsorted(defined, worse_is_more, side="left") / max(1, len(defined))
    return np.where(np.isnan(column), 0.0, share)
