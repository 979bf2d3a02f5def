"""The integrators: worked by hand, against SciPy, and the laws that all of them keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import rollkit
from rollkit import Actions, DataError, State
from rollkit.plugins import Plugins
from rollkit.testing.strategies import cases

NAMES = ("euler", "semi_implicit_euler", "rk4", "exact")
FIELDS = ("x", "y", "yaw", "speed")

every = pytest.mark.parametrize("name", NAMES)


def roll(name, initial, actions):
    return rollkit.rollout(actions, initial, name).trajectory


def scale(trajectory):
    """The size of the numbers that rounding is relative to."""
    return 1 + max(
        float(np.abs(getattr(trajectory, one)).max(initial=0)) for one in ("x", "y", "yaw")
    )


def assert_close(got, expected, tolerance=1e-11):
    for one in FIELDS:
        np.testing.assert_allclose(
            getattr(got, one),
            getattr(expected, one),
            rtol=0,
            atol=tolerance * scale(expected) * expected.x.shape[-1],
            err_msg=one,
        )


# Two steps of 0.5 s from 4 m/s: a = 2, -20 (stops), κ = 0.25, 0.
HAND = (State(x=1.0, y=2.0, yaw=0.0, speed=4.0), Actions([2.0, -20.0], [0.25, 0.0], 0.5))


def test_euler_by_hand():
    got = roll("euler", *HAND)
    assert got.speed.tolist() == [4.0, 5.0, 0.0]
    assert got.yaw.tolist() == [0.0, 0.5, 0.5]
    assert got.x.tolist() == pytest.approx([1.0, 3.0, 3.0 + 2.5 * np.cos(0.5)], rel=1e-15)
    assert got.y.tolist() == pytest.approx([2.0, 2.0, 2.0 + 2.5 * np.sin(0.5)], rel=1e-15)


def test_semi_implicit_euler_by_hand():
    got = roll("semi_implicit_euler", *HAND)
    assert got.speed.tolist() == [4.0, 5.0, 0.0]
    assert got.yaw.tolist() == [0.0, 0.625, 0.625]
    end = 1.0 + 2.5 * np.cos(0.625)
    assert got.x.tolist() == pytest.approx([1.0, end, end], rel=1e-15)
    assert got.y.tolist() == [2.0, 2.0 + 2.5 * np.sin(0.625), 2.0 + 2.5 * np.sin(0.625)]


def test_exact_by_hand():
    """An arc of 2.25 m at κ = 0.25, then 5²/(2 20) = 0.625 m straight on until it stands."""
    got = roll("exact", *HAND)
    angle = 2.25 * 0.25
    assert got.speed.tolist() == [4.0, 5.0, 0.0]
    np.testing.assert_allclose(got.yaw, [0.0, angle, angle], rtol=1e-15)
    x = 1 + np.sin(angle) / 0.25
    y = 2 + (1 - np.cos(angle)) / 0.25
    np.testing.assert_allclose(got.x, [1, x, x + 0.625 * np.cos(angle)], rtol=1e-15)
    np.testing.assert_allclose(got.y, [2, y, y + 0.625 * np.sin(angle)], rtol=1e-15)


def test_rk4_by_hand():
    """The second step is straight, so it is exact; the first is one step of the classical rule."""
    got = roll("rk4", *HAND)

    def slope(state):
        _, _, yaw, speed = state
        return np.array([speed * np.cos(yaw), speed * np.sin(yaw), speed * 0.25, 2.0])

    state, h = np.array([1.0, 2.0, 0.0, 4.0]), 0.5
    k1 = slope(state)
    k2 = slope(state + h / 2 * k1)
    k3 = slope(state + h / 2 * k2)
    k4 = slope(state + h * k3)
    state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    reached = [getattr(got, one)[1] for one in FIELDS]
    np.testing.assert_allclose(reached, state, rtol=1e-15)
    np.testing.assert_allclose(got.x[2] - got.x[1], 0.625 * np.cos(got.yaw[1]), rtol=1e-14)
    assert got.speed[2] == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_exact_against_scipy(seed):
    """An independent oracle: SciPy's solver, stopped by an event where the speed reaches 0."""
    random = np.random.default_rng(seed)
    actions = Actions(random.uniform(-6, 4, 12), random.uniform(-0.3, 0.3, 12), 0.5)
    got = roll("exact", State(speed=5.0), actions)

    def stands(_, state):
        return state[3]

    stands.terminal, stands.direction = True, -1.0
    state = np.array([0.0, 0.0, 0.0, 5.0])
    for step, (accel, kappa) in enumerate(zip(actions.accel, actions.curvature, strict=True)):

        def slope(_, now, accel=accel, kappa=kappa):
            _, _, yaw, speed = now
            return [speed * np.cos(yaw), speed * np.sin(yaw), speed * kappa, accel]

        if state[3] > 0 or accel > 0:
            answer = solve_ivp(slope, (0, 0.5), state, rtol=1e-12, atol=1e-12, events=stands)
            state = answer.y[:, -1]
            state[3] = max(state[3], 0.0) if answer.status == 0 else 0.0
        reached = [getattr(got, one)[step + 1] for one in FIELDS]
        np.testing.assert_allclose(reached, state, atol=1e-8)


def test_exact_closes_a_circle():
    actions = Actions(np.zeros(10), np.full(10, 0.1), 2 * np.pi)
    end = roll("exact", State(speed=1.0), actions).at(-1)
    assert abs(end.x) < 1e-13
    assert abs(end.y) < 1e-13
    assert end.yaw == pytest.approx(2 * np.pi, rel=1e-15)


@pytest.mark.parametrize("kappa", [1e-300, 1e-18, 1e-12, 1e-9, 1e-6])
def test_exact_is_stable_at_tiny_angles(kappa):
    end = roll("exact", State(speed=10.0), Actions([0.0], [kappa], 1.0)).at(-1)
    assert end.x == pytest.approx(10.0, rel=1e-10)
    assert end.y == pytest.approx(50.0 * kappa, rel=1e-10)


def order_of(name):
    return Plugins().integrator(name).spec.order


def test_declared_orders():
    assert {name: order_of(name) for name in NAMES} == {
        "euler": 1,
        "semi_implicit_euler": 1,
        "rk4": 4,
        "exact": None,  # the closed form: no error that a finer step could lessen
    }


@every
@pytest.mark.parametrize("seed", range(6))
def test_observed_order_of_convergence(name, seed):
    """The same held actions on finer and finer steps: the error falls as dt to the order."""
    order = order_of(name)
    random = np.random.default_rng(seed)
    accel, kappa = random.uniform(-1.5, 2, 8), random.uniform(0.02, 0.15, 8)
    initial = State(speed=8.0)
    truth = roll("exact", initial, Actions(accel, kappa, 0.8)).at(-1)
    errors = []
    refinements = (8, 16, 32, 64) if order == 1 else (2, 4, 8, 16)
    for parts in refinements:
        fine = Actions(np.repeat(accel, parts), np.repeat(kappa, parts), 0.8 / parts)
        end = roll(name, initial, fine).at(-1)
        errors.append(np.hypot(end.x - truth.x, end.y - truth.y))
    if order is None:
        assert max(errors) < 1e-12 * 8 * max(refinements)
        return
    observed = np.log2(errors[-2] / errors[-1])
    assert observed == pytest.approx(order, abs=0.15), errors


def test_rk4_keeps_its_order_when_it_stops_inside_a_step():
    initial, accel, kappa = State(speed=5.0), [-1.9, -1.9, -1.9, 0.0], [0.2, 0.3, -0.2, 0.1]
    truth = roll("exact", initial, Actions(accel, kappa, 1.0)).at(-1)
    errors = []
    for parts in (1, 2, 4):
        fine = Actions(np.repeat(accel, parts), np.repeat(kappa, parts), 1.0 / parts)
        end = roll("rk4", initial, fine).at(-1)
        errors.append(np.hypot(end.x - truth.x, end.y - truth.y))
    assert np.log2(errors[-2] / errors[-1]) > 3.5


@every
@given(cases())
def test_speed_is_never_negative(name, case):
    assert (roll(name, *case).speed >= 0).all()


@every
@given(cases())
def test_rates_are_bounded_by_the_actions(name, case):
    """|Δv| ≤ |a| dt, |Δyaw| ≤ v |κ| dt and step length ≤ v dt, v the largest speed of the step."""
    initial, actions = case
    got = roll(name, initial, actions)
    dt, slack = actions.dt, 1e-11 * scale(got) * (1 + got.speed.max(initial=0))
    fastest = np.maximum(got.speed[..., :-1], got.speed[..., 1:])
    assert (np.abs(np.diff(got.speed)) <= np.abs(actions.accel) * dt + slack).all()
    assert (np.abs(np.diff(got.yaw)) <= fastest * np.abs(actions.curvature) * dt + slack).all()
    assert (np.hypot(np.diff(got.x), np.diff(got.y)) <= fastest * dt + slack).all()


@every
@given(cases())
def test_it_starts_where_it_is_told(name, case):
    initial, actions = case
    got = roll(name, initial, actions)
    for one in FIELDS:
        np.testing.assert_array_equal(getattr(got, one)[..., 0], getattr(initial, one))


@every
@given(cases(), st.floats(-3, 3), st.floats(-100, 100), st.floats(-100, 100))
def test_turning_and_moving_the_world_turns_and_moves_the_path(name, case, angle, dx, dy):
    initial, actions = case
    cos, sin = np.cos(angle), np.sin(angle)

    def moved(of):
        x, y = cos * of.x - sin * of.y + dx, sin * of.x + cos * of.y + dy
        return x, y, of.yaw + angle, of.speed

    expected = rollkit.Trajectory(*moved(roll(name, initial, actions)), actions.dt)
    assert_close(roll(name, State(*moved(initial)), actions), expected)


@every
@given(cases())
def test_the_mirror_image_of_the_actions_drives_the_mirror_image(name, case):
    initial, actions = case
    plain = roll(name, initial, actions)
    mirrored = roll(
        name,
        State(initial.x, -initial.y, -initial.yaw, initial.speed),
        Actions(actions.accel, -actions.curvature, actions.dt),
    )
    np.testing.assert_array_equal(mirrored.x, plain.x)
    np.testing.assert_array_equal(mirrored.y, -plain.y)
    np.testing.assert_array_equal(mirrored.yaw, -plain.yaw)


@every
@given(cases(batch=(5,)), st.integers(0, 4))
def test_a_row_alone_is_the_row_in_its_batch(name, case, row):
    initial, actions = case
    whole = roll(name, initial, actions)
    alone = roll(
        name,
        State(*(getattr(initial, one)[row] for one in FIELDS)),
        Actions(actions.accel[row], actions.curvature[row], actions.dt),
    )
    for one in FIELDS:
        np.testing.assert_array_equal(getattr(whole, one)[row], getattr(alone, one))


@every
@given(cases(), st.data())
def test_two_halves_are_the_whole(name, case, data):
    initial, actions = case
    whole = roll(name, initial, actions)
    if actions.steps < 2:
        return
    cut = data.draw(st.integers(1, actions.steps - 1))

    def part(where):
        return Actions(actions.accel[..., where], actions.curvature[..., where], actions.dt)

    first = roll(name, initial, part(slice(None, cut)))
    second = roll(name, first.at(-1), part(slice(cut, None)))
    assert_close(
        rollkit.Trajectory(
            *(
                np.concatenate([getattr(first, one), getattr(second, one)[..., 1:]], axis=-1)
                for one in FIELDS
            ),
            actions.dt,
        ),
        whole,
    )


@every
@given(cases(profile="comfort"))
def test_on_a_straight_road_rk4_and_exact_agree_and_all_keep_the_line(name, case):
    initial, actions = case
    straight = Actions(actions.accel, 0 * actions.curvature, actions.dt)
    got = roll(name, initial, straight)
    np.testing.assert_array_equal(got.yaw, np.broadcast_to(initial.yaw[..., None], got.yaw.shape))
    if name == "rk4":
        assert_close(got, roll("exact", initial, straight))


@every
def test_it_keeps_float32(name):
    actions = Actions(np.ones(5, np.float32), np.full(5, 0.1, np.float32), 0.1)
    got = roll(name, State(speed=np.array(3.0, np.float32)), actions)
    assert {getattr(got, one).dtype for one in FIELDS} == {np.dtype(np.float32)}
    assert_close(got, roll(name, State(speed=3.0), Actions(np.ones(5), np.full(5, 0.1), 0.1)), 1e-6)


@every
def test_float32_is_not_worn_out_by_a_long_brake(name):
    """Ten minutes at -4 m/s², nearly all of them standing, then 30 steps at 2 m/s²."""
    accel = np.concatenate([np.full(6000, -4.0), np.full(30, 2.0)]).astype(np.float32)
    got = roll(name, State(speed=np.float32(5.0)), Actions(accel, 0 * accel, 0.1))
    assert got.speed.dtype == np.float32
    assert got.speed[-1] == pytest.approx(6.0, abs=1e-4)
    assert (got.speed[13:6001] == 0).all()


def other_layouts(array):
    """The same numbers, otherwise in memory: by columns, with gaps, backwards."""
    gaps = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)[..., ::2]
    backwards = np.zeros_like(array)[..., ::-1]
    for copy in (gaps, backwards):
        copy[...] = array
    return {"columns": np.asfortranarray(array), "gaps": gaps, "backwards": backwards}


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_how_the_actions_lie_in_memory_changes_no_bit(name, dtype):
    random = np.random.default_rng(7)
    shape = (37, 65)  # neither fills whole vectors of a processor
    accel = random.uniform(-4, 3, shape).astype(dtype)
    kappa = random.uniform(-0.3, 0.3, shape).astype(dtype)
    initial = State(speed=random.uniform(0, 15, 37).astype(dtype))
    expected = roll(name, initial, Actions(accel, kappa, 0.1))
    for layout, other in other_layouts(accel).items():
        assert not other.flags.c_contiguous
        got = roll(name, initial, Actions(other, other_layouts(kappa)[layout], 0.1))
        for one in FIELDS:
            np.testing.assert_array_equal(
                getattr(got, one), getattr(expected, one), err_msg=f"{layout}: {one}"
            )


@every
def test_an_initial_speed_below_0_is_refused(name):
    with pytest.raises(DataError, match=f"initial speed is -1 m/s: integrator '{name}'"):
        roll(name, State(speed=-1.0), Actions([0.0], [0.0], 0.1))


def test_the_steps_of_the_comparison_in_the_docs():
    """v0 = 8 m/s, κ = 0.08, 6.4 s: both Eulers are 0.71 m off."""
    actions = Actions(np.zeros(64), np.full(64, 0.08), 0.1)
    truth = roll("exact", State(speed=8.0), actions).at(-1)
    for name in ("euler", "semi_implicit_euler"):
        end = roll(name, State(speed=8.0), actions).at(-1)
        assert np.hypot(end.x - truth.x, end.y - truth.y) == pytest.approx(0.71, abs=0.005)
