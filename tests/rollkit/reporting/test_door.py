"""Reports written: who makes them, where they go, and what goes wrong."""

import pytest

import rollkit
from rollkit import PluginError, UsageError
from rollkit.errors import OutputError
from rollkit.reporting.door import report

PLUGIN = '''
from rollkit import UsageError, hookimpl, reporter


@reporter(suffixes=(".md", ".markdown"))
def notes(report):
    """The title, and no more."""
    return f"<!-- generator: rollkit report -->\\n{report.title}\\n"


@reporter(suffixes=(".bin",))
def packed(report):
    """The title, in bytes."""
    return report.title.encode("utf-16")


@reporter(suffixes=(".raises",))
def raises(report):
    """Nothing comes of it."""
    return report.shown.no_such_thing  # HERE


@reporter(suffixes=(".none",))
def nothing(report):
    """Returns nothing."""


@reporter(suffixes=(".lacks",))
def lacks(report):
    """Needs what is not there."""
    raise UsageError("lacks: needs a library, which is not installed", hint="pip install it")


@reporter(suffixes=(".twice",))
def one(report):
    """One of two."""
    return "one"


@reporter(suffixes=(".twice",))
def other(report):
    """The other."""
    return "other"


@hookimpl
def rollkit_reporters():
    return [notes, packed, raises, nothing, lacks, one, other]
'''


@pytest.fixture(scope="module")
def result():
    return rollkit.run("left", metrics=["max_abs_jerk"], seeds=3, keep_values=True)


@pytest.fixture
def write(result, tmp_path, monkeypatch):
    """Write a report in an empty folder with a plugin of reporters; the text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(PLUGIN.lstrip(), encoding="utf-8")

    def written(out, **options):
        return report(result, out, plugins=["./mine.py"], **options)

    return written


@pytest.mark.parametrize("out", ["a.md", "b.MARKDOWN", "deep/c.md"])
def test_the_suffix_says_who_makes_it(write, tmp_path, out):
    (tmp_path / "deep").mkdir()
    path = write(out, title="Für alle")
    assert path == tmp_path / out
    assert path.read_text(encoding="utf-8").endswith("Für alle\n")


def test_bytes_are_written_as_they_are(write):
    assert write("a.bin").read_bytes().decode("utf-16") == "left, 3 rollouts"


def test_a_name_says_it_whatever_the_suffix(write):
    assert write("a.txt", reporter="notes").name == "a.txt"
    assert write("b.twice", reporter="other").read_text() == "other"
    assert write(None, reporter="NOTES").name == "report.md"


def test_of_two_one_has_to_be_named(write):
    with pytest.raises(UsageError, match=r"several reporters make \.twice files: one, other"):
        write("a.twice")


@pytest.mark.parametrize("out", ["a.xyz", "a", "report.html.gz"])
def test_a_suffix_that_nobody_makes_names_those_that_are(write, out):
    with pytest.raises(UsageError, match=r"expected one that a reporter makes: \.md, \.markdown"):
        write(out)


def test_an_unknown_reporter_gets_the_nearest(write):
    with pytest.raises(UsageError, match="unknown reporter 'note'; nearest: notes"):
        write("a.md", reporter="note")


def test_an_earlier_report_is_replaced_and_nothing_else(write, tmp_path):
    write("a.md")
    assert write("a.md", title="again").read_text().endswith("again\n")
    html = tmp_path / "page.md"
    html.write_text('<!doctype html>\n<meta name="generator" content="rollkit report">\n')
    write("page.md")
    (tmp_path / "empty.md").write_text("")
    write("empty.md")
    mine = tmp_path / "README.md"
    mine.write_text("Type `rollkit report` to see more.\n")
    with pytest.raises(OutputError, match="exists and is no report of rollkit's"):
        write("README.md")
    assert mine.read_text() == "Type `rollkit report` to see more.\n"
    assert write("README.md", force=True).read_text().endswith("left, 3 rollouts\n")


def test_a_place_that_cannot_be_written_to_is_refused_before_any_work(write, tmp_path, monkeypatch):
    monkeypatch.setattr("rollkit.reporting.door.collect", None)
    for out in ("no/folder/a.md", str(tmp_path)):
        with pytest.raises((OutputError, UsageError)):
            write(out, reporter="notes")


def test_what_it_is_made_from_is_never_replaced(result, write):
    result.save("m.md")
    with pytest.raises(UsageError, match="it is made from it"):
        report("m.md", "m.md", plugins=["./mine.py"], force=True)
    with pytest.raises(UsageError, match="it is made from it"):
        report(result, "m.md", base="./m.md", plugins=["./mine.py"], force=True)


@pytest.mark.parametrize(
    ("suffix", "says"),
    [
        ("raises", r"plugin mine, raises: compute failed at mine\.py:19: AttributeError: "),
        ("none", r"plugin mine, nothing: validate failed at mine\.py:22: InvalidReturn: returned "
         "NoneType, expected text or bytes"),
    ],
)  # fmt: skip
def test_a_reporter_that_fails_is_named_and_nothing_is_written(write, tmp_path, suffix, says):
    with pytest.raises(PluginError, match=says) as caught:
        write(f"a.{suffix}")
    assert caught.value.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_what_is_missing_is_the_users_to_install(write):
    with pytest.raises(UsageError, match="lacks: needs a library") as caught:
        write("a.lacks")
    assert caught.value.hint == "pip install it"


def test_a_plugin_that_does_not_load_is_named(write, tmp_path):
    (tmp_path / "mine.py").write_text("import no_such_library\n")
    with pytest.raises(PluginError, match=r"plugin mine: load failed at .*mine\.py:1"):
        write("a.md")


def test_plugins_are_a_list(result):
    with pytest.raises(UsageError, match="expected a list of names"):
        report(result, "a.md", plugins="mine.py")
