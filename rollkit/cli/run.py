"""`rollkit run`: generate, roll out, measure."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rollkit.cli import arguments, gating, plots
from rollkit.cli.vehicle import VEHICLE, vehicle_of
from rollkit.errors import ExecutionError, UsageError, shown

if TYPE_CHECKING:
    from rollkit.spec import RunSpec

_DEFAULT_SOURCE = "left"


@click.command(
    epilog="Exit codes: 0 fine, 1 a gate or a plugin failed, 2 wrong call or data, 130 interrupted."
)
@click.option(
    "--scenario",
    "--source",
    "source",
    metavar="NAME,...",
    help="Where actions come from: a scenario (any case), `recorded`, a plugin's source, or a "
    "function of your own as package.module:function. Several make a sweep.  "
    f"[default: {_DEFAULT_SOURCE}]",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE,...",
    help="An option of the source or the integrator, again for each; `rollkit plugins show NAME` "
    "lists them. Several values make a sweep; \\, is a comma in a value.",
)
@click.option(
    "--plugins",
    "plugins",
    metavar="NAME,...",
    help="Compute the metrics of these plugins: names or ./file.py.  [default: the starter set]",
)
@click.option(
    "--preset",
    "presets",
    metavar="NAME,...",
    help="Measure as other projects do, by their definitions: nuplan_comfort, navsim_comfort and "
    "so on; `rollkit presets` lists them.",
)
@click.option("--metrics", "metrics", metavar="NAME,...", help="Compute only these metrics.")
@gating.options
@click.option(
    "--integrator",
    metavar="NAME,...",
    help="How actions become motion. Several make a sweep.  [default: rk4]",
)
@click.option("--seed", type=int, metavar="N", help="One seed.  [default: 0]")
@click.option("--seeds", metavar="N|A:B", help="Seeds 0 to N-1, or A to B-1.")
@click.option("--horizon", type=float, metavar="SECONDS", help="Length.  [default: 6.4]")
@click.option("--dt", type=float, metavar="SECONDS", help="Time step.  [default: 0.1]")
@VEHICLE
@click.option(
    "--engine",
    type=click.Choice(["auto", "numpy", "numba"]),
    help="What computes. auto: numba where it is installed and the run is large.  [default: auto]",
)
@click.option(
    "--workers",
    metavar="N|auto",
    default="auto",
    show_default=True,
    help="Processes to share the run; no number depends on how many.",
)
@click.option(
    "--executor",
    metavar="NAME",
    default="local",
    show_default=True,
    help="Who does the work: this machine, or `dask`.",
)
@click.option("--scheduler", metavar="ADDRESS", help="A running cluster to join: tcp://host:8786.")
@plots.options
@click.option("--save", metavar="FILE", help="Write every rollout's values to this Parquet file.")
@click.option("--save-trajectories", metavar="FILE", help="Likewise x, y, yaw and speed.")
@click.option("--resume", is_flag=True, help="Go on where an interrupted run left these files.")
@click.option(
    "--from",
    "artifact",
    metavar="FILE",
    help="Do again the run that FILE (a metrics.json) records.",
)
@click.option(
    "-o",
    "--out",
    default="metrics.json",
    show_default=True,
    metavar="PATH",
    help="Where the artifact goes. An earlier artifact there is replaced.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace whatever files stand there, and remove what an interrupted run has kept.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the artifact instead of a table.")
def run(
    artifact: str | None,
    out: str,
    force: bool,
    as_json: bool,
    workers: str,
    executor: str,
    scheduler: str | None,
    save: str | None,
    save_trajectories: str | None,
    resume: bool,
    plot: bool,
    save_figure: str | None,
    **options: Any,
) -> int:
    """Generate actions, roll them out, measure them, write metrics.json.

    \b
    rollkit run
    rollkit run --plugins jerk,curv_rate
    rollkit run --scenario LEFT --seeds 1000 --integrator euler --set speed=9
    rollkit run --source my_policy:drive --plugins ./my_metric.py
    rollkit run --scenario left,right,s_curve --set speed=6,8 --seeds 1000
    rollkit run --seeds 1000000 --save rollouts.parquet
    rollkit run --seeds 1000 --gate 'p95(max_abs_jerk) <= 4' --gates limits.toml
    rollkit run --seeds 1000 --plot --save-figure left.svg
    rollkit run --from metrics.json
    """
    # Deferred: the numbers need NumPy, the help text does not.
    from rollkit.cli import progress, summaries
    from rollkit.cli.output import printing, report
    from rollkit.execution import Execution, place
    from rollkit.results import check_destination
    from rollkit.runner import run_spec

    spec = _again(artifact, options) if artifact is not None else _spec(**options)
    target = Path(out).absolute()  # wherever a plugin may change to
    check_destination(target, force=force)
    for one in (save, save_trajectories):
        if one is not None and Path(one).resolve() == target.resolve():
            raise UsageError(f"the artifact and what is saved cannot both go to {one}")
    drawing = plots.asked(
        plot,
        save_figure,
        as_json=as_json,
        force=force,
        others=[out, save, save_trajectories],
        spec=spec,
    )
    execution = Execution(
        workers=workers,
        executor=executor,
        scheduler=scheduler,
        save=place(save),
        save_trajectories=place(save_trajectories),
        resume=resume,
        force=force,
        keep_values=bool(drawing),
    )
    argv = click.get_current_context().obj
    # What a plugin prints is no part of what the run prints.
    try:
        with progress.bar("rollouts") as advance, contextlib.redirect_stdout(sys.stderr):
            result = run_spec(spec, argv=argv, progress=advance, execution=execution)
    except (KeyboardInterrupt, ExecutionError):
        for file in execution.files:
            if Path(f"{file.resolve()}.partial").exists():
                name = shown(str(file))
                click.echo(f"{name}.partial keeps what is done: --resume goes on from it", err=True)
        raise
    result.save(target, force=force)
    drawn = plots.drawn(result, drawing)
    with printing():
        if as_json:
            click.echo(result.to_json(), nl=False)
        else:
            summaries.print_run(result, plots.sparks(result, drawing))
            plots.print_plots(drawn, drawing)
            gating.print_gates(result.gates)
    figures = plots.save(drawn, drawing)
    gating.report(result.gates)
    asked = [one for one in (save, save_trajectories) if one is not None]
    report(result.failures, [*(asked if result.volatile["saved"] else []), *figures, out])
    if asked and not result.volatile["saved"]:
        click.echo(
            f"not written, since a source or an integrator failed: {', '.join(asked)}", err=True
        )
    return result.exit_code


def _spec(
    source: str | None,
    settings: tuple[str, ...],
    plugins: str | None,
    presets: str | None,
    metrics: str | None,
    integrator: str | None,
    seed: int | None,
    seeds: str | None,
    horizon: float | None,
    dt: float | None,
    engine: str | None,
    vehicle: str | None,
    gate: tuple[str, ...],
    gates: str | None,
) -> "RunSpec":
    from rollkit.spec import DEFAULT_INTEGRATOR, RunSpec, parse_seeds

    if seed is not None and seeds is not None:
        raise UsageError("--seed and --seeds exclude each other")
    values = arguments.settings(settings)
    return RunSpec(
        source=source or _DEFAULT_SOURCE,
        params={name: one[0] for name, one in values.items() if len(one) == 1},
        grid={name: tuple(some) for name, some in values.items() if len(some) > 1},
        integrator=integrator or DEFAULT_INTEGRATOR,
        plugins=arguments.names("--plugins", plugins),
        metrics=arguments.names("--metrics", metrics),
        presets=arguments.names("--preset", presets) or (),
        seeds=parse_seeds(seeds or 1) if seed is None else parse_seeds((seed, seed + 1)),
        horizon=horizon,
        dt=dt,
        engine=engine or "auto",
        vehicle=vehicle_of(vehicle),
        gates=gating.given(gates, gate),
    )


def _again(artifact: str, options: dict[str, Any]) -> "RunSpec":
    """The spec of an earlier run, for runs that change nothing about it."""
    from rollkit.provenance import changed
    from rollkit.results import read_result

    given = [name for name, value in options.items() if value not in (None, ())]
    if given:
        named = {"settings": "--set", "presets": "--preset"}
        names = ", ".join(named.get(name, f"--{name}") for name in given)
        raise UsageError(
            f"--from repeats a run as it was; it excludes {names}",
            hint="to change something, spell the run out: the artifact's `run` section has it all",
        )
    earlier = read_result(artifact)
    for line in changed(earlier.provenance):
        click.echo(f"warning: {line}", err=True)
    return earlier.run
