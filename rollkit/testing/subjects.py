"""What is under test: a plugin's function, called so that its errors are told from the kit's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rollkit.arrays import Array
from rollkit.declare import ActionSourceSpec, IntegratorSpec, MetricSpec
from rollkit.draws import Draws
from rollkit.errors import RollkitError, UsageError
from rollkit.guard import Origin
from rollkit.measure import for_each_row
from rollkit.model import Actions, State, Trajectory
from rollkit.rollouts import Episodes, Rollout
from rollkit.testing.invariant import Violation


class Raised(Exception):
    """The function under test raised; the cause is what it raised."""


class Refused(Exception):
    """An action source refused the parameters: there is nothing to check."""


@dataclass(frozen=True, eq=False)
class IntegratorSubject:
    """An integrator under test."""

    spec: IntegratorSpec
    origin: Origin

    def __call__(self, initial: State, actions: Actions) -> Trajectory:
        """The trajectory, of the type and shape that every integrator returns."""
        try:
            got = self.spec.function(initial, actions)
        except (Exception, SystemExit) as error:
            raise Raised from error
        if not isinstance(got, Trajectory):
            raise Violation("type", type(got).__name__, "Trajectory")
        expected = (*actions.batch, actions.steps + 1)
        if got.x.shape != expected:
            raise Violation("shape of the trajectory", got.x.shape, expected)
        return got


@dataclass(frozen=True, eq=False)
class MetricSubject:
    """A metric under test."""

    spec: MetricSpec
    origin: Origin

    def __call__(self, rollout: Rollout) -> Array:
        """One number per rollout, as an array of that shape."""
        try:
            got = np.asarray(self.spec.function(rollout))
        except (Exception, SystemExit) as error:
            raise Raised from error
        if got.dtype.kind not in "fiub":
            raise Violation("type", f"dtype {got.dtype}", "real numbers")
        if got.shape != rollout.batch:
            raise Violation("shape, one number per rollout", got.shape, rollout.batch)
        return got.astype(np.float64, copy=False) if got.dtype.kind != "f" else got


@dataclass(frozen=True, eq=False)
class SourceSubject:
    """An action source under test, with values for the options that have no default."""

    spec: ActionSourceSpec
    origin: Origin
    params: Mapping[str, Any] = field(default_factory=dict)

    def __call__(
        self,
        first: int,
        count: int,
        *,
        horizon: float | None = None,
        dt: float | None = None,
        **params: Any,
    ) -> tuple[State, Actions]:
        """State `(n,)` and actions `(n, T)` of consecutive seeds."""
        defaults = {one.name: one.default for one in self.spec.parameters if not one.required}
        chosen = {**defaults, **self.params, **params}
        try:
            got = self.spec.function(Draws(first, count), horizon=horizon, dt=dt, **chosen)
        except UsageError as error:
            raise Refused(str(error)) from error
        except (Exception, SystemExit) as error:
            raise Raised from error
        if isinstance(got, Episodes):
            return got.initial, got.actions
        if not (isinstance(got, tuple) and len(got) == 2 and isinstance(got[1], Actions)):
            raise Violation("type", type(got).__name__, "(State, Actions)")
        initial, actions = got
        return for_each_row(initial, (count,)), actions


Subject = IntegratorSubject | MetricSubject | SourceSubject


def reason(error: BaseException) -> str:
    """What the function raised, in one line."""
    text = error.message if isinstance(error, RollkitError) else str(error)
    return f"{type(error).__name__}: {' '.join(text.split())}"
