"""How big and how quick a report is: python tests/bench/report.py [CASES].

Targets: at most 6 MB, and at most 2 s in chromium from opening the file until its table can be
sorted, for 10,000 cases. A run of 10,000 seeds, one against another, and predictions of 10,000
cases with 6 samples. Times are the least of three.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eval import write
from playwright.sync_api import sync_playwright

ROUNDS = 3
RUN = "rollkit run --scenario left --preset nuplan_comfort --gate max_abs_jerk<=3.9 --seeds"
# Chromium's own clock, from the beginning of the navigation.
NOW = "() => new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())))"


def make(folder, cases):
    """The artifacts, and the command that makes a report of each."""
    called(folder, f"{RUN} {cases} -o run.json")
    called(folder, f"{RUN} {cases} --set speed=8.2 -o other.json")
    write(folder / "predictions.npz", cases)
    called(
        folder,
        "rollkit eval predictions.npz --gate p95(min_ade)<1 --metrics min_ade,ade -o eval.json",
    )
    return {
        "run": "rollkit report run.json -o run.html",
        "two runs": "rollkit report other.json --base run.json -o two.html",
        "predictions": "rollkit report eval.json -o eval.html",
    }


def called(folder, command):
    """Run a command; exit code 1 is that of a gate."""
    words = [sys.executable, "-m", *command.split()]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode > 1:
        raise SystemExit(f"{command}\n{done.stderr}")


def timed(folder, command):
    """The least time of a command, s."""
    least = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        called(folder, f"{command} --force")
        least = min(least, time.perf_counter() - start)
    return least


def opened(browser, path):
    """Seconds until the page says that it is ready, until a sort is done, until all is drawn."""
    page = browser.new_context(offline=True, viewport={"width": 1400, "height": 900}).new_page()
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("body[data-ready=true]", state="attached")
    ready = page.evaluate(NOW)
    button = page.locator("#cases th button[data-column]").last
    before = page.locator("#cases tbody tr").first.get_attribute("data-row")
    for _ in range(2):  # up, then down: one of them brings another case to the top
        button.evaluate("one => one.click()")
        if page.locator("#cases tbody tr").first.get_attribute("data-row") != before:
            break
    sorted_ = page.evaluate(NOW)
    page.wait_for_selector("body[data-drawn=true]", state="attached")
    drawn = page.evaluate(NOW)
    page.context.close()
    return ready / 1e3, sorted_ / 1e3, drawn / 1e3


def main():
    """Print a line for each report."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name).resolve()
        commands = make(folder, cases)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
        print(f"{cases:,} cases      file, MB  report, s  ready, s  sorted, s  drawn, s")
        for what, command in commands.items():
            seconds = timed(folder, command)
            path = folder / command.split()[-1]
            rounds = [opened(browser, path) for _ in range(ROUNDS)]
            least = [min(some) for some in zip(*rounds, strict=True)]
            print(
                f"{what:15} {path.stat().st_size / 1e6:12.2f} {seconds:10.2f}"
                f" {least[0]:9.2f} {least[1]:10.2f} {least[2]:9.2f}"
            )
        browser.close()


if __name__ == "__main__":
    main()
