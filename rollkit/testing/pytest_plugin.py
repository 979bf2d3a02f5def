"""`pytest --rollkit-check NAME`: the laws of a plugin as test items. Loads nothing until asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("rollkit").addoption(
        "--rollkit-check",
        action="append",
        default=[],
        metavar="PLUGIN",
        help="check a rollkit plugin, a name or a file, against the laws of its kind",
    )


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add an item for each law and function of the named plugins."""
    names = config.getoption("--rollkit-check")
    if not names:
        return
    from rollkit.errors import RollkitError
    from rollkit.testing import plugin_checks

    for name in names:
        try:
            checks = plugin_checks(name)
        except RollkitError as error:
            raise pytest.UsageError(f"--rollkit-check {name}: {error}") from None
        plugin = Path(name).stem if name.endswith(".py") else name
        items += [
            # pytest writes `::` for the dots of a name anyway.
            Check.from_parent(
                session, name="::".join([plugin, *one.__name__.split(".")]), check=one
            )
            for one in checks
        ]


class Check(pytest.Item):
    """One law, checked on one function."""

    def __init__(self, *, check: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._check = check

    def runtest(self) -> None:
        """Check it."""
        self._check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The record says it all; a traceback through hypothesis says nothing."""
        if excinfo.errisinstance(AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where it stands in the report."""
        return self.path, None, self.name
