"""Rollouts done again are those that were measured."""

from dataclasses import replace

import numpy as np
import pytest

import rollkit
from rollkit import DataError, PluginError, UsageError
from rollkit.examples.again import examples_of
from rollkit.examples.choosing import extremes
from rollkit.examples.example import Wanted

from ..predictions.made import poses, random, straight

METRICS = ["max_abs_jerk", "min_speed", "path_length"]


def same_numbers(result, examples):
    """What the metrics say of the rollouts done again is what they said at first."""
    assert examples
    for one in examples:
        measured = rollkit.evaluate(one.rollout, list(result.metrics))
        for name, value in one.values.items():
            assert measured[name][0] == value, (one.name, name)


@pytest.mark.parametrize("integrator", ["rk4", "exact"])
def test_seeds_of_a_run(integrator):
    result = rollkit.run(
        "left", metrics=METRICS, integrator=integrator, seeds="50:3000", keep_values=True
    )
    wanted = extremes(result, result.values, METRICS)
    examples = examples_of(result, wanted, result.values)
    assert [one.wanted for one in examples] == wanted
    assert all(one.rollout.batch == (1,) and one.rollout.steps == 64 for one in examples)
    same_numbers(result, examples)


def test_cells_of_a_sweep_with_the_command_for_each():
    sweep = rollkit.run(
        "left,right", grid={"speed": [6, 8]}, metrics=METRICS, seeds=20, keep_values=True
    )
    wanted = [Wanted(seed=3, cell=number) for number in range(5)]  # four there are
    examples = examples_of(sweep, wanted, sweep.values)
    assert [one.wanted for one in examples] == wanted[:4]
    same_numbers(sweep, examples)
    assert "--scenario right" in examples[3].again
    assert "--set speed=8.0" in examples[3].again
    assert examples[0].rollout.speed[0, 0] != examples[1].rollout.speed[0, 0]


def test_a_run_with_a_reference_has_it_beside():
    def follows(draws, *, horizon, dt):
        """Straight on, beside somebody who drives 1 m to the left."""
        steps = np.zeros((len(draws), round(horizon / dt)))
        state, actions = rollkit.State(speed=np.full(len(draws), 5.0)), None
        actions = rollkit.Actions(steps, steps, dt)
        there = rollkit.rollout(actions, rollkit.State(y=np.ones(len(draws)), speed=5.0))
        return rollkit.Episodes(state, actions, reference=there.trajectory)

    result = rollkit.run(follows, seeds=3, metrics=["ade"], keep_values=True)
    (one,) = examples_of(result, [Wanted(seed=2)], result.values, source=follows)
    assert one.rollout.reference.batch == ()
    assert one.values == {"ade": 1.0}
    assert one.again is None  # no command line finds a function of this session


def test_a_function_of_this_session_has_to_be_given():
    def mine(draws, *, horizon, dt):
        """Nothing happens."""
        steps = np.zeros((len(draws), round(horizon / dt)))
        return rollkit.State(), rollkit.Actions(steps, steps, dt)

    result = rollkit.run(mine, seeds=2)
    with pytest.raises(UsageError):
        examples_of(result, [Wanted(seed=1)])
    assert len(examples_of(result, [Wanted(seed=1)], source=mine)) == 1


def test_a_source_and_an_integrator_that_fail_are_named(tmp_path):
    (tmp_path / "late.py").write_text(
        "from rollkit import hookimpl, integrator\n\n"
        "@integrator(order=1, speed_never_negative=False)\ndef late(initial, actions):\n"
        "    '''Never comes.'''\n    raise ArithmeticError('late')\n\n"
        "@hookimpl\ndef rollkit_integrators():\n    return [late]\n"
    )
    result = rollkit.run("left", metrics=METRICS, seeds=2)
    spec = replace(result.run, plugins=(str(tmp_path / "late.py"),), integrator="late")
    with pytest.raises(PluginError, match=r"late.py:6: ArithmeticError: late"):
        examples_of(replace(result, run=spec), [Wanted(seed=1)])

    def mine(draws, *, horizon, dt):
        """Fails, too."""
        raise ArithmeticError("mine")

    result = replace(result, run=replace(result.run, params={}))
    with pytest.raises(PluginError, match="ArithmeticError: mine"):
        examples_of(result, [Wanted(seed=1)], source=mine)


@pytest.fixture
def cases(tmp_path):
    """A file of 40 cases of 3 samples, and the reference in another."""
    predicted, went = random(5, cases=40, samples=3, steps=6, dt=0.5)
    for name, one, more in (("p", predicted, "ids"), ("r", went, "ids")):
        np.savez(
            tmp_path / f"{name}.npz",
            **{more: list(one.ids)}, t=np.arange(7) * 0.5, x=one.x, y=one.y,
        )  # fmt: skip
    return tmp_path / "p.npz", tmp_path / "r.npz"


@pytest.mark.parametrize("samples", ["first", "all"])
def test_cases_of_files(cases, samples):
    result = rollkit.evaluate_predictions(
        *cases, metrics=["ade", "fde"], samples=samples, keep_values=True
    )
    wanted = extremes(result, result.values, ["ade", "fde"])
    examples = examples_of(result, wanted, result.values)
    assert [one.wanted for one in examples] == wanted
    for one in examples:
        assert one.rollout.batch == (3,)
        assert one.rollout.reference.batch == ()
        said = rollkit.evaluate(one.rollout, ["ade", "fde"])
        for name in ("ade", "fde"):
            assert said[name][one.wanted.sample or 0] == pytest.approx(one.values[name], rel=1e-12)


def test_what_was_in_memory_has_to_be_given():
    past = {"history": straight(cases=2, steps=2), "ids": ("a", "b")}
    went = straight(cases=2, ids=("a", "b"))
    predicted = straight(cases=2, samples=2, **past)
    result = rollkit.evaluate_predictions(predicted, went, metrics=["ade"])
    wanted = [Wanted(case="b"), Wanted(case="a")]
    with pytest.raises(UsageError, match="was in memory, and no file holds it"):
        examples_of(result, wanted)
    given = {"predictions": [predicted], "reference": [went]}
    examples = examples_of(result, wanted, **given)
    assert [one.name for one in examples] == ["b", "a"]
    assert examples[0].history.batch == ()
    assert examples[0].values == {}


def test_cases_that_are_gone_are_left_out():
    result = rollkit.evaluate_predictions(straight(ids=["a"]), metrics=["min_speed"])
    wanted = [Wanted(case="gone"), Wanted(case="a")]
    assert [one.name for one in examples_of(result, wanted, predictions=[straight(ids=["a"])])] == [
        "a"
    ]
    with pytest.raises(DataError, match="none of its cases is one of those evaluated then"):
        examples_of(result, wanted, predictions=[poses([[[0, 1, 2]]], ids=["other"])])


def test_a_recorded_drive(shared):
    drive = shared / "data" / "av2_7fab2350_city_SE3_egovehicle.feather"
    result = rollkit.evaluate_predictions(
        drive, horizon=3.0, history=1.0, metrics=["path_length", "min_speed"], keep_values=True
    )
    examples = examples_of(result, extremes(result, result.values, ["min_speed"]), result.values)
    same_numbers(result, examples)
    assert all(one.history is not None for one in examples)


def test_the_actions_of_a_case_are_those_that_the_metrics_saw():
    predicted, went = random(5, 4, 3, 8)
    result = rollkit.evaluate_predictions(
        predicted, went, metrics=["max_abs_jerk"], samples="all", keep_values=True
    )
    wanted = [Wanted(case=case) for case in predicted.ids]
    examples = examples_of(result, wanted, result.values, predictions=[predicted], reference=[went])
    seen = np.abs([one.rollout.jerk for one in examples]).max(axis=-1)
    np.testing.assert_allclose(seen.ravel(), result.values["max_abs_jerk"], rtol=1e-12)


def test_the_command_measures_what_the_rollout_was_chosen_for():
    result = rollkit.run("left", metrics=METRICS, seeds=20, keep_values=True)
    wanted = extremes(result, result.values, ["path_length", "min_speed"])
    said = {one.name: one.again for one in examples_of(result, wanted)}
    assert said[wanted[0].name].split()[-1] in ("path_length", "min_speed,path_length")
    (plain,) = examples_of(result, [Wanted(seed=3)])
    assert plain.again.endswith("--metrics max_abs_jerk")
