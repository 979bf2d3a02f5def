"""Which case is explained: the one asked for, or the worst, and what is said about it."""

import numpy as np
import pytest

import rollkit
from rollkit import Check, preset
from rollkit.errors import DataError, UsageError

from .drives import driven
from .mine import doubled, narrow, plain, referring, shifted

# The first passes by both, the second and the fourth by `plain` alone, the third by neither.
ACCELS = [[0, 1, 0, -1], [0, 1.6, 0, 0], [0, -6, 0, 0], [0, 0, 1.8, 0]]


def test_the_worst_is_the_one_furthest_beyond_where_verdicts_differ():
    told = rollkit.explain(driven(ACCELS), presets=[plain, doubled])
    assert (told.case, told.sample, told.cases, told.differing) == ("d", 0, 4, 2)
    assert told.chosen == (
        "the worst of 4 cases: by doubled, accel is 20% beyond its limit; "
        "verdicts differ in 2 of 4 cases"
    )


def test_where_none_differ_the_first_preset_decides():
    told = rollkit.explain(driven(ACCELS[:1] + ACCELS[2:3]), presets=[plain, doubled])
    assert told.case == "b"
    assert told.chosen == (
        "the worst of 2 cases: by plain, accel is 100% beyond its limit; verdicts differ nowhere"
    )


def test_of_one_preset_the_worst_by_it():
    told = rollkit.explain(driven(ACCELS[:2]), presets=[plain])
    assert told.case == "b"
    assert told.chosen == "the worst of 2 cases: by plain, accel is 47% within its limit"


def test_a_preset_without_margins_leaves_the_choice_to_the_next():
    told = rollkit.explain(driven(ACCELS), presets=[referring, plain])
    assert told.case == "c"
    alone = rollkit.explain(driven(ACCELS), presets=[referring])
    assert (alone.case, alone.chosen) == ("a", "the first of 4 cases: no margin is known of any")


def test_it_is_the_same_however_the_cases_come():
    """Block by block: the file is read once and nothing but the worst is kept."""
    whole = rollkit.explain(driven(ACCELS), presets=[plain, doubled])
    blocks = (driven([one], ids=(name,)) for one, name in zip(ACCELS, "abcd", strict=True))
    parts = rollkit.explain(blocks, presets=[plain, doubled])
    assert parts.to_dict() == whole.to_dict()


def test_margins_of_different_units_are_compared_as_shares_of_their_limits():
    """0.1 m/s² of 3 is more than 0.3 m/s of 30."""
    strong, fast = driven([[0, 2.9, 0]], ids=("a",)), driven([[0, 0.4]], speed=29.5, ids=("b",))
    told = rollkit.explain([strong, fast], presets=[plain])
    assert told.chosen == "the worst of 2 cases: by plain, speed is 1% within its limit"
    assert told.case == "b"


def test_the_worst_sample_of_a_case():
    samples = driven([[[0, 1, 0], [0, 2, 0], [0, -2.5, 0]], [[0, 0, 0]] * 3])
    told = rollkit.explain(samples, presets=[plain, doubled])
    assert (told.case, told.sample, told.samples) == ("a", 2, 3)
    assert told.chosen.startswith("the worst of 2 cases of 3 samples: by doubled, accel is 67%")
    mine = rollkit.explain(samples, presets=[plain, doubled], case="a")
    assert (mine.sample, mine.trajectory.speed.tolist()) == (2, [10, 10, 8.75, 8.75])
    assert mine.chosen.startswith("the worst of its 3 samples: by doubled")
    assert mine.chosen.endswith("; verdicts differ")
    one = rollkit.explain(samples, presets=[plain, doubled], case="a", sample=1)
    assert (one.sample, one.chosen) == (1, "as asked for")
    assert one.rows[0].seen["plain"].value == 2.0


def test_a_sample_that_is_asked_for_in_every_case():
    samples = driven([[[0, 1, 0], [0, 2.9, 0]], [[0, -1.2, 0], [0, 0, 0]]])
    told = rollkit.explain(samples, presets=[plain], sample=0)
    assert (told.case, told.sample) == ("b", 0)
    assert told.chosen.startswith("the worst of 2 cases: by plain")


def test_the_only_case():
    assert rollkit.explain(driven([[0, 1]]), presets=[plain]).chosen == "the only case"


def test_no_such_case():
    with pytest.raises(UsageError) as caught:
        rollkit.explain(
            driven(ACCELS, ids=("clip-1", "clip-2", "clip-3", "other")),
            presets=[plain],
            case="clip-9",
        )
    assert str(caught.value) == (
        "unknown case 'clip-9' of in memory; nearest: clip-3, clip-2, clip-1\n"
        "its cases are clip-1, clip-2, clip-3 and so on"
    )


@pytest.mark.parametrize(
    ("poses", "options", "message"),
    [
        (driven(ACCELS), {"sample": 1}, "sample: got 1, case 'a' has 0, its only one"),
        (driven([[[0, 1], [1, 0]]]), {"sample": -1}, "sample: got -1, case 'a' has 0 to 1"),
        (driven(ACCELS), {"presets": []}, r"presets: got \[\], expected a list"),
        (driven(ACCELS), {"presets": "plain"}, "presets: got 'plain', expected a list"),
        (driven(ACCELS), {"presets": ["plainly"]}, "unknown preset 'plainly'"),
        (driven(ACCELS), {"presets": [len]}, "is not declared with @preset"),
    ],
)
def test_wrong_calls(poses, options, message):
    with pytest.raises(UsageError, match=message):
        rollkit.explain(poses, **{"presets": [plain], **options})


def test_a_case_that_was_left_out_says_why():
    hole = driven(ACCELS[:2])
    x = hole.x.copy()
    x[1, 0, 2] = np.nan
    holed = driven(ACCELS[:2])
    object.__setattr__(holed, "x", x)
    with pytest.raises(DataError, match="case 'b' was left out: not observed at sample 0, instant"):
        rollkit.explain(holed, presets=[plain], case="b")
    told = rollkit.explain(holed, presets=[plain])
    assert told.left_out["left_out"]["invalid"] == 1
    x[0, 0, 0] = np.nan
    with pytest.raises(DataError, match="in memory: none of 2 cases could be measured: a: not"):
        rollkit.explain(holed, presets=[plain])


def test_a_preset_of_metrics_alone_has_nothing_to_show():
    from rollkit import metric, preset

    @metric(unit="m", better=None)
    def reached(rollout):
        """How far it comes."""
        return rollout.trajectory.x[..., -1]

    @preset(project="theirs", metrics=(reached,))
    def numbers(rollout):
        """Metrics alone."""
        return {}

    with pytest.raises(UsageError, match="preset numbers has no signals over time"):
        rollkit.explain(driven(ACCELS), presets=[plain, numbers, shifted, narrow])


def test_a_case_in_which_a_check_is_undefined_is_named():
    @preset(project="ours", checks=(Check(name="v", unit="m/s", high=99.0),))
    def holes(rollout):
        """Nobody knows the speed above 13 m/s."""
        return {"v": np.where(rollout.speed > 13, np.nan, rollout.speed)}

    poses = driven([[[0, 0], [1, 1]], [[0, 0], [9, 0]], [[9, 9], [1, 1]]])
    told = rollkit.explain(poses, presets=[holes])
    assert told.case == "a"
    said = "; some check is undefined in 2 of 3 cases, first of case b, sample 1"
    assert told.chosen.endswith(said)
