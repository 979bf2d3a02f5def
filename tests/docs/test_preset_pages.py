"""The pages of presets are what the declarations say, and every quirk of note has its plot."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "presets"
LARGEST = 60_000  # bytes of a plot


@pytest.fixture(scope="module")
def make():
    """The script that makes them."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import make_presets

        yield make_presets
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_they_are_what_the_declarations_say(make):
    """Their examples are run on the way, and the numbers of their plots made anew."""
    assert not make.differing(), "run python docs/make_presets.py"


def test_every_preset_has_a_page_and_every_page_a_plot(make):
    for page in make.pages():
        text = (FOLDER / f"{page.name}.md").read_text(encoding="utf-8")
        assert f"({page.name}.svg)" in text
        for part in ("## Checks", "## Example", page.spec.definition):
            assert part in text
        if page.corrected is not None:
            assert f"\n## {page.corrected.name}\n" in text


def test_plots_are_small_and_say_nothing_of_when_they_were_made():
    for path in FOLDER.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert len(text) < LARGEST, path.name
        assert "dc:date" not in text, path.name


def test_what_drifts_is_found(make, tmp_path, monkeypatch):
    one = FOLDER / "README.md"
    monkeypatch.setattr(make, "FOLDER", tmp_path)
    monkeypatch.setattr(make, "texts", lambda: {one.name: one.read_text(encoding="utf-8")})
    monkeypatch.setattr(make, "plots", dict)
    assert make.differing() == ["README.md"]
    make.write()
    assert make.differing() == []
    (tmp_path / "of_old.md").write_text("a preset that is gone", encoding="utf-8")
    assert make.differing() == ["of_old.md"]
    (tmp_path / "README.md").write_text("edited by hand", encoding="utf-8")
    assert make.differing() == ["README.md", "of_old.md"]


def test_a_plot_drawn_twice_is_the_same(make):
    pytest.importorskip("matplotlib")
    import preset_plots

    name, drawn = next(iter(make.plots().items()))
    first, second = (preset_plots.svg(drawn, name) for _ in range(2))
    assert first == second
    assert preset_plots.digest(drawn) in first
