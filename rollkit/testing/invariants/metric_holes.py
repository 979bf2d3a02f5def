"""The laws of metrics of what was not observed: nan is never lost, and stays in its row."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from rollkit.arrays import Array
from rollkit.rollouts import Rollout
from rollkit.testing import transforms
from rollkit.testing.invariant import Violation, close, holds, invariant
from rollkit.testing.invariants.metric_agreement import ROUNDING, apart, slack, value
from rollkit.testing.invariants.metric_rollouts import enough, several
from rollkit.testing.subjects import MetricSubject as Subject
from rollkit.testing.subjects import Raised, reason


@invariant("metric", rollout=enough, at=st.integers(0, 100))
def nan_is_never_lost(subject: Subject, rollout: Rollout, at: int) -> None:
    """Where the value depends on an instant, nan at that instant makes it undefined."""
    where = (..., at % (rollout.steps + 1))
    plain = value(subject, rollout)
    large = value(subject, transforms.at_instant(rollout, where, lambda one: one + 1000.0))
    small = value(subject, transforms.at_instant(rollout, where, lambda one: one - 1000.0))
    lost = with_nan(subject, rollout, where)
    depends = ((large != plain) | (small != plain)) & ~np.isnan(plain)
    holds(f"value with nan at instant {where[-1]}", ~depends | np.isnan(lost), lost, "nan")


@invariant("metric", tolerance=ROUNDING, rollout=several, at=st.integers(0, 100))
def nan_stays_in_its_row(subject: Subject, rollout: Rollout, at: int) -> None:
    """An instant that was not observed in one row changes no other row."""
    one = (0,) * len(apart(subject, rollout))
    where = (*one, ..., at % (rollout.steps + 1))
    expected, lost = value(subject, rollout), with_nan(subject, rollout, where)
    atol = slack(rollout, expected, ROUNDING)
    for row in np.ndindex(apart(subject, rollout)):
        if row != one:
            close(f"value of row {list(row)}", lost[row], expected[row], atol)


def with_nan(subject: Subject, rollout: Rollout, where: tuple[Any, ...]) -> Array:
    """The value with nan somewhere; it must not raise."""
    with np.errstate(invalid="ignore"):
        try:
            return value(subject, transforms.at_instant(rollout, where, lambda one: one * np.nan))
        except Raised as error:
            what = f"value with nan at instant {where[-1]}"
            raise Violation(what, reason(error.__cause__ or error), "nan") from error
