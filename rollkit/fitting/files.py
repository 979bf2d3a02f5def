"""`rollkit fit`: every case of a file, fitted by each method, block by block."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from rollkit import formats, provenance
from rollkit.declare import InverseSpec
from rollkit.errors import UsageError
from rollkit.fitting.comparing import MEASURES, Fitted, judged
from rollkit.fitting.methods import builtin, fitted
from rollkit.fitting.saving import Saver
from rollkit.options import completed, of, refuse_unknown
from rollkit.plain import plain
from rollkit.plugins import Plugins, Registered
from rollkit.poses import Poses
from rollkit.predictions.cases import Notes, at_uniform_instants, usable
from rollkit.predictions.left_out import LeftOut
from rollkit.predictions.matching import Matching
from rollkit.predictions.spec import EvalSpec
from rollkit.predictions.together import in_larger_blocks
from rollkit.predictions.trajectories import of_one_sample, of_samples, one_of_each
from rollkit.reading import File
from rollkit.resampling import Method
from rollkit.results import SCHEMA_VERSION

Options = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class FitSpec:
    """What is fitted: the file, how it is read and cut, and by which methods.

    `methods` is None for all built-in ones, `params` the options of the format and the methods.
    """

    path: str
    format: str = formats.AUTO
    methods: tuple[str, ...] | None = None
    plugins: tuple[str, ...] = ()
    dt: float | None = None
    resample: Method = "cubic"
    max_gap: float | None = None
    horizon: float | None = None
    history: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


class Tally:
    """What a method's fits come to over all cases."""

    def __init__(self, integrator: str) -> None:
        self.integrator = integrator
        self._sums = dict.fromkeys(MEASURES, 0.0)
        self._counts = dict.fromkeys(MEASURES, 0)
        self._worst = dict.fromkeys(MEASURES, -math.inf)
        self.cases = dict.fromkeys(MEASURES, 0)  # samples of them that have a value

    def add(self, one: Fitted) -> None:
        """Take in the fits of some cases."""
        for name, values in one.values.items():
            some = values[np.isfinite(values)]
            if not some.size:
                continue
            # A root of a mean square is pooled over steps, so that no case weighs by its length.
            squared = MEASURES[name].over_cases == "rms"
            weight = one.actions.steps if squared else 1
            self._sums[name] += float((some**2 if squared else some).sum()) * weight
            self._counts[name] += some.size * weight
            self.cases[name] += some.size
            self._worst[name] = max(self._worst[name], float(some.max()))

    def value(self, name: str) -> float | None:
        """The mean over all cases, the root of the mean square over their steps, or the largest."""
        if not self._counts[name]:
            return None
        kind = MEASURES[name].over_cases
        if kind == "max":
            return self._worst[name]
        mean = self._sums[name] / self._counts[name]
        return math.sqrt(mean) if kind == "rms" else mean

    def worst(self, name: str) -> float | None:
        """The largest value of a case."""
        return self._worst[name] if self._counts[name] else None


@dataclass
class FitResult:
    """What came of it."""

    spec: FitSpec
    format: str
    options: Options
    tallies: dict[str, Tally]
    left_out: LeftOut
    notes: Notes
    cases: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "schema_version": SCHEMA_VERSION,
            "file": self.spec.path,
            "format": self.format,
            "time": plain("time", {**self.notes.to_dict(), "dt_s": sorted(self.notes.dts)}),
            "cases": {"fitted": self.cases, **self.left_out.to_dict()},
            "fits": [
                {
                    "method": name,
                    "integrator": tally.integrator,
                    "options": plain(name, self.options[name]),
                    "values": {
                        one: {
                            "unit": about.unit,
                            "over_cases": about.over_cases,
                            "value": tally.value(one),
                            "worst_case": tally.worst(one),
                            "n": tally.cases[one],
                        }
                        for one, about in MEASURES.items()
                    },
                }
                for name, tally in self.tallies.items()
            ],
            "provenance": {
                **provenance.environment(None),
                "inputs": provenance.fingerprints([Path(self.spec.path)]),
            },
        }


def fit_file(
    spec: FitSpec,
    *,
    save: Path | None = None,
    force: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FitResult:
    """Fit every case of a file by each method.

    Raises
    ------
    UsageError, DataError
        A wrong call, or what is wrong with the file; single cases are left out instead.
    PluginError
        A reader or a method failed.
    """
    cutting = EvalSpec(
        predictions=spec.path,
        dt=spec.dt,
        resample=spec.resample,
        max_gap=spec.max_gap,
        horizon=spec.horizon,
        history=spec.history,
    )
    plugins = Plugins()
    plugins.load(spec.plugins)
    methods = _methods(spec, plugins)
    file = File(Path(spec.path))
    reader = formats.format_of(file, plugins, spec.format)
    options = _shared_out(spec.params, reader, methods)
    integrators = {one.spec.name: plugins.integrator(one.spec.integrator).spec for one in methods}
    result = FitResult(
        spec,
        reader.spec.name,
        options,
        {name: Tally(one.name) for name, one in integrators.items()},
        LeftOut(),
        Notes(),
    )
    steps = max(1, max(one.spec.min_steps for one in methods))
    with Saver(save, {**asdict(spec), "options": options}, force=force) as saver:
        blocks = _alone(formats.read(reader, file, options[""]))
        uniform = at_uniform_instants(blocks, cutting, result.notes)
        matching = Matching(None, cutting)
        for poses in in_larger_blocks(usable(uniform, matching, cutting, result.left_out)):
            if poses.instants <= steps:
                _too_short(poses, steps, result.left_out)
                continue
            for one in methods:
                made = _fitted(one, poses, options[one.spec.name], plugins)
                result.tallies[one.spec.name].add(made)
                saver.append(poses.ids, one.spec.name, made)
            result.cases += poses.cases
            if progress is not None:
                progress(result.cases)
        saver.finish()
    return result


def _fitted(
    method: Registered[InverseSpec], poses: Poses, options: Mapping[str, Any], plugins: Plugins
) -> Fitted:
    trajectory, history = of_samples(poses), None
    # Where the start itself is unknown, a history does not end where the poses begin.
    if poses.history is not None and poses.history.instants > 1 and poses.given:
        history = one_of_each(of_one_sample(poses.history), samples=poses.samples)
    initial, actions = fitted(method, trajectory, options, history=history)
    return judged(method.spec, initial, actions, trajectory, plugins)


def _methods(spec: FitSpec, plugins: Plugins) -> list[Registered[InverseSpec]]:
    own = builtin(plugins)
    if spec.methods is None:
        return own
    twice = [one for one in spec.methods if spec.methods.count(one) > 1]
    if twice:
        raise UsageError(f"method: got {twice[0]!r} twice, expected each once")
    return [plugins.inverse(name) for name in spec.methods]


def _shared_out(
    given: Mapping[str, Any], reader: formats.Reader, methods: Sequence[Registered[InverseSpec]]
) -> Options:
    """The options of the format, called "", and of each method: each goes to all who know it."""
    takers = {"": (f"format {reader.spec.name!r}", reader.spec.parameters)}
    takers |= {one.spec.name: (f"fit {one.spec.name!r}", one.spec.parameters) for one in methods}
    known = {one.name for _, some in takers.values() for one in some}
    refuse_unknown(" and ".join(owner for owner, _ in takers.values()), known, given)
    return {
        taker: completed(owner, some, of(some, given)) for taker, (owner, some) in takers.items()
    }


def _alone(blocks: Iterator[Poses]) -> Iterator[Poses]:
    """Blocks without what stands beside their poses to compare them with."""
    for block in blocks:
        yield block if block.reference is None else replace(block, reference=None)


def _too_short(poses: Poses, steps: int, left_out: LeftOut) -> None:
    for case in poses.ids:
        left_out.add(
            case, "invalid", f"has {poses.instants} instants, expected at least {steps + 1}"
        )
