"""Options of integrators: declared, set by name beside the source's, swept, and sent along."""

from typing import Annotated

import numpy as np
import pytest

import rollkit
from rollkit import Actions, Param, State, UsageError, integrator
from rollkit.errors import DeclarationError
from rollkit.runner import run_spec

PLUGIN = '''
"""An integrator and a source that share an option."""

from typing import Annotated

from rollkit import Actions, Param, State, Trajectory, action_source, arrays, hookimpl, integrator


@integrator(order=1, speed_never_negative=False)
def slipping(initial, actions, *, gain: Annotated[float, Param("1", 0, 9)] = 1.0, speed: float = 5):
    """Speed times a gain, plus one more speed, straight on."""
    pace = arrays.cumulative(initial.speed, actions.accel * actions.dt)
    x = arrays.cumulative(initial.x, (gain * pace[..., :-1] + speed) * actions.dt)
    yaw, y = (arrays.cumulative(one, 0 * actions.accel) for one in (initial.yaw, initial.y))
    return Trajectory(x, y, yaw, pace, actions.dt)


@hookimpl
def rollkit_integrators():
    return [slipping]
'''
SHARED = {"speed": 5, "noise": 0}


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """The plugin's name in the current folder."""
    (tmp_path / "slip.py").write_text(PLUGIN)
    monkeypatch.chdir(tmp_path)
    return "./slip.py"


def lengths(plugin, **options):
    settings = {"integrator": "slipping", "metrics": ["path_length"], "horizon": 2.0, **options}
    return rollkit.run("straight", plugins=[plugin], **settings)


def length(plugin, **options):
    return lengths(plugin, **options).metrics["path_length"].mean


def test_an_option_of_the_integrator_is_set_beside_those_of_the_source(plugin):
    assert length(plugin, params=SHARED) == pytest.approx(2 * (5 + 5))
    assert length(plugin, params={**SHARED, "gain": "2"}) == pytest.approx(2 * (2 * 5 + 5))


def test_a_name_that_both_have_goes_to_both(plugin):
    assert length(plugin, params={"speed": 4, "noise": 0}) == pytest.approx(2 * (4 + 4))
    with pytest.raises(UsageError, match=r"speed is .* to source 'straight' and 5 to integrator"):
        lengths(plugin, params={"noise": 0})


def test_the_artifact_records_all_and_repeats_it(plugin, validated):
    result = lengths(plugin, params={**SHARED, "gain": 3})
    recorded = validated(result.to_dict())["run"]["params"]
    assert (recorded["gain"], recorded["speed"]) == (3.0, 5.0)
    assert run_spec(result.run).metrics == result.metrics


def test_a_sweep_and_the_saved_columns(plugin, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    sweep = lengths(plugin, params=SHARED, grid={"gain": [0, 1]}, save=tmp_path / "r.parquet")
    means = [cell.metrics["path_length"].mean for cell in sweep.cells]
    assert means == pytest.approx([2 * 5, 2 * (5 + 5)])
    table = parquet.read_table(tmp_path / "r.parquet")
    column = next(one for one in table.column_names if one.endswith("gain"))
    assert table[column].to_pylist() == [0.0, 1.0]


def test_a_cell_without_the_option_has_null_in_its_column(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    options = {"save": tmp_path / "r.parquet", "metrics": ["path_length"]}
    rollkit.run("left", integrator="rk4,waymax", **options)
    column = parquet.read_table(tmp_path / "r.parquet")["set_clip"]
    assert column.to_pylist() == [None, True]


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_workers_resolve_the_same_options(plugin, engine):
    pytest.importorskip(engine)
    options = {"params": {**SHARED, "gain": 2}, "seeds": 5000, "engine": engine}
    assert lengths(plugin, **options).metrics == lengths(plugin, workers=2, **options).metrics


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"gaim": 2},
            "unknown option 'gaim' of source 'straight' and integrator 'slipping'; nearest: gain",
        ),
        ({"gain": 10, **SHARED}, r"integrator 'slipping': gain: got 10.0, expected 0 .. 9$"),
        ({"dt": 0.2}, "source 'straight': dt is an option of the run"),
    ],
)
def test_wrong_options(plugin, params, message):
    with pytest.raises(UsageError, match=message) as caught:
        lengths(plugin, params=params)
    if "unknown" in message:
        assert {"gain", "noise"} <= set(caught.value.hint.removeprefix("known: ").split(", "))


def test_an_integrator_without_options_is_not_named():
    with pytest.raises(UsageError) as caught:
        rollkit.run("left", params={"gain": 2})
    assert caught.value.message == "unknown option 'gain' of source 'left'"


def test_library_functions_take_params():
    actions, start = Actions([[9.0] * 4] * 3, [[0.0] * 4] * 3, 0.5), State(speed=1.0)
    clipped = rollkit.rollout(actions, start, "waymax").speed
    free = rollkit.rollout(actions, start, "waymax", params={"clip": "false"}).speed
    assert (clipped[0, -1], free[0, -1]) == (13.0, 19.0)
    for engine in ("numpy", "numba"):
        pytest.importorskip(engine)
        options = {"metrics": ["final_speed"], "engine": engine}
        for clip, expected in ((True, 13.0), (False, 19.0)):
            got = rollkit.evaluate_actions(
                actions, start, "waymax", params={"clip": clip}, **options
            )
            assert got["final_speed"].tolist() == [expected] * 3
    with pytest.raises(UsageError, match="unknown option 'clip' of integrator 'euler'"):
        rollkit.rollout(actions, start, "euler", params={"clip": False})


def test_the_same_options_have_one_kernel():
    pytest.importorskip("numba")
    from rollkit.compiled import kernel_for
    from rollkit.declare import spec_of
    from rollkit_std.integrators.waymax import waymax

    spec = spec_of(waymax)
    free = kernel_for(spec.bound({"clip": False}), ())
    assert free is kernel_for(spec.bound({"clip": False}), ())
    assert free is not kernel_for(spec.bound({"clip": True}), ())


def test_the_command_line_sets_sweeps_and_shows_them(cli):
    ran = cli("run", "--integrator", "waymax", "--set", "clip=true,false", "--set", "noise=0")
    assert ran.code == 0, ran.err
    assert ran.artifact["run"]["grid"] == {"clip": [True, False]}
    shown = cli("plugins", "show", "waymax").out
    assert "clips: |accel| <= 6, |curvature| <= 0.3" in shown
    assert "clip    True" in shown


def drive(initial, actions, *, gain: Annotated[float, Param("1")] = 1.0):
    """Nothing."""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clips": {"jerk": 1.0}}, "clips: got 'jerk', expected one of 'accel', 'curvature'"),
        ({"clips": {"accel": -1.0}}, "clips: accel: got -1.0, expected a positive number"),
        ({"clips": {"accel": np.inf}}, "expected a positive number"),
        ({"time_reversible": 1}, "time_reversible: got 1"),
        ({"time_reversible": True, "forgets_direction": True}, "exclude each other"),
    ],
)
def test_wrong_traits(options, message):
    with pytest.raises(DeclarationError, match=message):
        integrator(order=1, speed_never_negative=False, **options)(drive)


def test_wrong_signatures():
    def needing(initial, actions, *, gain):
        """Nothing."""

    def alone(initial):
        """Nothing."""

    declared = integrator(order=1, speed_never_negative=False)
    with pytest.raises(DeclarationError, match="option gain needs a default"):
        declared(needing)
    with pytest.raises(DeclarationError, match=r"takes 1 argument; expected \(initial, actions,"):
        declared(alone)
