"""From expressions to the text of one kernel: a module that numba compiles.

For every tile of rollouts the kernel has three parts: before, over and after the steps. A step
brings the newest sample of every signal, which of T + d samples is number step + d: with d = 1 the
first comes before the steps, with d < 0 it comes in step -d, and what was made of the steps before
that one is dropped then. What a step needs of an earlier one is carried along.
"""

import re
from collections.abc import Callable

from rollkit.compiled.symbols import REDUCTIONS, Symbol, length
from rollkit.compiled.tracing import FIELDS, Traced

_ANGLES = ("cos_sin", "sinc")
_REDUCTIONS = {  # how it begins without a sample, and how one more is taken in
    "max_abs": ("spread(0.0)", "larger_magnitude({0}, {1})"),
    "total": ("spread(0.0)", "add({0}, {1})"),
    "minimum_over": ("spread(np.inf)", "minimum({0}, {1})"),
    "maximum_over": ("spread(-np.inf)", "maximum({0}, {1})"),
}
_SCANS = {  # one more increment on what has been summed before
    "cumulative": "add({0}, {1})",
    "cumulative_clamped": "not_negative(add({0}, {1}))",
    "cumulative_unsigned": "add(absolute({0}), {1})",
}
_MODULES = {  # where the functions that a kernel calls are found; all others are arithmetic
    "lanes": {"ask", "load", "store"},
    "tiles": {"empty_out", "fill", "gather", "pace", "put"},
}
_FIRST_OF_ALL = 1_000_000  # of the updates that end a step

_MODULE = '''"""A kernel written by rollkit; it is found by the hash of this text. Do not edit."""

import numpy as np
from numba import types
from rollkit.compiled.lanes import {lanes}
from rollkit.compiled.simd import LANES, {simd}
from rollkit.compiled.tiles import {tiles}
from rollkit.compiled.trigonometry import LARGEST

SIGNALS = types.Array(types.float64, 2, "A", readonly=True)
NUMBERS = types.Array(types.float64, 1, "A", readonly=True)
RESULTS = types.Array(types.float64, 2, "C")
STATES = types.Array(types.float64, 2, "A")
SIGNATURE = types.boolean({signature})
FINITE = np.finfo(np.float64).max
AHEAD = {ahead}  # instants of nothing in front of a tile: what the first steps find before them
AWAY = 2  # tiles: how far ahead of the arithmetic memory is read


def run({parameters}):
    rows, steps = accel.shape
    spare = np.empty(LANES)
{once}
    for row in range(0, rows, LANES):
{before}
        for step in range(steps):
{over}
{after}
    return True
'''


class Source:
    """The text of the kernel, and the fewest steps for which all its results are defined."""

    def __init__(self, traced: Traced, *, stores: bool) -> None:
        self.least = 1
        self._ahead = 0
        self._once: list[str] = []
        self._before = ["guard = spread(0.0)", "finite = spread(0.0)"]
        self._over: list[str] = []
        self._updates: list[tuple[int, str]] = []  # those of older samples come first
        self._restarts: dict[int, list[str]] = {}
        self._after: list[str] = []
        self._names: dict[tuple[int, str], str] = {}  # by section and expression
        self._numbers: dict[tuple[object, ...], int] = {}  # equal expressions are one
        self._kept: set[str] = set()
        self._inputs()
        self._states(traced, stores)
        self._results(traced)
        self.text = self._module(stores)

    # -- inputs and outputs ----------------------------------------------------------------------

    def _inputs(self) -> None:
        for name in ("accel", "curvature"):
            self._once.append(f"{name}_tile = np.zeros((steps + AHEAD) * LANES)")
            self._before.append(f"fill({name}_tile, AHEAD * LANES, {name}, row)")
            # Every step asks for a line of the memory of a later tile, so that none is waited for.
            self._once.append(f"{name}_pace = pace({name})")
            self._over.append(f"ask({name}, row + AWAY * LANES, step * {name}_pace)")

    def _states(self, traced: Traced, stores: bool) -> None:
        for name, state in traced.states.items():
            newest = self._now(state)
            self._after.append(f"finite = larger_magnitude(finite, {self._end(state)})")
            if stores:
                self._once.append(f"{name}_tile = np.empty((steps + 1) * LANES)")
                self._before.append(f"store({name}_tile, 0, {self._at(state, 0)})")
                self._over.append(f"store({name}_tile, (step + 1) * LANES, {newest})")
                self._after.append(f"empty_out({name}_tile, {name}_out, row)")
        speed = traced.states["speed"]
        if traced.speed_never_negative:
            clamped = speed.operation == "cumulative_clamped"
            slowest = Symbol("first" if clamped else "minimum_over", speed, extent="row")
            self._after.append(f"if not all_at_most(negative({self._final(slowest)}), 0.0):")
            self._after.append("    return False")

    def _results(self, traced: Traced) -> None:
        for position, result in enumerate(traced.results.values()):
            value = self._final(result)
            self._after.append(f"put(results[{position}], spare, row, {value})")
            self._after.append(f"finite = larger_magnitude(finite, {value})")
        self._after.append("if not (all_at_most(finite, FINITE) and all_at_most(guard, LARGEST)):")
        self._after.append("    return False")

    def _module(self, stores: bool) -> str:
        over = [*self._over]
        for step, lines in sorted(self._restarts.items()):
            over += [f"if step == {step}:", *(f"    {line}" for line in lines)]
        over += [line for _, line in sorted(self._updates, key=lambda one: -one[0])]
        given = {"accel": "SIGNALS", "curvature": "SIGNALS"}
        given |= dict.fromkeys(FIELDS, "NUMBERS") | {"dt": "types.float64", "results": "RESULTS"}
        if stores:
            given |= {f"{name}_out": "STATES" for name in FIELDS}
        lines = [*self._once, *self._before, *over, *self._after]
        called = {name for line in lines for name in re.findall(r"(?<![.\w])([a-z]\w+)\(", line)}
        return _MODULE.format(
            lanes=", ".join(sorted(called & _MODULES["lanes"])),
            tiles=", ".join(sorted(called & _MODULES["tiles"])),
            simd=", ".join(sorted(called.difference(*_MODULES.values()))),
            signature=", ".join(given.values()),
            parameters=", ".join(given),
            ahead=self._ahead,
            once=_indented(self._once, 1),
            before=_indented(self._before, 2),
            over=_indented(over, 3),
            after=_indented(self._after, 2),
        )

    # -- names -----------------------------------------------------------------------------------

    def _named(self, section: list[str], text: str) -> tuple[str, bool]:
        """The variable that holds an expression, and whether it is new."""
        key = id(section), text
        if name := self._names.get(key):
            return name, False
        name = self._names[key] = f"v{len(self._names)}"
        section.append(f"{name} = {text}")
        return name, True

    def _number(self, one: Symbol) -> int:
        key = (one.operation, one.payload, *(self._number(each) for each in one.operands))
        return self._numbers.setdefault(key, len(self._numbers))

    def _keep(self, name: str, begin: str) -> bool:
        """Whether a variable that lives through the steps is new; it then begins like this."""
        if name in self._kept:
            return False
        self._kept.add(name)
        self._before.append(f"{name} = {begin}")
        return True

    def _applied(self, section: list[str], one: Symbol, operand: Callable[[Symbol], str]) -> str:
        """An operation of each sample by itself."""
        names = [operand(each) for each in one.operands]
        if one.operation in ("cosine", "sine"):
            return self._named(section, f"{names[0]}[{int(one.operation == 'sine')}]")[0]
        name, new = self._named(section, f"{one.operation}({', '.join(names)})")
        if new and one.operation in _ANGLES:
            section.append(f"guard = larger_magnitude(guard, {names[0]})")
        return name

    def _needs(self, signal: Symbol) -> None:
        """So many steps that the signal has a sample."""
        self.least = max(self.least, 1 - length(signal))

    # -- expressions -----------------------------------------------------------------------------

    def _fixed(self, one: Symbol) -> str:
        """What is known before the steps: one number for each rollout, or one for all."""
        match one.operation:
            case "constant":
                value = repr(one.payload).replace("inf", "np.inf").replace("nan", "np.nan")
                return self._named(self._once, f"spread({value})")[0]
            case "dt":
                return self._named(self._once, "spread(dt)")[0]
            case "samples":
                return self._named(self._once, f"spread(steps + {one.payload!r})")[0]
            case "input":
                return self._named(self._before, f"gather(spare, {one.payload}, row)")[0]
            case "first":
                return self._at(one.operands[0], 0)
        return self._applied(self._before, one, self._fixed)

    def _at(self, one: Symbol, index: int) -> str:
        """A sample of a signal, counted from its first, before the steps."""
        if not isinstance(one.extent, int):
            return self._fixed(one)
        match one.operation:
            case "input":
                self.least = max(self.least, index + 1)
                text = f"load({one.payload}_tile, (AHEAD + {index}) * LANES)"
                return self._named(self._before, text)[0]
            case "before":
                return self._at(one.operands[0], index)
            case "after":
                return self._at(one.operands[0], index + 1)
            case operation if operation in _SCANS:
                start, increments = one.operands
                if index == 0:
                    return self._fixed(start)
                pair = self._at(one, index - 1), self._at(increments, index - 1)
                return self._named(self._before, _SCANS[operation].format(*pair))[0]
        return self._applied(self._before, one, lambda each: self._at(each, index))

    def _now(self, one: Symbol, ago: int = 0) -> str:
        """The newest sample of a signal in a step, or the one that was it some steps ago."""
        if not isinstance(one.extent, int):
            return self._fixed(one)
        self._needs(one)
        match one.operation:
            case "input":
                self._ahead = max(self._ahead, ago)
                text = f"load({one.payload}_tile, (step + AHEAD - {ago}) * LANES)"
                return self._named(self._over, text)[0]
            case "before":
                return self._now(one.operands[0], ago + 1)
            case "after":
                return self._now(one.operands[0], ago)
            case operation if operation in _SCANS and ago < 2:
                return self._scanned(one)[ago]
        if ago:
            return self._carried(one, ago)
        return self._applied(self._over, one, self._now)

    def _scanned(self, one: Symbol) -> tuple[str, str]:
        """The newest sample of a running sum, and the one before it."""
        number, start = self._number(one), self._fixed(one.operands[0])
        newest, before = f"new{number}", f"sum{number}"
        if self._keep(before, self._at(one, max(length(one), 1) - 1)):
            increment = self._now(one.operands[1])
            more = _SCANS[one.operation].format(before, increment)
            self._over.append(f"{newest} = {more}")
            if length(one) < 1:
                self._over += [f"if step == {-length(one)}:", f"    {newest} = {start}"]
            self._updates.append((1, f"{before} = {newest}"))
        return newest, before

    def _carried(self, one: Symbol, ago: int) -> str:
        value = self._now(one, ago - 1)
        name = f"old{self._number(one)}_{ago}"
        index = length(one) - ago
        if self._keep(name, self._at(one, index) if index >= 0 else "spread(0.0)"):
            self._updates.append((ago, f"{name} = {value}"))
        return name

    def _final(self, one: Symbol) -> str:
        """One number for each rollout, after the steps."""
        if not one.late:
            return self._fixed(one)
        if one.operation == "last":
            self._needs(one.operands[0])
            return self._end(one.operands[0])
        if one.operation in REDUCTIONS:
            return self._reduced(one)
        return self._applied(self._after, one, self._final)

    def _reduced(self, one: Symbol) -> str:
        name, signal = f"all{self._number(one)}", one.operands[0]
        begin, more = _REDUCTIONS[one.operation]
        alone = "absolute({0})" if one.operation == "max_abs" else "{0}"
        newest = self._now(signal)
        if length(signal) > 0:
            begin = alone.format(self._at(signal, 0))
        if self._keep(name, begin):
            for index in range(1, length(signal)):
                self._before.append(f"{name} = {more.format(name, self._at(signal, index))}")
            self._over.append(f"{name} = {more.format(name, newest)}")
            if length(signal) < 0:
                restarts = self._restarts.setdefault(-length(signal), [])
                restarts.append(f"{name} = {alone.format(newest)}")
        return name

    def _end(self, one: Symbol) -> str:
        """The last sample of a signal, after the steps."""
        if not isinstance(one.extent, int):
            return self._fixed(one)
        match one.operation:
            case "input":
                text = f"load({one.payload}_tile, (steps + AHEAD - 1) * LANES)"
                return self._named(self._after, text)[0]
            case "after":
                return self._end(one.operands[0])
            case "before":
                name = f"end{self._number(one)}"
                newest = self._now(one)
                if self._keep(name, "spread(0.0)"):
                    self._updates.append((_FIRST_OF_ALL, f"{name} = {newest}"))
                return name
            case operation if operation in _SCANS:
                return self._scanned(one)[1]  # the steps are over, and it has been moved up
        return self._applied(self._after, one, self._end)


def _indented(lines: list[str], depth: int) -> str:
    return "\n".join("    " * depth + line for line in lines)
