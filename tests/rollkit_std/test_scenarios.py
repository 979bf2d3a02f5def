"""Scenarios: what holds for all of them, read off their declarations, and what each is for."""

import inspect
import math
import pkgutil
import re
from importlib import import_module
from typing import Literal, get_args, get_origin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit_std.scenarios
from rollkit import Draws, Rollout, State, UsageError
from rollkit_std.integrators.euler import euler
from rollkit_std.integrators.exact import exact
from rollkit_std.integrators.rk4 import rk4
from rollkit_std.integrators.semi_implicit_euler import semi_implicit_euler

INTEGRATORS = (exact, rk4, euler, semi_implicit_euler)
NAMES = [
    one.name
    for one in pkgutil.iter_modules(rollkit_std.scenarios.__path__)
    if not one.name.startswith("_")
]
MODULES = {name: import_module(f"rollkit_std.scenarios.{name}") for name in NAMES}
SCENARIOS = {name: getattr(module, name) for name, module in MODULES.items()}

every_scenario = pytest.mark.parametrize("name", NAMES)

time_grids = st.floats(0.01, 0.5).flatmap(
    lambda dt: st.integers(1, int(60 / dt)).map(lambda steps: {"horizon": steps * dt, "dt": dt})
)
first_seeds = st.integers(0, 2**40)


def some_parameters(name):
    """Values of all of a scenario's parameters, anywhere in their declared ranges."""
    values = {}
    for one in SCENARIOS[name].__rollkit__.parameters:
        if get_origin(one.type) is Literal:
            values[one.name] = st.sampled_from(get_args(one.type))
        else:
            assert one.type is float
            values[one.name] = st.floats(one.about.low, one.about.high)
    return st.fixed_dictionaries(values)


def drive(name, *, first=0, n=1, horizon=6.4, dt=0.1, integrator=exact, **parameters):
    """The rollout of one scenario."""
    initial, actions = SCENARIOS[name](Draws(first, n), horizon=horizon, dt=dt, **parameters)
    return Rollout(integrator(initial, actions), actions)


def made_unless_refused(name, draws, **options):
    """State and actions of a scenario, or None where its parameters conflict."""
    try:
        return SCENARIOS[name](draws, **options)
    except UsageError:
        return None


def largest(signal):
    return float(np.max(np.abs(signal), initial=0))


def standing_time(rollout):
    """Longest time of each rollout between the first and the last of instants at speed 0, s."""
    longest = []
    for standing in rollout.speed <= 1e-9:
        runs = [
            len(run) for run in "".join("s" if one else "-" for one in standing).split("-") if run
        ]
        longest.append((max(runs, default=1) - 1) * rollout.dt)
    return np.array(longest)


def yaw_end(rollout):
    return rollout.trajectory.yaw[:, -1]


# What holds for every scenario


def test_the_scenarios_are_the_ones_promised():
    promised = """
        straight left right lane_change s_curve u_turn cruise stop_and_go emergency_brake
        minimum_risk_stop random_smooth
    """
    assert sorted(NAMES) == sorted(promised.split())


@every_scenario
def test_declaration(name):
    scenario, spec = SCENARIOS[name], SCENARIOS[name].__rollkit__
    assert MODULES[name].rollkit_action_sources() == [scenario]
    assert spec.name == name
    assert not spec.own_time
    assert 0 <= spec.limits["lateral_accel"] <= 3
    assert {"speed", "noise"} <= {one.name for one in spec.parameters}
    for one in spec.parameters:
        assert one.about.doc
        assert not one.required
        assert (
            inspect.signature(scenario).parameters[one.name].kind is inspect.Parameter.KEYWORD_ONLY
        )
        if one.type is float:
            assert one.about.unit
            assert one.about.low <= one.default <= one.about.high


@every_scenario
@given(data=st.data(), grid=time_grids, first=first_seeds)
def test_limits_hold_for_all_parameters_and_seeds(name, data, grid, first):
    parameters = data.draw(some_parameters(name))
    steps = round(grid["horizon"] / grid["dt"])
    made = made_unless_refused(name, Draws(first, 3), **grid, **parameters)
    if made is None:
        assert name in ("s_curve", "cruise", "random_smooth")  # whose parameters can conflict
        return
    initial, actions = made
    assert initial.batch == (3,)
    assert actions.accel.shape == (3, steps)
    assert initial.speed.min() >= 0
    for integrator in INTEGRATORS:
        rollout = Rollout(integrator(initial, actions), actions)
        assert np.isfinite(rollout.trajectory.x).all()
        assert np.isfinite(rollout.trajectory.y).all()
        assert rollout.speed.min() >= 0
        for signal, limit in SCENARIOS[name].__rollkit__.limits.items():
            assert largest(getattr(rollout, signal)) <= limit, (signal, integrator.__name__)


@every_scenario
@given(data=st.data(), grid=time_grids)
def test_speeds_come_from_a_profile_that_is_not_negative(name, data, grid):
    """Only the emergency brake leans on the integrator to hold the speed at 0."""
    made = made_unless_refused(name, Draws(5, 3), **grid, **data.draw(some_parameters(name)))
    if made is None:
        return
    initial, actions = made
    speed = initial.speed[:, None] + np.cumsum(actions.accel * actions.dt, axis=1)
    assert name == "emergency_brake" or speed.min() >= -1e-9


@every_scenario
@given(first=first_seeds, grid=time_grids)
def test_without_noise_all_seeds_are_alike(name, first, grid):
    if name == "random_smooth":
        grid = {**grid, "dt": 0.1, "horizon": 6.4}
    rollout = drive(name, first=first, n=4, noise=0.0, **grid)
    other = drive(name, noise=0.0, **grid)
    for signal in ("accel", "curvature", "speed"):
        assert np.array_equal(
            getattr(rollout, signal), np.repeat(getattr(other, signal), 4, axis=0)
        )


@every_scenario
@given(first=first_seeds, n=st.integers(1, 70), data=st.data())
def test_a_seed_is_the_same_in_every_chunk(name, first, n, data):
    i = data.draw(st.integers(0, n - 1))
    noise = data.draw(st.floats(0, 1))
    chunk = drive(name, first=first, n=n, noise=noise)
    alone = drive(name, first=first + i, n=1, noise=noise)
    assert np.array_equal(chunk.accel[i], alone.accel[0])
    assert np.array_equal(chunk.curvature[i], alone.curvature[0])
    assert np.array_equal(chunk.speed[i], alone.speed[0])


@every_scenario
def test_seeds_differ(name):
    rollout = drive(name, n=200)
    profiles = np.hstack([rollout.speed, rollout.accel, rollout.curvature])
    assert len(np.unique(profiles, axis=0)) == 200


@every_scenario
@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("dt", [0.01, 0.1, 0.5])
def test_any_number_of_seeds_and_a_single_step(name, n, dt):
    initial, actions = SCENARIOS[name](Draws(0, n), horizon=dt, dt=dt)
    assert isinstance(initial, State)
    assert initial.batch == (n,)
    assert actions.accel.shape == actions.curvature.shape == (n, 1)


@every_scenario
def test_the_course_does_not_depend_on_dt(name):
    coarse, fine = drive(name, n=50, dt=0.1), drive(name, n=50, dt=0.02)
    # A stop lasts one step longer than told, so a coarser grid drives off later.
    until = 40 if name == "stop_and_go" else 65
    speeds = fine.speed[:, ::5] - coarse.speed
    places = np.hypot(
        fine.trajectory.x[:, ::5] - coarse.trajectory.x,
        fine.trajectory.y[:, ::5] - coarse.trajectory.y,
    )
    assert largest(speeds[:, :until]) < 1e-9
    assert largest(places[:, :until]) < 0.01


@every_scenario
def test_speed_can_be_set(name):
    named = {one.name: one for one in SCENARIOS[name].__rollkit__.parameters}
    usual = named["speed"].default
    slower, faster = (drive(name, noise=0.0, speed=usual + change) for change in (-0.5, 0.5))
    assert faster.speed[0, 0] == pytest.approx(slower.speed[0, 0] + 1)


# Options that leave the actions alone, and why; each of these does change the initial speed.
NO_ACTION = {
    ("straight", "speed"): "at a constant speed nothing is to be done, whatever it is",
    ("straight", "noise"): "there is nothing but the speed to perturb",
    ("emergency_brake", "speed"): "the brake is pressed as hard from any speed, and stays pressed",
    ("s_curve", "speed"): "the bend has its peak and its duration whatever the speed",
    ("random_smooth", "speed"): "accelerations and curvatures are functions of time",
}
OPTIONS = [(name, one.name) for name in NAMES for one in SCENARIOS[name].__rollkit__.parameters]


def other_values(parameter):
    """An option a little lower and a little higher than usual, or all of its other choices."""
    if get_origin(parameter.type) is Literal:
        return [one for one in get_args(parameter.type) if one != parameter.default]
    low, usual, high = parameter.about.low, parameter.default, parameter.about.high
    near = (usual + 0.01 * (end - usual) for end in (low, high))
    return [one for one in near if one != usual]


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_changes_the_actions(name, option):
    named = {one.name: one for one in SCENARIOS[name].__rollkit__.parameters}
    usual = drive(name, horizon=30.0, noise=0.0)
    values = other_values(named[option])
    assert values
    for value in values:
        other = drive(name, horizon=30.0, **{"noise": 0.0, option: value})
        pairs = ((other.accel, usual.accel), (other.curvature, usual.curvature))
        change = max(largest(one - two) for one, two in pairs)
        if (name, option) in NO_ACTION:
            assert change < 1e-12  # rounding
            assert other.speed[0, 0] != usual.speed[0, 0]
        else:
            assert change > 1e-6, value


@every_scenario
def test_noise_tells_seeds_apart(name):
    rollout = drive(name, n=2, noise=0.5)
    assert not np.array_equal(rollout.speed[0], rollout.speed[1])


# What each is for


def test_straight():
    rollout = drive("straight", n=20)
    assert largest(rollout.accel) == largest(rollout.curvature) == 0
    assert drive("straight", noise=0.0, speed=12.0).trajectory.x[0, -1] == pytest.approx(12 * 6.4)


@pytest.mark.parametrize("integrator", [exact, rk4])
@pytest.mark.parametrize(("name", "angle"), [("left", math.pi / 2), ("right", -math.pi / 2)])
def test_an_intersection_is_turned_within_the_default_horizon(name, angle, integrator):
    assert yaw_end(drive(name, noise=0.0, integrator=integrator)) == pytest.approx(angle, abs=1e-6)
    assert yaw_end(drive(name, n=500, integrator=integrator)) == pytest.approx(angle, abs=0.01)


def test_a_left_turn_slows_to_the_turning_speed_and_speeds_up_again():
    rollout = drive("left", noise=0.0, horizon=10.0)
    assert rollout.speed[0, 0] == rollout.speed[0, -1] == pytest.approx(8)
    assert rollout.speed.min() == pytest.approx(math.sqrt(2.5 / 0.15), rel=1e-5)
    assert largest(rollout.lateral_accel) == pytest.approx(2.5, rel=1e-5)
    assert rollout.curvature.max() == pytest.approx(0.15)
    assert rollout.speed[0, 64] > rollout.speed.min() + 1  # on the way within the default horizon


@given(data=st.data(), first=first_seeds, grid=time_grids)
def test_left_and_right_are_mirror_images(data, first, grid):
    parameters = {**data.draw(some_parameters("left")), **grid}
    left, right = (drive(name, first=first, n=3, **parameters) for name in ("left", "right"))
    assert np.array_equal(left.accel, right.accel)
    assert np.array_equal(left.curvature, -right.curvature)


@given(parameters=some_parameters("left"), dt=st.sampled_from([0.01, 0.1, 0.5]), first=first_seeds)
def test_a_turn_is_a_quarter_with_any_parameters(parameters, dt, first):
    # At the slowest, 30 m of arc at 1.6 m/s follow 10 s of waiting.
    rollout = drive("left", first=first, n=3, horizon=60.0, dt=dt, **parameters)
    assert yaw_end(rollout) == pytest.approx(math.pi / 2, abs=0.01)


@pytest.mark.parametrize("integrator", [exact, rk4])
@pytest.mark.parametrize("dt", [0.01, 0.1, 0.2])
def test_a_lane_change_lands_beside(dt, integrator):
    rollout = drive("lane_change", noise=0.0, dt=dt, integrator=integrator)
    assert rollout.trajectory.y[0, -1] == pytest.approx(3.5, abs=0.01)
    assert yaw_end(rollout) == pytest.approx(0, abs=1e-9)


@given(
    parameters=some_parameters("lane_change"), first=first_seeds, dt=st.sampled_from([0.01, 0.1])
)
def test_a_lane_change_lands_beside_with_any_parameters(parameters, first, dt):
    parameters["noise"] = 0.0
    rollout = drive("lane_change", first=first, horizon=22.0, dt=dt, **parameters)
    width = parameters["width"] * (1 if parameters["side"] == "left" else -1)
    assert rollout.trajectory.y[0, -1] == pytest.approx(width, abs=0.01)
    assert yaw_end(rollout) == pytest.approx(0, abs=1e-9)


def test_a_lane_change_is_over_within_the_default_horizon_for_every_seed():
    rollout = drive("lane_change", n=500)
    assert largest(yaw_end(rollout)) < 1e-9
    assert np.abs(rollout.trajectory.y[:, -1] - 3.5).max() < 0.2


@given(speed=st.floats(3, 24), curvature=st.floats(0.005, 0.05), first=first_seeds)
def test_an_s_curve_bends_both_ways_and_returns(speed, curvature, first):
    if speed * speed * curvature > 3:
        with pytest.raises(UsageError, match="s_curve"):
            drive("s_curve", speed=speed, curvature=curvature)
        return
    rollout = drive("s_curve", speed=speed, curvature=curvature, noise=0.0, dt=0.02)
    assert rollout.curvature.max() == pytest.approx(curvature, rel=1e-3)
    assert rollout.curvature.min() == pytest.approx(-curvature, rel=1e-3)
    perturbed = drive("s_curve", speed=speed, curvature=curvature, first=first, n=5)
    assert yaw_end(perturbed) == pytest.approx(0, abs=1e-9)
    assert (perturbed.curvature.max(axis=1) > 0).all()
    assert (perturbed.curvature.min(axis=1) < 0).all()


@given(parameters=some_parameters("u_turn"), first=first_seeds)
def test_a_u_turn_turns_by_pi(parameters, first):
    rollout = drive("u_turn", first=first, n=5, horizon=40.0, **parameters)
    assert yaw_end(rollout) == pytest.approx(math.pi, abs=1e-3)
    assert rollout.speed[:, -1] == pytest.approx(rollout.speed[:, 0])


def test_a_u_turn_slows_where_the_lateral_limit_asks_for_it():
    rollout = drive("u_turn", noise=0.0, speed=5.0, curvature=0.2, horizon=20.0)
    assert rollout.speed.min() == pytest.approx(math.sqrt(3 / 0.2), rel=1e-5)
    assert drive("u_turn", noise=0.0, speed=3.0, curvature=0.2).speed.min() == pytest.approx(3)


def test_cruising_holds_the_speed_and_stays_on_a_gentle_road():
    rollout = drive("cruise", n=50, horizon=60.0)
    assert rollout.speed.mean() == pytest.approx(15, rel=0.05)
    assert np.ptp(rollout.speed, axis=1).max() <= 2 * 0.5 * 1.1
    assert np.ptp(rollout.speed, axis=1).min() > 0.5
    assert (rollout.curvature.max(axis=1) > 0.002).all()
    assert (rollout.curvature.min(axis=1) < -0.002).all()
    steady = drive("cruise", noise=0.0, variation=0.0, curvature=0.0)
    assert largest(steady.accel) == largest(steady.curvature) == 0


def test_stop_and_go_stands_within_the_default_horizon():
    rollout = drive("stop_and_go", n=500)
    assert (standing_time(rollout) >= 2 - 1e-9).all()
    assert (rollout.speed[:, 0] > 3).all()


@pytest.mark.parametrize("stand", [2.0, 3.5, 8.0, 20.0])
@pytest.mark.parametrize("dt", [0.01, 0.1])
def test_stop_and_go_stands_as_long_as_it_is_told(stand, dt):
    rollout = drive("stop_and_go", noise=0.0, stand=stand, dt=dt, horizon=60.0)
    # One step more, and the last hair's breadth of the braking is standing too.
    assert standing_time(rollout)[0] == pytest.approx(stand + dt, abs=dt + 0.01)


@given(
    parameters=some_parameters("stop_and_go"),
    first=first_seeds,
    dt=st.sampled_from([0.01, 0.1, 0.5]),
)
def test_stop_and_go_stands_long_enough_with_any_parameters(parameters, first, dt):
    stand, share = min(parameters["stand"], 10.0), 0.2 * parameters["noise"]
    parameters["stand"] = stand
    rollout = drive("stop_and_go", first=first, n=3, horizon=60.0, dt=dt, **parameters)
    standing = standing_time(rollout)
    assert (standing >= max(2.0, stand * (1 - share) - dt) - 1e-9).all()
    assert (standing <= stand * (1 + share) + 2 * dt + 0.01).all()
    assert rollout.speed.max() <= 8 + 1e-9


def test_stop_and_go_drives_off_again():
    speed = drive("stop_and_go", noise=0.0, horizon=60.0).speed[0]
    stops = np.count_nonzero((speed[1:] <= 1e-9) & (speed[:-1] > 1e-9))
    assert stops >= 5
    assert speed.max() == pytest.approx(5)


@pytest.mark.parametrize("integrator", INTEGRATORS)
def test_emergency_braking_reaches_its_deceleration_and_stops(integrator):
    rollout = drive("emergency_brake", noise=0.0, integrator=integrator)
    assert rollout.accel.min() == pytest.approx(-0.774 * 9.80665, rel=1e-5)
    assert largest(rollout.jerk) == pytest.approx(12.65, rel=1e-5)
    assert largest(rollout.jerk) <= 12.65
    assert largest(rollout.accel) <= 0.774 * 9.80665
    assert rollout.speed[0, -1] == 0
    assert rollout.accel[0, -1] == pytest.approx(
        rollout.accel.min()
    )  # the command stays on after the stop
    # By hand: v t over the start, v²/(2a) of braking, and v t_rise/2 - a t_rise²/24 of rising.
    if integrator is exact:
        v, a, rise = 15.0, 0.774 * 9.80665, 0.774 * 9.80665 / 12.65
        distance = 0.5 * v + v * v / (2 * a) + v * rise / 2 - a * rise * rise / 24
        assert rollout.trajectory.x[0, -1] == pytest.approx(distance, abs=0.01)


def test_every_seed_of_an_emergency_stops_within_the_default_horizon():
    rollout = drive("emergency_brake", n=500)
    assert largest(rollout.speed[:, -1]) == 0
    assert rollout.accel[:, -1].max() < -0.6 * 9.80665


def test_a_minimum_risk_stop_ends_standing():
    rollout = drive("minimum_risk_stop", n=500)
    assert largest(rollout.speed[:, -1]) <= 1e-9
    assert largest(rollout.accel[:, -1]) <= 1e-9
    assert largest(rollout.accel) <= 4
    assert (np.diff(rollout.speed, axis=1) <= 1e-12).all()
    assert drive("minimum_risk_stop", noise=0.0, dt=0.01).accel.min() == pytest.approx(
        -3.5, rel=1e-3
    )


@pytest.mark.parametrize("bandwidth", [0.3, 0.6, 1.0])
def test_random_smooth_has_no_power_above_its_bandwidth(bandwidth):
    # In 190 s over the bandwidth every wave makes whole turns, so that none leaks into others.
    period, steps = 19 / bandwidth, 760
    rollout = drive(
        "random_smooth", n=5, horizon=period, dt=period / steps, bandwidth=bandwidth, curvature=0.01
    )
    frequencies = np.fft.rfftfreq(steps, period / steps)
    for signal in (rollout.accel, rollout.curvature):
        power = np.abs(np.fft.rfft(signal, axis=1))
        assert power[:, frequencies > bandwidth * 1.001].max() < 1e-6 * power.max()


# What cannot be driven is refused


@pytest.mark.parametrize(
    ("name", "parameters", "got"),
    [
        ("s_curve", {"speed": 20.0, "curvature": 0.05}, "20 m/s²"),
        ("cruise", {"speed": 40.0, "curvature": 0.01}, "16.4 m/s²"),
        ("random_smooth", {"speed": 30.0, "curvature": 0.1}, "100 m/s²"),
    ],
)
def test_a_speed_too_high_for_the_curvature_is_refused_with_what_to_do(name, parameters, got):
    with pytest.raises(UsageError) as caught:
        drive(name, **parameters)
    assert "\n" not in caught.value.message
    assert caught.value.message.startswith(f"{name}: ")
    assert got in caught.value.message
    assert "expected at most 3" in caught.value.message
    # What the hint says works.
    curvature = float(re.search(r"curvature <= ([\d.e-]+)", caught.value.hint)[1])
    drive(name, **{**parameters, "curvature": curvature})


def test_random_smooth_refuses_to_drive_backwards():
    with pytest.raises(UsageError, match=r"random_smooth: speed: got 2 m/s, expected at least 11 "):
        drive("random_smooth", speed=2.0, accel=2.0, bandwidth=0.1)


def test_random_smooth_refuses_a_bandwidth_that_the_steps_cannot_carry():
    with pytest.raises(UsageError, match=r"bandwidth: got 1 Hz, expected at most 0.5 Hz"):
        drive("random_smooth", bandwidth=1.0, horizon=10.0, dt=1.0)
