"""Which engine computes trajectories and metrics: NumPy, or kernels compiled by numba.

Both compute the same definitions. The compiled one takes what it can trace, in its range; all else
is done in NumPy.
"""

import functools
import importlib.util
from collections.abc import Sequence

from rollkit import measure
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.errors import UsageError, unknown
from rollkit.layout import Array
from rollkit.model import Actions, State, Trajectory

ENGINES = ("auto", "numpy", "numba")

# Steps in a run from which loading numba is sooner repaid than it takes.
_WORTH_COMPILING = 2**25


def choose(engine: str, steps: int | None) -> str:
    """The engine to use: the one named; for `auto` numba where it loads, for much work only.

    The choice depends on the call and on what is installed, never on timing, so that a run can be
    done again.

    Raises
    ------
    UsageError
        An unknown engine, or numba where it is not installed or does not load.
    """
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    little = steps is None or steps < _WORTH_COMPILING
    if engine == "numpy" or (engine == "auto" and little):
        return "numpy"
    problem = _numba_problem()
    if problem is None:
        return "numba"
    if engine == "auto":
        return "numpy"
    raise UsageError(f"engine numba: {problem}", hint="pip install 'rollkit[fast]'")


@functools.cache
def _numba_problem() -> str | None:
    """Why numba cannot be used; it may be there and not fit the NumPy that is."""
    if importlib.util.find_spec("numba") is None:
        return "numba is not installed"
    try:
        importlib.import_module("numba")
    except Exception as error:  # whatever a library that does not fit raises
        return f"numba does not load: {type(error).__name__}: {error}"
    return None


def libraries(engine: str) -> tuple[str, ...]:
    """The distributions beside NumPy that an engine computes with."""
    return ("numba", "llvmlite") if engine == "numba" else ()


def integrate(
    engine: str,
    integrator: IntegratorSpec,
    metrics: Sequence[MetricSpec],
    initial: State,
    actions: Actions,
    *,
    trajectory: bool = True,
) -> tuple[dict[str, Array], Trajectory | None]:
    """Integrate, and compute what metrics the engine computes on the way.

    Parameters
    ----------
    engine : str
        `numpy` or `numba`.
    metrics : sequence of MetricSpec
        Metrics that are defined for these actions.
    initial : State, `(N,)`
        As `measure.starting` returns it.
    actions : Actions, `(N, T)`
    trajectory : bool
        Whether the trajectory is wanted even where no metric needs it any more.

    Returns
    -------
    dict of name to array `(N,)`, Trajectory
        The metrics computed; the trajectory, None where nobody needs it.

    Raises
    ------
    InvalidReturn
        The integrator returned something that is no trajectory of these actions.
    """
    if engine == "numba":
        from rollkit.compiled import kernel_for  # deferred: it imports numba

        kernel = kernel_for(integrator, tuple(metrics))
        if kernel is not None:
            rest = trajectory or any(one.name not in kernel.fused for one in metrics)
            answer = kernel(initial, actions, trajectory=rest)
            if answer is not None:
                return answer
    return {}, measure.integrated(integrator, initial, actions.arranged())
