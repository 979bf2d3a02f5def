"""From a file to blocks of poses: which format it is, that format's options, and its reader."""

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from rollkit.declare import ReaderSpec
from rollkit.errors import DataError, InvalidReturn, PluginError, RollkitError
from rollkit.guard import guarded
from rollkit.options import completed
from rollkit.plugins import FORMATS, Plugins, Registered
from rollkit.poses import Poses
from rollkit.reading import HEAD, File

AUTO = "auto"

_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")  # gzip, bzip2, xz, zstd

Reader = Registered[ReaderSpec]

Source = str | PathLike[str] | File


def detect_format(path: Source, format: str = AUTO, *, plugins: Iterable[str] = ()) -> str:
    """The name of the format that a file is in, as `read_poses` takes it.

    Parameters
    ----------
    path, format, plugins
        As for `read_poses`.

    Raises
    ------
    UsageError
        No format of that name.
    DataError
        The file cannot be read, or is of no known format, or could be of several.
    """
    return _found(path, format, plugins)[0].spec.name


def read_poses(
    path: Source, format: str = AUTO, *, plugins: Iterable[str] = (), **options: Any
) -> Iterator[Poses]:
    """The poses in a file, block after block, at the times they have there.

    Parameters
    ----------
    path : path or File
        The file; a `File` of a pipe can be read more than once.
    format : str
        Name of the reader; `auto` looks at what the file holds, then at its suffix.
    plugins : iterable of str
        Plugins that bring readers of their own.
    **options
        The reader's options; `rollkit plugins show formats` lists them.

    Returns
    -------
    iterator of Poses
        Some megabytes each; tracks whose times differ are blocks of their own.

    Raises
    ------
    UsageError
        No such format or option.
    DataError
        What is wrong with the file.
    PluginError
        The reader raised something else.
    """
    reader, file = _found(path, format, plugins)
    return read(reader, file, options)


def _found(path: Source, format: str, plugins: Iterable[str]) -> tuple[Reader, File]:
    file = path if isinstance(path, File) else File(Path(path))
    loaded = Plugins()
    loaded.load(plugins)
    return format_of(file, loaded, format), file


def format_of(file: File, plugins: Plugins, name: str = AUTO) -> Reader:
    """The reader of that name; with `auto` the one that recognises the file, else its suffix.

    Raises
    ------
    UsageError
        No format of that name.
    DataError
        The file cannot be read, or is of no known format, or could be of several.
    """
    plugins.load([FORMATS])
    if name != AUTO:
        return plugins.reader(name)
    readers, head = list(plugins.readers.values()), file.head
    if not head.strip() and len(head) < HEAD:
        raise DataError(f"{file.path}: got an empty file, expected poses")
    suffix = file.path.suffix.lower()
    by_suffix = [one for one in readers if suffix in one.spec.suffixes]
    by_content = [one for one in readers if _recognises(one, head)]
    both = [one for one in by_content if one in by_suffix]
    # What a file holds outweighs what it is called; a suffix alone still gets that format's errors.
    for some in (by_content, both, by_suffix):
        if len(some) == 1:
            return some[0]
    if plugins.failures:  # the format that was asked for may be in the plugin that is broken
        raise PluginError(plugins.failures[0])
    names = [one.spec.name for one in by_content or by_suffix or readers]
    what = "could be any of" if by_content or by_suffix else "expected one of"
    raise DataError(
        f"{file.path}: cannot tell the format: {what} {', '.join(names)}; it starts with "
        f"{head[:24]!r}",
        hint="it is compressed: unpack it first, with gunzip for one"
        if head.startswith(_COMPRESSED)
        else "--format NAME says which it is",
    )


def read(reader: Reader, file: File, options: Mapping[str, Any]) -> Iterator[Poses]:
    """The blocks of a file, read by that reader with these options, checked.

    Raises
    ------
    UsageError
        A wrong option.
    DataError
        What is wrong with the file.
    PluginError
        The reader raised something else, or returned no poses.
    """
    spec = reader.spec
    values = completed(f"format {spec.name!r}", spec.parameters, options)
    with guarded(
        reader.origin, "compute", subject=spec.name, function=spec.function, passing=(RollkitError,)
    ) as attempt:
        count = 0
        for block in spec.function(file, **values):
            if not isinstance(block, Poses):
                raise InvalidReturn(f"yielded {type(block).__name__}, expected Poses")
            count += block.cases
            yield block
        if not count:
            raise DataError(f"{file.path}: holds no poses, expected at least one case")
    if attempt.fault is not None:
        raise PluginError(attempt.fault, hint=f"while reading {file.path}")


def _recognises(one: Reader, head: bytes) -> bool:
    with guarded(one.origin, "compute", subject=one.spec.name) as attempt:
        return bool(one.spec.recognises(head))
    raise PluginError(attempt.fault) if attempt.fault is not None else AssertionError
