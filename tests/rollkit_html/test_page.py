"""The page as a text: whole, alone, the same every time, small."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import numpy as np
import pytest

import rollkit
from rollkit import UsageError
from rollkit.plugins import Plugins
from rollkit.reporting.collecting import collect
from rollkit_html import assets, pieces
from rollkit_html import page as made
from rollkit_html.reporter import html

from . import reports

_VOID = {"meta", "input", "br", "wbr", "link", "img", "hr"}


class Parsed(HTMLParser):
    """The elements of a page, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def ids(self):
        return [one["id"] for _, one in self.found if "id" in one]

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def data_of(text):
    """What is embedded."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    return json.loads(found[1])


KINDS = {
    "run": reports.of_run,
    "two": reports.of_two,
    "preset": reports.of_preset,
    "samples": reports.of_samples,
}


@pytest.fixture(params=list(KINDS), scope="module")
def page(request):
    return html(KINDS[request.param]())


def test_every_element_is_closed_and_every_id_is_one(page):
    parsed = Parsed(page)
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))
    targets = [one["href"][1:] for tag, one in parsed.found if tag == "a"]
    assert set(targets) <= set(parsed.ids)


def test_nothing_is_asked_of_anybody(page):
    parsed = Parsed(page)
    assert not any({"src", "style"} & one.keys() for _, one in parsed.found)
    assert all(one["href"].startswith("#") for _, one in parsed.found if "href" in one)
    assert not any(name.startswith("on") for _, one in parsed.found for name in one)
    assert "import(" not in page.partition("<script")[0]
    (policy,) = (one["content"] for _, one in parsed.found if "http-equiv" in one)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_the_verdict_comes_first():
    text = Parsed(html(reports.of_run())).text
    assert "Fails: 1 of 3 gates does not hold: max_abs_jerk <= 3.9" in text
    values = reports.of_run().shown.values["max_abs_jerk"]
    assert f"{np.count_nonzero(values > 3.9)} of 60 beyond" in text
    assert "1 warning" in text


def test_without_gates_nothing_is_judged():
    page = html(collect(rollkit.run("straight", keep_values=True)))
    assert 'data-state="none"' in page
    assert "nothing was judged" in page


def test_the_numbers_are_those_of_the_artifact():
    text = Parsed(html(reports.of_run())).text
    for one in reports.of_run().shown.result.metrics.values():
        assert f"{one.mean:.5g}" in text
        assert one.definition in text


def test_how_every_number_came_about():
    report = reports.of_run()
    argv = ["run", "--set", "path=a file"]
    result = replace(
        report.shown.result, provenance={**report.shown.result.provenance, "argv": argv}
    )
    shown = replace(report.shown, label="metrics.json", result=result)
    text = Parsed(html(replace(report, shown=shown))).text
    assert "rollkit run --from metrics.json" in text
    assert "rollkit run --set 'path=a file'" in text
    for one in result.plugins:
        assert one.module in text
    assert f'"seeds": {json.dumps(list(result.run.seeds), indent=2)}'.split()[0] in text


def test_the_same_report_is_the_same_page(page):
    kind = next(name for name, report in KINDS.items() if html(report()) == page)
    assert html(KINDS[kind]()).encode() == page.encode()


def test_the_comparison():
    page = html(reports.of_two())
    data = data_of(page)
    names = {one["name"]: one["id"] for one in data["metrics"]}
    found = reports.of_two().comparison.metrics["max_abs_jerk"]
    drawn = data["intervals"][names["max_abs_jerk"]]
    assert drawn["difference"] == pytest.approx(found.difference, rel=1e-4)
    assert [drawn["low"], drawn["high"]] == pytest.approx([found.low, found.high], rel=1e-4)
    assert len(data["base"]) == len(data["examples"])
    assert all(len(one["counts"]) == 2 for one in data["metrics"] if "counts" in one)


def test_a_failure_is_in_sight():
    report = reports.of_run()
    failure = rollkit_failure()
    result = replace(report.shown.result, failures=(failure,))
    text = Parsed(html(replace(report, shown=replace(report.shown, result=result)))).text
    assert "1 failure while it was computed" in text
    assert "ZeroDivisionError: it was zero" in text


def rollkit_failure():
    from rollkit.errors import Failure

    return Failure("mine", None, None, "compute", "ZeroDivisionError", "it was zero", "a.py", 3)


def test_statistics_without_values():
    report = reports.of_run()
    empty = rollkit.Values(
        {"seed": np.empty(0, np.uint64)}, {one: np.empty(0) for one in report.shown.values}
    )
    shown = replace(report.shown, values=empty, rows=np.empty(0, np.intp), examples=())
    page = html(replace(report, shown=shown, notes=("statistics only",)))
    data = data_of(page)
    assert "statistics only" in page
    assert data["examples"] == []
    assert not any("edges" in one for one in data["metrics"])


def test_ten_thousand_cases_are_a_small_page():
    count, metrics = 10_000, 60
    report = reports.of_run()
    random = np.random.default_rng(0)
    one = report.shown.result.metrics["max_abs_jerk"]
    names = [f"metric_{number}" for number in range(metrics)]
    result = replace(
        report.shown.result, gates=(), metrics={name: replace(one, name=name) for name in names}
    )
    ids = np.array([f"a rather long id of a case, number {one:06d}" for one in range(count)])
    values = rollkit.Values(
        {"case": ids.astype(object)}, {name: random.normal(0, 1e-3, count) for name in names}
    )
    shown = replace(report.shown, result=result, values=values, rows=np.arange(count))
    page = html(replace(report, shown=shown))
    assert len(page.encode()) < 6e6
    data = data_of(page)
    assert data["table"]["left_out"] == metrics - len(data["table"]["columns"]) > 0
    assert data["table"]["total"] == count


def test_scripts_are_of_this_package_and_make_no_markup():
    for folder, names in (("js", assets.SCRIPTS), ("css", assets.STYLES)):
        found = {one.name for one in files("rollkit_html").joinpath(folder).iterdir()}
        assert found == {f"{name}.{folder}" for name in names}
    for name in assets.SCRIPTS:
        text = assets.text(f"js/{name}.js")
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("):
            assert forbidden not in text, name
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|import)\s*\(", text), name


def test_the_style_sheet_knows_every_colour_of_the_plots():
    style = assets.text("css/charts.css")
    for color in (*pieces.COLORS, pieces.INK, pieces.BAR, pieces.BEYOND, pieces.GRID):
        assert f'"{color}"' in style


def test_no_library_ends_its_script():
    assert "</script" not in assets.library()
    assert "<!--" not in assets.library()


@pytest.mark.parametrize(
    ("module", "name"), [("jinja2", "jinja2"), ("vl_convert", "vl-convert-python")]
)
def test_a_missing_library_is_named(monkeypatch, module, name):
    found = made.find_spec
    monkeypatch.setattr(made, "find_spec", lambda one: None if one == module else found(one))
    with pytest.raises(UsageError, match=f"needs {name}, not installed here") as caught:
        html(reports.of_run())
    assert "rollkit[report]" in caught.value.hint


def test_the_reporter_is_found_by_name():
    assert Plugins().reporter("html").spec.function is html
