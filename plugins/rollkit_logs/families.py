"""Keys by which arrays of poses go in files, and the shapes they have."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from rollkit import DataError
from rollkit_logs.npy_stream import Stream
from rollkit_logs.rates import RATES

Openers = Mapping[str, Callable[[], Stream]]


class Family(NamedTuple):
    """Arrays that are poses together.

    Parameters
    ----------
    position : tuple of str
        Keys of x and y, or the one key of an array whose last axis holds them.
    beside : mapping of str to str
        What else there may be, `yaw`, `speed`, `z`, `rotation` or a rate, and by which key.
    last : mapping of int to signals
        What the last axis holds, by its length, where one array holds positions.
    origin : bool
        Whether they are seen from the pose at the start, which is left out.
    """

    position: tuple[str, ...]
    beside: Mapping[str, str] = {}
    last: Mapping[int, tuple[str, ...]] = {}
    origin: bool = False


class Bundle(NamedTuple):
    """The arrays of one family in one file, brought to `(B, N, K, T, ...)`.

    `signals` says of each stream which signals its last axis holds; none, where the stream is the
    signal itself.
    """

    family: Family
    shape: tuple[int, int, int, int]
    axes: int  # of the array as it is in the file, before what its last axis holds
    streams: Mapping[str, Stream]
    signals: Mapping[str, tuple[str, ...]]


_XYZ = {2: ("x", "y"), 3: ("x", "y", "z")}
_XY = {2: ("x", "y")}
_XY_YAW = {2: ("x", "y"), 3: ("x", "y", "yaw")}


def _plain(prefix: str) -> Family:
    beside = {name: f"{prefix}{name}" for name in ("yaw", "speed", "z", *RATES)}
    return Family((f"{prefix}x", f"{prefix}y"), beside)


def _framed(name: str) -> Family:
    beside = {"rotation": f"{name}_rot", **_yaw_and_rates(name)}
    return Family((f"{name}_xyz",), beside, _XYZ, origin=True)


def _yaw_and_rates(name: str) -> dict[str, str]:
    return {one: f"{name}_{one}" for one in ("yaw", *RATES)}


PREDICTED = (
    _framed("pred"),
    _plain(""),
    _plain("pred_"),
    Family(("pred_xy",), _yaw_and_rates("pred"), _XY),
    Family(("trajectory",), last=_XY_YAW),
    Family(("pred",), last=_XY_YAW),
)
REFERENCES = (
    _framed("ego_future"),
    _framed("gt"),
    Family(("gt_xy",), _yaw_and_rates("gt"), _XY),
    _plain("ref_"),
)
HISTORIES = (_framed("ego_history"), _plain("history_"))
ALONE = Family(("poses",), last=_XY_YAW)  # of a file that is one array

TIMES = ("t", "time")
IDS = ("ids", "id", "case", "cases", "clip_id", "clip_ids")
PROBABILITIES = ("probability", "probabilities", "scores")
_SHOWN = 12  # arrays that a message names


def found(families: Iterable[Family], keys: Iterable[str]) -> list[Family]:
    """Those whose positions are among the keys."""
    return [one for one in families if set(one.position) <= set(keys)]


def no_poses(where: str, keys: Iterable[str]) -> DataError:
    """The error for a file whose keys are none of those."""
    families = (*PREDICTED, *REFERENCES)
    known = [key for one in families for key in one.position]
    names = [one[:40] for one in keys][: _SHOWN + 1]
    near = {one: difflib.get_close_matches(one.lower(), known, n=1, cutoff=0.6) for one in names}
    hints = [f"{one!r} is near {some[0]!r}" for one, some in near.items() if some]
    shown = ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
    return DataError(
        f"{where}: holds no poses: got the arrays {shown!r}; expected "
        + " or ".join(" and ".join(one.position) for one in families),
        hint="; ".join(hints[:3]) or None,
    )


def bundle(openers: Openers, family: Family, *, single: bool) -> Bundle:
    """The arrays of a family; `single` where there is one sample, whose axis may be left out.

    Raises
    ------
    DataError
        Arrays of another rank, or whose shapes do not go together.
    """
    streams = {key: numbers(openers[key]()) for key in family.position}
    signals: dict[str, tuple[str, ...]] = dict.fromkeys(family.position, ())
    first = family.position[0]
    lead = streams[first].shape
    if family.last:
        if not lead or lead[-1] not in family.last:
            kinds = " or ".join(f"{size} ({', '.join(of)})" for size, of in family.last.items())
            raise DataError(f"{streams[first].where}: got {lead}, expected a last axis of {kinds}")
        signals[first] = family.last[lead[-1]]
        lead = lead[:-1]
    else:
        signals = {key: (name,) for key, name in zip(family.position, ("x", "y"), strict=True)}
    held = {name for some in signals.values() for name in some}
    for name, key in family.beside.items():
        if key in openers and name not in held:
            streams[key] = numbers(openers[key]())
            signals[key] = (name,)
    for key, one in streams.items():
        beyond = (3, 3) if signals[key] == ("rotation",) else ()
        if key != first and one.shape != (*lead, *beyond):
            raise DataError(
                f"{one.where}: got {one.shape}, expected {(*lead, *beyond)}, as {first!r} has it"
            )
    shape = _four_axes(streams[first].where, lead, single=single)
    shaped = {key: one.shaped(*shape, *one.shape[len(lead) :]) for key, one in streams.items()}
    return Bundle(family, shape, len(lead), shaped, signals)


def numbers(stream: Stream) -> Stream:
    """The stream itself, if it is of real numbers."""
    if stream.dtype.kind not in "fiub":
        raise DataError(f"{stream.where}: got {stream.dtype}, expected real numbers")
    return stream


def _four_axes(where: str, lead: tuple[int, ...], *, single: bool) -> tuple[int, int, int, int]:
    if not 1 <= len(lead) <= 4:
        raise DataError(
            f"{where}: got {len(lead)} axes of cases, samples and instants, expected [B, N, K, T], "
            "[B, K, T], [B, T] or [T]"
        )
    if 0 in lead:
        raise DataError(f"{where}: got {lead}, which holds no poses")
    whole = ((1,) * (4 - len(lead))) + lead
    cases, sets, samples, instants = {
        4: whole,
        3: (lead[0], 1, *lead[1:]),
        2: (lead[0], 1, 1, *lead[1:]),
        1: whole,
    }[len(lead)]
    if single and samples != 1:
        raise DataError(f"{where}: got {samples} samples of each case, expected one")
    return cases, sets, samples, instants
