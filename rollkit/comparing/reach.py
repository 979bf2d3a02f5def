"""What no comparison of so few pairs and so many metrics can find, whatever the difference."""

from collections.abc import Mapping, Sequence

from rollkit.comparing import words
from rollkit.comparing.results import MetricComparison
from rollkit.comparing.statistics.holm import holm
from rollkit.comparing.verdicts import Measured


def out_of_reach(
    metrics: Sequence[Measured], found: Mapping[str, MetricComparison], alpha: float
) -> list[str]:
    """A note on the undecided metrics that no difference could make worse, better or different.

    Their p-values would be above alpha even if all were as small as the method can give them.
    """
    alike: dict[tuple[int, int, float], list[str]] = {}
    for aimless in (False, True):
        some = [one for one in metrics if (one.better is None) == aimless]
        least = [_least(one) for one in some]
        tested = len(least) - least.count(None)
        for one, best in zip(some, holm(least), strict=True):
            said = found[one.name]
            if best is not None and best > alpha and said.verdict == "undecided":
                alike.setdefault((said.pairs or 0, tested, best), []).append(one.name)
    return [
        f"{words.listed(names)}: no difference is large enough to be shown: the p-values of "
        f"{_few(pairs, tested)} are {best:.2g} or more"
        for (pairs, tested, best), names in alike.items()
    ]


def _least(one: Measured) -> float | None:
    """The smallest p-value of its verdicts."""
    if one.estimate is None or one.estimate.law is None:
        return None
    return min(1.0, one.estimate.law.floor * (2 if one.better is None else 1))


def _few(pairs: int, metrics: int) -> str:
    few = words.many(pairs, "pair") if pairs else "so few values"
    return f"{few} and {metrics} metrics" if metrics > 1 else few
