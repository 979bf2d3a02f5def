"""The templates: Vega-Lite compiles and draws them, with data as the page gives it."""

import copy

import numpy as np
import pytest
import vl_convert

from rollkit_html import charts, pieces

FILLED = {
    "distribution": {
        "bars": [{"lo": 1, "hi": 2, "n": 3, "color": pieces.BAR}],
        "outline": [{"i": 0, "x": 1, "n": 0}, {"i": 1, "x": 2, "n": 2}],
        "limits": [{"x": 1.5, "label": "<b>≤ 1.5", "align": "left", "y": -5, "color": pieces.INK}],
        "marks": [{"x": 1.2}],
        "chosen": [{"x": 1.7}],
    },
    "path": {
        "lines": [
            {"k": 0, "i": i, "x": i, "y": i * i, "color": "#0072B2", "dash": [7, 3], "width": 2}
            for i in range(3)
        ],
        "arrows": [{"x": 1, "y": 1, "angle": -45, "color": "#0072B2"}],
        "starts": [{"x": 0, "y": 0}],
    },
    "signal": {
        "lines": [
            {"k": 0, "i": i, "t": i, "y": i, "color": "#0072B2", "dash": [1, 0], "width": 2}
            for i in range(3)
        ],
        "limits": [{"y": 1, "label": "1", "dy": 8, "place": 0.9, "color": pieces.COLORS[0]}],
        "time": [{"t": 1}],
        "cursor": [{"t": 1, "y": 1, "color": "#0072B2"}],
    },
    "interval": {
        "zero": [{"x": 0}],
        "interval": [{"lo": 0, "hi": 0.5}],
        "difference": [{"x": 0.2}],
        "tolerance": [{"lo": -0.1, "hi": 0.1}],
    },
}


def filled(name):
    spec = copy.deepcopy(charts.templates()[name])
    for layer in spec["layer"]:
        if layer["data"]["name"] in FILLED[name]:
            layer["data"]["values"] = FILLED[name][layer["data"]["name"]]
    for one in spec["params"]:
        one["value"] = 3 * one["value"]
    return spec


@pytest.mark.parametrize("name", list(FILLED))
def test_it_is_drawn(name, capfd):
    svg = vl_convert.vegalite_to_svg(filled(name))
    for mark in FILLED[name]:
        kind = "pathgroup" if f"{mark}_pathgroup" in svg else "marks"
        assert f"{mark}_{kind}" in svg or mark == "lines"
    assert "<b>" not in svg
    assert "WARN" not in capfd.readouterr().err


@pytest.mark.parametrize("name", list(FILLED))
def test_the_page_fills_what_the_template_has(name):
    spec = vl_convert.vegalite_to_vega(charts.templates()[name])
    assert set(FILLED[name]) <= {one["name"] for one in spec["data"]}
    signals = {one["name"] for one in spec["signals"]}
    assert {"x0", "x1"} <= signals
    assert set(spec["padding"]) == {"left", "right", "top", "bottom"}


def test_every_example_looks_different():
    looks = [pieces.style(number) for number in range(pieces.STYLES)]
    assert len({(one["color"], tuple(one["dash"])) for one in looks}) == pieces.STYLES == 36
    first = looks[: len(pieces.COLORS)]
    assert len({one["color"] for one in first}) == len({tuple(one["dash"]) for one in first}) == 6


@pytest.mark.parametrize("color", [*pieces.COLORS, pieces.INK, pieces.FAINT])
def test_every_colour_is_seen_on_white(color):
    """The contrast of WCAG, at least 2 for lines; the style sheet has lighter ones for the dark."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    luminance = float(np.dot((0.2126, 0.7152, 0.0722), linear))
    assert 1.05 / (luminance + 0.05) > 2
