"""`rollkit presets`: the definitions of other projects that there are, and what each one says."""

from typing import TYPE_CHECKING, Any

import click

from rollkit.cli.output import print_json
from rollkit.errors import ExitCode

if TYPE_CHECKING:
    from rollkit.declare import PresetSpec
    from rollkit.plugins import Plugins, Registered

_BRIEF = 72  # characters of a definition

_plugins = click.option(
    "--plugins", metavar="NAME,...", help="Presets of these plugins too: names or ./file.py."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group(invoke_without_command=True)
@_plugins
@_json
@click.pass_context
def presets(context: click.Context, plugins: str | None, as_json: bool) -> int:
    """List the presets, metrics as other projects define them, or explain one of them.

    \b
    rollkit presets
    rollkit presets --plugins ./my_limits.py
    rollkit presets show nuplan_comfort
    rollkit eval predictions.npz --preset nuplan_comfort,navsim_comfort
    """
    if context.invoked_subcommand is not None:
        context.obj = {"plugins": plugins, "as_json": as_json}
        return ExitCode.OK
    from rollkit.cli.tables import print_table

    loaded = _loaded(plugins)
    found = list(loaded.presets.values())
    if as_json:
        print_json([_in_short(one) for one in found])
    else:
        rows = [
            (one.name, f"{one.project} @{one.commit}".removesuffix(" @"), *_briefly(one))
            for one in (preset.spec for preset in found)
        ]
        columns = ("preset", "project", "checks", "what it judges")
        print_table("", columns, rows, numbers={"checks"})
    return _report(loaded)


@presets.command()
@click.argument("name")
@_plugins
@_json
@click.pass_obj
def show(above: dict[str, Any], name: str, plugins: str | None, as_json: bool) -> int:
    """Explain the preset NAME: its formulas, limits, rules and quirks, and where it comes from.

    \b
    rollkit presets show nuplan_comfort
    rollkit presets show my_limits --plugins ./my_limits.py
    """
    from rollkit.cli.preset_text import described, print_preset

    loaded = _loaded(plugins or above["plugins"])
    facts = described(loaded.preset(name), loaded)
    if as_json or above["as_json"]:
        print_json(facts)
    else:
        print_preset(facts)
    return _report(loaded)


def _loaded(plugins: str | None) -> "Plugins":
    """The built-in presets, and those of the plugins that are named."""
    from rollkit.cli.arguments import names
    from rollkit.plugins import PRESETS, Plugins

    loaded = Plugins()
    loaded.load([*(names("--plugins", plugins) or ()), PRESETS])
    return loaded


def _briefly(spec: "PresetSpec") -> tuple[str, str]:
    """The number of its checks and the beginning of its definition."""
    import textwrap

    text = textwrap.shorten(spec.definition.partition(". ")[0], _BRIEF, placeholder=" ...")
    corrects = f"corrects {spec.corrects}: " if spec.corrects else ""
    return str(len(spec.checks)), f"{corrects}{text}"


def _in_short(one: "Registered[PresetSpec]") -> dict[str, Any]:
    spec = one.spec
    return {
        "name": spec.name,
        "plugin": one.origin.plugin,
        "project": spec.project,
        "commit": spec.commit,
        "file": spec.file,
        "definition": spec.definition,
        "checks": [check.name for check in spec.checks],
        "corrects": spec.corrects,
    }


def _report(loaded: "Plugins") -> int:
    for fault in loaded.failures:
        click.echo(f"{click.style('failed:', fg='red', bold=True)} {fault}", err=True)
    return ExitCode.FAILED if loaded.failures else ExitCode.OK
