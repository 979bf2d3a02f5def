"""`rollkit eval`: measure what a policy predicted."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rollkit.cli import arguments, gating, plots
from rollkit.cli.vehicle import VEHICLE, vehicle_of
from rollkit.errors import UsageError

if TYPE_CHECKING:
    from rollkit.predictions.spec import EvalSpec


@click.command(
    epilog="Exit codes: 0 fine, 1 a gate or a plugin failed, 2 wrong call or data, 130 interrupted."
)
@click.argument("predictions", metavar="PRED", required=False)
@click.option(
    "--reference",
    metavar="FILE",
    help="Where the vehicle really went; cases are matched by id. PRED may hold its own.",
)
@click.option(
    "--samples",
    metavar="RULE",
    help="What makes one number of the K samples of a case: mean, min, first, medoid, most-likely "
    "or all.  [default: mean]",
)
@click.option(
    "--at", metavar="SECONDS,...", help="Horizons: every error is also taken up to each of them."
)
@click.option(
    "--baseline",
    "baselines",
    metavar="NAME,...",
    help="Measure these beside it, predicted from the history alone: constant-velocity, "
    "constant-yaw-rate, hold-last-action, stationary.",
)
@click.option(
    "--plugins",
    metavar="NAME,...",
    help="Compute the metrics of these plugins: names or ./file.py; displacement, behaviour and "
    "odometry are whole families.  [default: the starter set, and displacement_starter where there "
    "is a reference]",
)
@click.option(
    "--preset",
    "presets",
    metavar="NAME,...",
    help="Measure as other projects do, by their definitions: nuplan_comfort, navsim_comfort and "
    "so on; `rollkit presets` lists them.",
)
@click.option("--metrics", metavar="NAME,...", help="Compute only these metrics.")
@gating.options
@click.option(
    "--fit",
    metavar="METHOD",
    help="How actions are recovered from poses, for metrics of actions: differences, alpamayo, "
    "waymax or spline.  [default: auto: differences of predictions, spline of recorded drives]",
)
@click.option("--format", "format", metavar="NAME", help="Format of PRED.  [default: auto]")
@click.option("--reference-format", metavar="NAME", help="Format of FILE.  [default: auto]")
@arguments.instants
@VEHICLE
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of a format or of the fit, again for each; `rollkit plugins show NAME` lists "
    "those of either. reference.NAME=VALUE is for the reference alone.",
)
@plots.options
@click.option("--save", metavar="FILE", help="Write every case's values to this Parquet file.")
@click.option(
    "--from", "artifact", metavar="FILE", help="Do again the evaluation that FILE records."
)
@click.option(
    "-o",
    "--out",
    default="metrics.json",
    show_default=True,
    metavar="PATH",
    help="Where the artifact goes. An earlier artifact there is replaced.",
)
@click.option("--force", is_flag=True, help="Replace whatever files stand there.")
@click.option("--json", "as_json", is_flag=True, help="Print the artifact instead of a table.")
def eval(
    artifact: str | None,
    out: str,
    force: bool,
    as_json: bool,
    save: str | None,
    plot: bool,
    save_figure: str | None,
    **options: Any,
) -> int:
    """Measure predicted or recorded trajectories, write metrics.json.

    \b
    rollkit eval predictions.npz
    rollkit eval predictions.npz --reference drives.npz --samples min --at 1,3,5
    rollkit eval predictions.npz --baseline constant-velocity,stationary
    rollkit eval predictions.npz --gate 'mean(min_ade@3s) < 1.2'
    rollkit eval predictions.npz --reference drives.npz --plot --save-figure cases.pdf
    rollkit eval estimate.tum --reference truth.tum --plugins ape,rpe
    rollkit eval drive.csv --horizon 6.4 --history 1.6 --baseline constant-velocity
    """
    # Deferred: the numbers need NumPy, the help text does not.
    from rollkit.cli import progress, remarks, summaries
    from rollkit.cli.output import printing, report
    from rollkit.execution import place
    from rollkit.predictions.evaluation import evaluate_spec
    from rollkit.results import check_destination

    spec = _again(artifact, options) if artifact is not None else _spec(options)
    target = Path(out).absolute()
    check_destination(target, force=force)
    if save is not None and Path(save).resolve() == target.resolve():
        raise UsageError(f"the artifact and what is saved cannot both go to {save}")
    drawing = plots.asked(plot, save_figure, as_json=as_json, force=force, others=[out, save])
    with progress.count("cases") as advance, contextlib.redirect_stdout(sys.stderr):
        result = evaluate_spec(
            spec,
            argv=click.get_current_context().obj,
            save=place(save),
            force=force,
            keep_values=bool(drawing),
            progress=advance,
        )
    result.save(target, force=force)
    drawn = plots.drawn(result, drawing)
    with printing():
        if as_json:
            click.echo(result.to_json(), nl=False)
        else:
            summaries.print_evaluation(result, plots.sparks(result, drawing))
            plots.print_plots(drawn, drawing)
            gating.print_gates(result.gates)
    figures = plots.save(drawn, drawing)
    gating.report(result.gates)
    remarks.left_out(result)
    remarks.notes(result, out)
    report(result.failures, [*([save] if save else []), *figures, out])
    return result.exit_code


def _spec(options: dict[str, Any]) -> "EvalSpec":
    from rollkit.predictions.spec import EvalSpec

    if options["predictions"] is None:
        raise UsageError("got no file of predictions", hint="rollkit eval PRED [--reference FILE]")
    given = {name: value for name, value in options.items() if value not in (None, ())}
    settings = given.pop("settings", ())
    for name in ("plugins", "metrics", "baselines", "presets"):
        if name in given:
            given[name] = arguments.names(_option(name), given[name])
    at = arguments.seconds("--at", given.pop("at", None))
    vehicle = vehicle_of(given.pop("vehicle", None))
    given["gates"] = gating.given(given.get("gates"), given.pop("gate", ()))
    return EvalSpec(**given, at=at, params=arguments.single(settings), vehicle=vehicle)


def _option(name: str) -> str:
    """The option whose value this is, as it is spelt."""
    names = {"predictions": "PRED", "settings": "--set"}
    names |= {"baselines": "--baseline", "presets": "--preset"}
    return names.get(name, f"--{name.replace('_', '-')}")


def _again(artifact: str, options: dict[str, Any]) -> "EvalSpec":
    """The spec of an earlier evaluation, for one that changes nothing about it."""
    from rollkit.predictions.results import read_evaluation
    from rollkit.predictions.spec import IN_MEMORY
    from rollkit.provenance import changed

    given = [name for name, value in options.items() if value not in (None, ())]
    if given:
        listed = ", ".join(map(_option, given))
        raise UsageError(
            f"--from repeats an evaluation as it was; it excludes {listed}",
            hint="to change something, spell it out: the artifact's `eval` section has it all",
        )
    earlier = read_evaluation(artifact)
    if IN_MEMORY in (earlier.eval.predictions, earlier.eval.reference):
        raise UsageError(
            f"{artifact}: it was evaluated from arrays in memory, which no file holds",
            hint="repeat it in Python: rollkit.evaluate_predictions(...)",
        )
    for line in changed(earlier.provenance):
        click.echo(f"warning: {line}", err=True)
    return earlier.eval
