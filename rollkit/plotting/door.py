"""Drawing a result in Python: a figure for a notebook, or in a file."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollkit.examples.choosing import Result
from rollkit.pictures import saving
from rollkit.plotting.drawn import drawn
from rollkit.poses import Poses
from rollkit.values import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(
    result: Result,
    values: Values | None = None,
    *,
    source: Callable[..., Any] | None = None,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
) -> "Figure":
    """A figure of a run or an evaluation: what `--save-figure` draws.

    The paths of the worst, the median and the best rollout with their headings; speed,
    acceleration, curvature, jerk and lateral acceleration over time, with the limits of gates; a
    histogram of each metric with its mean and limits. Which rollout is worst, the metric of the
    first gate that does not hold says, or else the first metric that has a better side and differs.

    Parameters
    ----------
    result : RunResult or EvalResult
    values : Values, optional
        The values of its rollouts, where `keep_values=True` did not keep them in the result.
    source : function, optional
        The action source of a run, where its name does not find it.
    predictions, reference : iterable of Poses, optional
        What was evaluated, where no file holds it.

    Returns
    -------
    matplotlib.figure.Figure
        It needs no display; a notebook shows it.

    Raises
    ------
    UsageError
        matplotlib is not installed, or the values of the rollouts were not kept.
    UsageError, DataError, PluginError
        What was rolled out or evaluated is no longer there.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("left", seeds=20, keep_values=True, gates=["max_abs_jerk <= 3"])
    >>> print(figure(result).get_suptitle())
    max_abs_jerk: worst, median and best of 20 rollouts
    """
    saving.check_library()
    from rollkit.plotting.figure import draw  # needs a library that not everybody has

    return draw(drawn(result, values, source=source, predictions=predictions, reference=reference))


def save_figure(
    result: Result,
    path: str | Path,
    values: Values | None = None,
    *,
    force: bool = False,
    source: Callable[..., Any] | None = None,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
) -> Path:
    """Write the figure of a result as SVG, PNG or PDF, by the path's suffix.

    The same run gives the same bytes. An earlier picture of rollkit's is replaced; any other file
    only with `force`. The other parameters are those of `figure`.

    Raises
    ------
    UsageError
        Another suffix; or as `figure` says.
    OutputError
        The place cannot be written to, or holds something else.

    Examples
    --------
    >>> import rollkit, tempfile
    >>> result = rollkit.run("left", seeds=20, keep_values=True)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(save_figure(result, f"{folder}/left.svg").name)
    left.svg
    """
    path = Path(path)
    saving.check_place(path, force=force)
    from rollkit.plotting.figure import draw

    shown = drawn(result, values, source=source, predictions=predictions, reference=reference)
    return saving.save(lambda: draw(shown), path, "figure", force=force)
