"""The distribution as a whole: found by its entry point, run by name."""

import rollkit


def test_run():
    result = rollkit.run("slalom", plugins=["rollkit_example"], integrator="midpoint", seeds=10)
    assert result.ok
    assert list(result.metrics) == ["steering_reversal_rate"]
    metric = result.metrics["steering_reversal_rate"]
    assert (metric.plugin, metric.n, metric.n_undefined) == ("rollkit_example", 10, 0)
    assert metric.min > 0
    (owner,) = [one for one in result.plugins if one.name == "rollkit_example"]
    assert owner.distribution == "rollkit-example"


def test_options():
    # At 10 m/s a cone stands every second: six peaks of curvature in 6.4 s reverse the steering,
    # the one that the rollout begins at does not.
    result = rollkit.run(
        "slalom",
        params={"spacing": 10, "noise": 0},
        plugins=["rollkit_example"],
        integrator="midpoint",
    )
    assert result.metrics["steering_reversal_rate"].mean == 6 / 6.4
