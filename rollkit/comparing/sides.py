"""A side of a comparison: which metrics it has, what they are defined by, where the values are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rollkit.comparing.statistics.unpaired import Moments
from rollkit.comparing.tables import Key, Table


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a metric is; None is what the side does not say."""

    unit: str | None = None
    better: str | None = None
    bounds: tuple[float | None, float | None] | None = None
    version: int | None = None
    definition: str | None = None
    preset: str | None = None
    revision: str | None = field(default=None, compare=False)  # of the preset: see the settings


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an artifact says of the values of a metric."""

    moments: Moments
    n_undefined: int
    min: float | None
    max: float | None
    status: str  # ok, undefined or failed
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a sweep; a plain run is one."""

    source: str
    integrator: str
    params: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side.

    `settings` are what the numbers are defined by, as far as it is known: a name that is missing
    is not. `work` is what the run or the evaluation was of: whose work, not how it is measured.
    """

    name: str
    key: Key | None
    metrics: Mapping[str, Declared]
    settings: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)  # of the fit, an evaluation's
    work: Mapping[str, Any] = field(default_factory=dict)
    cells: tuple[Cell, ...] | None = None
    told: Mapping[str, Told] = field(default_factory=dict)
    table: Table | None = None
    # Why the values are not independent of each other, where they are not.
    together: str | None = None
    notes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()  # that were read

    def without_values(self, note: str) -> "Side":
        """The same side with nothing but what its artifact tells, and why."""
        return replace(self, table=None, notes=(*self.notes, note))
