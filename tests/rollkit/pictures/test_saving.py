"""Files of pictures: the same bytes, and nobody else's file replaced."""

import pytest

from rollkit.errors import OutputError, UsageError
from rollkit.pictures import saving

pytest.importorskip("matplotlib", reason="pictures need the extra plot")


def small():
    from matplotlib.figure import Figure

    return Figure(figsize=(1, 1))


@pytest.mark.parametrize("kind", ["explain", "figure"])
@pytest.mark.parametrize(
    ("suffix", "begins"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")]
)
def test_they_are_the_same_every_time_and_hold_no_date(suffix, begins, kind):
    content = saving.drawn(small, suffix, kind)
    assert content.startswith(begins)
    assert b"CreationDate" not in content
    assert b"dc:date" not in content
    assert f"rollkit {kind}".encode() in content
    assert content == saving.drawn(small, suffix, kind)


@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.PDF"])
def test_only_a_picture_of_ours_is_replaced(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"somebody else's")
    with pytest.raises(OutputError, match="exists and is no picture of rollkit's"):
        saving.save(small, path, "figure", force=False)
    assert path.read_bytes() == b"somebody else's"
    saving.save(small, path, "explain", force=True)
    saving.save(small, path, "figure", force=False)


def test_nothing_is_half_written(tmp_path, monkeypatch):
    path = saving.save(small, tmp_path / "a.svg", "figure", force=False)
    before = path.read_bytes()

    def fails(self, *arguments, **options):
        arguments[0].write(b"<svg")
        raise OSError("no space")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", fails)
    with pytest.raises(OSError, match="no space"):
        saving.save(small, path, "figure", force=False)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.svg"]


def test_without_the_library_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'rollkit\[plot\]'"):
        saving.check_place(tmp_path / "a.svg", force=False)
    with pytest.raises(UsageError, match="a picture needs matplotlib"):
        saving.check_library()
