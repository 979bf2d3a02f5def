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
            kinds += ("readers", "inverses", "baselines")
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
