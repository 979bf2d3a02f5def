"""The pictures as Vega-Lite: what is drawn, and how. Each is a template that the page fills.

Sizes and the ends of the axes are parameters, data sets are empty and named, and the fields are
called x, y, t, lo, hi: no name of a metric, a case or a unit ever is a part of an expression.
Marks are named too: the style sheet recolours them.
"""

from typing import Any

# Colours of Okabe and Ito; with the dashes a line is told from the others in grey, too.
COLORS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES: tuple[list[float], ...] = ([1, 0], [7, 3], [2, 2], [8, 3, 2, 3], [12, 3], [4, 2, 1, 2])
STYLES = len(COLORS) * len(DASHES)
INK, FAINT, GRID, BAR, BEYOND = "#222222", "#6b6b6b", "#e6e6e6", "#7f9db9", "#d98a5b"
ARROW = "M-1,-0.75L1,0L-1,0.75L-0.5,0Z"

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": _FONT,
    "aria": False,
    "autosize": {"type": "none", "contains": "content"},
    "view": {"stroke": None},
    "axis": {
        "domainColor": FAINT,
        "gridColor": GRID,
        "labelColor": FAINT,
        "labelFontSize": 10.5,
        "labelLimit": 60,
        "labelOverlap": "greedy",
        "tickColor": FAINT,
        "tickSize": 4,
        "title": None,
    },
    "line": {"strokeCap": "round", "strokeJoin": "round"},
    "text": {"fontSize": 10.5, "color": INK},
}


def style(number: int) -> dict[str, Any]:
    """Colour and dashes of an example: all different for the first 36."""
    turn, color = divmod(number, len(COLORS))
    return {"color": COLORS[color], "dash": DASHES[(color + turn) % len(DASHES)]}


def distribution() -> dict[str, Any]:
    """Bars of one side, the outline of the other, limits, quantiles and the chosen case."""
    x, y = _across("x", ticks=5), _up("n", ticks=3, zero=True)
    return _template(
        {"left": 40, "right": 12, "top": 28, "bottom": 20},
        _layer(
            "bars",
            {"type": "bar", "binSpacing": 0, "tooltip": {"content": "data"}, "cursor": "pointer"},
            x=_across("lo", ticks=5),
            x2={"field": "hi"},
            y=y,
            y2={"datum": 0},
            color=_own("color"),
        ),
        _layer(
            "outline",
            {"type": "line", "interpolate": "step-after", "strokeWidth": 1.6, "color": INK},
            x=x,
            y=_up("n", ticks=3, zero=True),
            order={"field": "i"},
        ),
        _layer(
            "marks",
            {"type": "rule", "strokeWidth": 1.2, "color": FAINT, "strokeDash": [2, 2]},
            x=x,
        ),
        _layer(
            "limits",
            {"type": "rule", "strokeWidth": 1.6, "strokeDash": [6, 3], "y": {"expr": "-4"}},
            x=x,
            color=_own("color"),
        ),
        _layer("chosen", {"type": "rule", "strokeWidth": 2.4, "color": COLORS[1]}, x=x),
        _text("labels", "limits", {"align": {"expr": "datum.align"}, "y": {"expr": "datum.y"}}, x),
    )


def path() -> dict[str, Any]:
    """Paths from above: a metre is as long to the side as ahead."""
    x, y = _across("x", ticks=8, grid=True), _up("y", ticks=6)
    lines = {"detail": {"field": "k"}, "order": {"field": "i"}}
    faint = {"type": "line", "strokeWidth": 1.1, "opacity": 0.45}
    plain = {"type": "line", "strokeWidth": 1.5, "color": FAINT}
    return _template(
        {"left": 40, "right": 12, "top": 10, "bottom": 22},
        _layer("history", {**plain, "strokeDash": [8, 3, 2, 3]}, x=x, y=y, **lines),
        _layer("reference", {**plain, "strokeDash": [2, 3]}, x=x, y=y, **lines),
        _layer("samples", faint, x=x, y=y, color=_own("color"), **lines),
        _layer("lines", {"type": "line"}, x=x, y=y, **_styled(), **lines),
        _layer(
            "arrows",
            {"type": "point", "filled": True, "shape": ARROW, "size": 110, "opacity": 1},
            x=x,
            y=y,
            color=_own("color"),
            angle={"field": "angle", "type": "quantitative", "scale": None},
        ),
        _layer(
            "starts",
            {"type": "point", "filled": True, "size": 44, "color": "#ffffff", "stroke": INK}
            | {"strokeWidth": 1.4, "opacity": 1},
            x=x,
            y=y,
        ),
        _points("cursor", x, y),
        wide=400,
        high=240,
    )


def signal() -> dict[str, Any]:
    """One signal over time, its limits, and where the cursor is."""
    x, y = _across("t", ticks=8), _up("y", ticks=4)
    lines = {"detail": {"field": "k"}, "order": {"field": "i"}}
    plain = {"type": "line", "strokeWidth": 1.3, "color": FAINT, "strokeDash": [2, 3]}
    return _template(
        {"left": 48, "right": 12, "top": 12, "bottom": 20},
        _layer("zero", {"type": "rule", "color": FAINT, "strokeWidth": 0.8}, y=y),
        _layer(
            "limits",
            {"type": "rule", "strokeWidth": 1.4, "strokeDash": [6, 3]},
            y=y,
            color=_own("color"),
        ),
        _layer("reference", plain, x=x, y=y, **lines),
        _layer(
            "samples",
            {"type": "line", "strokeWidth": 1, "opacity": 0.35},
            x=x,
            y=y,
            color=_own("color"),
            **lines,
        ),
        _layer(
            "bases",
            {"type": "line", "strokeWidth": 1.1, "opacity": 0.75, "strokeDash": [2, 2]},
            x=x,
            y=y,
            color=_own("color"),
            **lines,
        ),
        _layer("lines", {"type": "line"}, x=x, y=y, **_styled(), **lines),
        _text(
            "labels",
            "limits",
            {"align": "right", "x": {"expr": "width * datum.place"}, "dy": {"expr": "datum.dy"}}
            | {"clip": False},
            None,
            y=y,
        ),
        _layer("time", {"type": "rule", "color": INK, "strokeWidth": 1, "opacity": 0.7}, x=x),
        _points("cursor", x, y),
        wide=400,
        high=92,
    )


def interval() -> dict[str, Any]:
    """A difference and its interval, beside zero and what is tolerated."""
    x = _across("x", axis=False)
    return _template(
        {"left": 4, "right": 4, "top": 2, "bottom": 2},
        _layer(
            "tolerance",
            {"type": "bar", "color": GRID, "height": 16},
            x=_across("lo", axis=False),
            x2={"field": "hi"},
        ),
        _layer("zero", {"type": "rule", "color": FAINT, "strokeWidth": 1}, x=x),
        _layer(
            "interval",
            {"type": "rule", "strokeWidth": 2.4, "color": INK},
            x=_across("lo", axis=False),
            x2={"field": "hi"},
        ),
        _layer(
            "difference",
            {"type": "point", "filled": True, "size": 60, "color": INK, "opacity": 1},
            x=x,
        ),
        wide=160,
        high=18,
        vertical=False,
    )


def templates() -> dict[str, dict[str, Any]]:
    """All of them by name."""
    return {
        "distribution": distribution(),
        "path": path(),
        "signal": signal(),
        "interval": interval(),
    }


def _template(
    padding: dict[str, int],
    *layers: dict[str, Any],
    wide: int = 260,
    high: int = 84,
    vertical: bool = True,
) -> dict[str, Any]:
    ends = ("x0", "x1", "y0", "y1") if vertical else ("x0", "x1")
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _CONFIG,
        "width": wide,
        "height": high,
        "padding": padding,
        "params": [{"name": one, "value": int(one[1])} for one in ends],
        "layer": list(layers),
    }


def _layer(name: str, mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    mark = {"clip": mark["type"] in ("line", "bar"), **mark}
    return {"name": name, "data": {"name": name, "values": []}, "mark": mark, "encoding": encoding}


def _text(name: str, data: str, mark: dict[str, Any], x: Any, y: Any = None) -> dict[str, Any]:
    places = {axis: one for axis, one in (("x", x), ("y", y)) if one is not None}
    layer = _layer(name, {"type": "text", **mark}, **places, text={"field": "label"})
    return {**layer, "data": {"name": data}}


def _points(name: str, x: Any, y: Any) -> dict[str, Any]:
    mark = {"type": "point", "filled": True, "size": 50, "stroke": "#ffffff", "strokeWidth": 1.2}
    return _layer(name, {**mark, "opacity": 1}, x=x, y=y, color=_own("color"))


def _across(field: str, *, ticks: int = 5, grid: bool = False, axis: bool = True) -> dict[str, Any]:
    scale = {"domain": [{"expr": "x0"}, {"expr": "x1"}], "nice": False, "zero": False}
    said = {"grid": grid, "tickCount": ticks} if axis else None
    return {"field": field, "type": "quantitative", "scale": scale, "axis": said}


def _up(field: str, *, ticks: int, zero: bool = False) -> dict[str, Any]:
    scale = {"domain": [{"expr": "y0"}, {"expr": "y1"}], "nice": False, "zero": zero}
    axis = {"tickCount": ticks, "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _own(field: str) -> dict[str, Any]:
    """What each datum says itself: a colour, dashes, a width."""
    return {"field": field, "type": "nominal", "scale": None}


def _styled() -> dict[str, Any]:
    """Colour, dashes and width of an example's line."""
    return {
        "color": _own("color"),
        "strokeDash": _own("dash"),
        "strokeWidth": {**_own("width"), "type": "quantitative"},
    }
