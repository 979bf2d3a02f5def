"""`rollkit report`: what people want to see of an artifact, in one file."""

import contextlib
import sys

import click

from rollkit.cli import arguments
from rollkit.errors import shown


@click.command(
    epilog="Exit codes: 0 fine, 1 a reporter failed, 2 wrong call or data, 130 interrupted."
)
@click.argument("artifact", metavar="[ARTIFACT]", default="metrics.json")
@click.option(
    "-o",
    "--out",
    metavar="PATH",
    help="Where the report goes; its suffix says what kind it is. An earlier report there is "
    "replaced.  [default: report.html]",
)
@click.option(
    "--base", metavar="ARTIFACT", help="What to compare it with, metric by metric, side by side."
)
@click.option(
    "--anyway", is_flag=True, help="Compare although definitions differ, as in rollkit compare."
)
@click.option("--title", metavar="TEXT", help="Title.  [default: what was run or evaluated]")
@click.option(
    "--reporter", metavar="NAME", help="Who makes the report.  [default: whoever makes such files]"
)
@click.option("--plugins", metavar="NAME,...", help="Plugins with reporters: names or ./file.py.")
@click.option("--force", is_flag=True, help="Replace whatever file stands there.")
def report(
    artifact: str,
    out: str | None,
    base: str | None,
    anyway: bool,
    title: str | None,
    reporter: str | None,
    plugins: str | None,
    force: bool,
) -> int:
    """Write a report of a run or an evaluation: a page that opens offline.

    ARTIFACT is what `rollkit run` or `rollkit eval` wrote, metrics.json by default. Its rollouts
    are done again, or its files read again, for what no artifact holds: distributions, a table of
    cases, and the best, median and worst of them drawn.

    \b
    rollkit report
    rollkit report candidate.json --base main.json -o comparison.html
    rollkit report --plugins ./markdown.py -o report.md
    """
    # Deferred: the numbers need NumPy, the help text does not.
    from rollkit.cli import output, progress
    from rollkit.errors import ExitCode, UsageError
    from rollkit.reporting.collecting import collect
    from rollkit.reporting.door import place_for

    if anyway and base is None:
        raise UsageError("--anyway goes with --base: there is nothing to compare")
    named = arguments.names("--plugins", plugins) or ()
    inputs = (artifact, base)
    # What a plugin prints is no part of what the report says.
    with progress.bar("rollouts") as advance, contextlib.redirect_stdout(sys.stderr):
        place = place_for(out, reporter=reporter, plugins=named, force=force, inputs=inputs)
        found = collect(
            artifact, base=base, title=title, anyway=anyway, workers="auto", progress=advance
        )
        place.write(found)
    for note in found.notes:
        click.echo(f"note: {note}", err=True)
    output.report((), [shown(str(place.path))])
    return ExitCode.OK
