"""`rollkit.fit` and `compare_fits`: what they check, call and measure."""

import numpy as np
import pytest

import rollkit
from rollkit import Actions, DataError, PluginError, State, Trajectory, UsageError, inverse
from rollkit.fitting.files import Tally

DT = 0.1


def drive(batch=(), steps=20):
    t = np.broadcast_to(np.arange(steps + 1) * DT, (*batch, steps + 1))
    return Trajectory.through(5 * t, 0.1 * t**2, DT, yaw=np.arctan2(0.2 * t, 5))


@inverse(integrator="euler", min_steps=2)
def halves(trajectory, *, history=None, initial_speed=None, share: float = 0.5):
    """Half of everything."""
    batch, steps = trajectory.batch, trajectory.steps
    full = np.full((*batch, steps), share)
    speed = np.ones(batch) if initial_speed is None else initial_speed
    return State(speed=speed), Actions(full, 0 * full, trajectory.dt)


def test_a_function_of_ones_own_with_its_options():
    initial, actions = rollkit.fit(drive((3,)), halves, initial_speed=4.0, share="0.25")
    np.testing.assert_array_equal(initial.speed, [4, 4, 4])
    assert (actions.accel == 0.25).all()


@pytest.mark.parametrize("method", ["spline", "alpamayo", "waymax", "differences"])
@pytest.mark.parametrize("batch", [(), (1,), (2, 3), (0,), (2, 0)])
def test_every_method_takes_any_batch(method, batch):
    initial, actions = rollkit.fit(drive(batch), method)
    assert initial.batch == actions.batch == batch
    assert (actions.steps, actions.dt) == (20, DT)


@pytest.mark.parametrize("method", ["spline", "alpamayo", "waymax", "differences"])
def test_single_precision_is_taken(method):
    one = drive((2,))
    single = Trajectory(*(np.float32(getattr(one, k)) for k in ("x", "y", "yaw", "speed")), DT)
    (_, actions), (_, expected) = rollkit.fit(single, method), rollkit.fit(one, method)
    np.testing.assert_allclose(actions.accel, expected.accel, atol=2e-3)


def test_spline_is_the_default_and_names_are_suggested():
    (_, one), (_, other) = rollkit.fit(drive()), rollkit.fit(drive(), "spline")
    np.testing.assert_array_equal(one.accel, other.accel)
    with pytest.raises(UsageError, match="unknown fitting method 'splin'; nearest: spline"):
        rollkit.fit(drive(), "splin")
    with pytest.raises(UsageError, match="unknown option 'jrek' of fit 'spline'; nearest: jerk"):
        rollkit.fit(drive(), jrek=1.0)
    with pytest.raises(UsageError, match=r"position_noise: got 0\.0, expected >= 0\.001"):
        rollkit.fit(drive(), position_noise=0.0)
    with pytest.raises(UsageError, match="not declared with @inverse"):
        rollkit.fit(drive(), print)


@pytest.mark.parametrize("method", ["spline", "alpamayo", "waymax", "differences"])
@pytest.mark.parametrize("name", ["x", "y", "yaw"])
def test_nan_is_refused_by_row_and_instant(method, name):
    one = drive((2, 3))
    values = {key: getattr(one, key).copy() for key in ("x", "y", "yaw", "speed")}
    values[name][1, 2, 7] = np.nan
    with pytest.raises(DataError, match=rf"{name} is nan at row \[1, 2\], instant 7"):
        rollkit.fit(Trajectory(**values, dt=DT), method)
    with pytest.raises(DataError, match=rf"{name} is nan at instant 7"):
        rollkit.fit(Trajectory(**{k: v[1, 2] for k, v in values.items()}, dt=DT), method)


def test_an_unknown_speed_is_no_fault():
    one = drive()
    unknown = Trajectory(one.x, one.y, one.yaw, np.full_like(one.x, np.nan), DT)
    for method in ("spline", "alpamayo", "waymax", "differences"):
        (_, got), (_, expected) = rollkit.fit(unknown, method), rollkit.fit(one, method)
        np.testing.assert_array_equal(got.accel, expected.accel)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"history": drive((3,), 4)}, r"got a history \(3, 5\) of a trajectory \(2, 21\)"),
        ({"history": drive((2,), 0)}, "at least two instants"),
        ({"history": drive((2,), 4)}, r"history of row \[0\] ends 2 m from where"),
        ({"initial_speed": [1.0, 2.0, 3.0]}, r"initial_speed: got \(3,\), expected \(2,\)"),
        ({"initial_speed": np.nan}, "initial_speed is not finite"),
    ],
)
def test_what_does_not_fit_the_trajectory_is_refused(changes, message):
    with pytest.raises(DataError, match=message):
        rollkit.fit(drive((2,)), **changes)


def test_a_history_has_the_trajectorys_time_step():
    t = np.arange(-4, 1) * 0.2
    before = Trajectory.through(5 * t, 0 * t, 0.2)
    with pytest.raises(DataError, match=r"history at dt=0.2 s of a trajectory at dt=0.1 s"):
        rollkit.fit(drive(), history=before)
    t = np.array([-0.1, np.nan, 0.0])
    with pytest.raises(DataError, match="history: x is nan at instant 1"):
        rollkit.fit(drive(), history=Trajectory(t, 0 * t, 0 * t, 0 * t, DT))


def test_of_a_history_that_ends_elsewhere_the_first_row_is_named_with_its_own_distance():
    before = drive((3,), 4)
    x = before.x - before.x[..., -1:] + np.array([[0.0], [3.0], [7.0]])
    history = Trajectory(x, 0 * x, before.yaw, before.speed, DT)
    with pytest.raises(DataError, match=r"history of row \[1\] ends 3 m from where"):
        rollkit.fit(drive((3,)), history=history)


def test_no_cases_can_be_compared_too():
    for one in rollkit.compare_fits(drive((0,))).values():
        assert one.values["rollout_ade"].shape == (0,)


def test_too_few_steps():
    with pytest.raises(DataError, match="got 0 steps, expected at least 1 for 'spline'"):
        rollkit.fit(drive(steps=0))
    with pytest.raises(DataError, match="got 1 steps, expected at least 2 for 'halves'"):
        rollkit.fit(drive(steps=1), halves)


def answering(answer):
    @inverse(integrator="exact", name="answering")
    def method(trajectory, *, history=None, initial_speed=None):
        """Whatever."""
        return answer() if callable(answer) else answer

    return method


GOOD = Actions([0.0] * 20, [0.0] * 20, DT)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda: 1 / 0, "compute failed.*ZeroDivisionError"),
        (None, "validate failed.*returned NoneType"),
        ((State(), None), "expected Actions"),
        ((State(speed=[1.0, 2.0]), GOOD), "expected a State"),
        ((State(), Actions([0.0], [0.0], DT)), r"expected Actions \(20,\)"),
        ((State(), Actions([0.0] * 20, [0.0] * 20, 1.0)), "returned dt=1 s"),
    ],
)
def test_a_method_that_fails_is_named(answer, message):
    with pytest.raises(PluginError, match=f"plugin answering.*{message}"):
        rollkit.fit(drive(), answering(answer))


def test_comparing_says_how_far_off_and_how_rough():
    fits = rollkit.compare_fits(drive((2,)), ["differences", halves], options={"halves": {}})
    assert list(fits) == ["differences", "halves"]
    one = fits["halves"]
    assert one.integrator == "euler"
    # From 1 m/s at 0.5 m/s² by Euler's steps, straight on; the drive goes 10 m ahead, 0.4 m aside.
    x = np.concatenate([[0], np.cumsum(1 + 0.5 * DT * np.arange(20)) * DT])
    away = np.hypot(x - drive().x, drive().y)
    np.testing.assert_allclose(one.values["rollout_ade"], away[1:].mean())
    np.testing.assert_allclose(one.values["rollout_fde"], away[-1])
    np.testing.assert_allclose(one.values["final_heading_error"], np.arctan2(0.4, 5))
    assert (one.values["rms_accel"] == 0.5).all()
    assert (one.values["max_abs_jerk"] == 0).all()
    assert (fits["differences"].values["rollout_ade"] < one.values["rollout_ade"]).all()


def test_comparing_takes_all_built_in_methods():
    fits = rollkit.compare_fits(drive(steps=1))
    assert {"differences", "alpamayo", "waymax", "spline"} <= set(fits)
    for one in fits.values():
        assert np.isnan(one.values["rms_jerk"])
        assert one.values["rollout_ade"] < 0.2


def test_wrong_comparisons():
    with pytest.raises(UsageError, match="expected a list"):
        rollkit.compare_fits(drive(), "spline")
    with pytest.raises(UsageError, match="options: got those of 'waymax'"):
        rollkit.compare_fits(drive(), ["spline"], options={"waymax": {}})


def test_over_a_file_squares_are_pooled_over_steps_and_means_over_cases():
    """A case of 10 steps at 1 m/s² and one of 30 at 0.5: sqrt((10 + 30/4) / 40)."""
    tally = Tally("euler")
    for steps, share in ((10, 1.0), (30, 0.5)):
        options = {"halves": {"share": share}}
        tally.add(rollkit.compare_fits(drive((1,), steps), [halves], options=options)["halves"])
    assert tally.value("rms_accel") == pytest.approx(np.sqrt(17.5 / 40))
    assert tally.value("max_abs_accel") == tally.worst("rms_accel") == 1.0
    both = [
        rollkit.compare_fits(drive((1,), steps), [halves], options={"halves": {"share": share}})
        for steps, share in ((10, 1.0), (30, 0.5))
    ]
    away = [one["halves"].values["rollout_ade"][0] for one in both]
    assert tally.value("rollout_ade") == pytest.approx(np.mean(away))
    assert tally.worst("rollout_ade") == pytest.approx(max(away))
