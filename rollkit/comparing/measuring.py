"""Two sides, brought together: paired where both have values and keys, else by their moments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rollkit.comparing.alone import INFINITE, Alone, alone, load
from rollkit.comparing.pairing import Pairing, paired_by_key
from rollkit.comparing.sides import Side
from rollkit.comparing.tables import KEYS, Loaded
from rollkit.comparing.tolerances import NOTHING, Size, Sizes
from rollkit.comparing.weighing import Weighed, weighed_apart, weighed_pairs
from rollkit.layout import Array

POSITION = "position"  # of rows without keys


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the values of one metric say; `reason` is why nothing, where that is so."""

    weighed: Weighed | None = None
    n_base: int = 0
    n_candidate: int = 0
    only_base: int = 0
    only_candidate: int = 0
    undefined: tuple[int, int] = (0, 0)  # on either side, where these are not paired
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Together:
    """All metrics of two sides, and how these were brought together."""

    found: Mapping[str, Found]
    paired_by: str | None
    pairing: Pairing | None
    notes: tuple[str, ...]


def together(base: Side, candidate: Side, metrics: Sequence[str], allowed: Sizes) -> Together:
    """Measure the difference of each of these metrics, which both sides have.

    `allowed` is what does not matter.

    Raises
    ------
    UsageError, DataError
        A key that is there twice, no key in common, a file that is damaged.
    """
    there = here = None
    if candidate.table is not None or not base.told:
        base, there = load(base, metrics)
    if base.table is not None or not candidate.told:
        candidate, here = load(candidate, metrics)
    sizes = {name: allowed.of(name) or NOTHING for name in metrics}
    pairing = by = None
    if there is not None and here is not None:
        pairing, by = _pairing(base, there, candidate, here)
    if there is not None and here is not None and pairing is not None:
        found = _paired(pairing, there, here, sizes)
    else:
        found = _unpaired(alone(base, there, metrics), alone(candidate, here, metrics), sizes)
    notes = [*base.notes, *candidate.notes]
    if pairing is None and not notes:
        notes = [_why_unpaired(base, candidate)]
    return Together(found=found, paired_by=by, pairing=pairing, notes=tuple(dict.fromkeys(notes)))


def _why_unpaired(base: Side, candidate: Side) -> str:
    """Why nothing is paired, and what to do about it."""
    without = [side.name for side in (base, candidate) if side.table is None]
    if without:
        each = base.key or candidate.key or "row"
        return (
            f"not paired, for want of the values of each {each} in {' and '.join(without)}: "
            "--save FILE.parquet keeps them"
        )
    return f"not paired: rows need a key on both sides, {', '.join(KEYS[:-1])} or {KEYS[-1]}"


def _pairing(
    base: Side, there: Loaded, candidate: Side, here: Loaded
) -> tuple[Pairing | None, str | None]:
    if base.key is not None and candidate.key is not None:
        names, cells = (base.name, candidate.name), base.key == "seed"
        return paired_by_key(names, base.key, there, here, cells=cells), base.key
    if base.key is candidate.key and there.rows == here.rows:
        return Pairing(there.rows), POSITION
    return None, None


def _paired(
    pairing: Pairing, there: Loaded, here: Loaded, sizes: Mapping[str, Size]
) -> dict[str, Found]:
    found: dict[str, Found] = {}

    def columns() -> Iterator[tuple[Array, Array, Size]]:
        for name, size in sizes.items():
            one = pairing.columns(there.column(name), here.column(name))
            spoilt = np.isinf(one.base).any(), np.isinf(one.candidate).any()
            if any(spoilt):
                counts = [
                    0 if bad else int(np.count_nonzero(~np.isnan(column)))
                    for bad, column in zip(spoilt, (one.base, one.candidate), strict=True)
                ]
                found[name] = Found(n_base=counts[0], n_candidate=counts[1], reason=INFINITE)
                continue
            found[name] = Found(only_base=one.only_base, only_candidate=one.only_candidate)
            yield one.base, one.candidate, size

    answers = iter(weighed_pairs(columns()))
    for name, one in found.items():
        if one.reason is not None:
            continue
        weighed = next(answers)
        estimate = weighed.estimate
        few = f"too few pairs with a value on both sides: {estimate.pairs}"
        found[name] = replace(
            one,
            weighed=weighed,
            n_base=estimate.n_base,
            n_candidate=estimate.n_candidate,
            reason=few if estimate.law is None else None,
        )
    return found


def _unpaired(
    base: Mapping[str, Alone], candidate: Mapping[str, Alone], sizes: Mapping[str, Size]
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for name, there in base.items():
        here = candidate[name]
        weighed = weighed_apart(there.moments, here.moments, sizes[name])
        few = f"too few values: {there.moments.n} there, {here.moments.n} here"
        reason = there.reason or here.reason or (few if weighed.estimate.law is None else None)
        found[name] = Found(
            weighed=weighed,
            n_base=there.moments.n,
            n_candidate=here.moments.n,
            undefined=(there.undefined, here.undefined),
            reason=reason,
        )
    return found
