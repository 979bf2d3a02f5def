"""The discretisations of other projects: by hand, against their own numbers, on both engines."""

import numpy as np
import pytest

import rollkit
from rollkit import Actions, State

FIELDS = ("x", "y", "yaw", "speed")
LONG = ("N512_dt0.1", "N2000_dt0.1", "N64_dt0.05", "N64_dt0.2", "N64_dt0.02")


@pytest.fixture(scope="module")
def golden(shared):
    """Arrays that the project itself computed."""

    def loaded(name):
        path = shared / "golden" / f"{name}_dev.npz"
        if not path.exists():
            pytest.skip(f"the reference numbers are not here: no {path.name}")
        return np.load(path, allow_pickle=False)

    return loaded


def driven(name, action, dt, speed, x=0.0, y=0.0, yaw=0.0, **params):
    """The trajectory of actions `(n, T, 2)` from initial speeds `(n,)`."""
    start = State(*(np.broadcast_to(one, speed.shape) for one in (x, y, yaw)), speed)
    actions = Actions(action[..., 0], action[..., 1], float(dt))
    return rollkit.rollout(actions, start, name, params=params).trajectory


def assert_same_places(got, x, y, wrapped_yaw):
    """Within 1e-9; ours is unwrapped, theirs is between -π and π."""
    np.testing.assert_allclose(got.x, x, rtol=0, atol=1e-9)
    np.testing.assert_allclose(got.y, y, rtol=0, atol=1e-9)
    turns = (got.yaw - wrapped_yaw) / (2 * np.pi)
    np.testing.assert_allclose(turns, np.round(turns), rtol=0, atol=1e-9 / (2 * np.pi))


@pytest.mark.parametrize("kind", ["real", "syn", *(f"long_{one}" for one in LONG)])
def test_alpamayo_against_its_own_numbers(golden, kind):
    numbers = golden("alpamayo_unicycle")
    speed = {"real": "real_v0_est"}.get(kind, f"{kind}_v0")
    place = kind if kind.startswith("long") else f"{kind}_rollout"
    yaw = f"{place}_yaw" if kind == "real" else f"{place}_yaw_wrapped"
    dt = float(kind.partition("_dt")[2] or numbers["dt"])
    got = driven("alpamayo", numbers[f"{kind}_action"], dt, numbers[speed])
    later = rollkit.Trajectory(*(getattr(got, one)[:, 1:] for one in FIELDS), dt)
    xy = numbers[f"{place}_xy"]
    assert_same_places(later, xy[..., 0], xy[..., 1], numbers[yaw])


def assert_same_states(got, states):
    x, y, yaw, velocity_x, velocity_y = np.moveaxis(states, -1, 0)
    assert_same_places(got, x, y, yaw)
    np.testing.assert_allclose(got.speed * np.cos(got.yaw), velocity_x, rtol=0, atol=1e-9)
    np.testing.assert_allclose(got.speed * np.sin(got.yaw), velocity_y, rtol=0, atol=1e-9)


@pytest.mark.parametrize("clip", [True, False])
def test_waymax_against_its_own_numbers(golden, clip):
    numbers = golden("waymax_bicycle")
    speed, yaw = numbers["syn_v0"], numbers["syn_yaw0"]
    assert speed.min() < 0, "a start in reverse is among them"
    got = driven("waymax", numbers["syn_action"], numbers["dt"], speed, yaw=yaw, clip=clip)
    kind = "default" if clip else "noclip"
    assert_same_states(got, numbers[f"syn_rollout_{kind}_f64"])


def test_waymax_with_actions_as_shares_of_its_bounds(golden):
    """Those are cut to ±1 first, and the bounds they are shares of are 6 and 0.3 themselves."""
    numbers = golden("waymax_bicycle")
    action = np.clip(numbers["syn_action_normalized"], -1, 1) * [6.0, 0.3]
    got = driven("waymax", action, numbers["dt"], numbers["syn_v0"], yaw=numbers["syn_yaw0"])
    assert_same_states(got, numbers["syn_rollout_normalized_f64"])


def test_waymax_against_its_own_numbers_of_real_drives(golden):
    """From the second instant: before it, the velocity recorded there is not along the yaw."""
    numbers = golden("waymax_bicycle")
    states = numbers["real_rollout_f64"][:, 1:]
    x, y, yaw, velocity_x, velocity_y = states[:, 0].T
    speed = velocity_x * np.cos(yaw) + velocity_y * np.sin(yaw)
    np.testing.assert_allclose(np.abs(speed), np.hypot(velocity_x, velocity_y), atol=1e-12)
    action = numbers["real_inverse_clipped_f64"][:, int(numbers["t0_index"]) + 1 : 79]
    assert_same_states(driven("waymax", action, numbers["dt"], speed, x, y, yaw), states)


# Two steps of 0.5 s from 4 m/s: a = 2, -20, κ = 0.25, 0.5.
HAND = (np.array([[[2.0, 0.25], [-20.0, 0.5]]]), 0.5, np.array([4.0]))


def test_alpamayo_by_hand():
    """The second step turns by 0.5 (5 · 0.5 - 20 · 0.125) = 0 while the speed goes from 5 to -5."""
    got = driven("alpamayo", *HAND)
    assert got.speed[0].tolist() == [4.0, 5.0, -5.0]
    assert got.yaw[0].tolist() == [0.0, 0.5625, 0.5625]
    x, y = 0.25 * (4 + 5 * np.cos(0.5625)), 0.25 * 5 * np.sin(0.5625)
    np.testing.assert_allclose(got.x[0], [0.0, x, x], rtol=1e-15)
    np.testing.assert_allclose(got.y[0], [0.0, y, y], rtol=1e-15)


def test_waymax_by_hand():
    """-20 m/s² are clipped to -6, 0.5 1/m to 0.3 in single precision: 2.5 - 0.75 = 1.75 m."""
    got = driven("waymax", *HAND)
    assert got.speed[0].tolist() == [4.0, 5.0, 2.0]
    bound = 0.300000011920928955078125
    np.testing.assert_allclose(got.yaw[0], [0.0, 0.5625, 0.5625 + 1.75 * bound], rtol=1e-15)
    x, y = 2.25 + 1.75 * np.cos(0.5625), 1.75 * np.sin(0.5625)
    np.testing.assert_allclose(got.x[0], [0.0, 2.25, x], rtol=1e-15)
    np.testing.assert_allclose(got.y[0], [0.0, 0.0, y], rtol=1e-15, atol=0)


def test_what_a_brake_does_that_is_held_beyond_standstill():
    """At -2 m/s² from 1.5 m/s in steps of 1 s: `waymax` creeps back by 2 m a step in the mean."""
    brake = (np.array([[[-2.0, 0.0]] * 4]), 1.0, np.array([1.5]))
    assert driven("waymax", *brake).speed.tolist() == [[1.5, -0.5, -1.5, -0.5, -1.5]]
    assert driven("waymax", *brake).x.tolist() == [[0.0, 0.5, -1.0, -3.5, -5.0]]
    assert driven("alpamayo", *brake).speed.tolist() == [[1.5, -0.5, -2.5, -4.5, -6.5]]
    assert driven("exact", *brake).speed.tolist() == [[1.5, 0.0, 0.0, 0.0, 0.0]]


def test_the_figures_of_the_docs():
    """v0 = 8 m/s, κ = 0.08, 6.4 s; and braking from 15 m/s at -4 m/s²."""
    steady = (np.tile([0.0, 0.08], (1, 64, 1)), 0.1, np.array([8.0]))
    true, got = driven("exact", *steady).at(-1), driven("alpamayo", *steady).at(-1)
    assert np.hypot(got.x - true.x, got.y - true.y)[0] == pytest.approx(0.008, abs=0.0005)
    brake = (np.tile([-4.0, 0.0], (1, 64, 1)), 0.1, np.array([15.0]))
    clamped, free = driven("semi_implicit_euler", *brake), driven("alpamayo", *brake)
    assert clamped.x[0, -1] - free.x[0, -1] == pytest.approx(13.3, abs=0.005)


@pytest.mark.parametrize(
    ("name", "params"), [("alpamayo", {}), ("waymax", {}), ("waymax", {"clip": False})]
)
def test_both_engines_agree(name, params):
    pytest.importorskip("numba")
    random = np.random.default_rng(3)
    shape = (300, 40)
    actions = Actions(random.uniform(-9, 8, shape), random.uniform(-0.5, 0.5, shape), 0.1)
    start = State(speed=random.uniform(-5, 15, 300))
    got, expected = (
        rollkit.evaluate_actions(actions, start, name, params=params, engine=engine)
        for engine in ("numba", "numpy")
    )
    for one, values in expected.items():
        np.testing.assert_allclose(got[one], values, rtol=1e-11, atol=1e-11, err_msg=one)


@pytest.mark.parametrize("name", ["alpamayo", "waymax"])
@pytest.mark.parametrize("rows", [1, 100])
def test_float32_comes_out_as_it_goes_in(name, rows):
    accel = np.full((rows, 5), -9, np.float32)
    actions = Actions(accel, accel, 0.1)
    got = rollkit.rollout(actions, State(speed=np.full(rows, 3, np.float32)), name).trajectory
    assert {getattr(got, one).dtype for one in FIELDS} == {np.dtype(np.float32)}
