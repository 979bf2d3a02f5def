"""`rollkit fit`: poses to actions."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rollkit.cli import arguments
from rollkit.errors import DataError, UsageError

if TYPE_CHECKING:
    from rollkit.fitting.files import FitResult, FitSpec

_SHOWN = 5  # cases that were left out, on stderr
_COLUMNS = {
    "rollout_ade": "ADE",
    "rollout_fde": "FDE",
    "rms_accel": "rms accel",
    "rms_jerk": "rms jerk",
    "max_abs_curvature": "max |curvature|",
    "rms_curvature_rate": "rms curvature rate",
}


@click.command(
    epilog="Exit codes: 0 fine, 1 a plugin failed, 2 wrong call or data, or no case that can be "
    "fitted, 130 interrupted."
)
@click.argument("file", metavar="FILE")
@click.option("--format", "format", metavar="NAME", help="Format of FILE.  [default: auto]")
@click.option(
    "--method",
    "methods",
    metavar="NAME,...",
    help="differences, alpamayo, waymax, spline, or a plugin's.  [default: these four]",
)
@click.option("--plugins", metavar="NAME,...", help="Plugins with methods or formats: ./file.py.")
@arguments.instants
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the format or of a method, again for each; `rollkit plugins show NAME` "
    "lists those of either.",
)
@click.option("--save", metavar="FILE", help="Write every case's actions to this Parquet file.")
@click.option("-o", "--out", metavar="PATH", help="Write what --json prints to this file.")
@click.option("--force", is_flag=True, help="Replace whatever files stand there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def fit(out: str | None, force: bool, as_json: bool, save: str | None, **options: Any) -> int:
    """Recover actions from poses, and compare how well and how smoothly methods do it.

    ADE and FDE are the error of the actions, integrated again, against the poses.

    \b
    rollkit fit drive.csv
    rollkit fit drive.csv --horizon 6.4 --history 1.6
    rollkit fit drive.tum --method spline --set position_noise=0.05 --save actions.parquet
    rollkit fit predictions.npz --method alpamayo,spline --json
    """
    # Deferred: the numbers need NumPy, the help text does not.
    from rollkit.cli import progress
    from rollkit.cli.output import printing, report
    from rollkit.execution import place
    from rollkit.files import write_atomically
    from rollkit.fitting.files import fit_file
    from rollkit.results import check_destination, text_of

    spec = _spec(options)
    target = None if out is None else Path(out).absolute()
    if target is not None:
        check_destination(target, force=force)
        if save is not None and Path(save).resolve() == target.resolve():
            raise UsageError(f"the figures and the actions cannot both go to {save}")
    with progress.count("cases") as advance, contextlib.redirect_stdout(sys.stderr):
        result = fit_file(spec, save=place(save), force=force, progress=advance)
    # Only where somebody reads it: it takes the file's SHA-256.
    text = text_of(result.to_dict()) if as_json or target is not None else ""
    if target is not None:
        write_atomically(target, text)
    with printing():
        if as_json:
            click.echo(text, nl=False)
        elif result.cases:
            _print(result)
    _left_out(result)
    written = [one for one in (save, out) if one is not None]
    if written:
        report([], written)
    if not result.cases:
        raise DataError(
            f"{spec.path}: no case can be fitted",
            hint="--horizon cuts a track into windows, of which those without a gap remain",
        )
    return 0


def _spec(options: dict[str, Any]) -> "FitSpec":
    from rollkit.fitting.files import FitSpec

    given = {name: value for name, value in options.items() if value not in (None, ())}
    settings = given.pop("settings", ())
    for name, option in (("methods", "--method"), ("plugins", "--plugins")):
        if name in given:
            given[name] = arguments.names(option, given[name])
    return FitSpec(path=given.pop("file"), **given, params=arguments.single(settings))


def _print(result: "FitResult") -> None:
    from rollkit.cli import tables
    from rollkit.fitting.comparing import MEASURES

    heads = [f"{head} [{MEASURES[name].unit}]" for name, head in _COLUMNS.items()]
    rows = []
    for method, tally in result.tallies.items():
        values = [tally.value(name) for name in _COLUMNS]
        numbers = ["-" if one is None else f"{one:.4g}" for one in values]
        rows.append([method, tally.integrator, str(result.cases), *numbers])
    steps = " or ".join(f"{dt:.4g}" for dt in sorted(result.notes.dts)[:3])
    title = f"{result.spec.path}, {result.format}, dt {steps} s"
    columns = ["method", "integrator", "cases", *heads]
    tables.print_in_parts(title, columns, rows, keys=2, numbers={"cases", *heads})


def _left_out(result: "FitResult") -> None:
    """Cases that were not fitted, on stderr: how many, and the first of them with reasons."""
    left = result.left_out
    if not left.total:
        return
    click.echo(f"left out: {left.total} of {left.total + result.cases} cases", err=True)
    for one in left.listed[:_SHOWN]:
        click.echo(f"  {one['case']}: {one['reason']}", err=True)
    if left.total > _SHOWN:
        click.echo(f"  and {left.total - _SHOWN} more: `cases` in --json", err=True)
