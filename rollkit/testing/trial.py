"""One law, one function: hypothesis looks for an example that breaks it, and makes it small."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.database import ExampleDatabase

from rollkit.declare import where
from rollkit.errors import shown
from rollkit.guard import Origin
from rollkit.testing.invariant import Invariant, Violation
from rollkit.testing.records import Record
from rollkit.testing.snippets import repeating
from rollkit.testing.subjects import Raised, SourceSubject, Subject, reason

DEFAULT_EXAMPLES = 50


def blank(law: Invariant, subject: Subject) -> Record:
    """The record of a check that has not been done."""
    file, line = where(subject.spec.function)
    return Record(
        plugin=subject.origin.plugin,
        kind=law.kind,
        subject=subject.spec.name,
        invariant=law.name,
        statement=law.statement,
        verdict="passed",
        file=file and shown(file),
        line=line,
    )


def attempt(
    record: Record,
    law: Invariant,
    subject: Subject,
    max_examples: int,
    seed: int | None,
    database: ExampleDatabase | None,
    shrink: bool,
) -> Record:
    """Let hypothesis look for an example that breaks the law; `record` with what it found."""
    spec, origin = subject.spec, subject.origin
    examples = 0
    smallest: dict[str, Any] = {}

    def example(**drawn: Any) -> None:
        nonlocal examples
        examples += 1
        try:
            law.law(subject, **drawn)
        except (Violation, Raised):
            smallest.clear()
            smallest.update(drawn)  # hypothesis ends with the smallest
            raise

    # hypothesis keeps failing examples by the name of the test.
    example.__name__ = example.__qualname__ = f"{origin.plugin}_{spec.name}_{law.name}"
    phases = [Phase.explicit, Phase.generate]
    phases += [Phase.shrink] if shrink else []
    phases += [Phase.reuse] if seed is None else []  # what a database holds repeats no seed
    options = hypothesis.settings(
        max_examples=max_examples,
        deadline=None,
        database=database,
        derandomize=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    test: Callable[[], None] = example
    if given := law.strategies(spec):
        test = options(hypothesis.given(**given)(example))
        if seed is not None:
            test = hypothesis.seed(seed)(test)

    def found(message: str) -> Record:
        home = _named(origin)
        again = repeating(home, spec, law.name, smallest)
        command = f"rollkit check {home} --law {law.name}" if home else ""
        if home and seed is not None:
            command += f" --seed {seed}"
        if home and max_examples != DEFAULT_EXAMPLES:
            command += f" --max-examples {max_examples}"
        return replace(
            record,
            verdict="violated",
            examples=examples,
            message=message,
            example=again,
            command=command,
        )

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a verdict is the same whatever a caller makes of them
            test()
    except Violation as error:
        return found(str(error))
    except Raised as error:
        cause = error.__cause__ or error
        return found(f"it raised {reason(cause)}")
    except hypothesis.errors.Flaky:
        return found("it is not deterministic: the same input failed once and then did not")
    except hypothesis.errors.Unsatisfiable:
        return replace(record, verdict="skipped", message="no example was permitted")
    except Exception as error:  # nothing of the plugin's: its errors arrive as Raised
        return replace(record, verdict="broken", message=f"a bug in the law: {reason(error)}")
    return replace(record, examples=examples)


def _named(origin: Origin) -> str | None:
    """The plugin as a user would type it here; none for a function that was handed over."""
    if origin.file is not None:
        return f"./{shown(origin.file)}".replace(".//", "/")
    return origin.plugin if origin.distribution else None


def lacking(subject: Subject) -> str:
    """The options that have no default and were given no value, in words."""
    if not isinstance(subject, SourceSubject):
        return ""
    required = [one.name for one in subject.spec.parameters if one.required]
    return ", ".join(name for name in required if name not in subject.params)
