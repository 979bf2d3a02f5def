"""The cases of an evaluation, block after block: files opened, matched, at uniform instants."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rollkit.errors import DataError
from rollkit.formats import AUTO
from rollkit.guard import Origin
from rollkit.model import Trajectory
from rollkit.plugins import Plugins
from rollkit.poses import Poses
from rollkit.predictions.actions import Fitting
from rollkit.predictions.cases import Notes, at_uniform_instants, usable
from rollkit.predictions.left_out import LeftOut
from rollkit.predictions.matching import Matching, References, as_one
from rollkit.predictions.opening import FIT, PREDICTIONS, REFERENCE, opened, shared_out
from rollkit.predictions.spec import FIT_PREDICTED, FIT_RECORDED, EvalSpec
from rollkit.predictions.together import in_larger_blocks
from rollkit.predictions.trajectories import of_one_sample, of_samples
from rollkit.rollouts import Rollout
from rollkit.vehicles import REAR_AXLE, Vehicle


@dataclass(frozen=True)
class Cases:
    """The cases that can be measured, and what is found out on the way to them.

    `left_out`, `notes` and `samples` fill while the blocks are read.
    """

    spec: EvalSpec  # with what was left to decide: the fit, every option
    blocks: Iterator[Poses]
    fitting: Fitting
    references: References | None  # of a file of its own
    formats: list[str | None]  # of both files; None for what was in memory
    used: list[Origin]  # readers and the inverse
    left_out: LeftOut
    notes: Notes
    samples: set[int]

    def nothing(self) -> DataError:
        """The error where no case can be measured: how many there are, and why not the first."""
        first = self.left_out.listed[0] if self.left_out.listed else None
        why = f": {first['case']}: {first['reason']}" if first else ""
        count = self.left_out.total
        return DataError(f"{self.spec.predictions}: none of {count} cases could be measured{why}")


def cases_of(
    spec: EvalSpec,
    plugins: Plugins,
    *,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
) -> Cases:
    """Open the files of an evaluation; `predictions` and `reference` are for what is in no file.

    Raises
    ------
    UsageError, DataError
        An unknown format, fit or option; a file that cannot be read.
    """
    sources = [opened(PREDICTIONS, spec.predictions, spec.format, plugins, predictions)]
    if spec.reference is not None:
        sources.append(opened(REFERENCE, spec.reference, spec.reference_format, plugins, reference))
    named_fit = None if spec.fit == AUTO else plugins.inverse(spec.fit)
    options = shared_out(spec.params, sources, named_fit)
    model, *others = [one.blocks(options) for one in sources]
    first = next(model, None)
    recorded = first is not None and first.whole
    inverse = named_fit or plugins.inverse(FIT_RECORDED if recorded else FIT_PREDICTED)
    options = shared_out(spec.params, sources, inverse)  # with those of the fit that it came to
    model = itertools.chain([] if first is None else [first], model)
    references = None
    if others:
        model, other = as_one(model, others[0])
        references = References(other)
    left_out, notes, samples = LeftOut(), Notes(), set[int]()
    uniform = at_uniform_instants(_counted(model, samples), spec, notes)
    return Cases(
        spec=replace(spec, params=options.recorded(), fit=inverse.spec.name),
        blocks=in_larger_blocks(usable(uniform, Matching(references, spec), spec, left_out)),
        fitting=Fitting(inverse, options.of(FIT)),
        references=references,
        formats=[one.reader.spec.name if one.reader else None for one in sources],
        used=[*(one.reader.origin for one in sources if one.reader), inverse.origin],
        left_out=left_out,
        notes=notes,
        samples=samples,
    )


def rollout_of(poses: Poses, vehicle: Vehicle | None = None) -> Rollout:
    """What was predicted for the cases of a block, `(n, K)`, with the reference beside it.

    Raises
    ------
    DataError
        Poses without a yaw, of another point of the vehicle than its rear axle.
    """
    if vehicle is not None and vehicle.reference_point != REAR_AXLE:
        _check_yaw(poses, vehicle)
    return Rollout(
        of_samples(poses),
        vehicle=vehicle,
        reference=None if poses.reference is None else of_one_sample(poses.reference),
        probability=poses.probability,
        given=poses.given,
        sampled=True,
    )


def past_of(poses: Poses) -> Trajectory | None:
    """The histories of the cases of a block, `(n,)`."""
    return None if poses.history is None else of_one_sample(poses.history)


def _check_yaw(poses: Poses, vehicle: Vehicle) -> None:
    for what, one in (("", poses), ("the reference of ", poses.reference)):
        if one is not None and one.yaw is None:
            point = vehicle.reference_point
            raise DataError(
                f"{what}case {poses.ids[0]!r} has no yaw, and the direction in which the vehicle's "
                f"{point} moves is not that of its body; expected a yaw beside poses of the {point}"
            )


def _counted(blocks: Iterator[Poses], samples: set[int]) -> Iterator[Poses]:
    for block in blocks:
        samples.add(block.samples)
        yield block
