"""The laws of every metric: shapes, bounds, rows and samples, memory, and nothing kept."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rollkit.arrays import Array
from rollkit.rollouts import Rollout
from rollkit.testing import transforms
from rollkit.testing.invariant import close, holds, invariant, same
from rollkit.testing.invariants.metric_agreement import ROUNDING, agree, apart, slack, value
from rollkit.testing.invariants.metric_rollouts import batches, enough, hostile, samples, several
from rollkit.testing.strategies import LAYOUTS, rollouts
from rollkit.testing.subjects import MetricSubject as Subject


@invariant("metric", rollout=enough)
def one_number_per_rollout(subject: Subject, rollout: Rollout) -> None:
    """The value has the shape of the batch, whatever that is: one, K samples, none at all."""
    value(subject, rollout)  # the subject looks at type and shape


@invariant("metric", rollout=enough)
def finite_or_undefined(subject: Subject, rollout: Rollout) -> None:
    """Finite rollouts give finite values, or nan for undefined; never infinity."""
    got = value(subject, rollout)
    holds("value", ~np.isinf(got), got, "a finite number, or nan")


@invariant("metric", rollout=hostile)
def within_bounds(subject: Subject, rollout: Rollout) -> None:
    """The value is within the declared bounds, for hostile actions too."""
    low, high = subject.spec.bounds
    got = value(subject, rollout)
    holds("value", ~(got < (-np.inf if low is None else low)), got, f"at least {low}")
    holds("value", ~(got > (np.inf if high is None else high)), got, f"at most {high}")


@invariant("metric", rollout=enough)
def needs_what_it_declares(subject: Subject, rollout: Rollout) -> None:
    """What it does not declare to need, or to use, may be missing."""
    spec = subject.spec
    parts = ("actions", "reference", "vehicle", "probability")
    named = (*spec.needs, *spec.uses)
    without: dict[str, Any] = {part: None for part in parts if part not in named}
    bare = replace(rollout, **without)
    expected = value(subject, rollout)
    close("value", value(subject, bare), expected, slack(rollout, expected, ROUNDING))


@invariant(
    "metric", rollout=lambda spec: rollouts(max_steps=3, sampled=bool(spec.compares_samples))
)
def short_input(subject: Subject, rollout: Rollout) -> None:
    """From `min_steps` steps on there is a value or nan; no error, no infinity."""
    if rollout.steps >= subject.spec.min_steps:
        got = value(subject, rollout)
        holds("value", ~np.isinf(got), got, "a finite number, or nan")


@invariant("metric", tolerance=ROUNDING, rollout=batches)
def row_alone_is_row_in_batch(subject: Subject, rollout: Rollout) -> None:
    """A rollout by itself has the value that it has in a batch, K samples of a case included.

    A case by itself where the metric compares its samples.
    """
    whole = value(subject, rollout)
    for row in np.ndindex(apart(subject, rollout)):
        alone = transforms.rows(rollout, row)
        expected = whole[row]
        atol = slack(alone, expected, ROUNDING)
        close(f"value of row {list(row)} alone", value(subject, alone), expected, atol)


@invariant("metric", tolerance=ROUNDING, rollout=several, order=st.permutations(range(4)))
def order_of_rows(subject: Subject, rollout: Rollout, order: list[int]) -> None:
    """Rows in another order have their values in that order."""
    expected = value(subject, rollout)[order]
    got = value(subject, transforms.rows(rollout, order))
    close("value", got, expected, slack(rollout, expected, ROUNDING))


@invariant("metric", tolerance=ROUNDING, rollout=samples, order=st.permutations(range(4)))
def order_of_samples(subject: Subject, rollout: Rollout, order: list[int]) -> None:
    """The samples of a case in another order have their values in that order."""
    expected = value(subject, rollout)[:, order]
    got = value(subject, transforms.rows(rollout, (slice(None), order)))
    close("value", got, expected, slack(rollout, expected, ROUNDING))


@invariant("metric", rollout=enough)
def same_input_same_bits(subject: Subject, rollout: Rollout) -> None:
    """The same rollout has the same value again, to the last bit, another one in between."""
    first, other = value(subject, rollout), transforms.units(rollout, 1000.0, 0.5)
    same("value", value(subject, rollout), first)
    value(subject, other)
    same("value after another rollout", value(subject, rollout), first)


@invariant("metric", rollout=enough)
def inputs_untouched(subject: Subject, rollout: Rollout) -> None:
    """The rollout and the signals derived from it are what they were."""
    parts = list(filter(None, (rollout.trajectory, rollout.actions, rollout.reference)))
    kept = [{name: one.copy() for name, one in _arrays(of)} for of in parts]
    value(subject, rollout)
    for before, of in zip(kept, parts, strict=True):
        now = dict(_arrays(of))
        for name, old in before.items():
            same(name, now[name], old)
    fresh = replace(rollout)
    for name in vars(rollout).keys() - vars(fresh).keys():  # what it computed and kept
        if isinstance(expected := getattr(fresh, name, None), np.ndarray):
            same(name, vars(rollout)[name], expected)


def _arrays(of: object) -> list[tuple[str, Array]]:
    return [(name, one) for name, one in vars(of).items() if isinstance(one, np.ndarray)]


@invariant("metric", tolerance=ROUNDING, rollout=enough, layout=st.sampled_from(sorted(LAYOUTS)))
def memory_does_not_matter(subject: Subject, rollout: Rollout, layout: str) -> None:
    """The value is the same however the arrays lie in memory."""
    agree(subject, transforms.each_array(rollout, LAYOUTS[layout]), rollout)
