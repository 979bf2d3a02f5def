"""Whatever a text holds that reaches the page, the page shows it and does not run it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

import rollkit
from rollkit import Gate, Poses
from rollkit.reporting.collecting import collect

from .hostile import HOSTILE, hostile

BROKEN = Path(__file__).parents[1] / "broken_plugins" / "raises_in_metric.py"

# What no page may have, whatever it was given.
INTRUDERS = """() => {
  const all = [...document.querySelectorAll('*')];
  const attributes = all.flatMap(one => [...one.attributes]);
  return [
    ...all.filter(one => /^(img|iframe|object|embed|base)$/i.test(one.tagName))
      .map(one => one.outerHTML),
    ...attributes.filter(one => /^on/i.test(one.name)
      || /^(href|src|xlink:href|action|formaction)$/i.test(one.name) && !one.value.startsWith('#'))
      .map(one => `${one.name}=${one.value}`),
    ...[...document.scripts].slice(3).map(one => one.outerHTML),
    ...(window.pwned === undefined ? [] : ['it was run']),
  ];
}"""
# All that is to be read, on the page and in what it says when pointed at.
TEXT = """() => [document.title, document.body.textContent, ...[...document.querySelectorAll('*')]
  .flatMap(one => [...one.attributes].map(attribute => attribute.value))].join('\\n')"""


@pytest.fixture(scope="module")
def runs():
    """A sweep with a preset, gates, a metric that fails; compared with another."""
    asked = {"integrator": ["rk4", "euler"], "presets": ["comma_controls"], "seeds": 12}
    gates = [
        Gate("p95(max_abs_jerk) <= 3.9", name="jerk", why="in bends", where={"source": "left"}),
        Gate("broken < 1", severity="warning"),
    ]
    base = rollkit.run("left", **asked, keep_values=True)
    shown = rollkit.run("left", **asked, gates=gates, plugins=[str(BROKEN)], keep_values=True)
    shown = replace(shown, provenance={**shown.provenance, "argv": ["run", "--scenario", "left"]})
    assert shown.failures
    return replace(collect(shown, base=base), notes=("something was left out",))


@pytest.fixture(scope="module")
def predictions():
    """Cases with samples and references."""
    time = 0.1 * np.arange(1, 13)
    about = {"ids": ("clip 1", "clip 2", "clip 3"), "dt": 0.1, "frame": "city", "origin": "a log"}
    y = np.arange(6).reshape(3, 2, 1) * time**2
    samples = Poses(x=np.broadcast_to(8 * time, (3, 2, 12)), y=y, **about)
    reference = Poses(x=samples.x[:, :1], y=0 * samples.x[:, :1], **about)
    result = rollkit.evaluate_predictions(
        [samples], [reference], metrics=["min_ade"], gates=["min_ade < 0.5"]
    )
    return collect(result, predictions=[samples], reference=[reference])


CLICK = "selector => document.querySelectorAll(selector).forEach(one => one.click())"


def use(page: Page) -> None:
    """Everything that a reader can do, once."""
    page.wait_for_selector("body[data-drawn=true]", state="attached")
    page.evaluate(CLICK, "details:not([open]) > summary")
    for column in range(page.locator("#cases th button").count()):
        page.evaluate(CLICK, f"#cases th:nth-child({column + 1}) button")
    for text in (HOSTILE, f"{HOSTILE} > 1", f'"{HOSTILE}" <= {HOSTILE}', "max_abs_jrek < 4"):
        page.locator("#filter").fill(text)
    page.evaluate(CLICK, "#filter-reset, button.case, button.copy, #examples input, #theme")
    page.locator("#cases tbody tr[data-row]").last.click()
    page.locator("#time").fill("1")
    page.locator("#distributions .bars_marks path").first.click(force=True)
    page.evaluate(CLICK, "#filter-reset")
    page.locator("#distributions .bars_marks path").first.hover(force=True)
    page.wait_for_selector("#tooltip:not([hidden])")
    page.wait_for_selector("body[data-drawn=true]", state="attached")


@pytest.mark.parametrize("kind", ["runs", "predictions"])
def test_no_text_is_run(kind, request, write, open_page):
    changed = hostile(request.getfixturevalue(kind))
    page = open_page(write(changed))
    use(page)
    assert page.evaluate(INTRUDERS) == []
    shown, said = changed.shown, page.evaluate(TEXT)
    metric = next(iter(shown.result.metrics.values()))
    expected = {
        "title": changed.title,
        "definition": metric.definition,
        "unit": HOSTILE,
        "gate's name": shown.result.gates[0].name,
        "gate's why": shown.result.gates[0].why,
        "why an example": shown.examples[0].wanted.why[0],
        "label": "" if changed.base is None else shown.label,
        "plugin's module": shown.result.plugins[0].module,
        "statistics": shown.result.statistics["std"],
        **{f"gate {number}": one.reason or "" for number, one in enumerate(shown.result.gates)},
        **{f"note {number}": one for number, one in enumerate(changed.notes)},
        **{f"failure {number}": one.message for number, one in enumerate(shown.result.failures)},
        **{f"preset {number}": one.definition for number, one in enumerate(shown.result.presets)},
        **{f"case {number}": one.name for number, one in enumerate(shown.examples)},
    }
    assert {what: text for what, text in expected.items() if text not in said} == {}
    assert page.locator("h1").text_content() == changed.title
