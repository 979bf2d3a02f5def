"""Damaged files, and what a reader makes of them: poses, or an error that says what is wrong.

`SEEDS` holds a small valid file for each reader; one of another format is one entry more.
"""

import random
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from rollkit import DataError, File, Poses, UsageError
from rollkit.formats import Reader
from rollkit.plugins import FORMATS, Plugins

_HALF = "0.70710678"

SEEDS: dict[str, bytes] = {
    "kitti": b"1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0 0 0 1 0 -0.5 0 0 1 10\n0 0 -1 -10 0 1 0 0 1 0 0 10\n",
    "tum": f"# t x y z qx qy qz qw\n0.0 0 0 0 0 0 0 1\n0.1 10 0 0.5 0 0 0 1\n"
    f"0.2 10 10 0 0 0 {_HALF} {_HALF}\n".encode(),
    "euroc": b"#timestamp, p_RS_R_x [m], p_RS_R_y [m], p_RS_R_z [m], q_RS_w [], q_RS_x []\n"
    b"1403636580838555648,0,0,0,1,0,0,0\n1403636580843555328,1.5,0,0,1,0,0,0\n",
    "csv": b"case,sample,t,x,y,yaw,speed,qx,qy,qz,qw,accel,probability\n"
    + b"".join(
        b"%s,%d,0.%d,%d,1.5,0.1,,0,0,0,1,-1.5,0.25\n" % (case, sample, t, t)
        for case in (b"a", b'"b"')
        for sample in range(2)
        for t in range(3)
    ),
    "jsonl": b'{"case": "a", "t": [0, 0.1, 0.2], "x": [[0, 1, 2], [0, 1, null]], "y": [[0, 0, 0], '
    b'[0, 0, 0.5]], "probability": [0.5, 0.5], "history": {"x": [-1, 0], "y": [0, 0]}}\n'
    b'{"case": "b", "dt": 0.1, "x": [0, 1, 2], "y": [0, 0, 0], "yaw_rate": [0.1, null, 0.3], '
    b'"qx": [0, 0, 0], "qy": [0, 0, 0], '
    b'"qz": [0, 0, 0], "qw": [1, 1, 1], "reference": {"x": [0, 1, 2], "y": [0, 0, 0]}}\n',
    "jsonl_poses": b'{"t": 0, "x": 0, "y": 0, "case": 6}\n{"t": 0.1, "x": 1, "y": 0, "case": 6}\n'
    b'{"t": 0, "x": 0, "y": null, "case": 7}\n{"t": 0.1, "x": 1, "y": 0, "case": 7}\n',
}

# What stands where a number stood, or anywhere.
_TOKENS = (
    *(
        b"nan",
        b"inf",
        b"-inf",
        b"1e999",
        b"-1",
        b"",
        b"0",
        b"1e-320",
        b"2",
        b"1e9",
        b"-0.0",
        b"1_0",
    ),
    *(
        b"1_0",
        b"9" * 400,
        b"9" * 5000,
        b"0x10",
        b"1e",
        b"+",
        b"null",
        b"true",
        b"NaN",
        b"[[",
        b"{}",
    ),
    *(b",", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b'"', b"#", b"\t", b"\x00", b"\xff", b"\xc3\xa9"),
    *(b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xd9\xa1", b"/*", b"a", b"case", b"Infinity", b"-"),
)


def reader_of(name: str, plugins: Plugins | None = None) -> Reader:
    """The reader that a seed is for: its key, up to a first `_` where that is none."""
    plugins = plugins or _loaded()
    return plugins.readers.get(name) or plugins.readers[name.partition("_")[0]]


def outcomes(name: str, content: bytes, **options: object) -> str:
    """What the reader of a seed makes of these bytes: `poses`, or the kind of error.

    Anything else that it raises goes on to the caller, and is a fault.
    """
    spec = reader_of(name).spec
    assert isinstance(spec.recognises(content[:4096]), bool)
    try:
        for block in spec.function(File(Path("fuzzed"), content), **options):
            assert isinstance(block, Poses)
    except (DataError, UsageError) as error:
        said = error
    else:
        return "poses"
    assert "\n" not in said.message
    assert len(said.message) < 1000
    return type(said).__name__


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four kinds of damage."""
    content = seed
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice(_DAMAGES)(content, chance)
    return content


def mutations(seed: bytes) -> st.SearchStrategy[bytes]:
    """Damaged copies of a valid file, and bytes that never were one."""
    damaged = st.integers(0, 2**32).map(lambda number: mutated(seed, random.Random(number)))
    return st.one_of(damaged, damaged, damaged, st.binary(max_size=200), st.just(seed))


def _place(content: bytes, chance: random.Random) -> tuple[int, int]:
    first = chance.randint(0, len(content))
    return first, min(len(content), first + chance.choice((0, 1, 1, 2, 8, 40)))


def _flipped(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _lost(content: bytes, chance: random.Random) -> bytes:
    first, last = _place(content, chance)
    return content[:first] + content[last:]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    first, last = _place(content, chance)
    return content[:last] + content[first:last] * chance.choice((1, 1, 2, 100)) + content[last:]


def _token(content: bytes, chance: random.Random) -> bytes:
    first, last = _place(content, chance)
    return content[:first] + chance.choice(_TOKENS) + content[last:]


def _number(content: bytes, chance: random.Random) -> bytes:
    """A number, as text has them, replaced."""
    digits = [at for at, byte in enumerate(content) if chr(byte) in "0123456789"]
    if not digits:
        return _token(content, chance)
    first = last = chance.choice(digits)
    while first and chr(content[first - 1]) in "0123456789.-+e":
        first -= 1
    while last < len(content) and chr(content[last]) in "0123456789.-+e":
        last += 1
    return content[:first] + chance.choice(_TOKENS) + content[last:]


def _swapped(content: bytes, chance: random.Random) -> bytes:
    cuts = sorted(chance.randint(0, len(content)) for _ in range(4))
    a, b, c, d = cuts
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def _line(content: bytes, chance: random.Random) -> bytes:
    """A line, as text has them, lost, doubled or moved."""
    every = content.splitlines(keepends=True)
    if not every:
        return content
    one = every.pop(chance.randrange(len(every)))
    for _ in range(chance.choice((0, 1, 2))):
        every.insert(chance.randint(0, len(every)), one)
    return b"".join(every)


_DAMAGES = (_flipped, _cut, _lost, _doubled, _token, _number, _number, _swapped, _line)

_PLUGINS: dict[str, Plugins] = {}


def _loaded() -> Plugins:
    if FORMATS not in _PLUGINS:
        plugins = _PLUGINS[FORMATS] = Plugins()
        plugins.load([FORMATS])
        assert not plugins.failures, plugins.failures
    return _PLUGINS[FORMATS]


def tally(outcome: Mapping[str, int]) -> str:
    """Counts of outcomes in words, the most frequent first."""
    ranked = sorted(outcome.items(), key=lambda one: -one[1])
    return ", ".join(f"{count} {name}" for name, count in ranked)
