"""What stands beside the table of an evaluation, on stderr: cases left out, and notes."""

import itertools
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rollkit.predictions.results import EvalResult

_SHOWN = 5  # cases of a kind
_UNEVEN = 0.01


def left_out(result: "EvalResult") -> None:
    """Cases that were not measured: how many, and the first of them with reasons."""
    cases = result.cases
    for kind, count in cases["left_out"].items():
        if not count:
            continue
        listed = [one for one in cases["listed"] if one["kind"] == kind]
        click.echo(f"left out: {count} of {cases['predicted']} cases, {kind}", err=True)
        for one in listed[:_SHOWN]:
            click.echo(f"  {one['case']}: {one['reason']}", err=True)
        if more := count - len(listed[:_SHOWN]):
            click.echo(f"  and {more} more: `cases` in the artifact", err=True)
        if any("not observed" in one["reason"] for one in listed):
            click.echo("  --max-gap SECONDS fills gaps that are no longer", err=True)
    if count := cases["unpredicted"]:
        some = ", ".join(cases["unpredicted_listed"][:_SHOWN])
        click.echo(
            f"not predicted: {count} case{'s' * (count > 1)} of the reference, such as {some}",
            err=True,
        )


def notes(result: "EvalResult", artifact: str) -> None:
    """What a reader of the table may not expect; `artifact` is where the result was written."""
    kinds = (_about_times, _about_horizons, _about_baselines)
    about = itertools.chain.from_iterable(kind(result) for kind in kinds)
    for one in (*about, *_about_presets(result, artifact)):
        click.echo(f"note: {one}", err=True)


def _about_times(result: "EvalResult") -> Iterator[str]:
    call, known = result.eval, result.provenance["predictions"]
    step, jitter = known.get("recorded_step_median_s"), known.get("recorded_step_jitter_s")
    if call.resample == "none" and step and jitter and jitter > _UNEVEN * step:
        yield (
            f"steps differ from {step:.4g} s by up to {jitter:.2g} s; with --resample none they "
            "are taken as even"
        )
    asked = [name for name in ("horizon", "history") if getattr(call, name) is not None]
    if asked and not known.get("whole", True):
        yield (
            f"{' and '.join(f'--{name}' for name in asked)}: only recorded drives are cut; "
            "these are cases already"
        )


def _about_horizons(result: "EvalResult") -> Iterator[str]:
    if result.eval.at and all(one.at is None for one in result.metrics.values()):
        yield "--at is for errors from a reference; none of these metrics is one"
        return
    horizons = result.provenance["time"]["horizons"]
    reached = [one["asked_s"] for one in horizons]
    for seconds in result.eval.at:
        if seconds not in reached:
            yield f"the predictions have no instant at {seconds:g} s"
    for one in horizons:
        off = [used for used in one["used_s"] if abs(used - one["asked_s"]) > 1e-6]
        if off:
            used = ", ".join(f"{value:.4g}" for value in off)
            yield (
                f"no instant is at {one['asked_s']:g} s, the nearest is at {used} s; --dt resamples"
            )


def _about_baselines(result: "EvalResult") -> Iterator[str]:
    for baseline in result.baselines:
        for name, one in baseline.metrics.items():
            if one.n and one.n_undefined and not result.metrics[name].n_undefined:
                yield (
                    f"{baseline.name.replace('_', '-')} has no {name} in {one.n_undefined} of "
                    f"{one.n + one.n_undefined} cases; the model has one in all of them"
                )
                break


def _about_presets(result: "EvalResult", artifact: str) -> Iterator[str]:
    """How to see why presets judge differently: the two that are furthest apart."""
    from rollkit.cli.preset_views import ALL, of_evaluation

    differing = of_evaluation(result).differing()
    # What can be explained is a check that both have; only where there is none, all of them.
    shared = [one for label, one in differing.items() if label != ALL] or list(differing.values())
    if shared:
        shares = max(shared, key=lambda one: max(one.values()) - min(one.values()))
        apart = {min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)}
        two = ",".join(name for name in shares if name in apart)
        call = shlex.join(["rollkit", "explain", artifact, "--preset", two])
        yield f"presets judge differently; {call} shows why"
