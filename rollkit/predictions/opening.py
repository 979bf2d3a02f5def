"""The two files of an evaluation: their formats, and options shared out to whoever knows them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rollkit import formats
from rollkit.declare import InverseSpec
from rollkit.options import completed, of, refuse_unknown
from rollkit.plugins import Plugins, Registered
from rollkit.poses import Poses
from rollkit.reading import File

PREDICTIONS, REFERENCE, FIT = "predictions", "reference", "fit"


class Source:
    """Where poses come from: a file and its reader, or blocks in memory."""

    def __init__(
        self,
        name: str,
        blocks: Iterable[Poses] | None = None,
        *,
        file: File | None = None,
        reader: formats.Reader | None = None,
    ) -> None:
        self.name = name
        self._blocks, self._file, self.reader = blocks, file, reader

    def blocks(self, options: "Options") -> Iterator[Poses]:
        """Its blocks, one after the other."""
        if self.reader is None or self._file is None:
            return iter(self._blocks or ())
        return formats.read(self.reader, self._file, options.of(self.name))


def opened(
    name: str, path: str, format: str, plugins: Plugins, blocks: Iterable[Poses] | None = None
) -> Source:
    """The file of that path, or the blocks that stand for it.

    Raises
    ------
    UsageError, DataError
        No such format; a file that cannot be read, or whose format nobody can tell.
    """
    if blocks is not None:
        return Source(name, blocks)
    file = File(Path(path))
    return Source(name, file=file, reader=formats.format_of(file, plugins, format))


class Options:
    """The options of everybody who takes some, shared out by name."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]]) -> None:
        self._values = values

    def of(self, name: str) -> Mapping[str, Any]:
        """The options of one of them."""
        return self._values[name]

    def recorded(self) -> dict[str, Any]:
        """All of them, by name, as they could be given again."""
        common = {
            name: value
            for taker, one in self._values.items()
            for name, value in one.items()
            if taker != REFERENCE
        }
        theirs = self._values.get(REFERENCE, {})
        own = {
            f"{REFERENCE}.{name}": value
            for name, value in theirs.items()
            if name in common and common[name] != value
        }
        return {**theirs, **common, **own}


def shared_out(
    given: Mapping[str, Any], sources: Sequence[Source], inverse: Registered[InverseSpec] | None
) -> Options:
    """Each option goes to whoever knows it: the formats of both files, and the fit.

    `reference.NAME` is an option of the reference file alone. A fit that is left to `auto` takes
    none.

    Raises
    ------
    UsageError
        Nobody knows it, or it is not of its type or range.
    """
    takers = {
        one.name: (f"format {one.reader.spec.name!r}", one.reader.spec.parameters)
        for one in sources
        if one.reader is not None
    }
    takers[FIT] = ("fit 'auto'", ())
    if inverse is not None:
        takers[FIT] = (f"fit {inverse.spec.name!r}", inverse.spec.parameters)
    known = {one.name for _, some in takers.values() for one in some}
    prefix = f"{REFERENCE}."
    if REFERENCE in takers:
        known |= {prefix + one.name for one in takers[REFERENCE][1]}
    owners = " and ".join(dict.fromkeys(owner for owner, _ in takers.values()))
    refuse_unknown(owners, known, given)
    values = {}
    for taker, (owner, parameters) in takers.items():
        mine = of(parameters, given)
        if taker == REFERENCE:
            own = {one.name: prefix + one.name for one in parameters}
            mine |= {name: given[theirs] for name, theirs in own.items() if theirs in given}
        values[taker] = completed(owner, parameters, mine)
    return Options(values)
