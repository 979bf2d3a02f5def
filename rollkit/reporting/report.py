"""What a report shows. Collected here, drawn by reporters."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rollkit.comparing.results import Comparison
from rollkit.examples.choosing import Result
from rollkit.examples.example import Example
from rollkit.values import Values


@dataclass(frozen=True, eq=False, kw_only=True)
class Shown:
    """One result as a report shows it.

    Attributes
    ----------
    label : str
        What it is called: the artifact's file name, or `base` and `candidate`.
    result : RunResult or EvalResult
        Statistics, gates, provenance.
    values : Values
        Of every rollout or case: what distributions are made of.
    rows : array of int
        Which rows of `values` a table lists, the worst first; not all of a million.
    examples : tuple of Example
        The rollouts to draw, the most telling first.
    """

    label: str
    result: Result
    values: Values
    rows: npt.NDArray[np.intp]
    examples: tuple[Example, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """What a reporter draws.

    Attributes
    ----------
    title : str
    shown : Shown
        What the report is about.
    base : Shown, optional
        What it is compared with; its examples are the same seeds or cases as those of `shown`,
        where it has them.
    comparison : Comparison, optional
        Base against shown, where there is a base.
    notes : tuple of str
        What the reader has to know: what was left out, what changed since the artifact was made.
    """

    title: str
    shown: Shown
    base: Shown | None = None
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
