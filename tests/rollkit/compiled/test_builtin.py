"""Kernels of all built-in integrators and metrics: what NumPy computes, in any layout and place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollkit import Actions, State, discovery
from rollkit.plugins import Plugins
from rollkit.testing import strategies

numba = pytest.importorskip("numba")

from rollkit.compiled import kernel_for  # noqa: E402

PLUGINS = Plugins()
PLUGINS.load(one.origin.plugin for one in discovery.installed() if one.origin.builtin)
INTEGRATORS = [one.spec for one in PLUGINS.integrators.values()]
# Presets are functions of whole signals, which NumPy computes.
METRICS = [one.spec for one in PLUGINS.metrics.values() if one.spec.preset is None]
# Labels of behaviour decide, which takes more than arithmetic: NumPy computes them.
LABELS = {one.spec.name for one in PLUGINS.metrics.values() if ".behaviour" in one.origin.module}
TRACED = [one for one in METRICS if not set(one.needs) - {"actions"} and one.name not in LABELS]

every_integrator = pytest.mark.parametrize("integrator", INTEGRATORS, ids=lambda one: one.name)


def kernel_of(integrator, steps=2):
    """The kernel of all metrics that are defined for so many steps."""
    return kernel_for(integrator, [one for one in TRACED if one.min_steps <= steps])


@every_integrator
def test_every_builtin_is_traced(integrator):
    assert TRACED
    assert kernel_for(integrator, METRICS).fused == tuple(one.name for one in TRACED)


@every_integrator
@pytest.mark.parametrize("profile", strategies.PROFILES)
@settings(max_examples=30)
@given(data=st.data())
def test_kernel_and_numpy_agree(integrator, profile, agree, data):
    initial, actions = data.draw(strategies.cases(profile=profile, max_steps=40))
    agree(kernel_of(integrator, min(actions.steps, 2)), integrator, METRICS, initial, actions)


def batch(rows, steps=37, seed=0):
    """Rollouts that turn, brake to a stop and go on."""
    random = np.random.default_rng(seed)
    accel = random.uniform(-6, 5, (rows, steps))
    curvature = random.uniform(-0.3, 0.3, (rows, steps))
    x, y, yaw = random.uniform(-50, 50, (3, rows))
    return State(x, y, yaw, random.uniform(0, 15, rows)), Actions(accel, curvature, 0.1)


def bits(answer):
    values, trajectory = answer
    states = [trajectory.x, trajectory.y, trajectory.yaw, trajectory.speed]
    return [one.tobytes() for one in (*values.values(), *states)]


@every_integrator
def test_a_row_is_the_same_alone_and_in_any_batch(integrator):
    kernel = kernel_of(integrator)
    initial, actions = batch(203)
    whole, driven = kernel(initial, actions, trajectory=True)
    for first, last in ((0, 1), (5, 6), (202, 203), (3, 100), (8, 16), (7, 203), (0, 8)):
        rows = slice(first, last)
        part = State(*(one[rows] for one in (initial.x, initial.y, initial.yaw, initial.speed)))
        some = Actions(actions.accel[rows], actions.curvature[rows], actions.dt)
        values, trajectory = kernel(part, some, trajectory=True)
        for name, value in values.items():
            assert value.tobytes() == whole[name][rows].tobytes()
        assert trajectory.x.tobytes() == driven.x[rows].tobytes()


@pytest.mark.parametrize("steps", [1, 2, 7, 8, 9, 64])
@pytest.mark.parametrize("rows", [1, 8, 13, 192, 200])
def test_memory_layout_does_not_matter(rows, steps):
    kernel = kernel_of(INTEGRATORS[0], min(steps, 2))
    initial, actions = batch(rows, steps)
    expected = bits(kernel(initial, actions, trajectory=True))
    for changed in (np.asfortranarray, strategies.with_gaps, strategies.backwards, lifted):
        other = Actions(actions.accel, actions.curvature, actions.dt)
        vars(other).update(accel=changed(actions.accel), curvature=changed(actions.curvature))
        assert bits(kernel(initial, other, trajectory=True)) == expected


def lifted(array):
    """The same numbers, read-only and in the middle of more memory."""
    around = np.zeros((len(array) + 2, array.shape[1] + 3))
    around[1:-1, 2:-1] = array
    around.flags.writeable = False
    return around[1:-1, 2:-1]


@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (0, 4), (20, 10)])
def test_any_batch_shape(shape, agree):
    initial, actions = batch(max(int(np.prod(shape)), 1))
    count = int(np.prod(shape))
    starts = (one[:count].reshape(shape) for one in (initial.x, initial.y, initial.yaw))
    state = State(*starts, initial.speed[:count].reshape(shape))
    signals = (
        one[:count].reshape(*shape, -1) if count else np.zeros((*shape, 5))
        for one in (actions.accel, actions.curvature)
    )
    agree(kernel_of(INTEGRATORS[0]), INTEGRATORS[0], METRICS, state, Actions(*signals, 0.1))


def test_one_state_starts_all_rows():
    kernel = kernel_of(INTEGRATORS[0])
    _, actions = batch(11)
    every = State(*(np.full(11, one) for one in (1.0, 2.0, 3.0, 4.0)))
    single = State(1.0, 2.0, 3.0, 4.0)
    expected = bits(kernel(every, actions, trajectory=True))
    assert bits(kernel(single, actions, trajectory=True)) == expected


def test_the_trajectory_does_not_change_the_values():
    kernel = kernel_of(INTEGRATORS[0])
    case = batch(50)
    with_states, _ = kernel(*case, trajectory=True)
    without, nothing = kernel(*case, trajectory=False)
    assert nothing is None
    assert all(with_states[name].tobytes() == without[name].tobytes() for name in without)


def test_a_trajectory_is_finished_and_read_only():
    _, trajectory = kernel_of(INTEGRATORS[0])(*batch(5), trajectory=True)
    assert trajectory.complete
    assert (trajectory.steps, trajectory.batch, trajectory.dt) == (37, (5,), 0.1)
    with pytest.raises(ValueError, match="read-only"):
        trajectory.x[0, 0] = 1.0


def with_one(name, value, row=4):
    """A batch with one number changed, behind the door's back."""
    initial, actions = batch(20)
    owner = actions if name in ("accel", "curvature") else initial
    changed = np.array(getattr(owner, name))
    changed[row] = value
    vars(owner)[name] = changed
    return initial, actions


@every_integrator
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accel", np.nan),
        ("accel", np.inf),
        ("curvature", np.nan),
        ("curvature", -np.inf),
        ("accel", 1e308),  # the speed overflows
        ("curvature", 1e10),  # the yaw leaves what the trigonometry reduces
        ("x", np.nan),
        ("y", np.inf),
        ("yaw", 1e12),
        ("speed", np.nan),
        ("speed", -1e-300),
    ],
)
def test_what_might_differ_is_left_to_numpy(integrator, name, value):
    if np.isfinite(value) and name in integrator.clips:
        pytest.skip("a number that is clipped does no harm")
    if name == "speed" and value < 0 and not integrator.speed_never_negative:
        pytest.skip("a speed below 0 is as good as any")
    for row in (0, 4, 19):
        assert kernel_of(integrator)(*with_one(name, value, row), trajectory=False) is None
    assert kernel_of(integrator)(*batch(20), trajectory=False) is not None


@pytest.mark.parametrize("step", [0, 1, 17, 36])
@pytest.mark.parametrize("name", ["accel", "curvature"])
def test_a_single_nan_is_never_lost(name, step):
    initial, actions = batch(20)
    changed = np.array(getattr(actions, name))
    changed[9, step] = np.nan
    vars(actions)[name] = changed
    for integrator in INTEGRATORS:
        assert kernel_of(integrator)(initial, actions, trajectory=False) is None


def test_what_is_no_aligned_float64_is_left_to_numpy():
    kernel = kernel_of(INTEGRATORS[0])
    initial, actions = batch(9)
    single = Actions(np.float32(actions.accel), np.float32(actions.curvature), actions.dt)
    assert kernel(initial, single, trajectory=False) is None
    odd = np.frombuffer(b"." + actions.accel.tobytes(), np.float64, offset=1).reshape(9, -1)
    vars(actions)["accel"] = odd
    assert kernel(initial, actions, trajectory=False) is None


def test_too_few_steps_are_left_to_numpy():
    jerk = next(one for one in TRACED if one.min_steps == 2)
    kernel = kernel_for(INTEGRATORS[0], [jerk])
    assert kernel(*batch(9, steps=1), trajectory=False) is None
    assert kernel(*batch(9, steps=2), trajectory=False) is not None


def test_the_same_definitions_have_one_kernel():
    integrator = INTEGRATORS[0]
    assert kernel_for(integrator, METRICS) is kernel_for(integrator, tuple(METRICS))
    assert kernel_for(integrator, METRICS) is not kernel_for(integrator, METRICS[:1])
