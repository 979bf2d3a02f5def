"""`rollkit plugins`: listing without importing, showing what one brings."""

import json


def test_the_list_has_every_builtin_with_its_distribution_and_version(cli):
    import rollkit

    ran = cli("plugins", "list", "--json")
    listed = {one["name"]: one for one in json.loads(ran.out)}
    assert {"jerk", "curv_rate", "euler", "rk4", "left", "recorded", "starter"} <= set(listed)
    assert listed["jerk"] == {
        "name": "jerk",
        "distribution": "rollkit",
        "version": rollkit.__version__,
        "module": "rollkit_std.metrics.jerk",
    }
    assert cli("plugins").out == cli("plugins", "list").out


def test_every_builtin_loads_and_declares_something(cli):
    for one in json.loads(cli("plugins", "list", "--json").out):
        if one["distribution"] == "rollkit":
            ran = cli("plugins", "show", one["name"], "--json")
            assert ran.code == 0, ran.err
            *bundled, shown = json.loads(ran.out)
            kinds = ("metrics", "integrators", "action_sources", "executors")
            kinds += ("readers", "inverses", "baselines", "presets", "reporters")
            assert any(shown[kind] for kind in kinds) or bundled, one["name"]


def test_show_prints_options_with_units_and_ranges(cli):
    ran = cli("plugins", "show", "left")
    assert "action source left" in ran.out
    row = next(line for line in ran.out.splitlines() if line.startswith("speed"))
    assert "m/s" in row
    assert ".." in row


def test_every_option_of_a_builtin_source_is_documented(cli):
    for one in json.loads(cli("plugins", "list", "--json").out):
        if not one["module"].startswith(("rollkit_std.scenarios", "rollkit_logs")):
            continue
        for source in json.loads(cli("plugins", "show", one["name"], "--json").out)[-1][
            "action_sources"
        ]:
            for option in source["options"]:
                assert option["meaning"], (source["name"], option["name"])


def test_show_an_unknown_one(cli):
    ran = cli("plugins", "show", "jrk")
    assert ran.code == 2
    assert "unknown plugin 'jrk'; nearest: jerk" in ran.err


def test_show_of_a_plugin_with_presets_names_their_metrics(cli, fleets):
    ran = cli("plugins", "show", "./fleets.py")
    assert ran.code == 0, ran.err
    ours = ran.out[ran.out.index("preset ours") : ran.out.index("preset theirs")]
    assert "  11 metrics: ours, ours_speed, ours_speed_margin, ours_speed_time, ours_spe" in ours
    assert "  rollkit presets show ours: limits, rules and quirks\n" in ours
    assert "metric ours_end\n" in ran.out  # what a preset declares itself is shown in full
    assert "metric ours_speed\n" not in ran.out
    (shown,) = json.loads(cli("plugins", "show", "./fleets.py", "--json").out)
    assert [one["name"] for one in shown["metrics"]] == ["ours_end", "theirs_end"]
    ours, _ = shown["presets"]
    assert ours["checks"][0]["high"] == 10
    assert ours["quirks"][0]["signals"] == ["y"]
    assert "ours_speed_ok" in ours["metrics"]


def test_show_of_a_name_that_is_a_preset_explains_it(cli):
    name = json.loads(cli("presets", "--json").out)[0]["name"]
    ran = cli("plugins", "show", name)
    assert ran.code == 0, ran.err
    assert ran.out == cli("presets", "show", name).out
    assert json.loads(cli("plugins", "show", name, "--json").out)["name"] == name


def test_show_says_which_laws_a_metric_breaks(cli, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from rollkit import hookimpl, metric\n"
        "@metric(unit='m', breaks={'se2': 'it is measured from the depot'})\n"
        "def depot(rollout):\n    'How far the depot is.'\n"
        "    return rollout.trajectory.x[..., 0]\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [depot]\n"
    )
    ran = cli("plugins", "show", "./mine.py")
    assert ran.code == 0, ran.err
    assert "breaks: se2" in ran.out


def test_show_lists_the_gates_that_a_plugin_brings(cli):
    told = cli("plugins", "show", "comfort-bounds").out
    assert "\ngates, --gates comfort_bounds\n  comfort_bounds_lon_accel_margin > 0\n" in told
    shown = json.loads(cli("plugins", "show", "comfort-bounds", "--json").out)[-1]
    assert shown["gates"][0]["expr"] == "comfort_bounds_lon_accel_margin > 0"
