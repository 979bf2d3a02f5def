"""The library on rollouts in hand: rollout, evaluate, evaluate_actions."""

import numpy as np
import pytest

import rollkit
from rollkit import Actions, PluginError, State, UsageError, integrator, metric
from rollkit.cell import CHUNK


def test_chunks_give_what_the_whole_gives():
    random = np.random.default_rng(0)
    shape = (CHUNK + 7, 12)
    actions = Actions(random.normal(size=shape), 0.05 * random.normal(size=shape), 0.1)
    initial = State(speed=random.uniform(0, 10, shape[0]))
    names = ["max_abs_jerk", "path_length", "rms_lateral_accel"]
    whole = rollkit.evaluate(rollkit.rollout(actions, initial), names)
    parts = rollkit.evaluate_actions(actions, initial, metrics=names)
    for name in names:
        np.testing.assert_array_equal(whole[name], parts[name])


def test_any_batch_shape():
    actions = Actions(np.ones((2, 3, 4)), np.zeros((2, 3, 4)), 0.5)
    values = rollkit.evaluate(rollkit.rollout(actions, State(speed=1.0)))
    assert {value.shape for value in values.values()} == {(2, 3)}
    assert (values["final_speed"] == 3.0).all()


def test_no_rollouts_give_no_values():
    nothing = Actions(np.zeros((0, 4)), np.zeros((0, 4)), 0.5)
    assert rollkit.evaluate(rollkit.rollout(nothing, State()))["max_abs_jerk"].shape == (0,)
    assert rollkit.evaluate_actions(nothing, State())["max_abs_jerk"].shape == (0,)


def test_functions_serve_as_metrics_and_integrators():
    @metric(unit="m/s", min_steps=2)
    def top_speed(rollout):
        """Largest speed."""
        return rollout.speed.max(axis=-1)

    @integrator(order=None, speed_never_negative=True)
    def parked(initial, actions):
        """Never moves, at speed."""
        still = np.zeros((*actions.batch, actions.steps + 1))
        return rollkit.Trajectory(still, still, still, still + initial.speed, actions.dt)

    actions = Actions([1.0, 1.0], [0.0, 0.0], 0.1)
    rollout = rollkit.rollout(actions, State(speed=3.0), parked)
    assert rollkit.evaluate(rollout, [top_speed]) == {"top_speed": 3.0}


def test_a_metric_that_fails_says_whose_it_is():
    @metric(unit="1")
    def broken(rollout):
        """Broken."""
        return rollout.nothing

    rollout = rollkit.rollout(Actions([1.0], [0.0], 0.1), State())
    with pytest.raises(PluginError, match=r"broken: compute failed at .*test_evaluation.py:\d+"):
        rollkit.evaluate(rollout, [broken])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: rollkit.evaluate(r, ["max_jerk"]), "unknown metric 'max_jerk'; nearest"),
        (lambda r: rollkit.evaluate(r, "max_abs_jerk"), "expected a list of names"),
        (lambda r: rollkit.evaluate(r, [len]), "is not declared with @metric"),
        (lambda r: rollkit.rollout(r.actions, State(), "rk5"), "unknown integrator 'rk5'"),
        (lambda r: rollkit.rollout(r.actions, State(), len), "is not declared with @integrator"),
        (lambda r: rollkit.evaluate_actions(r.actions, State()), r"expected \(N, T\)"),
        (
            lambda r: rollkit.evaluate_actions(
                Actions(np.zeros((2, 3)), np.zeros((2, 3)), 0.1), State(speed=[1.0] * 3)
            ),
            r"got an initial state \(3,\) for actions \(2, 3\)",
        ),
    ],
)
def test_wrong_calls(call, message):
    rollout = rollkit.rollout(Actions([1.0], [0.0], 0.1), State())
    with pytest.raises((UsageError, rollkit.DataError), match=message):
        call(rollout)


def test_states_that_do_not_fit_the_actions():
    actions = Actions(np.zeros((2, 3)), np.zeros((2, 3)), 0.1)
    with pytest.raises(
        rollkit.DataError, match=r"got an initial state \(3,\) for actions \(2, 3\)"
    ):
        rollkit.rollout(actions, State(speed=[1.0, 1.0, 1.0]))


def test_what_converts_to_an_array_is_taken_as_it_comes():
    """Tensors of PyTorch and JAX do, by `__array__`."""

    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.zeros(4)

    actions = Actions(Tensor(), Tensor(), 0.1)
    assert rollkit.evaluate(rollkit.rollout(actions, State(speed=2.0)))["final_speed"] == 2.0


def test_two_metrics_of_one_name_are_refused():
    @metric(unit="1")
    def max_abs_jerk(rollout):
        """Another one."""
        return rollout.speed[..., 0]

    rollout = rollkit.rollout(Actions([1.0, 2.0], [0.0, 0.0], 0.1), State())
    with pytest.raises(UsageError, match="two metrics are called 'max_abs_jerk'"):
        rollkit.evaluate(rollout, ["max_abs_jerk", max_abs_jerk])


def test_large_coordinates_are_not_narrowed():
    actions = Actions(np.zeros(100, np.float32), np.zeros(100, np.float32), 0.1)
    rollout = rollkit.rollout(actions, State(x=4.5e6, speed=2.3))
    assert rollkit.evaluate(rollout, ["path_length"])["path_length"] == pytest.approx(23.0)


def test_masked_values_of_a_metric_are_undefined():
    @metric(unit="1")
    def masked(rollout):
        """Masked where negative."""
        return np.ma.masked_less(np.array([1.0, -999.0]), 0)

    actions = Actions(np.zeros((2, 3)), np.zeros((2, 3)), 0.1)
    got = rollkit.evaluate(rollkit.rollout(actions, State()), [masked])["masked"]
    assert np.isnan(got).tolist() == [False, True]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((0, 0, 0, -5.0), "returned a first speed|returned a speed below 0"),
        ((1.0, 0, 0, 0), "returned a first x"),
        ((0, 0, 0, np.nan), "returned nan in speed"),
    ],
)
def test_an_integrator_is_held_to_what_it_declares(fields, message):
    @integrator(order=1, speed_never_negative=True)
    def lying(initial, actions):
        """Not what it says."""
        return rollkit.Trajectory(*(np.full((2,), one) for one in fields), actions.dt)

    with pytest.raises(rollkit.DataError, match=message):
        rollkit.rollout(Actions([0.0], [0.0], 0.1), State(), lying)
