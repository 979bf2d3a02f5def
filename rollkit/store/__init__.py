"""One Parquet file, written segment by segment, that survives whatever ends the run.

Segments lie in a working folder beside the target, `<target>.partial`, each as an Arrow file that
is there whole or not at all. `finish` makes the Parquet file of them, one row group a segment, and
moves it to its place in one step. So memory holds one segment at most, a run that was killed goes
on after its last whole segment, and the bytes depend on the segments alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from rollkit.errors import OutputError, UsageError, shown
from rollkit.files import check_writable
from rollkit.plain import plain
from rollkit.store.columns import Column, described, needed, schema_of
from rollkit.store.difference import difference
from rollkit.store.folder import Folder
from rollkit.store.writer import Store

__all__ = ["Column", "Store", "store"]


@contextmanager
def store(
    path: str | Path,
    columns: Sequence[Column],
    *,
    identity: Mapping[str, Any],
    resume: bool = False,
    force: bool = False,
) -> Iterator[Store]:
    """Open a file to be written segment by segment.

    Left without `finish`, the segments stay for a later `resume`. An earlier file of rollkit's is
    replaced; any other only with `force`, and so are segments that nobody resumes.

    Parameters
    ----------
    path : str or Path
        The Parquet file.
    columns : sequence of Column
        What each segment holds.
    identity : mapping
        All that the numbers depend on: two runs with the same are the same run. It is stored in
        the file, so it must hold nothing that changes from run to run.
    resume : bool
        Go on after the last whole segment of the same run. A finished file of the same run is
        `finished`; where there is nothing, the run starts anew.
    force : bool
        Replace a file that is none of rollkit's, and segments that nobody resumes.

    Raises
    ------
    UsageError
        What is to be resumed is another run's, or a library is missing.
    OutputError
        The place cannot be written to, holds something else, or another run is writing there.
    DataError
        A segment to be resumed is damaged.
    """
    name = shown(str(path))
    for library in ("pyarrow", "filelock"):
        needed(library, name)
    target = _destination(Path(path), force=force)
    schema = schema_of(columns, plain("identity", identity))
    folder = Folder(target, name)
    with folder.locked():
        there, finished = None, False
        if resume:
            there = folder.description()
            finished = there is None and (there := _earlier(target)) is not None
        if not (resume or force) and (kept := len(folder.segments())):
            raise OutputError(
                f"{name}.partial keeps {kept} whole segments of a run that was interrupted",
                hint="resume goes on with it; force starts anew and removes them",
            )
        if there is None:
            folder.begin(described(schema))
        else:
            _check_same(name, there, described(schema))
        folder.spent = finished
        yield Store(target, columns, schema, folder, finished)


def _destination(path: Path, *, force: bool) -> Path:
    """The file to write, through links; refused where it cannot be or is somebody else's."""
    check_writable(path)
    name = shown(str(path))
    if path.exists() and not path.is_file():
        raise OutputError(f"cannot write {name}: it is no regular file, and Parquet needs one")
    target = path.resolve()
    if target.exists() and target.stat().st_size and not force and _earlier(target) is None:
        raise OutputError(
            f"{name} exists and is no Parquet file of rollkit's; it was left alone",
            hint="choose another place, or replace it with --force",
        )
    return target


def _earlier(target: Path) -> dict[str, Any] | None:
    """Which run wrote the file; None where there is none, or none of rollkit's."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    if not target.exists():
        return None
    try:
        return described(parquet.read_schema(target))
    except (arrow.ArrowException, OSError, ValueError):  # no Parquet, or without our key
        return None


def _check_same(name: str, there: dict[str, Any], here: dict[str, Any]) -> None:
    # The identity alone at first, and by its bare names: they are the user's options.
    differs = difference(there["identity"], here["identity"]) or difference(there, here)
    if differs:
        raise UsageError(
            f"cannot resume {name}: it is another run's: {differs}",
            hint="repeat the earlier call to continue it; --force without --resume starts anew",
        )
