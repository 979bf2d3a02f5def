"""What a caller of `evaluate_predictions` hands over, checked before any work."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rollkit.errors import UsageError
from rollkit.poses import Poses
from rollkit.predictions.spec import IN_MEMORY

Predictions = str | Path | Poses | Iterable[Poses]


def name_of(predictions: Predictions) -> str:
    """What the artifact calls it."""
    return str(predictions) if isinstance(predictions, str | Path) else IN_MEMORY


def blocks_of(what: str, predictions: Predictions) -> Iterable[Poses] | None:
    """The blocks in memory; None for a file.

    Raises
    ------
    UsageError
        Something else than poses.
    """
    if isinstance(predictions, str | Path):
        return None
    if isinstance(predictions, Poses):
        return [predictions]
    if isinstance(predictions, Iterable) and not hasattr(predictions, "__array__"):
        return _checked(what, predictions)
    raise _no_poses(what, predictions)


def _checked(what: str, blocks: Iterable[Poses]) -> Iterator[Poses]:
    for one in blocks:
        if not isinstance(one, Poses):
            raise _no_poses(f"{what}: one of them", one)
        yield one


def _no_poses(what: str, got: object) -> UsageError:
    return UsageError(
        f"{what}: got {type(got).__name__}, expected a path, Poses, or several Poses",
        hint="arrays become poses by rollkit.Poses(ids=..., x=..., y=..., dt=...)",
    )


def seconds(at: Sequence[float]) -> tuple[float, ...]:
    """Numbers of seconds, of whatever type of number."""
    try:
        return tuple(map(float, at))
    except (TypeError, ValueError):
        raise UsageError(f"at: got {at!r}, expected a list of seconds, as in [1, 3, 5]") from None
