"""`rollkit compare`: is the candidate worse than the base, by how much, and how sure is that?"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import click
from click.core import ParameterSource

from rollkit.cli import arguments
from rollkit.errors import ExitCode, UsageError

_OF_PLANS = ("difference", "power", "correlation")
_OF_COMPARISONS = (
    *("equivalence", "fail_on", "anyway"),
    *("as_markdown", "junit", "out", "force"),
)


@click.command(
    epilog="Exit codes: 0 fine, 1 a verdict fails (see --fail-on), 2 wrong call or data, "
    "130 interrupted."
)
@click.argument("base", metavar="BASE")
@click.argument("candidate", metavar="CAND", required=False)
@click.option("--metrics", metavar="NAME,...", help="Compare only these.  [default: all]")
@click.option(
    "--tolerance",
    metavar="T|NAME=T,...",
    help="What does not matter: 5% of the base's mean, 0.1 in the metric's unit, or one for each "
    "metric.  [default: 0]",
)
@click.option(
    "--equivalence",
    is_flag=True,
    help="Fail unless all metrics are shown to be equal within the tolerance.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["worse", "undecided", "never"]),
    default="worse",
    show_default=True,
    help="Which verdict fails; undecided: that too.",
)
@click.option(
    "--alpha",
    type=float,
    default=0.05,
    show_default=True,
    metavar="SHARE",
    help="How often equal ones may be called worse.",
)
@click.option(
    "--anyway",
    is_flag=True,
    help="Compare although definitions differ: other dt, preset version, horizon. They are named.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--markdown",
    "as_markdown",
    is_flag=True,
    help="Print a comment for a pull request instead of a table.",
)
@click.option("--junit", metavar="FILE", help="Write JUnit XML too, a test case for each metric.")
@click.option("-o", "--out", metavar="PATH", help="Write the comparison as JSON, too.")
@click.option("--force", is_flag=True, help="Replace whatever files stand there.")
@click.option(
    "--plan",
    "plans",
    is_flag=True,
    help="Say how many seeds or cases it takes to see --difference, and compare nothing; CAND may "
    "be left out.",
)
@click.option(
    "--difference",
    metavar="D|NAME=D,...",
    help="With --plan, the smallest difference that matters: 5% or 0.1, as of --tolerance; it is "
    "to be seen beyond that.",
)
@click.option(
    "--power",
    type=float,
    metavar="SHARE",
    help="With --plan, how surely it is to be seen.  [default: 0.9]",
)
@click.option(
    "--correlation",
    type=float,
    metavar="R",
    help="With --plan and BASE alone, how alike both sides of a pair are, -1 to 1.  [default: 0]",
)
def compare(
    base: str,
    candidate: str | None,
    metrics: str | None,
    tolerance: str | None,
    equivalence: bool,
    fail_on: str,
    alpha: float,
    anyway: bool,
    as_json: bool,
    as_markdown: bool,
    junit: str | None,
    out: str | None,
    force: bool,
    plans: bool,
    difference: str | None,
    power: float | None,
    correlation: float | None,
) -> int:
    """Compare two results: which metrics got better or worse, by how much, and how sure that is.

    BASE and CAND are Parquet files of --save, whose seeds or cases are paired, or artifacts
    (metrics.json).

    \b
    rollkit compare base.parquet candidate.parquet
    rollkit compare main.json branch.json --tolerance 2% --fail-on undecided
    rollkit compare full.parquet quantised.parquet --equivalence --tolerance 1%
    rollkit compare base.parquet candidate.parquet --markdown --junit compare.xml > comment.md
    rollkit compare base.parquet --plan --difference 5%
    """
    if as_json and as_markdown:
        raise UsageError("--json and --markdown exclude each other")
    _refuse_stray(_OF_COMPARISONS if plans else _OF_PLANS, plans=plans)
    named = arguments.names("--metrics", metrics)
    if plans:
        return _plan(
            base,
            candidate,
            difference=difference,
            tolerance=tolerance,
            metrics=named,
            power=0.9 if power is None else power,
            alpha=alpha,
            correlation=correlation or 0.0,
            as_json=as_json,
        )
    # Deferred: the numbers need NumPy, the help text does not.
    from rollkit.cli import comparisons
    from rollkit.cli.output import printing, report
    from rollkit.comparing.door import compare as compared
    from rollkit.comparing.saving import Places

    if candidate is None:
        raise UsageError(
            "got BASE alone, expected what to compare it with: rollkit compare BASE CAND",
            hint="--plan is content with BASE",
        )
    if equivalence and tolerance is None:
        raise UsageError(
            "--equivalence: got no --tolerance: how large a difference does not matter?",
            hint="--tolerance 1%, or --tolerance NAME=1%,NAME=0.1",
        )
    places = Places(out, junit, force)
    places.check(base, candidate)
    told = compared(
        base,
        candidate,
        metrics=named,
        tolerance=tolerance,
        equivalence=equivalence,
        fail_on=fail_on,
        alpha=alpha,
        anyway=anyway,
    )
    told = replace(told, provenance={**told.provenance, "argv": click.get_current_context().obj})
    places.write(told)
    with printing():
        if as_json:
            click.echo(told.to_json(), nl=False)
        elif as_markdown:
            click.echo(told.to_markdown(), nl=False)
        else:
            comparisons.print_comparison(told)
    comparisons.report(told)
    report((), places.named)
    return told.exit_code


def _plan(
    base: str, candidate: str | None, *, difference: str | None, as_json: bool, **options: Any
) -> int:
    """How many pairs it takes, for each metric."""
    if difference is None:
        raise UsageError(
            "--plan: got no --difference: what is the smallest that matters?",
            hint="--difference 5%, --difference 0.1 or --difference NAME=5%,NAME=0.1",
        )
    from rollkit.cli import plans
    from rollkit.cli.output import print_json, printing
    from rollkit.comparing.planning import plan

    told = plan(base, candidate, difference=difference, **options)
    with printing():
        if as_json:
            print_json(told.to_dict())
        else:
            plans.print_plan(told)
    plans.report(told)
    return ExitCode.OK


def _refuse_stray(names: Collection[str], *, plans: bool) -> None:
    """Refuse options that say nothing about what is to be done."""
    context = click.get_current_context()
    given = [
        one.opts[-1]
        for one in context.command.params
        if one.name in names
        and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE
    ]
    if given and plans:
        raise UsageError(f"--plan compares nothing; it excludes {', '.join(given)}")
    if given:
        raise UsageError(f"{', '.join(given)} {'go' if given[1:] else 'goes'} with --plan")
