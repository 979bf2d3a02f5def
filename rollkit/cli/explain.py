"""`rollkit explain`: where presets differ about one case, and why."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rollkit.cli import arguments
from rollkit.cli.vehicle import VEHICLE, vehicle_of
from rollkit.errors import DataError, UsageError

if TYPE_CHECKING:
    from rollkit.predictions.spec import EvalSpec

_PICTURE = "explain.svg"


@click.command(
    epilog="Exit codes: 0 fine, 1 a plugin failed, 2 wrong call or data, 130 interrupted."
)
@click.argument("file", metavar="FILE")
@click.option(
    "--preset",
    "presets",
    metavar="NAME,...",
    help="Whose verdicts to compare; `rollkit presets` lists them. Needed, unless FILE is the "
    "artifact of an evaluation with presets.",
)
@click.option("--plugins", metavar="NAME,...", help="Plugins with presets or formats: ./file.py.")
@click.option(
    "--case",
    metavar="ID",
    help="The case.  [default: the worst: the least margin, as a share of its limit, over the "
    "checks on which verdicts differ; where none do, over those of the first preset]",
)
@click.option(
    "--sample",
    type=int,
    metavar="K",
    help="Which of the samples of a case, from 0.  [default: the worst, likewise]",
)
@click.option(
    "--reference",
    metavar="FILE",
    help="Where the vehicle really went; cases are matched by id. FILE may hold its own.",
)
@click.option(
    "--fit",
    metavar="METHOD",
    help="How actions are recovered from poses, for presets that need them, as in rollkit eval.",
)
@click.option("--format", "format", metavar="NAME", help="Format of FILE.  [default: auto]")
@click.option(
    "--reference-format", metavar="NAME", help="Format of the reference.  [default: auto]"
)
@arguments.instants
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of a format or of the fit, again for each, as in rollkit eval.",
)
@VEHICLE
@click.option(
    "-o",
    "--out",
    metavar="PATH",
    help="Where the picture goes: .svg, .png or .pdf. An earlier picture of rollkit's there is "
    "replaced. It needs matplotlib, pip install 'rollkit[plot]'; without it and without -o, there "
    f"is none.  [default: {_PICTURE}]",
)
@click.option("--force", is_flag=True, help="Replace whatever file stands there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, signals too, and no table.")
def explain(
    file: str,
    case: str | None,
    sample: int | None,
    out: str | None,
    force: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Show where presets differ about one case and why, and draw their signals over time.

    Prints every check with what each preset says of it, then the declared quirks behind each
    difference; writes explain.svg. FILE holds trajectories, or is the metrics.json of a `rollkit
    eval` whose files and presets to take.

    \b
    rollkit explain predictions.npz --preset nuplan_comfort,alpamayo_comfort
    rollkit explain drive.csv --horizon 6.4 --preset nuplan_comfort,nuplan_comfort_corrected
    rollkit explain predictions.npz --preset navsim_comfort --case clip-7 --sample 3 -o clip-7.png
    rollkit explain metrics.json
    """
    # Deferred: the numbers need NumPy, the help text does not.
    from rollkit.cli import explanations, progress
    from rollkit.cli.output import printing, report
    from rollkit.explaining import explain_spec
    from rollkit.pictures import saving

    spec = _spec(file, options)
    target = Path(out or _PICTURE).absolute()
    draws = out is not None or saving.available()
    if draws:
        saving.check_place(target, force=force)
    with progress.count("cases") as advance, contextlib.redirect_stdout(sys.stderr):
        told = explain_spec(spec, spec.presets, case=case, sample=sample, progress=advance)
    if draws:
        told.save(target, force=force)
    with printing():
        if as_json:
            click.echo(told.to_json(), nl=False)
        else:
            explanations.print_explanation(told)
    explanations.left_out(told)
    if not draws:
        click.echo("note: no picture without matplotlib: pip install 'rollkit[plot]'", err=True)
    report(told.failures, [out or _PICTURE] if draws else [])
    return told.exit_code


def _spec(file: str, options: dict[str, Any]) -> "EvalSpec":
    from rollkit.predictions.spec import EvalSpec

    given = {name: value for name, value in options.items() if value not in (None, ())}
    for name, option in (("plugins", "--plugins"), ("presets", "--preset")):
        if name in given:
            given[name] = arguments.names(option, given[name])
    recorded = _recorded(file)
    if recorded is None:
        settings = arguments.single(given.pop("settings", ()))
        vehicle = vehicle_of(given.pop("vehicle", None))
        spec = EvalSpec(predictions=file, **given, params=settings, vehicle=vehicle)
    else:
        spec = _again(file, recorded, given)
    if not spec.presets:
        raise UsageError(
            "got no presets, expected those whose verdicts to compare",
            hint="--preset NAME,NAME; `rollkit presets` lists them",
        )
    return spec


def _recorded(file: str) -> "EvalSpec | None":
    """The call that FILE records, if it is the artifact of an evaluation."""
    from rollkit.predictions.results import read_evaluation
    from rollkit.results import parsed

    path = Path(file)
    if path.suffix != ".json" or not path.is_file():
        return None
    try:
        parsed(path)
    except DataError:  # trajectories, in JSON
        return None
    return read_evaluation(path).eval


def _again(file: str, recorded: "EvalSpec", given: dict[str, Any]) -> "EvalSpec":
    """The recorded call, of other presets where some are named."""
    from dataclasses import replace

    from rollkit.predictions.spec import IN_MEMORY

    presets = given.pop("presets", recorded.presets)
    if given:
        names = {"settings": "--set"}
        listed = ", ".join(names.get(one, f"--{one.replace('_', '-')}") for one in given)
        raise UsageError(
            f"{file} records how its files were read; it excludes {listed}",
            hint=f"rollkit explain {recorded.predictions} takes all of them",
        )
    if IN_MEMORY in (recorded.predictions, recorded.reference):
        raise UsageError(
            f"{file}: it was evaluated from arrays in memory, which no file holds",
            hint="explain it in Python: rollkit.explain(...)",
        )
    return replace(recorded, presets=presets)
