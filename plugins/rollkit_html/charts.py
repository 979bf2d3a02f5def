"""The pictures as Vega-Lite: what is drawn, and how. Each is a template that the page fills.

Sizes and the ends of the axes are parameters, data sets are empty and named, and the fields are
called x, y, t, lo, hi: no name of a metric, a case or a unit ever is a part of an expression.
Marks are named too: the style sheet recolours them.
"""

from typing import Any

from rollkit_html.pieces import (
    ARROW,
    COLORS,
    FAINT,
    GRID,
    INK,
    across,
    layer,
    own,
    points,
    styled,
    template,
    text,
    up,
)


def distribution() -> dict[str, Any]:
    """Bars of one side, the outline of the other, limits, quantiles and the chosen case."""
    x, y = across("x", ticks=5), up("n", ticks=3, zero=True)
    return template(
        {"left": 40, "right": 12, "top": 28, "bottom": 20},
        layer(
            "bars",
            {"type": "bar", "binSpacing": 0, "tooltip": {"content": "data"}, "cursor": "pointer"},
            x=across("lo", ticks=5),
            x2={"field": "hi"},
            y=y,
            y2={"datum": 0},
            color=own("color"),
        ),
        layer(
            "outline",
            {"type": "line", "interpolate": "step-after", "strokeWidth": 1.6, "color": INK},
            x=x,
            y=up("n", ticks=3, zero=True),
            order={"field": "i"},
        ),
        layer(
            "marks",
            {"type": "rule", "strokeWidth": 1.2, "color": FAINT, "strokeDash": [2, 2]},
            x=x,
        ),
        layer(
            "limits",
            {"type": "rule", "strokeWidth": 1.6, "strokeDash": [6, 3], "y": {"expr": "-4"}},
            x=x,
            color=own("color"),
        ),
        layer("chosen", {"type": "rule", "strokeWidth": 2.4, "color": COLORS[1]}, x=x),
        text("labels", "limits", {"align": {"expr": "datum.align"}, "y": {"expr": "datum.y"}}, x),
    )


def path() -> dict[str, Any]:
    """Paths from above: a metre is as long to the side as ahead."""
    x, y = across("x", ticks=8, grid=True), up("y", ticks=6)
    lines = {"detail": {"field": "k"}, "order": {"field": "i"}}
    faint = {"type": "line", "strokeWidth": 1.1, "opacity": 0.45}
    plain = {"type": "line", "strokeWidth": 1.5, "color": FAINT}
    return template(
        {"left": 40, "right": 12, "top": 10, "bottom": 22},
        layer("history", {**plain, "strokeDash": [8, 3, 2, 3]}, x=x, y=y, **lines),
        layer("reference", {**plain, "strokeDash": [2, 3]}, x=x, y=y, **lines),
        layer("samples", faint, x=x, y=y, color=own("color"), **lines),
        layer("lines", {"type": "line"}, x=x, y=y, **styled(), **lines),
        layer(
            "arrows",
            {"type": "point", "filled": True, "shape": ARROW, "size": 110, "opacity": 1},
            x=x,
            y=y,
            color=own("color"),
            angle={"field": "angle", "type": "quantitative", "scale": None},
        ),
        layer(
            "starts",
            {"type": "point", "filled": True, "size": 44, "color": "#ffffff", "stroke": INK}
            | {"strokeWidth": 1.4, "opacity": 1},
            x=x,
            y=y,
        ),
        points("cursor", x, y),
        wide=400,
        high=240,
    )


def signal() -> dict[str, Any]:
    """One signal over time, its limits, and where the cursor is."""
    x, y = across("t", ticks=8), up("y", ticks=4)
    lines = {"detail": {"field": "k"}, "order": {"field": "i"}}
    plain = {"type": "line", "strokeWidth": 1.3, "color": FAINT, "strokeDash": [2, 3]}
    return template(
        {"left": 48, "right": 12, "top": 12, "bottom": 20},
        layer("zero", {"type": "rule", "color": FAINT, "strokeWidth": 0.8}, y=y),
        layer(
            "limits",
            {"type": "rule", "strokeWidth": 1.4, "strokeDash": [6, 3]},
            y=y,
            color=own("color"),
        ),
        layer("reference", plain, x=x, y=y, **lines),
        layer(
            "samples",
            {"type": "line", "strokeWidth": 1, "opacity": 0.35},
            x=x,
            y=y,
            color=own("color"),
            **lines,
        ),
        layer(
            "bases",
            {"type": "line", "strokeWidth": 1.1, "opacity": 0.75, "strokeDash": [2, 2]},
            x=x,
            y=y,
            color=own("color"),
            **lines,
        ),
        layer("lines", {"type": "line"}, x=x, y=y, **styled(), **lines),
        text(
            "labels",
            "limits",
            {"align": "right", "x": {"expr": "width * datum.place"}, "dy": {"expr": "datum.dy"}}
            | {"clip": False},
            None,
            y=y,
        ),
        layer("time", {"type": "rule", "color": INK, "strokeWidth": 1, "opacity": 0.7}, x=x),
        points("cursor", x, y),
        wide=400,
        high=92,
    )


def interval() -> dict[str, Any]:
    """A difference and its interval, beside zero and what is tolerated."""
    x = across("x", axis=False)
    return template(
        {"left": 4, "right": 4, "top": 2, "bottom": 2},
        layer(
            "tolerance",
            {"type": "bar", "color": GRID, "height": 16},
            x=across("lo", axis=False),
            x2={"field": "hi"},
        ),
        layer("zero", {"type": "rule", "color": FAINT, "strokeWidth": 1}, x=x),
        layer(
            "interval",
            {"type": "rule", "strokeWidth": 2.4, "color": INK},
            x=across("lo", axis=False),
            x2={"field": "hi"},
        ),
        layer(
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
