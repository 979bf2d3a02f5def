"""The kit on every built-in preset, and what its quirks break.

Verdicts, margins, values without a limit and a preset's own metrics are checked; the value, the
time and the pass of a check are read off its margin by the core, whose tests are elsewhere. What
all checks of a preset share, since one call makes them all, is looked at once.
`rollkit check NAME_presets` does all of it, with many more examples.
"""

import functools

import pytest

from rollkit.declare.metrics import LAWS_OF_SCALE
from rollkit.plugins import PRESETS, Plugins
from rollkit.testing import checks
from rollkit.testing.subjects import MetricSubject

PLUGINS = Plugins()
PLUGINS.load([PRESETS])
SPECS = {name: one.spec for name, one in PLUGINS.presets.items()}
EXAMPLES, MORE = 3, 40
OF_THE_CALL = {
    "finite_or_undefined",  # within_bounds sees it, too, of hostile rollouts
    "inputs_untouched",
    "needs_what_it_declares",
    "one_number_per_rollout",
    "order_of_rows",  # and each row alone
    "same_input_same_bits",
    "short_input",
}

every_preset = pytest.mark.parametrize("name", SPECS)


@functools.cache
def subjects(preset):
    """The metrics of a preset that are checked, by name."""
    derived = {
        f"{preset}_{check.name}{part}"
        for check in SPECS[preset].checks
        if check.judged
        for part in ("", "_time", "_ok")
    }
    return {
        name: MetricSubject(one.spec, one.origin)
        for name, one in PLUGINS.metrics.items()
        if one.spec.preset == preset and name not in derived
    }


def test_all_of_them_are_there():
    assert not PLUGINS.failures


@every_preset
def test_it_keeps_its_laws(name):
    first, *_ = subjects(name).values()
    own = {one.name for one in SPECS[name].metrics}
    laws = [
        (law, one)
        for one in subjects(name).values()
        for law in checks.laws_of(one)
        if law.name not in one.spec.breaks
        and (one is first or one.spec.name in own or law.name not in OF_THE_CALL)
    ]
    assert laws
    records = [
        checks.check(law, one, max_examples=EXAMPLES, seed=1, shrink=False) for law, one in laws
    ]
    failed = [one for one in records if one.failed]
    assert not failed, "\n\n".join(map(str, failed))


BROKEN = [
    pytest.param(preset, metric, law, id=f"{metric}-{law}")
    for preset in SPECS
    for metric, subject in subjects(preset).items()
    for law in subject.spec.breaks
]


@pytest.mark.parametrize(("preset", "metric", "law"), BROKEN)
def test_what_a_quirk_breaks_is_found_and_the_corrected_preset_keeps_it(preset, metric, law):
    record = record_of(subjects(preset)[metric], law)
    assert record.verdict == "expected", record
    corrected = [one.name for one in SPECS.values() if one.corrects == preset]
    assert corrected, f"nothing corrects {preset}, whose quirk breaks {law}"
    for name in corrected:
        twin = subjects(name)[metric.replace(preset, name, 1)]
        assert law in twin.spec.invariant_under or law in LAWS_OF_SCALE
        assert law not in twin.spec.breaks
        record = record_of(twin, law)
        assert record.verdict == "passed", record


def record_of(subject, law):
    return checks.check(
        checks.law_named(subject, law), subject, max_examples=MORE, seed=1, shrink=False
    )


def test_every_law_that_a_quirk_breaks_is_looked_at():
    found = {(one.values[0], one.values[2]) for one in BROKEN}
    declared = {
        (name, law) for name, spec in SPECS.items() for one in spec.quirks for law in one.breaks
    }
    assert found == declared
