"""What a run or an evaluation found, as tables."""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from rollkit.cli.output import on_terminal
from rollkit.cli.preset_tables import folded, print_side_by_side, verdict
from rollkit.cli.preset_views import of_evaluation, of_run
from rollkit.cli.tables import Row, print_in_parts, print_table

if TYPE_CHECKING:
    from rollkit.predictions.results import CaseMetric, EvalResult
    from rollkit.results import MetricResult, RunResult

_WIDE = 100  # columns that all statistics of a run take
_SPARKS = "values"  # the head of the column of small histograms
_NO_SPARKS: Mapping[str, str] = {}


def print_run(result: "RunResult", sparks: Mapping[str, str] = _NO_SPARKS) -> None:
    """The metrics of a run: the value of a single rollout, the statistics of many.

    `sparks` are small histograms by the names of the metrics, for a column of their own.
    """
    run = result.run
    picked = run.metrics is not None
    shown = {name: one for name, one in result.metrics.items() if picked or one.preset is None}
    title = f"{run.source}, {run.integrator}, {_seeds(run.seeds)}{_time(result)}"
    if result.cells:
        what = "value" if run.seeds[1] - run.seeds[0] == 1 else "mean"
        title = f"{what} of each cell, {_seeds(run.seeds)}{_time(result)}"
    presets = () if picked else result.presets
    if shown or not presets:
        if result.cells:
            _print_sweep(result, shown, title)
        else:
            _print_rollouts(result, shown, title, sparks)
        title = ""
    if presets and result.cells:
        each = "presets: share that passes in each cell, or mean value"
        summed_up = {one.name: one for one in of_run(result).summed_up()}
        verdicts = {one.name for one in presets if one.scores}
        _print_sweep(result, summed_up, f"{title}\n{each}".strip(), verdicts)
        title = ""
    if presets:
        print_side_by_side(title, of_run(result))


def _print_rollouts(
    result: "RunResult",
    shown: "Mapping[str, MetricResult]",
    title: str,
    sparks: Mapping[str, str],
) -> None:
    first, stop = result.run.seeds
    count = stop - first
    statistics: Row = ("mean", "std", "min", "p50", "p95", "max") if count > 1 else ("mean",)
    if count > 1 and on_terminal() and shutil.get_terminal_size().columns < _WIDE:
        statistics = ("mean", "p95", "max") if sparks else ("mean", "std", "p95", "max")
    head = {"mean": "value"} if count == 1 else {}
    # What is the same in every row says nothing: undefined values and errors only where there are.
    undefined = any(one.n_undefined and one.n for one in shown.values())
    troubled = any(one.status != "ok" for one in shown.values())
    columns = ["metric", "unit", *(head.get(name, name) for name in statistics)]
    columns += [_SPARKS] * bool(sparks)
    columns += ["undefined"] * undefined + ["status"] * troubled
    rows = []
    for one in shown.values():
        row = [one.name, one.unit, *(_number(getattr(one, name)) for name in statistics)]
        row += [sparks.get(one.name, "")] * bool(sparks)
        row += [str(one.n_undefined)] * undefined
        row += [_status(one.status, one.error)] * troubled
        rows.append(row)
    print_table(title, columns, rows, numbers={"value", "undefined", *statistics})


def _print_sweep(
    result: "RunResult",
    shown: "Mapping[str, MetricResult]",
    title: str,
    verdicts: Collection[str] = (),
) -> None:
    """A row for each cell, with what tells it from the others and the mean of each metric."""
    keys = {
        "source": [one.source for one in result.cells],
        "integrator": [one.integrator for one in result.cells],
        **{
            name: _told_apart([one.params[name] for one in result.cells])
            for name in result.run.grid
        },
    }
    varied = {name: values for name, values in keys.items() if len(set(values)) > 1}
    heads = {
        name: (folded(name) if one.preset else name)
        + ("" if name in verdicts else f" [{one.unit}]")
        for name, one in shown.items()
    }
    single = result.run.seeds[1] - result.run.seeds[0] == 1

    def means(metrics: "Mapping[str, MetricResult]", *, single: bool) -> Iterator[str]:
        for name in shown:
            one = metrics.get(name)
            if name in verdicts:
                yield verdict(one, single=single)
            elif one is None:
                yield "-"
            else:
                yield _number(one.mean) if one.status == "ok" else one.status

    rows = [
        [*(values[number] for values in varied.values()), *means(cell.metrics, single=single)]
        for number, cell in enumerate(result.cells)
    ]
    rows.append(["all", *[""] * (len(varied) - 1), *means(result.metrics, single=False)])
    columns = [*varied, *heads.values()]
    print_in_parts(title, columns, rows, keys=len(varied), numbers=set(heads.values()))


def print_evaluation(result: "EvalResult", sparks: Mapping[str, str] = _NO_SPARKS) -> None:
    """The metrics of an evaluation; the means up to each horizon and of each baseline beside.

    `sparks` as for `print_run`.
    """
    picked = result.eval.metrics is not None
    presets = () if picked else result.presets
    whole = {name: one for name, one in result.metrics.items() if one.at is None}
    shown = {name: one for name, one in whole.items() if picked or one.preset is None}
    title = _about_cases(result)
    if shown or not presets:
        _print_cases(result, shown, title, sparks)
        title = ""
    if presets:
        print_side_by_side(title, of_evaluation(result))


def _print_cases(
    result: "EvalResult",
    shown: "Mapping[str, CaseMetric]",
    title: str,
    sparks: Mapping[str, str],
) -> None:
    lacking = {} if result.eval.metrics else {n: o for n, o in shown.items() if _lacks_input(o)}
    shown = {name: one for name, one in shown.items() if name not in lacking}
    few = result.cases["evaluated"] == 1 and result.eval.samples != "all"
    statistics: Row = ("mean",) if few else ("mean", "std", "p50", "p95", "max")
    wide = bool(result.baselines or result.eval.at)
    if not few and (wide or (on_terminal() and shutil.get_terminal_size().columns < _WIDE)):
        statistics = ("mean", "p95", "max")
    heads = ["value" if few and name == "mean" else name for name in statistics]
    horizons = [f"@{seconds:g}s" for seconds in result.eval.at]
    beside = [one.name.replace("_", "-") for one in result.baselines]
    troubled = any(one.status != "ok" for one in shown.values())
    undefined = any(one.n_undefined and one.n for one in shown.values())
    rows = []
    for name, one in shown.items():
        row = [name, one.unit, *(_number(getattr(one, each)) for each in statistics)]
        row += [sparks.get(name, "")] * bool(sparks)
        row += [_mean_of(result.metrics, name + horizon) for horizon in horizons]
        row += [_mean_of(other.metrics, name) for other in result.baselines]
        row += [str(one.n_undefined)] * undefined
        row += [_status(one.status, one.error)] * troubled
        rows.append(row)
    columns = ["metric", "unit", *heads, *[_SPARKS] * bool(sparks), *horizons, *beside]
    columns += ["undefined"] * undefined + ["status"] * troubled
    numbers = {"undefined", *heads, *horizons, *beside}
    print_in_parts(title, columns, rows, keys=2, numbers=numbers)
    if lacking:
        reasons = " and ".join(dict.fromkeys(str(one.error) for one in lacking.values()))
        more = "; --reference FILE gives one" if "reference" in reasons else ""
        click.echo(f"undefined: {', '.join(lacking)}: {reasons}{more}")


def _lacks_input(one: "CaseMetric") -> bool:
    """Whether it is undefined for every case, for want of what it needs."""
    return one.status == "undefined"


def _mean_of(metrics: "Mapping[str, CaseMetric]", name: str) -> str:
    one = metrics.get(name)
    return "" if one is None else _number(one.mean)


def _about_cases(result: "EvalResult") -> str:
    """What was measured: the files, how many of the cases, and by which rule."""
    call, cases = result.eval, result.cases
    against = f" against {call.reference}" if call.reference is not None else ""
    measured, predicted = cases["evaluated"], cases["predicted"]
    count = f"{measured}" if measured == predicted else f"{measured} of {predicted}"
    parts = [f"{call.predictions}{against}", f"{count} case{'s' * (predicted > 1)}"]
    if cases["samples"] != [1]:
        parts.append(f"{call.samples} of {' or '.join(map(str, cases['samples']))} samples")
    return ", ".join(parts) + _time(result)


def _told_apart(values: Sequence[object]) -> list[str]:
    """The values as text: short, unless different ones would then read the same."""
    short = [f"{one:g}" if isinstance(one, float) else str(one) for one in values]
    return short if len(set(short)) == len(set(map(repr, values))) else list(map(repr, values))


def _seeds(seeds: tuple[int, int]) -> str:
    first, stop = seeds
    count = stop - first
    return f"seed {first}" if count == 1 else f"{count} rollouts, seeds {first} to {stop - 1}"


def _time(result: "RunResult | EvalResult") -> str:
    time = result.provenance["time"]
    if time["dt"] is None:
        return ""
    if time["steps"] is None:
        return f", steps of {time['dt']:.4g} s"
    return f", {time['steps']} step{'s' * (time['steps'] > 1)} of {time['dt']:.4g} s"


def _status(status: str, error: str | None) -> str:
    return f"undefined: {error}" if status == "undefined" else status


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"
