"""Whether two sides are of one kind: runs or evaluations, and sweeps of the same cells."""

from rollkit.comparing.sides import Side
from rollkit.errors import UsageError

_KINDS = {"seed": "seeds of a run", "case": "cases of an evaluation"}


def refuse_other_kind(base: Side, candidate: Side) -> None:
    """Refuse seeds against cases, and sweeps of other cells.

    Raises
    ------
    UsageError
    """
    if base.key is not None and candidate.key is not None and base.key != candidate.key:
        raise UsageError(
            f"{base.name} has {_KINDS[base.key]} and {candidate.name} has "
            f"{_KINDS[candidate.key]}: nothing that can be compared",
            hint="compare two runs, or two evaluations",
        )
    if base.cells is None or candidate.cells is None:
        return
    there, here = _varying(base), _varying(candidate)
    if there == here:
        return
    if len(there) != len(here):
        difference = f"{len(there)} there, {len(here)} here"
    else:
        first = next(pair for pair in zip(there, here, strict=True) if pair[0] != pair[1])
        difference = f"{first[0]} there, {first[1]} here"
    raise UsageError(
        f"{base.name} and {candidate.name} are not sweeps of the same cells: {difference}",
        hint="compare runs of one source each, or sweeps of the same values",
    )


def _varying(side: Side) -> list[str]:
    """The cells by what varies over them; one source for all of them is whose work it is."""
    rows = [
        {"source": one.source, "integrator": one.integrator, **one.params}
        for one in side.cells or ()
    ]
    names = {name for row in rows for name in row}
    vary = sorted(name for name in names if len({repr(row.get(name)) for row in rows}) > 1)
    return [", ".join(f"{name}={row.get(name)}" for name in vary) for row in rows]
