"""The plots of the pages about presets: small SVG files that are the same whenever they are made.

The numbers that a plot shows are digested into its last line, so that whether they are still those
of the declarations can be told without drawing.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rollkit import Rollout, Signal
from rollkit.declare import Check, PresetSpec
from rollkit.presets.verdicts import times, verdict

COLOURS = ("#c0392b", "#1f6fb2")  # the first preset, the second
STYLES = ("-", "--")
GREY = "#888888"
_WIDTH, _HEIGHT = 7.0, 1.8  # inches; of a panel
_DIGEST = re.compile(r"<!-- numbers: (\w+) -->\n$")


class Line(NamedTuple):
    """One line of a panel."""

    label: str
    time: list[float]
    values: list[float]
    whose: int | None  # the first preset or the second; both, where they share a limit
    limit: bool = False


class Panel(NamedTuple):
    """One signal over time, or one number over horizons."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    across: str = "time (s)"


def panels(specs: Sequence[PresetSpec], drive: Rollout, signals: Iterable[str]) -> list[Panel]:
    """A panel for each signal: what each preset takes for it, and the limits."""
    return [_panel(specs, drive, one) for one in signals]


def over_horizons(
    title: str, unit: str, horizons: Sequence[float], values: dict[str, Sequence[float]]
) -> Panel:
    """A panel of numbers at several horizons."""
    lines = [
        Line(name, list(horizons), _rounded(each), whose)
        for whose, (name, each) in enumerate(values.items())
    ]
    return Panel(title, unit, tuple(lines), "horizon (s)")


def of_some_instants(title: str, signal: Signal, drive: Rollout, every: float) -> Panel:
    """A panel of a signal, and of what is left of it where it is looked at now and then."""
    time, values = _over_time(signal, drive)
    step = round(every / drive.dt)
    some = Line(f"every {every:g} s", time[::step], values[::step], 0)
    return Panel(title, "m", (some, Line("every instant", time, values, 1)))


def _panel(specs: Sequence[PresetSpec], drive: Rollout, signal: str) -> Panel:
    lines: list[Line] = []
    limits: list[list[Line]] = []
    checks: list[Check] = []
    for whose, spec in enumerate(specs):
        own = [one for one in spec.checks if one.signal == signal]
        if not own:
            continue
        checks += own
        seen = verdict(spec, drive).signals
        lines.append(Line(spec.name, *_over_time(seen[signal], drive), whose))
        limits.append(list(_limits(own, seen, drive, lines[-1])))
    if all([one.values for one in each] == [one.values for one in limits[0]] for each in limits):
        limits = [[one._replace(label="limit", whose=None) for one in limits[0]]]
    drawn = (*lines, *(one for each in limits for one in each))
    return Panel(checks[0].meaning, checks[0].unit, drawn)


def _limits(
    checks: Iterable[Check], seen: dict[str, Signal], drive: Rollout, line: Line
) -> Iterator[Line]:
    """The limits of what a line shows."""
    about = {"label": f"limit of {line.label}", "whose": line.whose, "limit": True}
    for limit in dict.fromkeys(one for check in checks for one in (check.low, check.high)):
        if isinstance(limit, str):
            time, values = _over_time(seen[limit], drive)
            yield Line(time=time, values=values, **about)
        elif limit is not None:
            ends = [line.time[0], line.time[-1]]
            yield Line(time=ends, values=[float(limit)] * 2, **about)


def _over_time(signal: Signal, drive: Rollout) -> tuple[list[float], list[float]]:
    values = np.asarray(signal.values)
    values = values.reshape(-1, values.shape[-1])[0]  # the first rollout, its first sample
    return _rounded(times(signal, drive)), _rounded(values)


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(one), 4) + 0.0 for one in values]


def digest(drawn: Sequence[Panel]) -> str:
    """What tells the numbers of a plot from others."""
    return hashlib.sha256(repr(drawn).encode()).hexdigest()[:16]


def digest_of(path: Path) -> str | None:
    """That of the plot which stands there."""
    found = _DIGEST.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return found[1] if found else None


def svg(drawn: Sequence[Panel], title: str) -> str:
    """The plot as text."""
    about = {"Date": None, "Creator": None, "Title": title}
    text = saved(drawn, format="svg", metadata=about).decode()
    text = re.sub(r"[ \t]+$", "", text, flags=re.M).rstrip()
    return f"{text}\n<!-- numbers: {digest(drawn)} -->\n"


def saved(drawn: Sequence[Panel], **options: Any) -> bytes:
    """The plot as matplotlib's `savefig` writes it with these options."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "rollkit", "svg.fonttype": "none", "font.size": 9}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(_WIDTH, _HEIGHT * len(drawn) + 0.5), layout="constrained")
        axes = figure.subplots(len(drawn), squeeze=False)[:, 0]
        for axis, panel in zip(axes, drawn, strict=True):
            _draw(axis, panel)
        axes[-1].set_xlabel(drawn[-1].across)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False)
        buffer = io.BytesIO()
        figure.savefig(buffer, **options)
    return buffer.getvalue()


def _draw(axis: Any, panel: Panel) -> None:
    known = set()
    for line in panel.lines:
        colour = GREY if line.whose is None else COLOURS[line.whose]
        style = ":" if line.limit else STYLES[line.whose or 0]
        label = None if line.label in known else line.label
        known.add(line.label)
        width = 0.8 if line.limit else 1.3
        axis.plot(line.time, line.values, color=colour, ls=style, lw=width, label=label)
    axis.set_ylabel(panel.unit)
    axis.set_title(panel.title, loc="left", fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)
    axis.margins(x=0.01)
