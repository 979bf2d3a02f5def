"""The report in a real browser: opened from a file, used by mouse and by keyboard, printed."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import rollkit
from rollkit import Poses
from rollkit.reporting.collecting import collect

SEEDS, CASES, SAMPLES, STEPS = 60, 12, 4, 20
NARROW = {"width": 360, "height": 740}


def drawn(page: Page) -> Page:
    """The page, once everything in it is drawn."""
    page.wait_for_selector("body[data-drawn=true]", state="attached")
    return page


def firsts(page: Page) -> list[str]:
    """The first cells of the table's rows."""
    rows = page.locator("#cases tbody tr[data-row]")
    return rows.evaluate_all("all => all.map(one => one.cells[0].textContent.trim())")


def listed(page: Page) -> int:
    """How many rows the table says it has."""
    said = page.locator("#status").inner_text()
    return int(re.search(r"(?:of )?([\d,]+) (?:rollout|case)s?", said)[1].replace(",", ""))


def marks(page: Page, chart: str, name: str) -> int:
    """How many marks of this name a chart has."""
    return page.locator(f"{chart} .{name}_marks > *").count()


def lightness(page: Page) -> float:
    """How light the background is, 0 to 255."""
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(float, re.findall(r"[\d.]+", color)[:3])) / 3


PATH = "#paths .chart[data-side=shown]"


@pytest.fixture(scope="module")
def run():
    gates = ["p95(max_abs_jerk) <= 3.9", "max_abs_lateral_accel < 4"]
    return rollkit.run("left", seeds=SEEDS, gates=gates, keep_values=True)


@pytest.fixture(scope="module")
def run_page(run, write):
    return write(collect(run))


@pytest.fixture(scope="module")
def two_page(run, write):
    """A run beside one at a higher speed."""
    faster = rollkit.run("left", params={"speed": 8.5}, seeds=SEEDS, keep_values=True)
    return write(collect(faster, base=run))


def predicted() -> tuple[Poses, Poses]:
    """Samples that leave a straight reference by and by."""
    time = 0.1 * np.arange(1, STEPS + 1)
    ids = tuple(f"clip {one}" for one in range(CASES))
    scatter = np.random.default_rng(0).normal(0, 0.2, (CASES, SAMPLES, 1))
    x = np.broadcast_to(8 * time, (CASES, SAMPLES, STEPS))
    about = {"ids": ids, "dt": 0.1, "frame": "", "origin": ""}
    samples = Poses(x=x, y=scatter * time**2, **about)
    return samples, Poses(x=x[:, :1], y=np.zeros((CASES, 1, STEPS)), **about)


@pytest.fixture(scope="module")
def eval_page(write):
    samples, reference = predicted()
    result = rollkit.evaluate_predictions(
        [samples], [reference], metrics=["min_ade", "ade"], gates=["min_ade < 0.5"]
    )
    return write(collect(result, predictions=[samples], reference=[reference]))


def test_it_opens_and_says_what_became_of_the_gates(run_page, open_page):
    page = drawn(open_page(run_page))
    assert lightness(page) > 240
    expect(page.locator("#verdict")).to_have_attribute("data-state", "fail")
    verdicts = page.locator("#gates tr[data-verdict]")
    found = verdicts.evaluate_all("all => all.map(one => one.getAttribute('data-verdict'))")
    assert found == ["FAIL", "PASS"]
    expect(page.locator("#cases tbody tr[data-row]")).to_have_count(50)
    assert listed(page) == SEEDS
    empty = "all => all.filter(one => one.clientWidth && !one.querySelector('svg path')).length"
    assert page.locator(".chart").evaluate_all(empty) == 0


def test_rows_are_sorted_by_a_column(run, run_page, open_page):
    page = drawn(open_page(run_page))
    jerk = run.values["max_abs_jerk"]
    button = (
        page.locator("#cases th").filter(has_text=re.compile("max_.*abs_.*jerk")).locator("button")
    )
    button.click()
    head = button.locator("xpath=..")
    assert head.get_attribute("aria-sort") == "descending"  # lower is better: the worst first
    assert firsts(page)[0] == str(int(np.argmax(jerk)))
    button.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert firsts(page)[:3] == [str(one) for one in np.argsort(jerk, kind="stable")[:3]]
    page.locator("#next").click()
    assert len(firsts(page)) == SEEDS - 50


def test_rows_are_filtered_by_text_and_by_numbers(run, run_page, open_page):
    page = drawn(open_page(run_page))
    jerk = np.sort(run.values["max_abs_jerk"])
    widest = int(np.argmax(np.diff(jerk)))
    box = page.locator("#filter")
    box.fill(f"max_abs_jerk > {(jerk[widest] + jerk[widest + 1]) / 2:.6f}")
    assert listed(page) == SEEDS - widest - 1
    box.fill(f"max_abs_jerk > {(jerk[widest] + jerk[widest + 1]) / 2:.6f}, seed < 20")
    assert set(firsts(page)) < {str(one) for one in range(20)}
    box.fill("seed 7")
    assert firsts(page) == [str(one) for one in range(SEEDS) if f"{one}".startswith("7")]
    box.fill("max_abs_jrek > 1")
    expect(page.locator("#filter-problem")).to_contain_text("max_abs_jerk")
    box.fill("no rollout is called so")
    assert firsts(page) == []
    page.locator("#filter-reset").click()
    assert listed(page) == SEEDS
    page.locator("#filter-verdict").select_option("f")
    assert listed(page) < SEEDS


def test_a_click_marks_a_case_and_draws_it(run_page, open_page):
    page = drawn(open_page(run_page))
    before = marks(page, PATH, "lines")
    page.locator("#gates button.case").first.click()
    drawn(page)
    name = page.locator("#chosen").get_attribute("data-case")
    assert name == page.locator("#gates button.case").first.inner_text()
    row = page.locator("#cases tr[aria-selected=true]")
    assert f"seed {row.locator('td').first.inner_text().strip()}" == name
    for metric in ("max_abs_jerk", "max_abs_lateral_accel"):
        assert marks(page, f"#distributions [data-name={metric}]", "chosen") == 1
    assert marks(page, PATH, "lines") >= before
    expect(page.locator("#chosen")).to_contain_text("rollkit run --scenario left")
    page.locator("#cases tbody tr[data-row]").nth(4).click()
    drawn(page)
    assert page.locator("#chosen").get_attribute("data-case") == f"seed {firsts(page)[4]}"


def test_a_case_is_chosen_by_keyboard_alone(run_page, open_page):
    page = drawn(open_page(run_page))
    page.locator("#filter").focus()
    in_table = "() => document.activeElement.matches('#cases tr[data-row]')"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(in_table):
            break
    assert page.evaluate(in_table)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
        assert page.evaluate(in_table)
    names = [f"seed {one}" for one in firsts(page)]
    assert page.locator("#chosen").get_attribute("data-case") == names[1]
    page.keyboard.press("End")
    assert page.locator("#chosen").get_attribute("data-case") == f"seed {firsts(page)[-1]}"
    assert listed(page) == SEEDS
    drawn(page)
    assert marks(page, "#distributions [data-name=max_abs_jerk]", "chosen") == 1


def test_examples_are_drawn_as_they_are_ticked(run_page, open_page):
    page = drawn(open_page(run_page))
    boxes = page.locator("#examples input[data-example]")
    ticked = page.locator("#examples input:checked").count()
    assert marks(page, PATH, "lines") == ticked > 0
    boxes.and_(page.locator(":not(:checked)")).first.check()
    drawn(page)
    assert marks(page, PATH, "lines") == ticked + 1
    assert marks(page, "#signals [data-signal=jerk]", "lines") == ticked + 1
    while page.locator("#examples input:checked").count():
        page.locator("#examples input:checked").first.uncheck()
    drawn(page)
    assert marks(page, PATH, "lines") == 0


def test_one_cursor_goes_through_all_signals(run_page, open_page):
    page = drawn(open_page(run_page))
    ticked = page.locator("#examples input:checked").count()
    page.locator("#time").fill("3")
    expect(page.locator("#now")).to_have_text("3.00 s")
    page.wait_for_timeout(50)
    for signal in ("speed", "accel", "curvature", "jerk", "lateral_accel"):
        assert marks(page, f"#signals [data-signal={signal}]", "time") == 1
        assert marks(page, f"#signals [data-signal={signal}]", "cursor") == ticked
    assert page.locator("#readout tbody tr").count() == ticked


def test_dark_and_light(run_page, open_page):
    page = drawn(open_page(run_page, color_scheme="dark"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert lightness(page) < 60
    page.locator("#theme").click()
    assert lightness(page) > 240
    page.locator("#theme").press("Enter")
    assert lightness(page) < 60


def test_it_prints_in_the_light_without_buttons(run_page, open_page):
    page = drawn(open_page(run_page, color_scheme="dark"))
    page.emulate_media(media="print")
    assert lightness(page) > 240
    for hidden in ("#theme", "#filter", "#next", "nav"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in ("#verdict", "#gates", "#distributions .chart svg", "#cases", f"{PATH} svg"):
        assert page.locator(shown).first.is_visible(), shown


def test_a_narrow_screen_is_not_scrolled_sideways(two_page, open_page):
    page = drawn(open_page(two_page, viewport=NARROW))
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_two_runs_side_by_side(two_page, open_page):
    page = drawn(open_page(two_page))
    row = page.locator("#comparison tr[data-metric]").filter(has_text="max_abs_lateral_accel")
    assert row.get_attribute("data-verdict") in ("worse", "better", "equal", "undecided")
    assert page.locator("#comparison tr[data-verdict] .chart svg").count() > 0
    sides = [marks(page, f"#paths .chart[data-side={side}]", "lines") for side in ("base", "shown")]
    assert sides[0] == sides[1] > 0
    assert marks(page, "#signals [data-signal=speed]", "bases") == sides[0]
    assert marks(page, "#distributions [data-name=max_abs_jerk]", "outline") == 1


def test_samples_and_their_reference(eval_page, open_page):
    page = drawn(open_page(eval_page))
    ticked = page.locator("#examples input:checked").count()
    assert marks(page, PATH, "lines") == marks(page, PATH, "reference") == ticked > 0
    assert marks(page, PATH, "samples") == ticked * (SAMPLES - 1)
    page.locator("#filter").fill('"clip 1"')
    assert set(firsts(page)) == {"clip 1", "clip 10", "clip 11"}
    page.locator("#cases tbody tr[data-row]").first.click()
    assert page.locator("#chosen").get_attribute("data-case") == firsts(page)[0]


def test_one_rollout(write, open_page):
    page = drawn(open_page(write(collect(rollkit.run("left", keep_values=True)))))
    expect(page.locator("#verdict")).to_have_attribute("data-state", "none")
    assert firsts(page) == ["0"]
    assert marks(page, PATH, "lines") == 1


def test_no_rollout_has_a_value(write, open_page):
    result = rollkit.run("left", seeds=3, horizon=0.1, metrics=["max_abs_jerk"], keep_values=True)
    page = drawn(open_page(write(collect(result))))
    expect(page.locator("#distributions")).to_contain_text("undefined")


def test_ten_thousand_rollouts_are_a_small_file(write, open_page):
    gates = ["max_abs_jerk <= 3.9"]
    result = rollkit.run("left", seeds=10_000, gates=gates, keep_values=True)
    path = write(collect(result))
    assert path.stat().st_size <= 6e6
    page = drawn(open_page(path))
    assert listed(page) == 10_000
    page.locator("#cases th button").last.click()
    assert len(firsts(page)) == 50
