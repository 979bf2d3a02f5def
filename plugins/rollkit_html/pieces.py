"""What the plots are put together of: layers, axes, colours, one look."""

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


def template(
    padding: dict[str, int],
    *layers: dict[str, Any],
    wide: int = 260,
    high: int = 84,
    vertical: bool = True,
) -> dict[str, Any]:
    """A plot: its layers, and the ends of its axes as parameters."""
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


def layer(name: str, mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    """Marks of a data set of the same name, empty until the page fills it."""
    mark = {"clip": mark["type"] in ("line", "bar"), **mark}
    return {"name": name, "data": {"name": name, "values": []}, "mark": mark, "encoding": encoding}


def text(name: str, data: str, mark: dict[str, Any], x: Any, y: Any = None) -> dict[str, Any]:
    """Labels beside the marks of another layer."""
    places = {axis: one for axis, one in (("x", x), ("y", y)) if one is not None}
    whole = layer(name, {"type": "text", **mark}, **places, text={"field": "label"})
    return {**whole, "data": {"name": data}}


def points(name: str, x: Any, y: Any) -> dict[str, Any]:
    """Dots, each in its own colour."""
    mark = {"type": "point", "filled": True, "size": 50, "stroke": "#ffffff", "strokeWidth": 1.2}
    return layer(name, {**mark, "opacity": 1}, x=x, y=y, color=own("color"))


def across(field: str, *, ticks: int = 5, grid: bool = False, axis: bool = True) -> dict[str, Any]:
    """A field along the horizontal axis."""
    scale = {"domain": [{"expr": "x0"}, {"expr": "x1"}], "nice": False, "zero": False}
    said = {"grid": grid, "tickCount": ticks} if axis else None
    return {"field": field, "type": "quantitative", "scale": scale, "axis": said}


def up(field: str, *, ticks: int, zero: bool = False) -> dict[str, Any]:
    """A field along the vertical axis."""
    scale = {"domain": [{"expr": "y0"}, {"expr": "y1"}], "nice": False, "zero": zero}
    axis = {"tickCount": ticks, "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def own(field: str) -> dict[str, Any]:
    """What each datum says itself: a colour, dashes, a width."""
    return {"field": field, "type": "nominal", "scale": None}


def styled() -> dict[str, Any]:
    """Colour, dashes and width of an example's line."""
    return {
        "color": own("color"),
        "strokeDash": own("dash"),
        "strokeWidth": {**own("width"), "type": "quantitative"},
    }
