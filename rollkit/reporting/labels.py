"""What results are called in a report."""

from pathlib import Path
from typing import NamedTuple

from rollkit.errors import shown as as_typed
from rollkit.examples.choosing import Result
from rollkit.results import RunResult


class Labels(NamedTuple):
    """Of the result that is shown, and of what it is compared with."""

    shown: str
    base: str


def labels_of(result: Result | str | Path, base: Result | str | Path | None) -> Labels:
    """The artifacts' file names; their paths, where both are called the same."""
    names = [_name(result, "candidate"), _name(base, "base")]
    if base is not None and names[0] == names[1]:
        names = [as_typed(str(one)) for one in (result, base)]
    return Labels(*names)


def title_of(result: Result) -> str:
    """What was run or evaluated, and how much of it.

    >>> import rollkit
    >>> title_of(rollkit.run("left", seeds=20))
    'left, 20 rollouts'
    """
    if isinstance(result, RunResult):
        first, stop = result.run.seeds
        count, each = (stop - first) * max(1, len(result.cells)), "rollout"
        what = result.run.source
    else:
        count, each = result.cases["evaluated"], "case"
        what = Path(result.eval.predictions).name
    return f"{what}, {count:,} {each}{'s' * (count != 1)}"


def _name(given: Result | str | Path | None, otherwise: str) -> str:
    return Path(given).name if isinstance(given, str | Path) else otherwise
