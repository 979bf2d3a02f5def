"""`--vehicle`: whose trajectories these are, spelt out or in a TOML file."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rollkit.errors import DataError, RollkitError, UsageError

if TYPE_CHECKING:
    from rollkit.vehicles import Vehicle

_EXAMPLE = "length=4.9,width=2.1,wheelbase=2.9 in m, or a TOML file that says so"

VEHICLE = click.option(
    "--vehicle",
    metavar="NAME=VALUE,...|FILE.toml",
    help="Whose trajectories these are, in m: length=4.9,width=2.1,wheelbase=2.9 and, if need be, "
    "reference_point=rear_axle|center|camera, rear_axle_to_center=1.4, camera=FORWARD:LEFT.",
)


def vehicle_of(text: str | None) -> "Vehicle | None":
    """The vehicle that the option describes.

    Raises
    ------
    UsageError, DataError
        Sizes that are none; a file that cannot be read.
    """
    if text is None:
        return None
    from rollkit.vehicles import Vehicle

    try:
        if not text.strip():
            raise UsageError("got nothing, expected sizes or a file", hint=_EXAMPLE)
        return Vehicle.of(_spelt_out(text) if "=" in text else _in_file(Path(text)))
    except RollkitError as error:
        error.message = f"--vehicle {text}: {error.message}"
        raise


def _spelt_out(text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in text.split(","):
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals or not value:
            raise UsageError(f"got {one!r}, expected name=value")
        if name in values:
            raise UsageError(f"{name}: given twice")
        values[name] = _value(name, value)
    return values


def _value(name: str, text: str) -> Any:
    if name == "reference_point":
        return text
    expected = "metres"
    try:
        if name != "camera":
            return float(text)
        expected = "FORWARD:LEFT in metres"
        forward, left = text.split(":")
        return float(forward), float(left)
    except ValueError:
        raise UsageError(f"{name}: got {text!r}, expected {expected}") from None


def _in_file(path: Path) -> dict[str, Any]:
    """What the file says, be it in a table `[vehicle]` that is all there is."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{error.strerror}", hint=_EXAMPLE) from None
    except ValueError as error:  # no UTF-8, no TOML
        raise DataError(f"no TOML: {error}") from None
    table = said.get("vehicle")
    if not isinstance(table, dict):
        return said
    if besides := [name for name in said if name != "vehicle"]:
        raise DataError(f"got {', '.join(besides)} beside the table [vehicle], expected it alone")
    return table
